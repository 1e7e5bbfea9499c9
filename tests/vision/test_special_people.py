"""Everybody has a way through: a portrait of their own, or a person who helps. All of them are drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kiosk.devices.camera.contract import Advice
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.proofs import people
from kiosk.proofs.people import in_frame
from kiosk.simulation import heads
from kiosk.simulation.heads import Figure
from kiosk.vision.coach import HOLD_SECONDS, Coach, Limits
from kiosk.vision.look import Looker
from kiosk.vision.picture import Image
from kiosk.vision.process import Taken, shot_of

STEP = 0.05


@pytest.fixture(scope="module")
def someone(looker: Looker) -> Figure:
    return people.drawn(looker, "1129")


def stands(looker: Looker, frame: Image, seconds: float = 1.0) -> tuple[list[Advice], float]:
    """What is said to somebody who stands like this, and how long all was right at the end."""
    coach = Coach(ID_CARD_PORTRAIT, Limits())
    seen = looker.look(frame, ID_CARD_PORTRAIT)
    told = [coach.see(number * STEP, number, seen) for number in range(round(seconds / STEP) + 1)]
    return [guidance.advice for guidance in told], told[-1].held_seconds


def is_taken(looker: Looker, frame: Image) -> None:
    advice, held = stands(looker, frame)
    assert set(advice) == {Advice.GOOD}
    assert held >= HOLD_SECONDS
    seen = looker.look(frame, ID_CARD_PORTRAIT)
    shot = shot_of(Taken(1, 0.0, frame), seen, ID_CARD_PORTRAIT, held=True)
    assert shot.acceptable
    assert ID_CARD_PORTRAIT.bytes_min <= len(shot.product_jpeg) <= ID_CARD_PORTRAIT.bytes_max


@pytest.mark.parametrize("dress", [people.scarf, people.without_neck, people.eye_patch, people.glasses])
@pytest.mark.parametrize("number", ["1031", "1129", "1278"])
def test_dress_and_bodies_are_no_reason(looker: Looker, number: str, dress: Callable[[Figure], Figure]) -> None:
    """A cloth about the head, no neck to be seen, one eye, strong glasses: photographed like everybody."""
    is_taken(looker, in_frame(dress(people.drawn(looker, number)).picture))


@pytest.mark.parametrize("down", [80, 40, 0, -40])
def test_the_cut_follows_whoever_sits_or_stands(looker: Looker, someone: Figure, down: int) -> None:
    """Seated people and wheelchairs: the head may be anywhere that the whole picture is; the camera stays."""
    is_taken(looker, in_frame(someone.picture, scale=1.05, down=down))


def test_who_is_too_small_for_the_camera_is_not_sent_higher_for_ever(looker: Looker, someone: Figure) -> None:
    child = in_frame(someone.picture, scale=0.85, down=240)
    advice, held = stands(looker, child, seconds=8.0)
    assert advice[0] is Advice.MOVE_UP
    assert advice[-1] is Advice.TOO_LOW
    assert advice.count(Advice.MOVE_UP) * STEP == pytest.approx(Limits().too_low, abs=0.2)
    assert held == 0.0


def test_dark_skin_in_dim_light_is_photographed(looker: Looker) -> None:
    """The same light in which a fair face is taken; darker than that, the light is at fault and is named."""
    for number in ("1278", "1129"):
        frame = in_frame(people.drawn(looker, number).picture)
        is_taken(looker, people.dimmed(frame, 0.7))
        advice, _ = stands(looker, people.dimmed(frame, 0.15))
        assert advice[-1] is Advice.TOO_DARK


def test_no_face_is_called_too_bright_or_too_dark_for_its_skin(looker: Looker) -> None:
    light = (Advice.TOO_DARK, Advice.TOO_BRIGHT, Advice.LIGHT_UNEVEN)
    for number in people.CAST:
        advice, _ = stands(looker, in_frame(people.drawn(looker, number).picture), 0.0)
        assert advice[-1] not in light, number


@pytest.mark.parametrize("number", ["1031", "1129", "1263", "1270"])
def test_a_blink_is_not_photographed(looker: Looker, number: str) -> None:
    figure = people.drawn(looker, number)
    coach = Coach(ID_CARD_PORTRAIT, Limits())
    awake = looker.look(in_frame(figure.picture), ID_CARD_PORTRAIT)
    asleep = looker.look(in_frame(heads.blinking(figure, 1.0).picture), ID_CARD_PORTRAIT)
    for step in range(4):
        assert coach.see(step * 0.1, step, awake).advice is Advice.GOOD
    told = [coach.see(0.4 + step * 0.1, 4 + step, asleep) for step in range(3)]
    assert all(guidance.held_seconds == 0.0 for guidance in told)
    assert told[-1].advice is Advice.OPEN_EYES


def test_eyes_that_are_always_narrow_are_open(looker: Looker) -> None:
    """Nobody is asked to open their eyes because they never show more than this."""
    figure = heads.blinking(people.drawn(looker, "1129"), 0.4)
    advice, _ = stands(looker, in_frame(figure.picture))
    assert Advice.OPEN_EYES not in advice


def test_measures_follow_what_was_drawn(looker: Looker, someone: Figure) -> None:
    def measured(figure: Figure, name: str) -> float:
        return looker.look(in_frame(figure.picture), None).measures[name].native

    pitches = [measured(heads.turned(someone, pitch=pitch), "HeadPosePitch") for pitch in (-10, 0, 10)]
    assert pitches == sorted(pitches)
    yaws = [measured(heads.turned(someone, yaw=yaw), "HeadPoseYaw") for yaw in (-25, -12, 0, 12, 25)]
    assert yaws == sorted(yaws)
    for number in ("1031", "1181", "1314"):
        figure = people.drawn(looker, number)
        left, right = (measured(people.looking_aside(figure, share), "Gaze") for share in (-0.15, 0.15))
        assert left < measured(figure, "Gaze") < right
    frame = in_frame(someone.picture)
    grains = [
        looker.look(people.grainy(frame, sigma, 3), None).measures["Noise"].native for sigma in (0.0, 3.0, 6.0, 12.0)
    ]
    assert grains == sorted(grains)
    assert grains[2] == pytest.approx(2 * grains[1], rel=0.15)
    across = [
        looker.look(in_frame(someone.picture, right=by), None).measures["HeadPositionAcross"].native
        for by in (-200, 0, 200)
    ]
    assert np.diff(across) == pytest.approx([200 / 1280] * 2, abs=0.02)
