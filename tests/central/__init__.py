"""Headquarters through its plain functions, and through real TLS where the wire matters. Knows no terminal."""
