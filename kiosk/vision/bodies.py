"""Bodies told from pictures, and faces from what is stiff: parallax of a turning head, and a mouth that opens.

Spots of the face are followed from one frame to another. Of a flat picture, however it is held, they move as a plane
does (a homography); of a head the nose moves against the cheeks. A stiff mask turns as a head does, and eyes may
blink behind its holes, but its mouth stays shut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.look import Seen
from kiosk.vision.measures import aligned
from kiosk.vision.picture import Image, grey

Spots = NDArray[np.float64]

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


# The mouth ----------------------------------------------------------------------------------------------------------

_UPPER = (slice(52, 118), slice(44, 148))
"""Brows to nose in the aligned patch (eyes 64 pixels apart at row 72): what an opening mouth does not change."""
_MOUTH = (slice(126, 166), slice(70, 122))


@dataclass(frozen=True, slots=True)
class Mouth:
    """A face with its mouth shut, to tell when it opens: the lips of the mesh, and how the mouth looks."""

    patch: Image
    lips: float

    @staticmethod
    def of(frame: Image, seen: Seen) -> Mouth | None:
        """None where lips or patch cannot be had."""
        patch = None if seen.face is None else aligned(frame, seen.face)
        lips = seen.measures["MouthClosed"]
        if patch is None or not lips.measured:
            return None
        return Mouth(cast(Image, cv2.GaussianBlur(grey(patch), (0, 0), 2)), lips.native)

    def opened(self, frame: Image, seen: Seen) -> tuple[float, float]:
        """By how much the mesh's lips went apart, and how much the mouth looks another than it did.

        The first is over the distance from eyes to chin, the second the mean difference at the mouth over the
        contrast of the upper face: a beard hides the lips from the mesh, but not that a mouth opened.
        """
        now = Mouth.of(frame, seen)
        if now is None:
            return 0.0, 0.0
        difference = cv2.absdiff(self.patch, now.patch)
        spread = float(self.patch[_UPPER].std()) + 4
        return now.lips - self.lips, float(difference[_MOUTH].mean()) / spread
