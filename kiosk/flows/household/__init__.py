"""Procedures of household registration and identity cards (户政)."""
