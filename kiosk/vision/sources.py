"""Where frames come from: a device, a recording or a stream, all opened with OpenCV."""

from __future__ import annotations

import enum
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2

from kiosk.vision.picture import Image
from kiosk.vision.settings import CameraSettings
from kiosk.vision.v4l2 import free_light, lock_light, negotiate


class SourceKind(enum.Enum):
    """A recording is paced and repeats; device and stream are live: they can vanish and freeze."""

    DEVICE = "device"
    RECORDING = "recording"
    STREAM = "stream"


def kind_of(source: str) -> SourceKind:
    if "://" in source:
        return SourceKind.STREAM
    if source.isdigit() or source.startswith("/dev/") or Path(source).is_char_device():
        return SourceKind.DEVICE
    return SourceKind.RECORDING


@dataclass(frozen=True, slots=True)
class Still:
    """One picture, shown for ever."""

    picture: Image
    told: str = ""

    def hold_light(self) -> str:
        return ""

    def free_light(self) -> None:
        return

    def grab(self) -> bool:
        return True

    def retrieve(self) -> Image | None:
        return self.picture

    def release(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class Moving:
    """An opened capture. `grab` waits for the next frame, `retrieve` decodes it; both may block as long as OpenCV
    does.
    """

    capture: cv2.VideoCapture
    told: str = ""
    """What the device says it sends; "" where it is no device."""

    def hold_light(self) -> str:
        """Lock exposure and white balance; what the device says of it, "" where it is no device."""
        return str(lock_light(self.capture)) if self.told else ""

    def free_light(self) -> None:
        """Back to the automatics."""
        if self.told:
            free_light(self.capture)

    def grab(self) -> bool:
        return self.capture.grab()

    def retrieve(self) -> Image | None:
        done, frame = self.capture.retrieve()
        if not done or frame.ndim != 3:
            return None
        return cast(Image, frame)

    def release(self) -> None:
        self.capture.release()


def present(settings: CameraSettings) -> bool:
    """Whether there is anything to open at all; False for a device that is not plugged in or a missing file."""
    match kind_of(settings.source):
        case SourceKind.STREAM:
            return True
        case SourceKind.DEVICE:
            return Path(f"/dev/video{settings.source}" if settings.source.isdigit() else settings.source).exists()
        case SourceKind.RECORDING:
            return "%" in settings.source or Path(settings.source).is_file()


def open_source(settings: CameraSettings) -> Still | Moving | None:
    """None where it cannot be opened now."""
    source, limits = settings.source, settings.deadlines
    told = ""
    match kind_of(source):
        case SourceKind.STREAM:
            capture = cv2.VideoCapture(
                source,
                cv2.CAP_FFMPEG,
                [
                    cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                    round(limits.open_source * 1000),
                    cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                    round(limits.read_source * 1000),
                ],
            )
        case SourceKind.DEVICE:
            device = Path(f"/dev/video{source}" if source.isdigit() else source)
            if not device.exists():
                return None
            capture = cv2.VideoCapture(str(device.resolve()), cv2.CAP_V4L2)
            if capture.isOpened():
                free_light(capture)
                told = str(negotiate(capture, settings.width, settings.height, settings.frames_a_second))
        case SourceKind.RECORDING:
            if "%" not in source and source.lower().endswith((".jpg", ".jpeg", ".png", ".bmp")):
                picture = cv2.imread(source, cv2.IMREAD_COLOR)
                return None if picture is None else Still(cast(Image, picture))
            capture = cv2.VideoCapture(source)
    if not capture.isOpened():
        capture.release()
        return None
    return Moving(capture, told)


_PLAIN = 1.0
"""Standard deviation under which a picture has no content."""


class Stillness:
    """Notices that a live source repeats one and the same picture: real sensors have noise in every frame."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._print = -1
        self._since = 0.0

    def frozen(self, now: float, frame: Image) -> bool:
        """True once frames have been identical for the given seconds.

        A picture of one colour (a covered lens, a drawn empty wall) says nothing about time and never counts.
        """
        part = frame[::4, ::4]
        print_of_it = zlib.crc32(part.tobytes())
        if print_of_it != self._print or float(part.std()) < _PLAIN:
            self._print, self._since = print_of_it, now
            return False
        return now - self._since >= self._seconds
