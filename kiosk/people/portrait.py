"""Portraits and other pictures, referred to by content."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes kept elsewhere: SHA-256 in hexadecimal, length in bytes, media type."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class PortraitStandard:
    """Geometry of one product, in pixels of the finished picture unless said otherwise.

    Source for the ID card: GA/T 461-2004.
    """

    code: str
    width: int
    height: int
    dpi: int
    face_width: int
    face_width_tolerance: int
    eyes_above_bottom_min: int
    hair_top_min: int
    hair_top_max: int
    bytes_min: int
    bytes_max: int


ID_CARD_PORTRAIT = PortraitStandard(
    code="id-card",
    width=358,
    height=441,
    dpi=350,
    face_width=207,
    face_width_tolerance=14,
    eyes_above_bottom_min=207,
    hair_top_min=7,
    hair_top_max=21,
    bytes_min=14 * 1024,
    bytes_max=20 * 1024,
)
