"""People who do what the challenge asks, and pictures of people that are held before the camera instead.

Every sequence is drawn: (seconds, frame) at ten frames a second, with a sensor's noise. The attacker knows the
recording they have and not the order that will be asked for, unless the name of the attack says so.
"""

from __future__ import annotations

import enum
import itertools
import math
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.devices.camera.contract import Move
from kiosk.proofs import people
from kiosk.proofs.people import in_frame
from kiosk.simulation import heads
from kiosk.simulation.heads import Figure
from kiosk.vision.picture import Image

RATE = 10.0
SCALE = 0.85
Film = Generator[tuple[float, Image], Move | None]
"""Frames with their seconds. The move that is asked for now is sent in: whoever performs sees the page."""
_Play = Generator[Image, Move | None]
_TURN = 24.0
_OPEN = 0.4
_STEPS = 5
_REACTION_FRAMES = 3
"""Nobody begins a move sooner than this after it is asked for."""
_CARRY_STEPS = 9
LONGEST = 27.0
"""Seconds of a film: longer than all prompts wait."""
_NEARER = 0.34


class Attack(enum.Enum):
    """What is held before the camera."""

    PRINT_STILL = "photograph held still"
    PRINT_MOVED = "photograph turned, tilted and brought nearer"
    PRINT_BENT = "photograph bent round and turned"
    CUT_OUT_EYES = "photograph with the eyes cut out, a person blinking behind it, turned"
    CUT_OUT_EYES_AND_MOUTH = "photograph with eyes and mouth cut out, a person moving behind it, turned"
    SCREEN = "screen playing a recording of the person"
    SCREEN_KNOWING = "screen playing the moves that are asked for"
    MASK = "drawn mask worn on a head"
    MASK_WITH_EYES = "drawn mask with holes for the eyes"
    MASK_WITH_MOUTH = "drawn mask with holes for eyes and mouth"
    INJECTED_STILL = "virtual camera showing one picture"


class Actor:
    """One person and their poses, each drawn once."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._poses: dict[tuple[Move, int], Image] = {}
        self.rest = in_frame(figure.picture, scale=SCALE)

    def pose(self, move: Move, step: int) -> Image:
        """One moment of a move."""
        known = self._poses.get((move, step))
        if known is None:
            known = self._poses[(move, step)] = _pose(self.figure, move, _swing(step, _STEPS))
        return known

    def behind_a_mask(self, move: Move, step: int) -> Image:
        """The same with a stiff mask of this face that has holes for eyes and mouth: only the mouth itself opens."""
        if move is not Move.OPEN_MOUTH:
            return self.pose(move, step)
        return in_frame(people.mouth_in_a_hole(self.figure, _OPEN * _swing(step, _STEPS)).picture, scale=SCALE)


def _swing(step: int, steps: int) -> float:
    """From 0 to 1 and back."""
    return math.sin(math.pi * (step + 1) / (steps + 1))


def live(actor: Actor, seed: int) -> Film:
    """A person who does each move when it is asked for, and again when it is still asked for."""
    return _filmed(_performed(actor.rest, actor.pose, frozenset(Move), _STEPS), seed)


def _performed(rest: Image, pose: Callable[[Move, int], Image], able: frozenset[Move], steps: int) -> _Play:
    """Whoever sees a new move finishes the one begun, needs a moment, and does it; what they cannot do they leave."""
    move: Move | None = None
    while True:
        asked = move
        for _ in range(_REACTION_FRAMES):
            asked = yield rest
        move = asked
        if move is not None and move in able:
            for step in range(steps):
                asked = yield pose(move, step)
            move = asked


def _recorded(actor: Actor, moves: Sequence[Move]) -> Iterator[Image]:
    """These moves one after another, whatever is asked for."""
    for move in moves:
        yield from itertools.repeat(actor.rest, _REACTION_FRAMES)
        yield from (actor.pose(move, step) for step in range(_STEPS))
    yield from itertools.repeat(actor.rest)


def _deaf(frames: Iterator[Image]) -> _Play:
    """What does not see the page."""
    for frame in frames:
        _ = yield frame


def _pose(figure: Figure, move: Move, share: float) -> Image:
    match move:
        case Move.TURN_LEFT:
            return in_frame(heads.turned(figure, yaw=_TURN * share).picture, scale=SCALE)
        case Move.TURN_RIGHT:
            return in_frame(heads.turned(figure, yaw=-_TURN * share).picture, scale=SCALE)
        case Move.BLINK:
            return in_frame(heads.blinking(figure, share).picture, scale=SCALE)
        case Move.OPEN_MOUTH:
            return in_frame(heads.mouth_open(figure, _OPEN * share).picture, scale=SCALE)
        case Move.COME_NEARER:
            return in_frame(figure.picture, scale=SCALE * (1 + _NEARER * share))


def _filmed(frames: _Play, seed: int) -> Film:
    """As a sensor gives them: with noise of its own in each, and not for ever."""
    grain = np.random.default_rng(seed).integers(-3, 4, (2 * people.HEIGHT, 2 * people.WIDTH, 1), dtype=np.int16)
    frame = next(frames)
    for number in range(round(LONGEST * RATE)):
        down, right = (number * 97) % people.HEIGHT, (number * 131) % people.WIDTH
        part = grain[down : down + frame.shape[0], right : right + frame.shape[1]]
        asked = yield number / RATE, np.clip(frame.astype(np.int16) + part, 0, 255).astype(np.uint8)
        frame = frames.send(asked)


def attack(kind: Attack, actor: Actor, prompts: Sequence[Move], seed: int) -> Film:
    """One attempt with this thing, where these moves will be asked for."""
    everything, stiff = frozenset(Move), frozenset(Move) - {Move.OPEN_MOUTH}
    match kind:
        case Attack.PRINT_STILL:
            return _filmed(_deaf(itertools.repeat(actor.rest)), seed)
        case Attack.PRINT_MOVED:
            return _filmed(_carried(actor.figure, _flat, stiff - {Move.BLINK}), seed)
        case Attack.PRINT_BENT:
            return _filmed(_carried(actor.figure, _bent, stiff - {Move.BLINK}), seed)
        case Attack.CUT_OUT_EYES:
            return _filmed(_carried(actor.figure, _flat, stiff), seed)
        case Attack.CUT_OUT_EYES_AND_MOUTH:
            return _filmed(_carried(actor.figure, _flat, everything), seed)
        case Attack.SCREEN:
            recorded = _recorded(actor, _another_order(prompts))
            return _filmed(_deaf(_on_screen(frame) for frame in recorded), seed)
        case Attack.SCREEN_KNOWING:
            return _filmed(
                _performed(
                    _on_screen(actor.rest), lambda move, step: _on_screen(actor.pose(move, step)), everything, _STEPS
                ),
                seed,
            )
        case Attack.MASK:
            return _filmed(_performed(actor.rest, actor.pose, stiff - {Move.BLINK}, _STEPS), seed)
        case Attack.MASK_WITH_EYES:
            return _filmed(_performed(actor.rest, actor.pose, stiff, _STEPS), seed)
        case Attack.MASK_WITH_MOUTH:
            return _filmed(_performed(actor.rest, actor.behind_a_mask, everything, _STEPS), seed)
        case Attack.INJECTED_STILL:
            return _injected(actor.rest)


def _injected(still: Image) -> Film:
    for number in range(round(LONGEST * RATE)):
        _ = yield number / RATE, still


def _another_order(prompts: Sequence[Move]) -> tuple[Move, ...]:
    """What was recorded at another time: the moves of that day."""
    return (*prompts[1:], prompts[0], *prompts[1:], prompts[0], *prompts)


def _carried(figure: Figure, shape: Callable[[Image, float], Image], able: frozenset[Move]) -> _Play:
    """A print moved as if it were a head: turned by the hand for a turn, brought nearer for coming nearer."""

    def pose(move: Move, step: int) -> Image:
        share = _swing(step, _CARRY_STEPS)
        picture = figure.picture
        if move is Move.BLINK:
            picture = heads.blinking(figure, share).picture
        elif move is Move.OPEN_MOUTH:
            picture = people.mouth_in_a_hole(figure, _OPEN * share).picture
        angle = {Move.TURN_LEFT: 55.0, Move.TURN_RIGHT: -55.0}.get(move, 0.0) * share
        nearer = 1 + (_NEARER * share if move is Move.COME_NEARER else 0.0)
        return in_frame(shape(picture, angle), scale=SCALE * nearer)

    return _performed(in_frame(shape(figure.picture, 0.0), scale=SCALE), pose, able, _CARRY_STEPS)


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
