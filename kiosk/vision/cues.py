"""Cues that speak against a source: the pattern of a screen, a device without a wire, times that no camera keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from kiosk.vision.look import Seen
from kiosk.vision.measures import middle
from kiosk.vision.picture import Image, grey

_MOIRE_SIDE = 128


def moire(frame: Image, seen: Seen) -> float:
    """The strongest regular pattern about the eyes over its surroundings in the spectrum; about 4 without one.

    Needs a screen whose dots the camera can nearly tell apart; a fine or blurred one shows none.
    """
    if seen.face is None or seen.face.eyes is None:
        return 0.0
    x, y = middle(*seen.face.eyes)
    left, top = round(x - _MOIRE_SIDE / 2), round(y - _MOIRE_SIDE / 2)
    part = frame[max(0, top) : top + _MOIRE_SIDE, max(0, left) : left + _MOIRE_SIDE]
    if part.shape[:2] != (_MOIRE_SIDE, _MOIRE_SIDE):
        return 0.0
    tone = grey(np.ascontiguousarray(part)).astype(np.float64)
    tone -= cv2.GaussianBlur(tone, (0, 0), 3.0)
    window = np.outer(np.hanning(_MOIRE_SIDE), np.hanning(_MOIRE_SIDE))
    spectrum = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(tone * window))))
    rows, columns = np.indices(spectrum.shape) - _MOIRE_SIDE // 2
    far = np.hypot(rows, columns) > _MOIRE_SIDE * 0.14
    around = cv2.medianBlur(spectrum.astype(np.float32), 5)
    above = np.where(far, spectrum - around, 0.0)
    spread = float(np.median(np.abs(above[far]))) + 1e-6
    return float(above.max() / spread)


@dataclass(frozen=True, slots=True)
class SourceCues:
    """What speaks against a source being the camera of this machine; empty: nothing."""

    found: tuple[str, ...]


def device_cues(device: str, expected: str, system: Path = Path("/sys/class/video4linux")) -> SourceCues:
    """Of a V4L2 device: no wire leads to it, or it has another name than the station's file says ("" for any)."""
    node = system / Path(device).resolve().name
    found: list[str] = []
    try:
        place, name = node.resolve(strict=True), (node / "name").read_text("utf-8").strip()
    except OSError:
        return SourceCues(("not-a-video-device",))
    if "virtual" in place.parts:
        found.append("virtual-device")
    if expected and name != expected:
        found.append("other-device")
    return SourceCues(tuple(found))


def timing_cues(nanoseconds: Sequence[int], frames_a_second: float) -> SourceCues:
    """Of the times at which frames came: much faster than the camera can, or as regular as no sensor on a wire is."""
    gaps = np.diff(np.asarray(nanoseconds, dtype=np.float64)) / 1e9
    if len(gaps) < 8:
        return SourceCues(())
    found: list[str] = []
    if float(np.median(gaps)) < 0.7 / frames_a_second:
        found.append("too-fast")
    if float(np.std(gaps)) < 2e-6:
        found.append("too-regular")
    return SourceCues(tuple(found))
