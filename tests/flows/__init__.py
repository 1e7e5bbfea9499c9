"""The engine: visits, Back, effects, recovery."""
