"""The rules every driver keeps, and what shows them: in memory for the tests of drivers, and on a real line.

docs/devices/conformance.md says them in words.
"""
