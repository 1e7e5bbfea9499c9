"""Tests mirror the rooms; `visits` holds whole visits on the virtual clock.

A test reads as behaviour, uses synthetic people only, and knows nothing of how the code beneath is written where its
contract will do.
"""
