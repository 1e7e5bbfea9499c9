"""Size, rate and light of a camera on the bus: asked for, asked back, and told as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import pytest

from kiosk.vision import sources
from kiosk.vision.settings import CameraSettings
from kiosk.vision.sources import Moving, SourceKind, kind_of, open_source
from kiosk.vision.v4l2 import Held, Light, free_light, lock_light, negotiate

WIDTH, HEIGHT, RATE = cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FPS
MJPG = cv2.VideoWriter.fourcc(*"MJPG")
YUYV = cv2.VideoWriter.fourcc(*"YUYV")


@dataclass
class Webcam:
    """A driver that takes any wish and does what it can: its largest mode that is not larger, else its first."""

    modes: dict[tuple[int, int], float] = field(default_factory=lambda: {(640, 480): 30.0, (1280, 720): 30.0})
    format: int = MJPG
    controls: dict[int, float] = field(
        default_factory=lambda: {
            cv2.CAP_PROP_AUTO_EXPOSURE: 3.0,
            cv2.CAP_PROP_EXPOSURE: 157.0,
            cv2.CAP_PROP_AUTO_WB: 1.0,
            cv2.CAP_PROP_WB_TEMPERATURE: 4600.0,
        }
    )
    forgets: Callable[[Webcam], None] | None = None
    asked: dict[int, float] = field(default_factory=dict[int, float])

    def set(self, prop: int, value: float, /) -> bool:
        if prop in (WIDTH, HEIGHT, RATE, cv2.CAP_PROP_FOURCC):
            self.asked[prop] = value
            return True
        if prop not in self.controls:
            return False
        self.controls[prop] = value
        if self.forgets is not None and prop == cv2.CAP_PROP_AUTO_EXPOSURE:
            self.forgets(self)
        return True

    def get(self, prop: int, /) -> float:
        size = self._size()
        told = {
            WIDTH: float(size[0]),
            HEIGHT: float(size[1]),
            RATE: min(self.asked.get(RATE, 99.0), self.modes[size]),
            cv2.CAP_PROP_FOURCC: float(self.format),
        }
        return told.get(prop, self.controls.get(prop, 0.0))

    def isOpened(self) -> bool:  # noqa: N802 (OpenCV's name)
        return True

    def _size(self) -> tuple[int, int]:
        wanted = (self.asked.get(WIDTH, 0.0), self.asked.get(HEIGHT, 0.0))
        fitting = [mode for mode in self.modes if mode[0] <= wanted[0] and mode[1] <= wanted[1]]
        return max(fitting) if fitting else next(iter(self.modes))


def test_what_was_asked_for_is_taken_where_the_camera_can() -> None:
    assert str(negotiate(Webcam(), 1280, 720, 25)) == "1280x720 at 25 MJPG"


def test_another_size_is_asked_for_where_the_wish_is_too_slow_or_too_small() -> None:
    slow = Webcam({(1280, 720): 5.0, (1920, 1080): 30.0})
    assert str(negotiate(slow, 1280, 720, 25)) == "1920x1080 at 25 MJPG"
    odd = Webcam({(640, 480): 30.0, (1280, 960): 20.0})
    assert str(negotiate(odd, 1280, 720, 25)) == "1280x960 at 20 MJPG"


def test_a_camera_that_will_not_do_is_said_to_be_so_and_sends_the_best_it_has() -> None:
    small = negotiate(Webcam({(320, 240): 30.0, (640, 480): 30.0}, YUYV), 1280, 720, 25)
    assert str(small) == "640x480 at 25 YUYV, too little for portraits"
    assert not small.good


def test_light_is_locked_as_it_is_and_freed_again() -> None:
    webcam = Webcam(forgets=lambda w: w.controls.update({cv2.CAP_PROP_EXPOSURE: 3.0}))
    assert lock_light(webcam) == Light(Held.LOCKED, Held.LOCKED)
    # The camera fell back to a stored exposure when its automatic ended; what was found is put back.
    assert webcam.controls[cv2.CAP_PROP_EXPOSURE] == 157.0
    assert webcam.controls[cv2.CAP_PROP_WB_TEMPERATURE] == 4600.0
    free_light(webcam)
    assert webcam.controls[cv2.CAP_PROP_AUTO_EXPOSURE] == 3.0
    assert webcam.controls[cv2.CAP_PROP_AUTO_WB] == 1.0


def test_what_a_camera_cannot_hold_is_not_supported_whatever_it_answers() -> None:
    without = Webcam()
    del without.controls[cv2.CAP_PROP_AUTO_WB]
    assert str(lock_light(without)) == "exposure locked, white balance not supported"

    class Liar(Webcam):
        def get(self, prop: int, /) -> float:
            return 3.0 if prop == cv2.CAP_PROP_AUTO_EXPOSURE else super().get(prop)

    assert lock_light(Liar()).exposure is Held.NOT_SUPPORTED


def test_a_device_is_found_by_its_own_name_wherever_the_system_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def capture(node: str, _how: int) -> Any:
        opened.append(node)
        return Webcam()

    monkeypatch.setattr(sources.cv2, "VideoCapture", capture)
    by_id = tmp_path / "usb-Acme_Portrait_0001-video-index0"
    settings = CameraSettings(str(by_id), tmp_path)
    by_id.symlink_to("/dev/null")
    assert kind_of(settings.source) is SourceKind.DEVICE
    source = open_source(settings)
    assert isinstance(source, Moving)
    assert source.told == "1280x720 at 25 MJPG"
    assert source.hold_light() == "exposure locked, white balance locked"
    # After a replug the same camera has another number.
    by_id.unlink()
    by_id.symlink_to("/dev/zero")
    assert open_source(settings) is not None
    assert opened == ["/dev/null", "/dev/zero"]
