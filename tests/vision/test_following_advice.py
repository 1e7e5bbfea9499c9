"""Whoever does as the coach says is photographed, for every office; nobody has to guess."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import pytest

from kiosk.devices.camera.contract import Advice
from kiosk.people.portrait import PORTRAITS, PortraitStandard
from kiosk.simulation.citizen import STEPS
from kiosk.simulation.faces import FRAMES_PER_SECOND, Pose, View, frame_jpeg
from kiosk.simulation.state import Stance
from kiosk.vision.coach import HOLD_SECONDS, Coach, Limits
from kiosk.vision.look import Looker
from kiosk.vision.picture import Image

LOOK_SECONDS = 0.2
LISTENS_EVERY = 5
PATIENCE_SECONDS = 25.0
FACES = ("1129", "1278", "1314")
"""Those who stand worst at first."""
STANDARDS = [standard for standard in PORTRAITS if standard.code in ("exit-entry", "driving-licence")]
"""For the others everybody of the cast stands well from the beginning, or as for these."""


def _frame(face: str, stance: Stance, seconds: float) -> Image:
    view = View(face, face, Pose.FRONT, 1.0, round(seconds * FRAMES_PER_SECOND), stance.up, stance.nearer)
    picture = cv2.imdecode(np.frombuffer(frame_jpeg(view), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return cast(Image, picture)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("standard", STANDARDS, ids=lambda standard: standard.code)
def test_who_does_as_advised_is_photographed(looker: Looker, standard: PortraitStandard, face: str) -> None:
    coach, stance, told = Coach(standard, Limits()), Stance(), list[Advice]()
    for look in range(1, round(PATIENCE_SECONDS / LOOK_SECONDS)):
        seconds = look * LOOK_SECONDS
        guidance = coach.see(seconds, look, looker.look(_frame(face, stance, seconds), standard))
        if guidance.held_seconds >= HOLD_SECONDS:
            break
        step = STEPS.get(guidance.advice.value)
        if step is not None and look % LISTENS_EVERY == 0:
            told.append(guidance.advice)
            stance = Stance(up=stance.up + step.get("up", 0.0), nearer=stance.nearer + step.get("nearer", 0.0))
    else:
        pytest.fail(f"never photographed; told {[advice.value for advice in told]}")
    assert len(told) <= 7
