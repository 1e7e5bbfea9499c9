"""Commands of the examination booth. What it measures of a person is told in coarse words only."""

from __future__ import annotations

from kiosk.devices.exam_booth.contract import Calibration, Ear, ExamBooth, Tone
from kiosk.devices.shell.words import Answer, Command, Options

_SHORT_SECONDS = 0.3


def _calibration(calibration: Calibration) -> Answer:
    return {
        "id": calibration.id,
        "calibrated": calibration.calibrated.isoformat(),
        "valid_until": calibration.valid_until.isoformat(),
    }


async def _height(booth: ExamBooth, options: Options) -> Answer:
    height = await booth.height()
    shown = {"median_mm": height.median_mm} if options.show else {}
    return {**shown, "spread_mm": height.spread_mm, "calibration": _calibration(height.calibration)}


async def _distance(booth: ExamBooth, _options: Options) -> Answer:
    distance = await booth.distance()
    calibration = _calibration(distance.calibration)
    return {"mm": distance.mm, "posture": distance.posture.value, "calibration": calibration}


async def _noise(booth: ExamBooth, _options: Options) -> Answer:
    noise = await booth.noise()
    return {"dba": noise.dba, "calibration": _calibration(noise.calibration)}


async def _tones(booth: ExamBooth, _options: Options) -> Answer:
    """A short quiet tone left, then right."""
    for ear in Ear:
        _ = await booth.play(Tone(ear, 1000, 40, _SHORT_SECONDS))
    return {"played": [ear.value for ear in Ear]}


EXAM_BOOTH = {
    "height": Command(_height, person=True),
    "distance": Command(_distance),
    "noise": Command(_noise),
    "tones": Command(_tones, person=True),
}
