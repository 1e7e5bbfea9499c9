"""QR codes as matrices (ISO/IEC 18004)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

import segno


class _Matrix(Protocol):
    matrix: Iterable[bytes]


def qr_matrix(text: str) -> tuple[str, ...]:
    """Rows of "0" and "1", 1 is dark, without quiet zone; error correction M. () for an empty text."""
    if not text:
        return ()
    code = cast("_Matrix", segno.make(text, error="m", micro=False))
    return tuple("".join("1" if module else "0" for module in row) for row in code.matrix)
