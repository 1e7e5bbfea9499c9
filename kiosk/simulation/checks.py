"""Check sums of simulated lines."""

from __future__ import annotations


def xor_of(data: bytes) -> int:
    """The exclusive or of all bytes; 0 over a frame with its check behind it."""
    value = 0
    for byte in data:
        value ^= byte
    return value
