"""Pictures in memory: OpenCV's arrays with their types made firm."""

from __future__ import annotations

from typing import Final, TypeAlias, cast

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
    """For looking only, in the codes as they are: area averaging when shrinking, Lanczos when enlarging."""
    shrinking = width < image.shape[1]
    return cast(
        Image, cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LANCZOS4)
    )


_LEVELS = 65535


def _linear_of_code() -> NDArray[np.float32]:
    """Light of each of the 256 codes (IEC 61966-2-1, sRGB), 0 to 1."""
    code = np.arange(256) / 255
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


def _code_of_linear() -> Image:
    """The code of each of 65,536 levels of light."""
    light = np.arange(_LEVELS + 1) / _LEVELS
    code = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(code * 255).astype(np.uint8)


_TO_LIGHT: Final = _linear_of_code()
_TO_CODE: Final = _code_of_linear()


def resample(image: Image, width: int, height: int) -> Image:
    """Once, in linear light: half black and half white become the grey that is half as bright, not a darker one."""
    light = _TO_LIGHT[image]
    shrinking = width < image.shape[1]
    flags = cv2.INTER_AREA if shrinking else cv2.INTER_LANCZOS4
    if (image.shape[1], image.shape[0]) != (width, height):
        light = np.asarray(cv2.resize(light, (width, height), interpolation=flags), dtype=np.float32)
    return _TO_CODE[np.round(np.clip(light, 0, 1) * _LEVELS).astype(np.uint16)]


def encode_png(image: Image) -> bytes:
    done, data = cv2.imencode(".png", image)
    if not done:
        raise ValueError("the picture cannot be encoded")
    return data.tobytes()
