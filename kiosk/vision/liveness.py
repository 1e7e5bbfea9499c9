"""Is a person standing there, or a picture of one? A short challenge, judged; basic, and said to be.

The citizen is asked to turn to one side, to open the mouth, and for one of three other moves (blink, come nearer,
turn to the other side), in an order drawn anew each time. Every move is counted from how the face stood when it
looked straight ahead. Besides the moves themselves these are judged:

- parallax: spots of the face are followed while the head turns. Of a flat picture, however it is held, they move as a
  plane does (a homography) and the face becomes narrow; of a head, the nose moves against the cheeks.
- what is stiff: a mask turns as a head does and eyes blink behind its holes, but its mouth does not open.
- the screen: a display filmed by a camera shows a fine regular pattern in what should be plain.
- the source: frames that repeat bit by bit were not filmed now.

A blink that is not seen (glasses, narrow eyes) is replaced by coming nearer: it is no citizen's fault.

What it cannot see: a mask through which a real mouth moves, a face that was bent over a head, a picture computed
while the challenge runs, somebody else stepping in between two moves. It has not been tested by ISO/IEC 30107-3 and
holds no certificate; while nothing better is configured, a face alone decides nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from kiosk.devices.camera.contract import Move, Presence, Standing
from kiosk.vision.bodies import Mouth, Stance
from kiosk.vision.cues import moire
from kiosk.vision.look import Seen
from kiosk.vision.measures import eye_to_chin
from kiosk.vision.picture import Image


class Reason(enum.Enum):
    """Why it was not judged live, in words for the audit chain."""

    TOO_SLOW = "too-slow"
    OTHER_MOVE = "other-move"
    FLAT = "flat"
    SCREEN = "screen"
    REPEATED = "repeated"
    FACE_LOST = "face-lost"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`evidence` holds numbers about pictures, nothing of a person."""

    presence: Presence
    reasons: tuple[Reason, ...]
    evidence: tuple[tuple[str, float], ...]


class Bearing(enum.Enum):
    """Whether this frame shows the face as it is compared: looking straight ahead, with nothing moved."""

    STRAIGHT = "straight"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class Progress:
    """The move asked for now (None: look straight ahead), how many are done, and the judgement once there is one."""

    prompt: Move | None
    done: int
    of: int
    judgement: Judgement | None
    bearing: Bearing = Bearing.MOVING


class Judge(Protocol):
    """One challenge of one citizen, fed with frames until it answers."""

    def see(self, seconds: float, frame: Image, seen: Seen) -> Progress: ...


class LivenessEngine(Protocol):
    """Whatever tells the living from pictures; another engine may be configured instead of the built-in one."""

    @property
    def name(self) -> str: ...

    @property
    def standing(self) -> Standing: ...

    def begin(self, prompts: Sequence[Move]) -> Judge: ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a move counts. Measured on drawn heads only."""

    front_frames: int = 3
    """Frames in which the face looks ahead before the first move is asked for."""
    ahead: float = 15.0
    """Degrees within which a face looks ahead, whatever the mesh's own error."""
    turn: float = 6.0
    """Degrees that the mesh must read beyond the front."""
    back: float = 4.5
    """Degrees from the front within which the head is back at it."""
    wrong_turn: float = 9.0
    """Degrees to another side, from the front, after which it was another move."""
    lids: float = 0.72
    """Of the eyes' contrast at the front: under it they are shut."""
    lips: float = 0.045
    """By how much the mesh's lips must go apart."""
    hidden_lips: float = 0.015
    hidden_mouth: float = 0.6
    """Where a beard hides the lips: the mesh sees them move a little, and the mouth looks quite another."""
    nearer: float = 1.16
    """Face width over that at the front."""
    prompt_seconds: float = 5.0
    another_after: float = 2.5
    """A blink not seen for so long is replaced by coming nearer."""
    settle_seconds: float = 0.2
    """A move counts only after the prompt stood so long: nobody is quicker, a recording is."""
    lost_seconds: float = 1.0
    turned_seconds: float = 0.4
    """How long a turned head is looked at for parallax before the turn is over."""
    parallax: float = 0.02
    """Eye distances by which a quarter of the spots must leave the best plane."""
    narrow: float = 0.88
    """Width over height of the face against the front, under which a turn is that of a flat thing."""
    moire: float = 5.8
    """Strength of the strongest regular pattern over what surrounds it in the spectrum."""
    repeated: float = 0.2
    """Share of frames equal bit by bit to the one before."""


class Basic:
    """The built-in engine."""

    name = "basic"
    standing = Standing.BASIC

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()

    def begin(self, prompts: Sequence[Move]) -> BasicJudge:
        return BasicJudge(tuple(prompts), self._bounds)


@dataclass(frozen=True, slots=True)
class _Front:
    """How the face stood when it looked straight ahead, before anything was asked for."""

    yaw: float
    width: float
    shape: float
    """Width of the face over the distance from eyes to chin."""
    contrast: float
    stance: Stance | None
    mouth: Mouth | None


@dataclass
class _Asked:
    """What has come of the move that is asked for now."""

    since: float
    been_ahead: bool = False
    """Whether the head was at the front since: only from there a turn is a turn."""
    turned_since: float | None = None
    parallax: float = 0.0


_TURNS = (Move.TURN_LEFT, Move.TURN_RIGHT)


@dataclass
class BasicJudge:
    """See the module. Pure but for what it remembers: times are the caller's, frames are not kept but for one grey
    picture to follow spots in and one patch with the mouth shut.
    """

    prompts: tuple[Move, ...]
    bounds: Bounds
    _done: int = 0
    _ahead: list[tuple[float, float, float]] = field(default_factory=list[tuple[float, float, float]])
    _front: _Front | None = None
    _asked: _Asked | None = None
    _contrast: float = 0.0
    _parallax: list[float] = field(default_factory=list[float])
    _narrow: float = 1.0
    _moire: list[float] = field(default_factory=list[float])
    _frames: int = 0
    _same: int = 0
    _last: int | None = None
    _began: float | None = None
    _lost: float | None = None
    _bearing: Bearing = Bearing.MOVING
    _judged: Judgement | None = None

    def see(self, seconds: float, frame: Image, seen: Seen) -> Progress:
        if self._judged is None:
            self._bearing = Bearing.MOVING
            self._judged = self._take(seconds, frame, seen)
        waiting = self._judged is not None or self._front is None
        prompt = None if waiting else self.prompts[self._done]
        return Progress(prompt, self._done, len(self.prompts), self._judged, self._bearing)

    def _take(self, seconds: float, frame: Image, seen: Seen) -> Judgement | None:
        self._count_repeats(frame)
        self._began = seconds if self._began is None else self._began
        if seen.mesh is None or seen.face is None or seen.face.eyes is None or len(seen.faces) > 1:
            self._lost = seconds if self._lost is None else self._lost
            return self._no(Reason.FACE_LOST) if seconds - self._lost > self.bounds.lost_seconds else None
        self._lost = None
        if self._frames % 4 == 0:
            self._moire.append(moire(frame, seen))
        if self._front is None or self._asked is None:
            self._look_ahead(seconds, frame, seen)
            late = seconds - self._began > self.bounds.prompt_seconds
            return self._no(Reason.TOO_SLOW) if late and self._front is None else None
        return self._follow(seconds, frame, seen, self._front, self._asked)

    def _look_ahead(self, seconds: float, frame: Image, seen: Seen) -> None:
        """Before the first move: how the face stands."""
        if seen.mesh is None:
            return
        yaw = seen.measures["HeadPoseYaw"].native
        if abs(yaw) > self.bounds.ahead:
            self._ahead.clear()
            return
        self._bearing = Bearing.STRAIGHT
        self._contrast = max(self._contrast, seen.measures["EyeContrast"].native)
        self._ahead.append((yaw, seen.face_width, seen.face_width / eye_to_chin(seen.mesh)))
        if len(self._ahead) < self.bounds.front_frames:
            return
        yaw, width, shape = (float(np.median(column)) for column in zip(*self._ahead, strict=True))
        self._front = _Front(yaw, width, shape, self._contrast, Stance.of(frame, seen), Mouth.of(frame, seen))
        self._asked = _Asked(seconds, been_ahead=True)

    def _follow(self, seconds: float, frame: Image, seen: Seen, front: _Front, asked: _Asked) -> Judgement | None:
        bounds, prompt = self.bounds, self.prompts[self._done]
        turned = seen.measures["HeadPoseYaw"].native - front.yaw
        if abs(turned) <= bounds.back:
            asked.been_ahead = True
            self._contrast = max(self._contrast, seen.measures["EyeContrast"].native)
        if asked.been_ahead and self._is_other(prompt, turned):
            return self._no(Reason.OTHER_MOVE)
        waited = seconds - asked.since
        if waited > bounds.prompt_seconds:
            return self._no(Reason.TOO_SLOW)
        if prompt is Move.BLINK and waited > bounds.another_after and Move.COME_NEARER not in self.prompts:
            self.prompts = tuple(Move.COME_NEARER if move is Move.BLINK else move for move in self.prompts)
            self._asked = _Asked(seconds, asked.been_ahead)
            return None
        if waited < bounds.settle_seconds or not self._is_done(seconds, frame, seen, front, asked, prompt):
            if waited < bounds.settle_seconds and abs(turned) <= bounds.back and self._eyes_are_open(seen):
                self._bearing = Bearing.STRAIGHT
            return None
        if prompt in _TURNS:
            self._parallax.append(asked.parallax)
        self._done += 1
        self._asked = _Asked(seconds)
        return self._whole() if self._done == len(self.prompts) else None

    def _is_done(self, seconds: float, frame: Image, seen: Seen, front: _Front, asked: _Asked, prompt: Move) -> bool:
        turned = seen.measures["HeadPoseYaw"].native - front.yaw
        ahead = abs(turned) <= self.bounds.wrong_turn
        match prompt:
            case Move.TURN_LEFT | Move.TURN_RIGHT:
                # The picture's right is the citizen's left.
                return self._has_turned(
                    seconds, frame, seen, front, asked, turned if prompt is _TURNS[0] else -turned
                )
            case Move.BLINK:
                return ahead and asked.been_ahead and not self._eyes_are_open(seen)
            case Move.OPEN_MOUTH:
                return ahead and asked.been_ahead and self._mouth_is_open(frame, seen, front)
            case Move.COME_NEARER:
                return seen.face_width >= self.bounds.nearer * front.width

    def _has_turned(
        self, seconds: float, frame: Image, seen: Seen, front: _Front, asked: _Asked, turned: float
    ) -> bool:
        """Looked at for a moment while turned, because what a turn shows is seen best where it is widest."""
        if turned >= self.bounds.turn and seen.mesh is not None:
            asked.turned_since = seconds if asked.turned_since is None else asked.turned_since
            if front.stance is not None:
                asked.parallax = max(asked.parallax, front.stance.parallax(frame, seen))
            self._narrow = min(self._narrow, seen.face_width / eye_to_chin(seen.mesh) / front.shape)
        if asked.turned_since is None:
            return False
        over = turned < self.bounds.turn or seconds - asked.turned_since >= self.bounds.turned_seconds
        return over or asked.parallax >= 2 * self.bounds.parallax

    def _eyes_are_open(self, seen: Seen) -> bool:
        contrast = seen.measures["EyeContrast"]
        return not contrast.measured or contrast.native >= self.bounds.lids * self._contrast

    def _mouth_is_open(self, frame: Image, seen: Seen, front: _Front) -> bool:
        if front.mouth is None:
            return False
        lips, looks = front.mouth.opened(frame, seen)
        hidden = lips >= self.bounds.hidden_lips and looks >= self.bounds.hidden_mouth
        return lips >= self.bounds.lips or hidden

    def _is_other(self, prompt: Move, turned: float) -> bool:
        """A clear turn that was not asked for: whoever plays a recording cannot know the order."""
        match prompt:
            case Move.TURN_LEFT:
                return -turned >= self.bounds.wrong_turn
            case Move.TURN_RIGHT:
                return turned >= self.bounds.wrong_turn
            case Move.BLINK | Move.OPEN_MOUTH | Move.COME_NEARER:
                return abs(turned) >= self.bounds.wrong_turn

    def _count_repeats(self, frame: Image) -> None:
        print_of_it = hash(frame[::8, ::8].tobytes())
        self._same += print_of_it == self._last
        self._last = print_of_it
        self._frames += 1

    def _whole(self) -> Judgement:
        """All moves were made: what else speaks against a person?"""
        against: list[Reason] = []
        if (self._parallax and min(self._parallax) < self.bounds.parallax) or self._narrow < self.bounds.narrow:
            against.append(Reason.FLAT)
        if self._moire and float(np.median(self._moire)) > self.bounds.moire:
            against.append(Reason.SCREEN)
        if self._same / max(1, self._frames) > self.bounds.repeated:
            against.append(Reason.REPEATED)
        presence = Presence.NOT_LIVE if against else Presence.LIVE
        return Judgement(presence, tuple(against), self._evidence())

    def _no(self, reason: Reason) -> Judgement:
        presence = Presence.NOT_DECIDED if reason in (Reason.TOO_SLOW, Reason.FACE_LOST) else Presence.NOT_LIVE
        return Judgement(presence, (reason,), self._evidence())

    def _evidence(self) -> tuple[tuple[str, float], ...]:
        return (
            ("moves-done", float(self._done)),
            ("parallax", round(min(self._parallax), 4) if self._parallax else -1.0),
            ("narrow", round(self._narrow, 3)),
            ("moire", round(float(np.median(self._moire)), 2) if self._moire else -1.0),
            ("repeated", round(self._same / max(1, self._frames), 3)),
        )
