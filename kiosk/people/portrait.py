"""Portraits and other pictures, referred to by content."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes kept elsewhere: SHA-256 in hexadecimal, length in bytes, media type."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class PortraitStandard:
    """Geometry of one product, in pixels of the finished picture. 0: the office rules nothing.

    The numbers, with their sources, dates and marks, are those of config/portraits.toml.
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
    head_height_min: int = 0
    """From chin to crown. Where it is ruled, it says how large the head becomes; else the face's width does."""
    head_height_max: int = 0
    eyes_below_top_min: int = 0
    eyes_below_top_max: int = 0
    eye_distance_min: int = 0
    eye_distance_max: int = 0
    chin_above_bottom_min: int = 0
    confirmed: bool = True
    """Whether the numbers were verified. A product of others is marked."""


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
RESIDENCE_PERMIT_PORTRAIT = replace(ID_CARD_PORTRAIT, code="residence-permit", bytes_max=30 * 1024)
EXIT_ENTRY_PORTRAIT = PortraitStandard(
    code="exit-entry",
    width=354,
    height=472,
    dpi=300,
    face_width=182,
    face_width_tolerance=34,
    eyes_above_bottom_min=0,
    hair_top_min=29,
    hair_top_max=49,
    bytes_min=30 * 1024,
    bytes_max=80 * 1024,
    head_height_min=275,
    head_height_max=324,
    eyes_below_top_min=147,
    eyes_below_top_max=209,
    eye_distance_min=69,
    eye_distance_max=98,
    chin_above_bottom_min=69,
)
EXIT_ENTRY_LARGE_PORTRAIT = PortraitStandard(
    code="exit-entry-large",
    width=480,
    height=640,
    dpi=300,
    face_width=247,
    face_width_tolerance=46,
    eyes_above_bottom_min=0,
    hair_top_min=39,
    hair_top_max=67,
    bytes_min=30 * 1024,
    bytes_max=80 * 1024,
    head_height_min=373,
    head_height_max=440,
    eyes_below_top_min=199,
    eyes_below_top_max=284,
    eye_distance_min=93,
    eye_distance_max=133,
    chin_above_bottom_min=93,
)
DRIVING_LICENCE_PORTRAIT = PortraitStandard(
    code="driving-licence",
    width=260,
    height=378,
    dpi=300,
    face_width=150,
    face_width_tolerance=40,
    eyes_above_bottom_min=0,
    hair_top_min=20,
    hair_top_max=60,
    bytes_min=8 * 1024,
    bytes_max=30 * 1024,
    head_height_min=224,
    head_height_max=260,
    chin_above_bottom_min=40,
    confirmed=False,
)
PORTRAITS = (
    ID_CARD_PORTRAIT,
    RESIDENCE_PERMIT_PORTRAIT,
    EXIT_ENTRY_PORTRAIT,
    EXIT_ENTRY_LARGE_PORTRAIT,
    DRIVING_LICENCE_PORTRAIT,
)
"""Every product there is."""
