"""The slot for decoders of the chip's photo (WLT), which only closed vendor libraries can read.

A decoder comes from outside the tree by an entry point of group `kiosk.photo_decoders` that names a function
`decode(photo: bytes) -> bytes | None`: 1,024 bytes in, a JPEG out, or None when it cannot. Without one the photo
stays opaque and headquarters compares faces instead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import cast

log = logging.getLogger(__name__)

GROUP = "kiosk.photo_decoders"

PhotoDecoder = Callable[[bytes], "bytes | None"]

_JPEG_START = b"\xff\xd8\xff"


def installed_decoders() -> tuple[PhotoDecoder, ...]:
    """The decoders installed beside the terminal, in order of their names; one that fails to load is left out."""
    loaded: list[PhotoDecoder] = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            loaded.append(cast("PhotoDecoder", point.load()))
        except Exception as error:  # vendor code: whatever it raises, the reader goes on without it
            log.warning("photo decoder %s does not load: %s", point.name, type(error).__name__)
    return tuple(loaded)


def decode_photo(photo: bytes, decoders: Sequence[PhotoDecoder]) -> bytes | None:
    """The first JPEG a decoder makes of the photo, or None. Blocking vendor code: call it in a Worker."""
    for decode in decoders:
        try:
            picture = decode(photo)
        except Exception as error:  # vendor code, as above
            log.warning("a photo decoder failed: %s", type(error).__name__)
            continue
        if picture is not None and picture.startswith(_JPEG_START):
            return picture
    return None
