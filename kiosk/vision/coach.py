"""What to say next: one reason at a time, in the contract's order, without flicker.

Pure: it is told what was seen and when, and answers. Seconds are those of whoever calls.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from kiosk.devices.camera.contract import Advice, Guidance
from kiosk.people.portrait import PortraitStandard
from kiosk.vision.look import Seen
from kiosk.vision.measures import LEAST_FOCUS, LEAST_MOTION_SECONDS, middle, motion
from kiosk.vision.picture import Point
from kiosk.vision.portrait import ENLARGED_AT_MOST, Side

HOLD_SECONDS = 0.6
"""How long everything must be right before a frame is taken."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a measure becomes a reason to speak. None of them has been calibrated on a station's own camera.

    Sources: services of this kind reject a pose beyond 8 degrees (ISO/IEC 19794-5 full frontal asks for 5), unequal
    cheeks beyond a fifth, and 2 % of over-exposed pixels; the rest was chosen on drawn faces.
    """

    second_face: float = 0.2
    """Area over the largest."""
    least_eye_distance: float = 60.0
    """Pixels, for a comparison."""
    least_face: float = 90.0
    """Pixels, for a comparison."""
    largest_face: float = 0.6
    """Of the frame's height."""
    roll: float = 8.0
    yaw: float = 8.0
    yaw_coarse: float = 13.0
    """Without a mesh, or for a comparison."""
    lids: float = 0.028
    lid_fall: float = 0.7
    """Of the eyes' best contrast in this watch: under it they are shut for the moment. Drawn eyes fall to 0.62 or
    less.
    """
    lips: float = 0.06
    cheeks: float = 0.74
    face_dark: float = 0.22
    scene_dark: float = 110.0
    over_exposed: float = 0.02
    least_sharpness: float = LEAST_FOCUS
    movement: float = 0.8
    """Eye distances a second."""
    background: float = 10.0
    """Lab standard deviation."""
    slack: float = 0.07
    """A reason that is being said is only withdrawn when the measure is this much better than the limit."""
    persist: float = 0.05
    """Seconds a new reason must last before it replaces the one being said: one frame alone changes no word."""
    dwell: float = 0.5
    """Seconds that words once changed are left standing, so that they can be read; what is good is said at once."""
    too_low: float = 6.0
    """Seconds of "stand higher" after which it is plain that somebody cannot."""


class Coach:
    """Guidance for one watch. `purpose` None: a face good enough to be compared."""

    def __init__(self, purpose: PortraitStandard | None, limits: Limits) -> None:
        self._purpose = purpose
        self._limits = limits
        self._shown: Advice | None = None
        self._candidate: Advice | None = None
        self._candidate_since = 0.0
        self._shown_since = 0.0
        self._good_since: float | None = None
        self._low_since: float | None = None
        self._eyes: float = 0.0
        self._path: deque[tuple[float, Point]] = deque(maxlen=24)

    def see(self, seconds: float, number: int, seen: Seen) -> Guidance:
        """Take in one frame. `held_seconds` is how long everything has been right without a gap."""
        advice = self._after_a_while(seconds, self._reason(seconds, seen))
        if advice is Advice.GOOD:
            self._good_since = seconds if self._good_since is None else self._good_since
        else:
            self._good_since = None
        if advice is not self._candidate:
            self._candidate, self._candidate_since = advice, seconds
        lasting = seconds - self._candidate_since >= self._limits.persist
        read = advice is Advice.GOOD or seconds - self._shown_since >= self._limits.dwell
        if self._shown is None or (lasting and read and advice is not self._shown):
            self._shown, self._shown_since = advice, seconds
        held = 0.0 if self._good_since is None else seconds - self._good_since
        return Guidance(number, self._shown, seen.area, round(held, 3))

    @property
    def all_right(self) -> bool:
        """Whether nothing was wrong in the last frame."""
        return self._good_since is not None

    def _after_a_while(self, seconds: float, advice: Advice) -> Advice:
        """What a face that cannot come higher is told in the end."""
        if advice is not Advice.MOVE_UP:
            self._low_since = None
            return advice
        self._low_since = seconds if self._low_since is None else self._low_since
        return Advice.TOO_LOW if seconds - self._low_since >= self._limits.too_low else advice

    def hold_again(self) -> None:
        """Forget how long it has been good: the next picture is held for afresh."""
        self._good_since = None

    def _reason(self, seconds: float, seen: Seen) -> Advice:
        for advice in self._reasons(seconds, seen):
            return advice
        return Advice.GOOD

    def _above(self, advice: Advice, value: float, limit: float) -> bool:
        return value > limit * (1 - self._limits.slack if self._shown is advice else 1)

    def _below(self, advice: Advice, value: float, limit: float) -> bool:
        return value < limit * (1 + self._limits.slack if self._shown is advice else 1)

    def _reasons(self, seconds: float, seen: Seen) -> list[Advice]:
        face = seen.face
        if face is None:
            self._path.clear()
            return [Advice.NO_FACE]
        if self._above(Advice.SEVERAL_FACES, seen.measures["SingleFacePresent"].native, self._limits.second_face):
            return [Advice.SEVERAL_FACES]
        placed = self._distance_and_place(seen)
        return placed or [*self._pose(seen), *self._light(seen), *self._calm(seconds, seen), *self._behind(seen)]

    def _distance_and_place(self, seen: Seen) -> list[Advice]:
        limits = self._limits
        face = seen.face
        if face is None or face.eyes is None:
            return [Advice.TURN_STRAIGHT]
        if self._purpose is None:
            small = self._below(Advice.COME_CLOSER, seen.face_width, limits.least_face)
            close = self._below(Advice.COME_CLOSER, math.dist(*face.eyes), limits.least_eye_distance)
            if small or close:
                return [Advice.COME_CLOSER]
            if self._above(Advice.STEP_BACK, face.box[3] / seen.height, limits.largest_face):
                return [Advice.STEP_BACK]
            return self._at_the_edge(face.box, seen)
        if seen.cut is not None and self._above(Advice.COME_CLOSER, seen.cut.scale, ENLARGED_AT_MOST):
            return [Advice.COME_CLOSER]
        return [_MOVES[side] for side in seen.crossed]

    def _at_the_edge(self, box: tuple[float, float, float, float], seen: Seen) -> list[Advice]:
        x, y, width, height = box
        crossed = (
            (Side.LEFT, x < 0),
            (Side.RIGHT, x + width > seen.width),
            (Side.TOP, y < 0),
            (Side.BOTTOM, y + height > seen.height),
        )
        return [_MOVES[side] for side, over in crossed if over]

    def _pose(self, seen: Seen) -> list[Advice]:
        limits = self._limits
        found: list[Advice] = []
        measures = seen.measures
        coarse = seen.mesh is None or self._purpose is None
        turned = limits.yaw_coarse if coarse else limits.yaw
        if self._above(Advice.TURN_STRAIGHT, abs(measures["HeadPoseYaw"].native), turned):
            found.append(Advice.TURN_STRAIGHT)
        if self._above(Advice.LEVEL_HEAD, abs(measures["HeadPoseRoll"].native), limits.roll):
            found.append(Advice.LEVEL_HEAD)
        if self._purpose is not None:
            lids, lips = measures["EyesOpen"], measures["MouthClosed"]
            if (lids.measured and self._below(Advice.OPEN_EYES, lids.native, limits.lids)) or self._blinks(seen):
                found.append(Advice.OPEN_EYES)
            if lips.measured and self._above(Advice.CLOSE_MOUTH, lips.native, limits.lips):
                found.append(Advice.CLOSE_MOUTH)
        return found

    def _blinks(self, seen: Seen) -> bool:
        """Whether the eyes show much less than they did in this watch; of people who never showed more, never."""
        contrast = seen.measures["EyeContrast"]
        if not contrast.measured:
            return False
        self._eyes = max(self._eyes, contrast.native)
        return self._below(Advice.OPEN_EYES, contrast.native, self._eyes * self._limits.lid_fall)

    def _light(self, seen: Seen) -> list[Advice]:
        limits = self._limits
        found: list[Advice] = []
        measures = seen.measures
        # Neither darkness of the face nor of the room alone: a dark face in good light is no fault.
        dark_face = self._below(Advice.TOO_DARK, measures["LuminanceMean"].native, limits.face_dark)
        dark_room = self._below(Advice.TOO_DARK, measures["SceneBrightness"].native, limits.scene_dark)
        cheeks = measures["CheekRatio"]
        uneven = cheeks.measured and self._below(Advice.LIGHT_UNEVEN, cheeks.native, limits.cheeks)
        if self._purpose is not None and uneven:
            found.append(Advice.LIGHT_UNEVEN)
        if measures["LuminanceMean"].measured and dark_face and dark_room:
            found.append(Advice.TOO_DARK)
        if self._above(Advice.TOO_BRIGHT, measures["OverExposurePrevention"].native, limits.over_exposed):
            found.append(Advice.TOO_BRIGHT)
        return found

    def _calm(self, seconds: float, seen: Seen) -> list[Advice]:
        face = seen.face
        if face is None or face.eyes is None:
            return []
        now = (seconds, middle(*face.eyes))
        self._path.append(now)
        earlier = [spot for spot in self._path if LEAST_MOTION_SECONDS <= seconds - spot[0] <= 0.6]
        moved = motion(earlier[-1] if earlier else None, now, math.dist(*face.eyes))
        if moved.measured and self._above(Advice.HOLD_STILL, moved.native, self._limits.movement):
            return [Advice.HOLD_STILL]
        sharp = seen.measures["Sharpness"]
        if sharp.measured and self._below(Advice.HOLD_STILL, sharp.native, self._limits.least_sharpness):
            return [Advice.HOLD_STILL]
        return []

    def _behind(self, seen: Seen) -> list[Advice]:
        spread = seen.measures.get("BackgroundSpread")
        if spread is None or not spread.measured:
            return []
        mixed = self._above(Advice.BACKGROUND, spread.native, self._limits.background)
        return [Advice.BACKGROUND] if mixed else []


_MOVES = {
    # The frame is not mirrored: a face at its left edge belongs to someone who stands too far to their own right.
    Side.LEFT: Advice.MOVE_LEFT,
    Side.RIGHT: Advice.MOVE_RIGHT,
    Side.TOP: Advice.MOVE_DOWN,
    Side.BOTTOM: Advice.MOVE_UP,
    Side.TOO_LARGE: Advice.STEP_BACK,
}
"""Directions are the citizen's own; on a mirrored preview they are also the screen's."""
