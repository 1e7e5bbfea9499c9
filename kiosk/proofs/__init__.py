"""Full counts: terminals killed at random between a world and a headquarters that live on, and what must hold after.

Knows every room, like the composition root; no room knows it.
"""
