"""Procedures of exit and entry (出入境)."""
