"""Is a person standing there, or a picture of one? A short challenge, judged; basic, and said to be.

The citizen is asked to blink and for two of three other moves (turn left, turn right, come nearer), in an order
drawn anew each time. Besides the moves themselves these are judged:

- parallax: spots of the face are followed while the head turns or comes nearer. Of a flat picture, however it is
  held, they move as a plane does (a homography) and the face becomes narrow; of a head, the nose moves against the
  cheeks.
- the screen: a display filmed by a camera shows a fine regular pattern in what should be plain.
- the source: frames that repeat bit by bit, or a device that no wire leads to, were not filmed now.

What it cannot see: a well made mask with holes for the eyes, a face that was bent over a head, a picture computed
while the challenge runs. It has not been tested by ISO/IEC 30107-3 and holds no certificate; while nothing better is
configured, a face alone decides nothing.
"""

from __future__ import annotations

import enum
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.look import Seen
from kiosk.vision.measures import eye_to_chin, middle
from kiosk.vision.picture import Image, grey

Spots = NDArray[np.float64]


class Prompt(enum.Enum):
    """One move. Left and right are the citizen's own."""

    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    BLINK = "blink"
    COME_NEARER = "come-nearer"


class Standing(enum.Enum):
    """What stands behind a judgement of liveness."""

    BASIC = "basic"
    """Built in, not certified: rule 33 stands."""
    CERTIFIED = "certified"
    """By a laboratory, under ISO/IEC 30107-3."""


class Verdict(enum.Enum):
    """NOT_DECIDED is not a pass: the moves did not come in time."""

    LIVE = "live"
    NOT_LIVE = "not-live"
    NOT_DECIDED = "not-decided"


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

    verdict: Verdict
    reasons: tuple[Reason, ...]
    evidence: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Which move is asked for now, how many are done, and the judgement once there is one."""

    prompt: Prompt | None
    done: int
    of: int
    judgement: Judgement | None


class Judge(Protocol):
    """One challenge of one citizen, fed with frames until it answers."""

    def see(self, seconds: float, frame: Image, seen: Seen) -> Progress: ...


class LivenessEngine(Protocol):
    """Whatever tells the living from pictures; another engine may be configured instead of the built-in one."""

    @property
    def name(self) -> str: ...

    @property
    def standing(self) -> Standing: ...

    def begin(self, prompts: Sequence[Prompt]) -> Judge: ...


def draw_prompts(chance: random.Random) -> tuple[Prompt, ...]:
    """A blink and two of the other moves in any order: one of 18 challenges, each with at least one turn."""
    others = chance.sample([prompt for prompt in Prompt if prompt is not Prompt.BLINK], 2)
    prompts = [Prompt.BLINK, *others]
    chance.shuffle(prompts)
    return tuple(prompts)


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a move counts. Measured on drawn heads only."""

    turn: float = 6.0
    """Degrees that the mesh must read beyond the pose at the beginning."""
    wrong_turn: float = 9.0
    """Degrees to the other side after which it was another move."""
    lids: float = 0.72
    """Of the eyes' contrast at the beginning: under it they are shut."""
    nearer: float = 1.16
    """Face width over that at the beginning."""
    prompt_seconds: float = 7.0
    settle_seconds: float = 0.2
    """A move counts only after the prompt stood so long: nobody is quicker, a recording is."""
    parallax: float = 0.02
    """Eye distances by which a quarter of the spots must leave the best plane."""
    narrow: float = 0.84
    """Width over height of the face against the beginning, under which a turn is that of a flat thing."""
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

    def begin(self, prompts: Sequence[Prompt]) -> BasicJudge:
        return BasicJudge(tuple(prompts), self._bounds)


@dataclass
class _Rest:
    """How the face stood when a prompt was given."""

    seconds: float
    yaw: float
    width: float
    contrast: float
    shape: float
    """Width of the face over the distance from eyes to chin."""


@dataclass
class BasicJudge:
    """See the module. Pure but for what it remembers: times are the caller's, frames are not kept but for one grey
    picture to follow spots in.
    """

    prompts: tuple[Prompt, ...]
    bounds: Bounds
    _done: int = 0
    _rest: _Rest | None = None
    _contrast: float = 0.0
    _stance: Stance | None = None
    _parallax: list[float] = field(default_factory=list[float])
    _narrow: float = 1.0
    _moire: list[float] = field(default_factory=list[float])
    _frames: int = 0
    _same: int = 0
    _last: int | None = None
    _lost: float | None = None
    _judged: Judgement | None = None

    def see(self, seconds: float, frame: Image, seen: Seen) -> Progress:
        if self._judged is None:
            self._judged = self._take(seconds, frame, seen)
        prompt = None if self._judged is not None else self.prompts[self._done]
        return Progress(prompt, self._done, len(self.prompts), self._judged)

    def _take(self, seconds: float, frame: Image, seen: Seen) -> Judgement | None:
        self._count_repeats(frame)
        if seen.mesh is None or seen.face is None or seen.face.eyes is None or len(seen.faces) > 1:
            self._lost = seconds if self._lost is None else self._lost
            return self._no(Reason.FACE_LOST) if seconds - self._lost > 1.5 else None
        self._lost = None
        if self._frames % 4 == 0:
            self._moire.append(moire(frame, seen))
        self._contrast = max(self._contrast, seen.measures["EyeContrast"].native)
        if self._rest is None:
            yaw = seen.measures["HeadPoseYaw"].native
            self._rest = _Rest(
                seconds, yaw, seen.face_width, self._contrast, seen.face_width / eye_to_chin(seen.mesh)
            )
            self._stance = Stance.of(frame, seen)
            return None
        rest, prompt = self._rest, self.prompts[self._done]
        if seconds - rest.seconds > self.bounds.prompt_seconds:
            return self._no(Reason.TOO_SLOW)
        if self._is_other(prompt, rest, seen):
            return self._no(Reason.OTHER_MOVE)
        if seconds - rest.seconds < self.bounds.settle_seconds or not self._is_done(prompt, rest, seen):
            return None
        if prompt in (Prompt.TURN_LEFT, Prompt.TURN_RIGHT):
            self._parallax.append(0.0 if self._stance is None else self._stance.parallax(frame, seen))
            self._narrow = min(self._narrow, seen.face_width / eye_to_chin(seen.mesh) / rest.shape)
        self._done += 1
        self._rest = None
        return self._whole() if self._done == len(self.prompts) else None

    def _is_done(self, prompt: Prompt, rest: _Rest, seen: Seen) -> bool:
        turned = seen.measures["HeadPoseYaw"].native - rest.yaw
        match prompt:
            case Prompt.TURN_LEFT:
                # The picture's right is the citizen's left.
                return turned >= self.bounds.turn
            case Prompt.TURN_RIGHT:
                return -turned >= self.bounds.turn
            case Prompt.BLINK:
                contrast = seen.measures["EyeContrast"]
                return contrast.measured and contrast.native < self.bounds.lids * self._contrast
            case Prompt.COME_NEARER:
                return seen.face_width >= self.bounds.nearer * rest.width

    def _is_other(self, prompt: Prompt, rest: _Rest, seen: Seen) -> bool:
        """A clear move that was not asked for: whoever plays a recording cannot know the order."""
        # After a turn the head comes back, which is a turn to the other side from where it stood.
        if abs(rest.yaw) > self.bounds.wrong_turn:
            return False
        turned = seen.measures["HeadPoseYaw"].native - rest.yaw
        match prompt:
            case Prompt.TURN_LEFT:
                return -turned >= self.bounds.wrong_turn
            case Prompt.TURN_RIGHT:
                return turned >= self.bounds.wrong_turn
            case Prompt.BLINK | Prompt.COME_NEARER:
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
        verdict = Verdict.NOT_LIVE if against else Verdict.LIVE
        return Judgement(verdict, tuple(against), self._evidence())

    def _no(self, reason: Reason) -> Judgement:
        verdict = Verdict.NOT_DECIDED if reason in (Reason.TOO_SLOW, Reason.FACE_LOST) else Verdict.NOT_LIVE
        return Judgement(verdict, (reason,), self._evidence())

    def _evidence(self) -> tuple[tuple[str, float], ...]:
        return (
            ("moves-done", float(self._done)),
            ("parallax", round(min(self._parallax), 4) if self._parallax else -1.0),
            ("narrow", round(self._narrow, 3)),
            ("moire", round(float(np.median(self._moire)), 2) if self._moire else -1.0),
            ("repeated", round(self._same / max(1, self._frames), 3)),
        )


# Parallax -----------------------------------------------------------------------------------------------------------

_OUTLINE = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377)
_OUTLINE_BACK = (152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
_EYE_SPOTS = (33, 133, 159, 145, 362, 263, 386, 374)
_LIP_SPOTS = (13, 14, 61, 291)
_LEAST_SPOTS = 16
_WORSE = 75
"""Percentile: a quarter of the spots (nose, sockets, chin) must leave the plane for it to count."""


@dataclass(frozen=True, slots=True)
class Stance:
    """A face as it stood at the beginning of a turn: grey picture, mesh and spots to find again."""

    picture: Image
    mesh: Spots
    spots: NDArray[np.float32]
    eye_distance: float

    @staticmethod
    def of(frame: Image, seen: Seen) -> Stance | None:
        """None where the face shows too little to be found again. Eyes and lips are left out: they move by
        themselves.
        """
        if seen.mesh is None:
            return None
        picture = grey(frame)
        points = seen.mesh.points[:, :2]
        eye_distance = math.dist(*seen.mesh.eyes)
        mask = np.zeros(picture.shape, np.uint8)
        cv2.fillPoly(mask, [points[list(_OUTLINE + _OUTLINE_BACK)].astype(np.int32)], (255,))
        for spot in _EYE_SPOTS + _LIP_SPOTS:
            at = (round(float(points[spot, 0])), round(float(points[spot, 1])))
            cv2.circle(mask, at, round(0.15 * eye_distance), (0,), -1)
        mask = cv2.erode(mask, np.ones((5, 5), np.uint8))
        found = cast(
            "NDArray[np.float32] | None",
            cv2.goodFeaturesToTrack(picture, 200, 0.004, max(3.0, 0.04 * eye_distance), mask=mask),
        )
        if found is None or len(found) < _LEAST_SPOTS:
            return None
        return Stance(picture, points.copy(), found.reshape(-1, 2), eye_distance)

    def parallax(self, frame: Image, seen: Seen) -> float:
        """By how much the spots left the best plane, in eye distances; 0 where too few were found again."""
        if seen.mesh is None:
            return 0.0
        picture = grey(frame)
        mesh = seen.mesh.points[:, :2]
        guess = self.spots + _carried_along(self.spots, self.mesh, mesh)
        size = max(13, round(0.22 * self.eye_distance)) | 1
        there, back = _found_again(self.picture, picture, self.spots, guess, size)
        close = 0.03 * self.eye_distance
        true = np.linalg.norm(back - self.spots, axis=1) < close
        true &= np.linalg.norm(there - guess, axis=1) < 0.35 * self.eye_distance
        return out_of_plane(self.spots[true], there[true], self.eye_distance)


def _carried_along(spots: NDArray[np.float32], before: Spots, after: Spots) -> NDArray[np.float32]:
    """Where the mesh went nearby: a first guess, which the picture then corrects."""
    away = np.linalg.norm(spots[:, None, :] - before[None, :, :], axis=2)
    near = np.argsort(away, axis=1)[:, :4]
    return np.asarray((after - before)[near].mean(axis=1), dtype=np.float32)


def _found_again(
    one: Image, other: Image, spots: NDArray[np.float32], guess: NDArray[np.float32], size: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The spots in the other picture, and from there back in the first."""
    manner: dict[str, Any] = {"winSize": (size, size), "maxLevel": 2, "flags": cv2.OPTFLOW_USE_INITIAL_FLOW}
    start = guess.reshape(-1, 1, 2).astype(np.float32)
    there = cv2.calcOpticalFlowPyrLK(one, other, spots.reshape(-1, 1, 2), start.copy(), **manner)[0]
    home = spots.reshape(-1, 1, 2).copy()
    back = cv2.calcOpticalFlowPyrLK(other, one, there, home, **manner)[0]
    return (
        np.asarray(there, dtype=np.float32).reshape(-1, 2),
        np.asarray(back, dtype=np.float32).reshape(-1, 2),
    )


def out_of_plane(before: NDArray[np.float32], after: NDArray[np.float32], eye_distance: float) -> float:
    """Distance in eye distances, exceeded by a quarter of the spots, from where the best homography puts them.

    The plane is the one that fits half of them best (least median of squares), so that a few spots that were mistaken
    for others do not bend it.
    """
    if len(before) < _LEAST_SPOTS or eye_distance <= 0:
        return 0.0
    plane = cast("NDArray[np.float64] | None", cv2.findHomography(before, after, cv2.LMEDS)[0])
    if plane is None:
        return 0.0
    predicted = cv2.perspectiveTransform(before.reshape(-1, 1, 2).astype(np.float64), plane).reshape(-1, 2)
    away = np.linalg.norm(predicted - after, axis=1) / eye_distance
    return float(np.percentile(away, _WORSE))


# The screen ---------------------------------------------------------------------------------------------------------

_MOIRE_SIDE = 128


def moire(frame: Image, seen: Seen) -> float:
    """The strongest regular pattern about the eyes over its surroundings in the spectrum; about 4 without one.

    Needs a screen whose dots the camera can nearly tell apart; a fine or blurred one shows none.
    """
    if seen.face is None or seen.face.eyes is None:
        return 0.0
    x, y = middle(*seen.face.eyes)
    left, top = round(x - _MOIRE_SIDE / 2), round(y - _MOIRE_SIDE / 2)
    part = frame[max(0, top) : top + _MOIRE_SIDE, max(0, left) : left + _MOIRE_SIDE]
    if part.shape[:2] != (_MOIRE_SIDE, _MOIRE_SIDE):
        return 0.0
    tone = grey(np.ascontiguousarray(part)).astype(np.float64)
    tone -= cv2.GaussianBlur(tone, (0, 0), 3.0)
    window = np.outer(np.hanning(_MOIRE_SIDE), np.hanning(_MOIRE_SIDE))
    spectrum = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(tone * window))))
    rows, columns = np.indices(spectrum.shape) - _MOIRE_SIDE // 2
    far = np.hypot(rows, columns) > _MOIRE_SIDE * 0.14
    around = cv2.medianBlur(spectrum.astype(np.float32), 5)
    above = np.where(far, spectrum - around, 0.0)
    spread = float(np.median(np.abs(above[far]))) + 1e-6
    return float(above.max() / spread)


# The source ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceCues:
    """What speaks against a source being the camera of this machine; empty: nothing."""

    found: tuple[str, ...]


def device_cues(device: str, expected: str, system: Path = Path("/sys/class/video4linux")) -> SourceCues:
    """Of a V4L2 device: no wire leads to it, or it has another name than the station's file says ("" for any)."""
    node = system / Path(device).resolve().name
    found: list[str] = []
    try:
        place, name = node.resolve(strict=True), (node / "name").read_text("utf-8").strip()
    except OSError:
        return SourceCues(("not-a-video-device",))
    if "virtual" in place.parts:
        found.append("virtual-device")
    if expected and name != expected:
        found.append("other-device")
    return SourceCues(tuple(found))


def timing_cues(nanoseconds: Sequence[int], frames_a_second: float) -> SourceCues:
    """Of the times at which frames came: much faster than the camera can, or as regular as no sensor on a wire is."""
    gaps = np.diff(np.asarray(nanoseconds, dtype=np.float64)) / 1e9
    if len(gaps) < 8:
        return SourceCues(())
    found: list[str] = []
    if float(np.median(gaps)) < 0.7 / frames_a_second:
        found.append("too-fast")
    if float(np.std(gaps)) < 2e-6:
        found.append("too-regular")
    return SourceCues(tuple(found))
