"""The officer on the telephone: what headquarters may have this terminal do, and what it may see of it.

Whoever is far away sees no person and no picture, moves no document, and disturbs no visit unless safety asks for it.
"""
