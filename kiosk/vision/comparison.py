"""One to one: is the person in this picture the one in that picture?

Never a silent pass: whatever cannot be compared here is NOT_AVAILABLE, and headquarters compares instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.devices.camera.contract import Comparison, FaceScore
from kiosk.vision.decoders import PhotoDecoder, decode_photo
from kiosk.vision.detection import FaceFinder
from kiosk.vision.dlib_parts import Describer
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


def load_engine(choice: EngineChoice, finder: FaceFinder) -> Engine | None:
    """None where no engine is chosen or its parts are not installed."""
    match choice:
        case EngineChoice.NONE:
            return None
        case EngineChoice.DLIB:
            describer = Describer.load()
            return DlibEngine(finder, describer) if describer is not None else None


def known_face(engine: Engine | None, decoders: Sequence[PhotoDecoder], reference: bytes) -> Descriptor | None:
    """The face of a JPEG or chip photo; None where nothing can be compared with it here."""
    photo = decode_photo(reference, decoders)
    picture = decode(photo) if photo is not None else None
    return engine.describe(picture) if engine is not None and picture is not None else None


def compare(engine: Engine | None, known: Descriptor | None, threshold: float, live_jpeg: bytes) -> FaceScore:
    """SAME only for two faces whose distance is below the threshold.

    Without a known face the reference is at fault, not the citizen: someone else has to compare.
    """
    if engine is None or known is None:
        return not_compared(threshold)
    live = decode(live_jpeg)
    seen = engine.describe(live) if live is not None else None
    if seen is None:
        return FaceScore(Comparison.NO_FACE, engine.name, NOT_COMPARED, threshold)
    distance = engine.distance(seen, known)
    verdict = Comparison.SAME if distance < threshold else Comparison.DIFFERENT
    return FaceScore(verdict, engine.name, distance, threshold)
