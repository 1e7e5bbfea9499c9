"""Where faces are: YuNet where its file is installed, else the cascade that comes with OpenCV."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.dlib_parts import EyeFinder
from kiosk.vision.models import FACE_MESH, YUNET, BroughtModel, ModelUse, brought, installed
from kiosk.vision.picture import Image, Point, grey, resize

WORKING_WIDTH = 640
"""Faces are looked for in a copy of this width (640 x 360 of a 1280 x 720 frame)."""

_YUNET_SCORE = 0.6
_CASCADE_SMALLEST = 0.09
"""Of the working width: smaller faces are too far away to be of use."""
_CASCADE_SHRINK = 0.85
"""alt2's boxes are wider than the face; the 5-point predictor was trained on tighter ones."""
_TIP_DEPTH, _BASE_DEPTH = 0.55, 0.3
_WIDTH_PER_EYE_DISTANCE, _WIDTH_PER_BOX = 2.35, 0.97
"""Face width over what the fallback finds. The two errors partly cancel: their geometric mean came within 13 % of the
mesh's width on thirteen faces, either alone only within 20 %.
"""


@dataclass(frozen=True, slots=True)
class Face:
    """One face in frame pixels. `left` and `right` are eyes as the picture has them, not as the person does.

    `eyes` and `nose` are None where the fallback could not locate them. `nose_depth` is how far the spot called nose
    stands before the plane of the eyes, over inter-eye distance: YuNet marks the tip, dlib the base.
    `width_measured` is False where the width is only an estimate from box and eyes.
    """

    box: tuple[float, float, float, float]
    eyes: tuple[Point, Point] | None
    nose: Point | None
    nose_depth: float
    width: float
    width_measured: bool
    mouth: tuple[Point, Point] | None = None
    """Corners of the mouth, where the detector tells them."""

    @property
    def area(self) -> float:
        return self.box[2] * self.box[3]


class FaceFinder(Protocol):
    """Finds faces in a frame, largest first."""

    @property
    def name(self) -> str: ...

    def find(self, frame: Image) -> tuple[Face, ...]: ...

    def refine(self, frame: Image, face: Face) -> Face:
        """The same face with its eyes located as exactly as this detector can."""
        ...


class YuNet:
    """Box, eyes, nose and mouth corners in one small network (WIDER FACE; 14 ms at 640 x 360)."""

    name = "yunet"

    def __init__(self, path: Path) -> None:
        # By its bytes: the library tells a file's kind by its name, and files of a set are named by their content.
        network, nothing = np.frombuffer(path.read_bytes(), dtype=np.uint8), np.zeros(0, dtype=np.uint8)
        self._detector = cv2.FaceDetectorYN.create("onnx", network, nothing, (320, 320), _YUNET_SCORE)

    def find(self, frame: Image) -> tuple[Face, ...]:
        height, width = frame.shape[:2]
        shrink = min(1.0, WORKING_WIDTH / width)
        small = frame if shrink == 1.0 else resize(frame, round(width * shrink), round(height * shrink))
        return self._detect(small, shrink, (0, 0))

    def refine(self, frame: Image, face: Face) -> Face:
        """Looks again at the face alone in the frame's own pixels.

        In the working copy the eyes are up to 5 % of the face's width off, which a portrait shows.
        """
        x, y, width, height = face.box
        left, top = max(0, round(x - 0.5 * width)), max(0, round(y - 0.4 * height))
        part = frame[top : round(y + 1.4 * height), left : round(x + 1.5 * width)]
        if min(part.shape[:2]) < 32:
            return face
        found = self._detect(np.ascontiguousarray(part), 1.0, (left, top))
        return replace(face, eyes=found[0].eyes, nose=found[0].nose, mouth=found[0].mouth) if found else face

    def _detect(self, picture: Image, shrink: float, offset: tuple[int, int]) -> tuple[Face, ...]:
        self._detector.setInputSize((picture.shape[1], picture.shape[0]))
        found = cast("NDArray[np.float32] | None", self._detector.detect(picture)[1])
        if found is None:
            return ()
        # Rows hold x, y, width, height of the box and then x, y of five spots.
        shift = [*offset, 0, 0, *(offset * 5)]
        rows = [[float(value) / shrink + by for value, by in zip(row[:14], shift, strict=True)] for row in found]
        return tuple(sorted((self._face(row) for row in rows), key=lambda face: -face.area))

    @staticmethod
    def _face(row: list[float]) -> Face:
        return Face(
            box=(row[0], row[1], row[2], row[3]),
            eyes=((row[4], row[5]), (row[6], row[7])),
            nose=(row[8], row[9]),
            nose_depth=_TIP_DEPTH,
            width=row[2],
            width_measured=True,
            mouth=((row[10], row[11]), (row[12], row[13])),
        )


class Cascade:
    """OpenCV's frontalface_alt2; the eyes by dlib's predictor where installed, else by the eye cascade.

    Coarser than YuNet: eyes are up to a tenth of the face's width off, and its width is an estimate. Without dlib
    there is no nose, hence no yaw.
    """

    name = "cascade"

    def __init__(self, eyes: EyeFinder | None) -> None:
        folder = Path(cv2.__file__).parent / "data"
        self._faces = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_alt2.xml"))
        self._eyes = cv2.CascadeClassifier(str(folder / "haarcascade_eye.xml"))
        self._finder = eyes

    def find(self, frame: Image) -> tuple[Face, ...]:
        height, width = frame.shape[:2]
        shrink = min(1.0, WORKING_WIDTH / width)
        small = frame if shrink == 1.0 else resize(frame, round(width * shrink), round(height * shrink))
        least = max(24, round(small.shape[1] * _CASCADE_SMALLEST))
        found = self._faces.detectMultiScale(grey(small), 1.1, 3, minSize=(least, least))
        boxes = [tuple(float(value) / shrink for value in row) for row in np.asarray(found).reshape(-1, 4).tolist()]
        faces = [self._face(frame, (box[0], box[1], box[2], box[3])) for box in boxes]
        return tuple(sorted(faces, key=lambda face: -face.area))

    def _face(self, frame: Image, box: tuple[float, float, float, float]) -> Face:
        x, y, width, height = box
        inset = (1 - _CASCADE_SHRINK) / 2
        tight = (x + width * inset, y + height * inset, width * _CASCADE_SHRINK, height * _CASCADE_SHRINK)
        nose: Point | None = None
        if self._finder is not None:
            left, right, nose = self._finder.locate(frame, tight)
            eyes: tuple[Point, Point] | None = (left, right)
        else:
            eyes = self._pair(frame, box)
        if eyes is None:
            return Face(tight, None, None, _BASE_DEPTH, tight[2], width_measured=False)
        width = math.sqrt(math.dist(*eyes) * _WIDTH_PER_EYE_DISTANCE * tight[2] * _WIDTH_PER_BOX)
        return Face(tight, eyes, nose, _BASE_DEPTH, width, width_measured=False)

    def refine(self, frame: Image, face: Face) -> Face:  # noqa: ARG002
        """The eyes were located in the frame's own pixels already."""
        return face

    def _pair(self, frame: Image, box: tuple[float, float, float, float]) -> tuple[Point, Point] | None:
        """The best pair of the eye cascade: level, and as far apart as eyes in a box of this width can be."""
        x, y, width, height = (round(value) for value in box)
        top = max(0, y)
        left = max(0, x)
        upper = frame[top : y + round(height * 0.65), left : x + width]
        if min(upper.shape[:2]) < 24:
            return None
        least = max(8, width // 7)
        found = self._eyes.detectMultiScale(
            grey(upper), 1.05, 3, minSize=(least, least), maxSize=(width // 3, width // 3)
        )
        centres = [(left + a + w / 2, top + b + h / 2) for a, b, w, h in np.asarray(found).reshape(-1, 4).tolist()]
        pairs = [
            (one, other)
            for one in centres
            for other in centres
            if 0.27 * width < other[0] - one[0] < 0.55 * width and abs(other[1] - one[1]) < 0.12 * width
        ]
        middle = x + width / 2
        return min(pairs, key=lambda pair: abs((pair[0][0] + pair[1][0]) / 2 - middle), default=None)


@dataclass(frozen=True, slots=True)
class Mesh:
    """468 points in frame pixels, x, y and depth (towards the camera negative), with the network's own confidence."""

    points: NDArray[np.float64]
    presence: float

    @property
    def eyes(self) -> tuple[Point, Point]:
        """Centres between the corners of each eye; steady to about one pixel in two hundred of the face."""
        left = self.points[[33, 133], :2].mean(axis=0)
        right = self.points[[362, 263], :2].mean(axis=0)
        return (float(left[0]), float(left[1])), (float(right[0]), float(right[1]))


class MeshFinder:
    """MediaPipe's face mesh through OpenCV's network runtime, 3.3 ms a face.

    Ratios of eyes and mouth belong to this very model: another model's thresholds do not fit.
    """

    SIDE = 192
    PRESENT = 3.0
    """Logit under which the network says that this is no face (faces give 10 to 29)."""

    def __init__(self, path: Path) -> None:
        self._network = cv2.dnn.readNetFromTFLite(str(path))
        self._outputs = self._network.getUnconnectedOutLayersNames()

    def find(self, frame: Image, face: Face) -> Mesh | None:
        """The mesh of a face whose eyes are known, or None."""
        if face.eyes is None:
            return None
        x, y, width, height = face.box
        (left_x, left_y), (right_x, right_y) = face.eyes
        angle = math.degrees(math.atan2(right_y - left_y, right_x - left_x))
        shrink = self.SIDE / (max(width, height) * 1.5)
        middle = (x + width / 2, y + height / 2)
        turn = np.asarray(cv2.getRotationMatrix2D(middle, angle, shrink), dtype=np.float64)
        turn[:, 2] += (self.SIDE / 2 - middle[0], self.SIDE / 2 - middle[1])
        crop = cv2.warpAffine(frame, turn, (self.SIDE, self.SIDE), flags=cv2.INTER_LINEAR)
        self._network.setInput(cv2.dnn.blobFromImage(crop, 1 / 255.0, (self.SIDE, self.SIDE), swapRB=True))
        outputs = [np.asarray(output, dtype=np.float64) for output in self._network.forward(self._outputs)]
        points = next(output for output in outputs if output.size == 1404).reshape(468, 3)
        presence = float(next(output for output in outputs if output.size == 1).ravel()[0])
        if presence < self.PRESENT:
            return None
        back = np.asarray(cv2.invertAffineTransform(turn), dtype=np.float64)
        flat = points[:, :2] @ back[:, :2].T + back[:, 2]
        return Mesh(np.column_stack([flat, points[:, 2] / shrink]), presence)


def face_finder(models: Path, pushed: tuple[BroughtModel, ...] = ()) -> FaceFinder:
    """The network a set brought, else YuNet where its file is installed and whole, else the cascade.

    Raises NotTheModel, cv2.error for one that was brought and cannot be used.
    """
    path = brought(pushed, ModelUse.FACE_DETECTOR) or installed(models, YUNET)
    return YuNet(path) if path is not None else Cascade(EyeFinder.load())


def mesh_finder(models: Path, pushed: tuple[BroughtModel, ...] = ()) -> MeshFinder | None:
    """The mesh that a set brought, else the installed one where it is whole, else None: what needs it is then not
    measured. Raises NotTheModel, cv2.error for one that was brought and cannot be used.
    """
    path = brought(pushed, ModelUse.FACE_MESH) or installed(models, FACE_MESH)
    return MeshFinder(path) if path is not None else None
