"""Whether bytes that a terminal sent are the picture they are said to be: by what they hold, not by a name."""

from __future__ import annotations

import enum
import io

from PIL import Image

MOST_PIXELS = 40_000_000
"""More has no camera of a terminal; a few kilobytes may claim to be any number."""


class Kind(enum.Enum):
    """A kind of picture, and how its last bytes are."""

    JPEG = b"\xff\xd9"
    """ISO/IEC 10918-1, B.1.1.3: EOI."""
    PNG = b"IEND\xaeB`\x82"
    """ISO/IEC 15948, 11.2.5, with its check sum."""


def is_picture(content: bytes, *kinds: Kind) -> bool:
    """Whether this is one of these kinds, of a size that can be decoded, and there to its end. Decodes nothing."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind.name for kind in kinds]) as picture:
            width, height = picture.size
            ending = Kind[picture.format or ""].value
            picture.verify()
    except (OSError, SyntaxError, ValueError, KeyError, Image.DecompressionBombError):
        return False
    return 0 < width * height <= MOST_PIXELS and content.endswith(ending)
