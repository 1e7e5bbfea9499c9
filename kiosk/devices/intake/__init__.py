"""回收口: takes old cards in, holds them, and drops them behind, or gives them back; it cannot do both with one card.

Knows where a card is and how many it has kept; whose they are stands in the custody books, not here.
"""
