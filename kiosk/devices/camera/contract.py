"""What the camera and the process behind it can do."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health
from kiosk.people.portrait import PortraitStandard


class Advice(enum.Enum):
    """One reason at a time, in the order it is given (services.md 2.3)."""

    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"
    COME_CLOSER = "come-closer"
    STEP_BACK = "step-back"
    MOVE_LEFT = "move-left"
    MOVE_RIGHT = "move-right"
    MOVE_UP = "move-up"
    MOVE_DOWN = "move-down"
    TURN_STRAIGHT = "turn-straight"
    LEVEL_HEAD = "level-head"
    OPEN_EYES = "open-eyes"
    CLOSE_MOUTH = "close-mouth"
    LIGHT_UNEVEN = "light-uneven"
    TOO_DARK = "too-dark"
    TOO_BRIGHT = "too-bright"
    HOLD_STILL = "hold-still"
    BACKGROUND = "background"
    TOO_LOW = "too-low"
    """The face stays below what the camera reaches: nobody is asked for ever to stand higher; a person helps."""
    GOOD = "good"


class Shutter(enum.Enum):
    """Who says when: the frame that held for 0.6 s, or the citizen's finger."""

    ITSELF = "itself"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Guidance:
    """Where the face is (fractions of the frame: x, y, width, height; None without one) and what to say."""

    frame: int
    advice: Advice
    face: tuple[float, float, float, float] | None
    held_seconds: float


@dataclass(frozen=True, slots=True)
class Shot:
    """One accepted frame: the whole frame as JPEG, and the product cut from it for a portrait standard."""

    frame: int
    frame_jpeg: bytes
    product_jpeg: bytes
    measures: tuple[tuple[str, float, int], ...]
    """OFIQ names with native value and 0-100."""
    acceptable: bool


class Move(enum.Enum):
    """What a citizen is asked to do in a challenge, one at a time. Left and right are the citizen's own."""

    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    OPEN_MOUTH = "open-mouth"
    BLINK = "blink"
    COME_NEARER = "come-nearer"


class Presence(enum.Enum):
    """Whether a person stood there, as a challenge found. NOT_DECIDED is no pass: the moves were not seen in time."""

    LIVE = "live"
    NOT_LIVE = "not-live"
    NOT_DECIDED = "not-decided"


class Standing(enum.Enum):
    """What stands behind a judgement of liveness."""

    BASIC = "basic"
    """Built in, not certified: a face alone decides nothing (rule 33)."""
    CERTIFIED = "certified"
    """By a laboratory, under ISO/IEC 30107-3."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for now (None: look straight ahead), and how many moves of how many are done."""

    move: Move | None
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Challenged:
    """How a challenge ended. `reasons` and `evidence` are for the audit chain: nothing of a person, never shown.

    `straight_jpeg` is the best frame of the challenge in which that face looked straight ahead; empty without one.
    """

    presence: Presence
    reasons: tuple[str, ...]
    engine: str
    standing: Standing
    evidence: tuple[tuple[str, str], ...]
    straight_jpeg: bytes


class Comparison(enum.Enum):
    """Result of a comparison made on this machine."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_DECIDED = "not-decided"
    """Too near the threshold for an answer: nobody passes by it, and nobody is called another; a second factor or a
    person decides.
    """
    NO_FACE = "no-face"
    NOT_AVAILABLE = "not-available"
    """No engine here, or the reference cannot be decoded: headquarters compares instead."""


@dataclass(frozen=True, slots=True)
class FaceScore:
    """Distance and threshold of the engine, both as used; recorded as evidence, never shown.

    `evidence` is what the audit chain needs besides: names and values about settings, nothing of a person.
    """

    verdict: Comparison
    engine: str
    distance: float
    threshold: float
    evidence: tuple[tuple[str, str], ...] = ()


class Camera(Protocol):
    """Frames for the preview travel apart, in shared memory; see kiosk.vision."""

    async def watch(self, purpose: PortraitStandard | None, tell: Callable[[Guidance], None]) -> None:
        """Begin guidance for a portrait (None: just a face for comparison). Ends with `rest`."""
        ...

    async def rest(self) -> None:
        """Stop detection; the preview goes dark."""
        ...

    async def shoot(self, *, seconds: float, shutter: Shutter = Shutter.ITSELF) -> Shot:
        """The next frame that holds for 0.6 s, or the best one at the deadline with `acceptable` False.

        By the button: the next frame in which nothing is wrong, without the hold.
        """
        ...

    async def challenge(
        self, moves: tuple[Move, ...], *, seconds: float, tell: Callable[[Asked], None]
    ) -> Challenged:
        """Ask for these moves in this order and judge what is seen; `tell` hears of every change, on the loop.

        NOT_DECIDED at the deadline. Needs `watch`.
        """
        ...

    async def expect(self, reference: bytes) -> None:
        """A comparison with this JPEG or chip photo comes next: look at it while the citizen looks for the camera.

        Returns at once, never fails, and changes no result. Forgotten by `rest`.
        """
        ...

    async def compare(self, live_jpeg: bytes, reference: bytes) -> FaceScore:
        """Compare with a JPEG or a chip photo one to one on this machine."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
