"""Fifty drawn people in ten conditions before the coach: accepted where they should be, else refused for the reason.

Each person first stands as they should for a moment, then as the condition has it for a second. What is said at the
end and whether a picture could be taken by itself is compared with what should be.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from kiosk.devices.camera.contract import Advice
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.proofs import people
from kiosk.proofs.people import in_frame
from kiosk.simulation import heads
from kiosk.simulation.heads import Figure
from kiosk.vision.coach import HOLD_SECONDS, Coach, Limits
from kiosk.vision.look import Looker
from kiosk.vision.picture import Image, decode, encode_jpeg
from kiosk.vision.process import Taken, shot_of

SCALE = 1.05
STEP = 0.1
WALL = (198, 198, 198)


@dataclass(frozen=True, slots=True)
class Condition:
    """How somebody stands there, and what should come of it: GOOD where they should be accepted."""

    name: str
    expected: Advice
    draw: Callable[[Figure, int], Image]


def _plain(figure: Figure) -> Image:
    return in_frame(figure.picture, scale=SCALE)


def _far(figure: Figure, seed: int) -> Image:
    frame = people.in_a_room(in_frame(figure.picture, scale=0.55), WALL, seed)
    return people.grainy(people.dimmed(frame, 0.55), 5.0, seed)


def _soft(figure: Figure, seed: int) -> Image:
    room = people.in_a_room(_plain(figure), WALL, seed)
    blurred = np.asarray(cv2.GaussianBlur(room, (0, 0), 7.0), dtype=np.uint8)
    coarse = decode(encode_jpeg(people.grainy(blurred, 2.0, seed), 40))
    assert coarse is not None
    return coarse


CONDITIONS: tuple[Condition, ...] = (
    Condition("as it should be", Advice.GOOD, lambda f, _: _plain(f)),
    Condition("lamp at the left", Advice.LIGHT_UNEVEN, lambda f, _: _plain(people.lit_from(f, -1))),
    Condition("warm lamp at the right", Advice.LIGHT_UNEVEN, lambda f, _: _plain(people.lit_from(f, 1, warm=1.1))),
    Condition("turned aside", Advice.TURN_STRAIGHT, lambda f, _: _plain(heads.turned(f, yaw=25))),
    Condition("a little turned and nodding", Advice.GOOD, lambda f, _: _plain(heads.turned(f, yaw=-5, pitch=-6))),
    Condition("head to one side", Advice.LEVEL_HEAD, lambda f, _: _plain(people.rolled(f, 12))),
    Condition("far off, dim, noise, a room behind", Advice.COME_CLOSER, _far),
    Condition("laughing", Advice.CLOSE_MOUTH, lambda f, _: _plain(heads.mouth_open(f, 0.25))),
    Condition("eyes shut for a moment", Advice.OPEN_EYES, lambda f, _: _plain(heads.blinking(f, 1.0))),
    Condition("out of focus, noise, a room behind", Advice.HOLD_STILL, _soft),
)


@dataclass
class Tally:
    """What came of one condition."""

    people: int = 0
    as_expected: int = 0
    taken: int = 0
    said: dict[str, int] = field(default_factory=dict[str, int])
    others: list[str] = field(default_factory=list[str])


def judge(looker: Looker, figure: Figure, condition: Condition, seed: int) -> tuple[Advice, bool]:
    """What is said in the end, and whether a picture was taken by itself that keeps every rule."""
    coach = Coach(ID_CARD_PORTRAIT, Limits())
    good = looker.look(_plain(figure), ID_CARD_PORTRAIT)
    for step in range(3):
        coach.see(step * STEP, step, good)
    coach.hold_again()
    frame = condition.draw(figure, seed)
    seen = looker.look(frame, ID_CARD_PORTRAIT)
    told = [coach.see((3 + step) * STEP, 3 + step, seen) for step in range(11)]
    held = told[-1].held_seconds >= HOLD_SECONDS
    taken = held and shot_of(Taken(1, 0.0, frame), seen, ID_CARD_PORTRAIT, held=True).acceptable
    return told[-1].advice, taken


def run(models: Path, count: int, seed: int) -> tuple[dict[str, Tally], float]:
    """Each condition's tally, and the seconds it took. Raises ValueError without the models."""
    looker = Looker(models)
    began = time.monotonic()
    tallies = {condition.name: Tally() for condition in CONDITIONS}
    for index in range(count):
        figure = people.person(looker, index)
        for condition in CONDITIONS:
            advice, taken = judge(looker, figure, condition, seed * 1000 + index)
            tally = tallies[condition.name]
            tally.people += 1
            tally.taken += taken
            tally.said[advice.value] = tally.said.get(advice.value, 0) + 1
            should_be_taken = condition.expected is Advice.GOOD
            if advice is condition.expected and taken == should_be_taken:
                tally.as_expected += 1
            else:
                tally.others.append(f"person {index}: {advice.value}{', taken' if taken else ''}")
    return tallies, time.monotonic() - began


def wrongly_taken(tallies: dict[str, Tally], conditions: Sequence[Condition] = CONDITIONS) -> int:
    """Pictures that were taken by themselves though they should not have been."""
    return sum(tallies[c.name].taken for c in conditions if c.expected is not Advice.GOOD)
