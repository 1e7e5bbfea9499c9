"""Whole nights of a terminal under the virtual clock: the real thing wired to simulated hands, in one thread.

Knows every room, like the composition root; no room knows it.
"""
