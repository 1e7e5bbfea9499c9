"""Procedures of traffic administration (交管)."""
