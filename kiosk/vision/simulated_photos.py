"""Photographs on the chips of simulated cards: a marker and the number of a person who does not exist.

Only the settings of a simulation name this decoder; a real chip's bytes never begin with the marker.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kiosk.vision.decoders import PhotoDecoder
from kiosk.vision.settings import REPOSITORY

MARKER = b"KIOSK-SIM-PHOTO\x00"
FACES = REPOSITORY / "assets" / "simulation" / "faces"


def cast_number(photo: bytes) -> str | None:
    """The four digits after the marker, or None for anything else."""
    if not photo.startswith(MARKER):
        return None
    digits = photo[len(MARKER) : len(MARKER) + 4]
    return digits.decode("ascii") if len(digits) == 4 and digits.isdigit() else None


def decoder(options: Mapping[str, str]) -> PhotoDecoder:
    """Looks in the folder of option `faces` (default: the simulation's) for `chip_NNNN.jpg`."""
    folder = Path(options.get("faces", str(FACES)))

    def decode(photo: bytes) -> bytes | None:
        number = cast_number(photo)
        if number is None:
            return None
        try:
            return (folder / f"chip_{number}.jpg").read_bytes()
        except OSError:
            return None

    return decode
