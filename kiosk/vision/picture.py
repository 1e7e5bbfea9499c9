"""Pictures in memory: OpenCV's arrays with their types made firm."""

from __future__ import annotations

from typing import TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
"""height x width x 3, blue-green-red as OpenCV has it; or height x width, grey."""
Point = tuple[float, float]


def grey(image: Image) -> Image:
    return cast(Image, cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))


def decode(data: bytes) -> Image | None:
    """An encoded picture as blue-green-red, or None where OpenCV cannot read it."""
    if not data:
        return None
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if found is None else cast(Image, found)  # pyright: ignore[reportUnnecessaryComparison]


def encode_jpeg(image: Image, quality: int) -> bytes:
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return data.tobytes()


def resize(image: Image, width: int, height: int) -> Image:
    """Resample once: area averaging when shrinking, Lanczos when enlarging."""
    shrinking = width < image.shape[1]
    return cast(
        Image, cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LANCZOS4)
    )


def encode_png(image: Image) -> bytes:
    done, data = cv2.imencode(".png", image)
    if not done:
        raise ValueError("the picture cannot be encoded")
    return data.tobytes()
