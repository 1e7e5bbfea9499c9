"""The authorities and services behind headquarters: their contracts, and a sandbox of each.

A sandbox keeps its state in the database, holds synthetic people only, takes time, and fails on command.
"""
