"""What a technician measures of the camera, over its real process: known pictures go in, and come out as figures."""

from __future__ import annotations

import asyncio
from pathlib import Path

import cv2
import numpy as np

from kiosk.counter.technician.measuring import Measured, Yardstick, aimed, lit
from kiosk.devices.camera.contract import Guidance, Shutter
from kiosk.people.calibration import Rule
from kiosk.vision.camera import VisionCamera
from kiosk.vision.picture import Image
from tests.vision.people import HEIGHT, WIDTH, Projector, in_frame, portrait
from tests.vision.test_camera import PATIENCE, ignore, opened, settings_for

RULE = Rule(180, 14)
AIM, LIGHT = Yardstick(0.0, 12.0, RULE), Yardstick(140.0, 70.0, RULE)
FIGURE = 1.2
"""So large the person stands in the picture."""


def under(picture: Image, gain: float, right: float = 1.0) -> Image:
    """The same room by other lamps: `gain` of the light everywhere, `right` of that beyond the middle."""
    shares = np.full((1, picture.shape[1], 1), gain)
    shares[:, picture.shape[1] // 2 :] *= right
    return np.clip(picture * shares, 0, 255).astype(np.uint8)


async def measured(camera: VisionCamera) -> tuple[Measured, Measured]:
    """Aim and light, looked at as the technician's page does."""
    said: list[Guidance] = []
    await camera.watch(None, said.append)
    shot = await camera.shoot(seconds=PATIENCE, shutter=Shutter.BUTTON)
    await camera.rest()
    face = next(one.face for one in reversed(said) if one.frame <= shot.frame and one.face is not None)
    return aimed(face, AIM), lit(shot.frame_jpeg, face, LIGHT)


def figures(found: Measured) -> list[float]:
    return [float(text.split()[0]) for _, text in found.facts]


def test_geometry_and_light_come_out_as_they_were_put_in(projector: Projector, models: Path) -> None:
    person = portrait("1031")

    async def main() -> dict[str, tuple[Measured, Measured]]:
        found: dict[str, tuple[Measured, Measured]] = {}
        async with opened(settings_for(projector.url, models)) as camera:
            for name, frame in (
                ("as-it-should-be", in_frame(person, scale=FIGURE)),
                ("moved", in_frame(person, scale=FIGURE, right=256, down=72)),
                ("dim", under(in_frame(person, scale=FIGURE), 0.5)),
                ("one-sided", under(in_frame(person, scale=FIGURE), 1.0, 0.5)),
            ):
                projector.show(frame)
                await shown(camera, frame)
                found[name] = await measured(camera)
        return found

    found = asyncio.run(main())
    aim, light = (figures(part) for part in found["as-it-should-be"])
    moved = figures(found["moved"][0])
    assert found["as-it-should-be"][0].within and found["as-it-should-be"][1].within
    # A fifth of the width to the side, a tenth of the height down; two hundredths are the finder's own.
    assert abs(moved[0] - aim[0] - 256 / WIDTH * 100) <= 2 and abs(moved[1] - aim[1] - 72 / HEIGHT * 100) <= 2
    assert not found["moved"][0].within
    assert abs(moved[2] - aim[2]) <= 2, "the face is as large as before"
    dim, sided = figures(found["dim"][1]), figures(found["one-sided"][1])
    assert abs(dim[0] - light[0] / 2) <= 6 and abs(dim[1] - light[1]) <= 4
    assert abs(sided[1] - 50) <= 8 and not found["one-sided"][1].within
    assert abs(sided[0] - light[0] * 0.75) <= 8


async def shown(camera: VisionCamera, frame: Image) -> None:
    """Until the process has the frame that is projected, by its middle and its corner."""
    small = cv2.resize(frame, (32, 18), interpolation=cv2.INTER_AREA).astype(int)
    await camera.watch(None, ignore)
    async with asyncio.timeout(PATIENCE):
        while True:
            picture = camera.frames.latest()
            if picture is not None:
                rgb = np.frombuffer(picture[3], np.uint8).reshape(HEIGHT, WIDTH, 3)
                seen = cv2.resize(rgb, (32, 18), interpolation=cv2.INTER_AREA).astype(int)[:, :, ::-1]
                if float(np.abs(seen - small).mean()) < 2.5:
                    break
            await asyncio.sleep(0.02)
    await camera.rest()
