"""Pictures for the attract page: complete, still, and of the format of their place."""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

LARGEST_FILE = 2 * 1024 * 1024
LEAST_WIDTH, MOST_WIDTH = 1000, 4000
"""Pixels: sharp on the largest page, and not scaled down from much more than it has."""
WIDE, WIDE_OFF = 2.5, 0.02
"""Width over height, and by how much of it a picture may differ: the page has one place for it.

Where room is dear the page leaves an eighth of its height away above and below.
"""
_FORMATS = {"PNG": (b"IEND\xaeB`\x82", ".png"), "JPEG": (b"\xff\xd9", ".jpg or .jpeg")}
"""What a complete file ends with: decoders are lenient about the end."""
_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})


def judge_picture(path: str, content: bytes) -> tuple[str, ...]:
    """What is wrong with it; none where it can be shown."""
    if len(content) > LARGEST_FILE:
        return (f"{path}: has {len(content)} bytes. Save it smaller: at most {LARGEST_FILE} are shown.",)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return tuple(f"{path}: {what}" for what in _opened(path, content))
    except UnidentifiedImageError:
        return (f"{path}: is no picture that is known. Save it as PNG or JPEG.",)
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as wrong:
        return (f"{path}: cannot be decoded to its end ({wrong}). Save it again, whole.",)


def _opened(path: str, content: bytes) -> list[str]:
    found: list[str] = []
    with Image.open(io.BytesIO(content), formats=tuple(_FORMATS)) as picture:
        name = picture.format or ""
        end, endings = _FORMATS[name]
        if not path.lower().endswith(tuple(endings.split(" or "))):
            found.append(f"is {name}. Name it {endings}.")
        if getattr(picture, "n_frames", 1) > 1 or b"acTL" in content[:4096]:
            found.append("moves. Nothing moves beside what is to be read: save one frame.")
        width, height = picture.size
        if not LEAST_WIDTH <= width <= MOST_WIDTH or abs(width / height / WIDE - 1) > WIDE_OFF:
            found.append(
                f"has {width} x {height} pixels. Its place is {WIDE} times as wide as high: save it with 1500 x 600, "
                f"or between {LEAST_WIDTH} and {MOST_WIDTH} wide."
            )
            return found
        if picture.mode not in _MODES:
            found.append(f"has colours as {picture.mode}. Save it as RGB, 8 bits a colour.")
        if not content.rstrip(b"\0").endswith(end):
            found.append("is cut off. Save it again, whole.")
        picture.load()
        if name == "JPEG" and picture.getexif():
            found.append("says where or by whom it was taken (EXIF). Save it without.")
    return found
