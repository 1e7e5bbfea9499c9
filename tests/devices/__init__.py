"""Drivers against scripted far ends: bytes in memory on a virtual loop, and over real ptys."""
