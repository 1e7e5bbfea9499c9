"""The slot for photo decoders: what turns a chip's bytes into a picture file.

An identity card's chip holds 1024 bytes in a format whose decoder is licensed and not part of this project. A station
installs one as a package with an entry point in the group `kiosk.photo_decoders` and names it in its settings;
nothing is registered by being installed alone.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points

from kiosk.vision.settings import DecoderChoice

GROUP = "kiosk.photo_decoders"

PhotoDecoder = Callable[[bytes], bytes | None]
"""Chip bytes to an encoded picture (JPEG, PNG, BMP), or None for bytes that are not of its format."""

DecoderFactory = Callable[[Mapping[str, str]], PhotoDecoder]
"""What an entry point names: options of the settings to a decoder."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"BM")


class DecoderMissing(Exception):
    """A decoder is named in the settings but not installed."""


def load_decoder(choice: DecoderChoice) -> PhotoDecoder:
    """By entry point, or by `module:attribute`. Raises DecoderMissing."""
    try:
        for found in entry_points(group=GROUP, name=choice.name):
            factory: DecoderFactory = found.load()
            return factory(dict(choice.options))
        module, colon, attribute = choice.name.partition(":")
        if not colon:
            raise DecoderMissing(choice.name)
        factory = getattr(importlib.import_module(module), attribute)
        return factory(dict(choice.options))
    except (ImportError, AttributeError) as missing:
        raise DecoderMissing(choice.name) from missing


def decode_photo(photo: bytes, decoders: Sequence[PhotoDecoder]) -> bytes | None:
    """An encoded picture: the bytes themselves if they are one, else the first decoder's answer; None if nobody
    can.
    """
    if photo.startswith(_PICTURES):
        return photo
    for decoder in decoders:
        picture = decoder(photo)
        if picture is not None:
            return picture
    return None
