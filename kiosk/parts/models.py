"""Model files for the camera's process: loaded, tried on drawn people, and on a picture without anybody."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.comparison import five_points
from kiosk.vision.detection import Face, MeshFinder, YuNet
from kiosk.vision.dlib_parts import Describer
from kiosk.vision.picture import Image, Point

_SOURCE_LINE = re.compile(r"^OpenCV\S* \S+: error: \(-?\d+:[^)]*\) ")
EYES_OFF = 0.12
"""Of the face's width: eyes further away than this from where they were drawn were not found."""
LEFT_EYE, RIGHT_EYE = ("33", "133"), ("362", "263")
"""Corners of the eyes, by their rows in the mesh."""
NOSE, MOUTH = "1", ("78", "308")
"""Tip, and corners."""
FEATURES = 128
"""Numbers by which either recogniser tells a face."""
_FACE_PER_EYES = 2.35
_BOX_RISE = 0.42
"""Where the eyes stand in a face's box, from its top."""


def judge_model(path: str, kind: str, content: bytes, drawings: Path) -> tuple[str, ...]:
    """What is wrong with it; none where the camera's process can use it.

    `kind` is a value of kiosk.settings.model.ModelKind.
    """
    suffix, tried = _KINDS[kind]
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        _ = file.write(content)
        file.flush()
        try:
            return tuple(f"{path}: {what}" for what in tried(Path(file.name), drawings))
        except (cv2.error, StopIteration, ValueError, IndexError, RuntimeError) as wrong:
            told = _SOURCE_LINE.sub("", " ".join(str(wrong).split()))[:160] or type(wrong).__name__
            return (f"{path}: is no {kind} that can be loaded and used here ({told}). Push the file that was tried.",)


def _detector(file: Path, drawings: Path) -> list[str]:
    finder = YuNet(file)
    found: list[str] = []
    for one in _people(drawings):
        faces = finder.find(one.picture)
        if len(faces) != 1:
            found.append(f"finds {len(faces)} faces where one is drawn ({one.name}). It is not used.")
        elif not _near(faces[0].eyes, one.eyes):
            found.append(f"finds the eyes elsewhere than they are drawn ({one.name}). It is not used.")
    if finder.find(_nobody()):
        found.append("finds a face where nobody is. It is not used.")
    return found


def _mesh(file: Path, drawings: Path) -> list[str]:
    finder = MeshFinder(file)
    found: list[str] = []
    for one in _people(drawings):
        mesh = finder.find(one.picture, one.face)
        if mesh is None or not _near(mesh.eyes, one.eyes):
            found.append(f"does not find the face that is drawn ({one.name}). It is not used.")
    return found


def _dlib(file: Path, drawings: Path) -> list[str]:
    describer = Describer.load(file)
    if describer is None:
        return ["cannot be tried: dlib is not installed here. Publish it from a machine that has the extra `face`."]
    return _tells_apart(lambda picture, face: describer.describe(picture, face.box), drawings)


def _sface(file: Path, drawings: Path) -> list[str]:
    recogniser = cv2.FaceRecognizerSF.create(str(file), "")

    def describe(picture: Image, face: Face) -> NDArray[np.float64]:
        row = five_points(face)
        if row is None:
            raise ValueError("there are no points of the face that is drawn")
        found = recogniser.feature(recogniser.alignCrop(picture, row))
        return np.asarray(found, dtype=np.float64).ravel()

    return _tells_apart(describe, drawings)


def _tells_apart(describe: Callable[[Image, Face], NDArray[np.float64]], drawings: Path) -> list[str]:
    """Everybody who is drawn, seen again in other light and smaller, is nearest to themselves."""
    people = _people(drawings)
    known = [_unit(describe(one.picture, one.face)) for one in people]
    found: list[str] = []
    for one in people:
        again = _unit(describe(_in_other_light(one.picture), one.face))
        away = [float(np.linalg.norm(numbers - again)) for numbers in known]
        nearest = people[away.index(min(away))]
        if nearest is not one:
            found.append(f"takes one who is drawn for another ({one.name} for {nearest.name}). It is not used.")
    return found


def _unit(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(numbers))
    if numbers.shape != (FEATURES,) or not math.isfinite(length) or length == 0.0:
        raise ValueError(f"it does not say a face in {FEATURES} numbers")
    return numbers / length


def _in_other_light(picture: Image) -> Image:
    """Darker, and through a lens that is not sharp."""
    darker = cv2.convertScaleAbs(picture, alpha=0.75, beta=10)
    return np.asarray(cv2.GaussianBlur(darker, (5, 5), 1.2), dtype=np.uint8)


_KINDS: dict[str, tuple[str, Callable[[Path, Path], list[str]]]] = {
    "face-detector": (".onnx", _detector),
    "face-mesh": (".tflite", _mesh),
    "face-recogniser-dlib": (".dat", _dlib),
    "face-recogniser-sface": (".onnx", _sface),
}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A drawn person, and where what is drawn of them stands."""

    name: str
    picture: Image
    eyes: tuple[Point, Point]
    nose: Point
    mouth: tuple[Point, Point]

    @property
    def face(self) -> Face:
        """As a detector would have found it."""
        width = math.dist(*self.eyes) * _FACE_PER_EYES
        middle = (self.eyes[0][0] + self.eyes[1][0]) / 2, (self.eyes[0][1] + self.eyes[1][1]) / 2
        box = (middle[0] - width / 2, middle[1] - _BOX_RISE * width * 1.3, width, width * 1.3)
        return Face(box, self.eyes, self.nose, 0.0, width, width_measured=True, mouth=self.mouth)


def _people(drawings: Path) -> list[_Drawn]:
    """Everybody who is drawn. Raises ValueError where nobody is."""
    try:
        spots = json.loads((drawings / "spots.json").read_text("utf-8"))
    except OSError:
        raise ValueError("there are no drawn people to try it on") from None
    people: list[_Drawn] = []
    for file in sorted(drawings.glob("cast_*.jpg")):
        picture = cv2.imread(str(file))
        known = spots.get(file.stem.removeprefix("cast_"))
        if picture is not None and known is not None:
            eyes = (_middle(known, LEFT_EYE), _middle(known, RIGHT_EYE))
            (nx, ny), (lx, ly), (rx, ry) = (known[spot] for spot in (NOSE, *MOUTH))
            pixels = np.asarray(picture, dtype=np.uint8)
            people.append(_Drawn(file.stem, pixels, eyes, (nx, ny), ((lx, ly), (rx, ry))))
    if not people:
        raise ValueError("there are no drawn people to try it on")
    return people


def _middle(spots: dict[str, list[float]], corners: tuple[str, str]) -> Point:
    (ax, ay), (bx, by) = (spots[each] for each in corners)
    return (ax + bx) / 2, (ay + by) / 2


def _near(found: tuple[Point, Point] | None, drawn: tuple[Point, Point]) -> bool:
    if found is None:
        return False
    allowed = EYES_OFF * math.dist(*drawn) * _FACE_PER_EYES
    return all(math.dist(one, other) <= allowed for one, other in zip(found, drawn, strict=True))


def _nobody() -> Image:
    """A wall with the light falling from one side."""
    slope = np.linspace(90, 200, 640, dtype=np.float64)
    return np.repeat(np.tile(slope, (480, 1))[:, :, None], 3, axis=2).astype(np.uint8)
