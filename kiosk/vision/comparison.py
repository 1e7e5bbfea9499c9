"""One to one: is the person in this picture the one in that picture?

Never a silent pass: whatever cannot be compared here is NOT_AVAILABLE, and headquarters compares instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.devices.camera.contract import Comparison, FaceScore
from kiosk.vision.decoders import PhotoDecoder, decode_photo
from kiosk.vision.detection import Face, FaceFinder
from kiosk.vision.dlib_parts import Describer
from kiosk.vision.models import SFACE, BroughtModel, ModelUse, brought, installed
from kiosk.vision.picture import Image, decode, resize
from kiosk.vision.settings import EngineChoice
from kiosk.vision.wire import NOT_COMPARED, not_compared

Descriptor = NDArray[np.float64]

SMALL_PICTURE = 240
"""Narrower pictures (a chip's photograph has 102 pixels) are enlarged before a face is looked for."""
_ENLARGE = 3


class Engine(Protocol):
    """Something that turns a face into numbers whose distance can be judged."""

    @property
    def name(self) -> str: ...

    def describe(self, picture: Image) -> Descriptor | None:
        """Of the largest face; None where there is none."""
        ...

    def distance(self, one: Descriptor, other: Descriptor) -> float: ...


class DlibEngine:
    """dlib's residual network on a face found by this process's detector; about 0.1 s a picture."""

    name = "dlib"

    def __init__(self, finder: FaceFinder, describer: Describer) -> None:
        self._finder = finder
        self._describer = describer

    def describe(self, picture: Image) -> Descriptor | None:
        height, width = picture.shape[:2]
        if width < SMALL_PICTURE:
            picture = resize(picture, width * _ENLARGE, height * _ENLARGE)
        faces = self._finder.find(picture)
        return self._describer.describe(picture, faces[0].box) if faces else None

    def distance(self, one: Descriptor, other: Descriptor) -> float:
        return float(np.linalg.norm(one - other))


class Recogniser(Protocol):
    """What is used of cv2.FaceRecognizerSF."""

    def alignCrop(self, src_img: Image, face_box: NDArray[np.float32]) -> Image: ...  # noqa: N802

    def feature(self, aligned_img: Image) -> NDArray[np.float32]: ...


class SFaceEngine:
    """OpenCV's SFace on a face with five points; the distance is one less the cosine between two faces, 0 to 2.

    OpenCV's own threshold, a cosine of 0.363 (distance 0.637), was measured on photographs of the press (LFW), not on
    chips and cameras of stations.
    """

    name = "sface"

    def __init__(self, finder: FaceFinder, recogniser: Recogniser) -> None:
        self._finder = finder
        self._recogniser = recogniser

    def describe(self, picture: Image) -> Descriptor | None:
        height, width = picture.shape[:2]
        if width < SMALL_PICTURE:
            picture = resize(picture, width * _ENLARGE, height * _ENLARGE)
        faces = self._finder.find(picture)
        if not faces:
            return None
        row = five_points(faces[0])
        if row is None:
            return None
        found = np.asarray(self._recogniser.feature(self._recogniser.alignCrop(picture, row)), dtype=np.float64)
        length = float(np.linalg.norm(found))
        return found.ravel() / length if length > 0 else None

    def distance(self, one: Descriptor, other: Descriptor) -> float:
        return 1.0 - float(np.dot(one, other))


def five_points(face: Face) -> NDArray[np.float32] | None:
    """A face as OpenCV's recogniser expects it: box, then x and y of eyes, nose and mouth corners, then a score."""
    if face.eyes is None or face.nose is None or face.mouth is None:
        return None
    spots = (*face.eyes, face.nose, *face.mouth)
    return np.asarray([[*face.box, *(value for spot in spots for value in spot), 1.0]], dtype=np.float32)


def load_engine(
    choice: EngineChoice, finder: FaceFinder, models: Path, pushed: tuple[BroughtModel, ...] = ()
) -> Engine | None:
    """None where no engine is chosen, or its parts are not installed: headquarters compares then.

    Whatever the engine, the same finder and alignment serve the photograph and the live face. Raises NotTheModel,
    RuntimeError or cv2.error for one of `pushed` that cannot be used.
    """
    match choice:
        case EngineChoice.NONE:
            return None
        case EngineChoice.DLIB:
            describer = Describer.load(brought(pushed, ModelUse.FACE_RECOGNISER_DLIB))
            return DlibEngine(finder, describer) if describer is not None else None
        case EngineChoice.SFACE:
            path = brought(pushed, ModelUse.FACE_RECOGNISER_SFACE) or installed(models, SFACE)
            if path is None:
                return None
            return SFaceEngine(finder, cast(Recogniser, cv2.FaceRecognizerSF.create(str(path), "")))


def known_face(engine: Engine | None, decoders: Sequence[PhotoDecoder], reference: bytes) -> Descriptor | None:
    """The face of a JPEG or chip photo; None where nothing can be compared with it here."""
    photo = decode_photo(reference, decoders)
    picture = decode(photo) if photo is not None else None
    return engine.describe(picture) if engine is not None and picture is not None else None


@dataclass(frozen=True, slots=True)
class Line:
    """Where the engine draws its line. Distances below `threshold - doubt` match, from `threshold` on they do not;
    what lies between is not decided.
    """

    threshold: float
    doubt: float
    set_on: str = ""
    validated: str = ""

    def judge(self, distance: float) -> Comparison:
        """SAME, DIFFERENT or NOT_DECIDED."""
        if distance < self.threshold - self.doubt:
            return Comparison.SAME
        return Comparison.NOT_DECIDED if distance < self.threshold else Comparison.DIFFERENT

    @property
    def evidence(self) -> tuple[tuple[str, str], ...]:
        """For the audit chain."""
        return (
            ("doubt", f"{self.doubt:g}"),
            ("threshold-set-on", self.set_on or "unknown"),
            ("threshold-validated", self.validated or "not validated"),
        )


def compare(engine: Engine | None, known: Descriptor | None, line: Line, live_jpeg: bytes) -> FaceScore:
    """SAME only for two faces whose distance is well below the threshold.

    Without a known face the reference is at fault, not the citizen: someone else has to compare.
    """
    if engine is None or known is None:
        return not_compared(line.threshold)
    live = decode(live_jpeg)
    seen = engine.describe(live) if live is not None else None
    if seen is None:
        return FaceScore(Comparison.NO_FACE, engine.name, NOT_COMPARED, line.threshold, line.evidence)
    distance = engine.distance(seen, known)
    return FaceScore(line.judge(distance), engine.name, distance, line.threshold, line.evidence)
