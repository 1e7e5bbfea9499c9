"""Hands on the glass for journeys and tests: real touch events on the real window. Not in what stations install."""
