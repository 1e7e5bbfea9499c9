"""People who do what the challenge asks, and pictures of people that are held before the camera instead.

Every sequence is drawn: (seconds, frame) at ten frames a second, with a sensor's noise. The attacker knows the
recording they have and not the order that will be asked for, unless the name of the attack says so.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.proofs import people
from kiosk.proofs.people import Figure, in_frame
from kiosk.vision.liveness import Prompt
from kiosk.vision.picture import Image

RATE = 10.0
SCALE = 0.85
Sequence_ = Iterator[tuple[float, Image]]
_TURN = 24.0
_STEPS = 5
LONGEST = 9.0
"""Seconds of a sequence: longer than one prompt waits."""
_NEARER = 0.34


class Attack(enum.Enum):
    """What is held before the camera."""

    PRINT_STILL = "photograph held still"
    PRINT_MOVED = "photograph turned, tilted and brought nearer"
    PRINT_BENT = "photograph bent round and turned"
    CUT_OUT_EYES = "photograph with the eyes cut out, a person blinking behind it, turned"
    SCREEN = "screen playing a recording of the person"
    SCREEN_KNOWING = "screen playing the moves that are asked for"
    MASK = "drawn mask worn on a head"
    MASK_WITH_EYES = "drawn mask with holes for the eyes"
    INJECTED_STILL = "virtual camera showing one picture"


class Actor:
    """One person and their poses, each drawn once."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._poses: dict[tuple[Prompt, int], Image] = {}
        self.rest = in_frame(figure.picture, scale=SCALE)

    def pose(self, prompt: Prompt, step: int) -> Image:
        """One moment of a move."""
        known = self._poses.get((prompt, step))
        if known is None:
            known = self._poses[(prompt, step)] = _pose(self.figure, prompt, _swing(step, _STEPS))
        return known


def _swing(step: int, steps: int) -> float:
    """From 0 to 1 and back."""
    return math.sin(math.pi * (step + 1) / (steps + 1))


def live(actor: Actor, prompts: Sequence[Prompt], seed: int) -> Sequence_:
    """A person who does each move when it is asked for."""
    return _filmed(_performed(actor, prompts), seed)


def _performed(actor: Actor, prompts: Sequence[Prompt]) -> Iterator[Image]:
    rest = actor.rest
    for prompt in prompts:
        yield rest
        yield rest
        yield rest
        for step in range(_STEPS):
            yield actor.pose(prompt, step)
    while True:
        yield rest


def _pose(figure: Figure, prompt: Prompt, share: float) -> Image:
    match prompt:
        case Prompt.TURN_LEFT:
            return in_frame(people.turned(figure, yaw=_TURN * share).picture, scale=SCALE)
        case Prompt.TURN_RIGHT:
            return in_frame(people.turned(figure, yaw=-_TURN * share).picture, scale=SCALE)
        case Prompt.BLINK:
            return in_frame(people.blinking(figure, share).picture, scale=SCALE)
        case Prompt.COME_NEARER:
            return in_frame(figure.picture, scale=SCALE * (1 + _NEARER * share))


def _filmed(frames: Iterator[Image], seed: int) -> Sequence_:
    """As a sensor gives them: with noise of its own in each, and not for ever."""
    grain = np.random.default_rng(seed).integers(-3, 4, (2 * people.HEIGHT, 2 * people.WIDTH, 1), dtype=np.int16)
    for number, frame in enumerate(frames):
        if number > LONGEST * RATE * 3:
            return
        down, right = (number * 97) % people.HEIGHT, (number * 131) % people.WIDTH
        part = grain[down : down + frame.shape[0], right : right + frame.shape[1]]
        yield number / RATE, np.clip(frame.astype(np.int16) + part, 0, 255).astype(np.uint8)


def attack(kind: Attack, actor: Actor, prompts: Sequence[Prompt], seed: int) -> Sequence_:
    """One attempt with this thing."""
    match kind:
        case Attack.PRINT_STILL:
            return _filmed(_still(actor), seed)
        case Attack.PRINT_MOVED:
            return _filmed(_carried(actor.figure, prompts, _flat), seed)
        case Attack.PRINT_BENT:
            return _filmed(_carried(actor.figure, prompts, _bent), seed)
        case Attack.CUT_OUT_EYES:
            return _filmed(_carried(actor.figure, prompts, _flat, blinks=True), seed)
        case Attack.SCREEN:
            return _filmed((_on_screen(frame) for frame in _performed(actor, _another_order(prompts))), seed)
        case Attack.SCREEN_KNOWING:
            return _filmed((_on_screen(frame) for frame in _performed(actor, prompts)), seed)
        case Attack.MASK:
            stiff = [prompt for prompt in prompts if prompt is not Prompt.BLINK]
            cut = prompts.index(Prompt.BLINK) if Prompt.BLINK in prompts else len(prompts)
            return _filmed(_performed(actor, stiff[:cut]), seed)
        case Attack.MASK_WITH_EYES:
            return live(actor, prompts, seed)
        case Attack.INJECTED_STILL:
            still = actor.rest
            return ((number / RATE, still) for number in range(round(LONGEST * RATE)))


def _still(actor: Actor) -> Iterator[Image]:
    while True:
        yield actor.rest


def _another_order(prompts: Sequence[Prompt]) -> tuple[Prompt, ...]:
    """What was recorded at another time: the moves of that day."""
    return (*prompts[1:], prompts[0], *prompts[1:], prompts[0], *prompts)


def _carried(
    figure: Figure,
    prompts: Sequence[Prompt],
    shape: Callable[[Image, float], Image],
    *,
    blinks: bool = False,
) -> Iterator[Image]:
    """A print moved as if it were a head: turned by the hand for a turn, brought nearer for coming nearer."""
    rest = in_frame(shape(figure.picture, 0.0), scale=SCALE)
    for prompt in prompts:
        yield rest
        yield rest
        yield rest
        for step in range(_STEPS + 4):
            share = _swing(step, _STEPS + 4)
            picture = figure.picture
            if blinks and prompt is Prompt.BLINK:
                picture = people.blinking(figure, share).picture
            angle = {Prompt.TURN_LEFT: 55.0, Prompt.TURN_RIGHT: -55.0}.get(prompt, 0.0) * share
            nearer = 1 + (_NEARER * share if prompt is Prompt.COME_NEARER else 0.0)
            yield in_frame(shape(picture, angle), scale=SCALE * nearer)
    while True:
        yield rest


def _flat(picture: Image, angle: float) -> Image:
    """A plane turned about its upright axis, seen from one and a half of its widths."""
    height, width = picture.shape[:2]
    turn, far = math.radians(angle), 1.5 * width
    corners = np.asarray([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    there = np.asarray([_seen(x - width / 2, y - height / 2, 0.0, turn, far) for x, y in corners], dtype=np.float32)
    there += np.asarray([width / 2, height / 2], dtype=np.float32)
    plane = cv2.getPerspectiveTransform(corners, there)
    return cast(Image, cv2.warpPerspective(picture, plane, (width, height), borderMode=cv2.BORDER_REPLICATE))


def _seen(x: float, y: float, z: float, turn: float, far: float) -> tuple[float, float]:
    across = x * math.cos(turn) + z * math.sin(turn)
    deep = z * math.cos(turn) - x * math.sin(turn)
    near = far / (far - deep)
    return across * near, y * near


def _bent(picture: Image, angle: float) -> Image:
    """The print as part of a cylinder, its middle towards the camera, turned."""
    height, width = picture.shape[:2]
    radius, turn, far = 0.75 * width, math.radians(angle * 0.6), 1.8 * width
    columns = np.arange(width, dtype=np.float64)
    arc = (columns - width / 2) / radius
    x, z = radius * np.sin(arc), radius * (np.cos(arc) - 1)
    across = x * math.cos(turn) + z * math.sin(turn)
    near = far / (far - (z * math.cos(turn) - x * math.sin(turn)))
    seen = across * near + width / 2
    order: NDArray[np.intp] = np.argsort(seen)
    source = np.asarray(np.interp(columns, seen[order], columns[order]), dtype=np.float64)
    scale = np.asarray(np.interp(columns, seen[order], near[order]), dtype=np.float64)
    upright = np.arange(height, dtype=np.float64)[:, None] - height / 2
    rows = np.asarray(upright / scale[None, :] + height / 2, dtype=np.float32)
    map_x = np.repeat(source[None, :], height, axis=0).astype(np.float32)
    return cast(
        Image,
        cv2.remap(picture, map_x, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
    )


def _on_screen(frame: Image) -> Image:
    """A display filmed: its dots beat with the camera's own."""
    height, width = frame.shape[:2]
    x = np.arange(width, dtype=np.float64)[None, :]
    y = np.arange(height, dtype=np.float64)[:, None]
    dots = (
        1 + 0.06 * np.sin(2 * math.pi * (x * 0.31 + y * 0.02)) + 0.05 * np.sin(2 * math.pi * (y * 0.27 - x * 0.015))
    )
    return np.clip(frame * dots[:, :, None], 0, 255).astype(np.uint8)
