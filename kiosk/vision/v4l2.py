"""What a camera on the bus is asked for and what it says it does: size, rate, and its automatic light.

Drivers take any wish and do what they can, so every wish is asked back; only what is read back is told. Values are
those of V4L2's controls as OpenCV passes them on (V4L2_CID_EXPOSURE_AUTO, V4L2_CID_AUTO_WHITE_BALANCE).
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import cv2

LEAST_RATE = 15.0
"""Frames a second below which guidance lags behind the citizen."""
LEAST_HEIGHT = 720
"""Rows a portrait needs: its head alone is 441 rows of the product."""
OTHER_SIZES = ((1280, 720), (1920, 1080), (1280, 960), (640, 480))
"""Asked for in turn where the wish is not granted."""
MANUAL_EXPOSURE, AUTOMATIC_EXPOSURE = 1.0, 3.0
"""V4L2_EXPOSURE_MANUAL and V4L2_EXPOSURE_APERTURE_PRIORITY, the automatic that cameras on USB have."""


class Knobs(Protocol):
    """An opened capture: cv2.VideoCapture."""

    def get(self, prop: int, /) -> float: ...

    def set(self, prop: int, value: float, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Mode:
    """What a camera sends. `rate` in frames a second; `code` is the four characters of its format."""

    width: int
    height: int
    rate: float
    code: str

    @property
    def good(self) -> bool:
        """Whether portraits and guidance can do with it."""
        return self.height >= LEAST_HEIGHT and self.rate >= LEAST_RATE

    def __str__(self) -> str:
        wanting = "" if self.good else ", too little for portraits"
        return f"{self.width}x{self.height} at {self.rate:g} {self.code}{wanting}"


def negotiate(knobs: Knobs, width: int, height: int, rate: float) -> Mode:
    """Ask for a size and rate, for others where the camera does something else that will not do, and say what it is.

    Motion JPEG first: raw frames of this size do not fit through USB 2 at a usable rate.
    """
    knobs.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    offers: list[Mode] = []
    for size in _sizes(width, height):
        got = _ask(knobs, *size, rate)
        if (got.width, got.height) == size and got.good:
            return got
        offers.append(got)
    best = max(offers, key=lambda mode: (mode.good, mode.rate >= LEAST_RATE, mode.width * mode.height))
    return _ask(knobs, best.width, best.height, rate)


def _sizes(width: int, height: int) -> Iterator[tuple[int, int]]:
    yield width, height
    yield from (size for size in OTHER_SIZES if size != (width, height))


def _ask(knobs: Knobs, width: int, height: int, rate: float) -> Mode:
    knobs.set(cv2.CAP_PROP_FRAME_WIDTH, width)
    knobs.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
    knobs.set(cv2.CAP_PROP_FPS, rate)
    code = int(knobs.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=False).decode("latin-1")
    return Mode(
        round(knobs.get(cv2.CAP_PROP_FRAME_WIDTH)),
        round(knobs.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        knobs.get(cv2.CAP_PROP_FPS),
        code if code.isprintable() and code.strip() else "?",
    )


class Held(enum.Enum):
    """Whether one of the camera's automatics stands still."""

    LOCKED = "locked"
    AUTOMATIC = "automatic"
    NOT_SUPPORTED = "not supported"


@dataclass(frozen=True, slots=True)
class Light:
    """Exposure and white balance, as read back."""

    exposure: Held
    white_balance: Held

    def __str__(self) -> str:
        return f"exposure {self.exposure.value}, white balance {self.white_balance.value}"


FREE = Light(Held.AUTOMATIC, Held.AUTOMATIC)


def lock_light(knobs: Knobs) -> Light:
    """Keep what the automatics have found, so that the shots of one portrait are alike and do not drift."""
    return Light(
        _lock(knobs, cv2.CAP_PROP_AUTO_EXPOSURE, MANUAL_EXPOSURE, cv2.CAP_PROP_EXPOSURE),
        _lock(knobs, cv2.CAP_PROP_AUTO_WB, 0.0, cv2.CAP_PROP_WB_TEMPERATURE),
    )


def free_light(knobs: Knobs) -> None:
    """Back to the automatics, for whoever comes next. One the camera does not have stays as it is."""
    knobs.set(cv2.CAP_PROP_AUTO_EXPOSURE, AUTOMATIC_EXPOSURE)
    knobs.set(cv2.CAP_PROP_AUTO_WB, 1.0)


def _lock(knobs: Knobs, automatic: int, off: float, value: int) -> Held:
    found = knobs.get(value)
    if not knobs.set(automatic, off) or knobs.get(automatic) != off:
        return Held.NOT_SUPPORTED
    # Some cameras fall back to a stored value when their automatic ends.
    if found > 0 and knobs.get(value) != found:
        knobs.set(value, found)
    return Held.LOCKED
