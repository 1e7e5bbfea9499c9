"""The sandbox's face comparison: the drawn cast as library, dlib's descriptor as engine.

It answers not-available whenever it cannot measure: without the engine, without the photograph. It never passes
anybody it has not compared. Threshold and distances mean something for drawn people only.
"""

from __future__ import annotations

import importlib
import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from central.agencies.contract import Match
from central.pictures import Kind, is_picture

PHOTO_MAGIC = b"KIOSK-SIM-PHOTO\0"
THRESHOLD = 0.5
"""Same person below; the drawn cast lies under 0.5 with itself and above with others."""
_MODELS = "face_recognition_models"
_CASCADES = ("alt2", "default", "alt")
_WORKING_WIDTH = 640
_REMEMBERED = 64

Picture = NDArray[np.uint8]
Descriptor = NDArray[np.float64]


class Engine(Protocol):
    """Turns the face in a picture into a descriptor."""

    name: str

    def describe(self, picture: Picture) -> Descriptor | None:
        """None where no face is found."""
        ...


class DlibEngine:
    """OpenCV's cascade finds the face, dlib's five points align it, dlib's network describes it (128 numbers)."""

    name = "dlib"

    def __init__(self, dlib: Any, models: Path) -> None:
        self._dlib = dlib
        self._points = dlib.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
        self._network = dlib.face_recognition_model_v1(str(models / "dlib_face_recognition_resnet_model_v1.dat"))
        folder = Path(cast(str, cast(Any, cv2).data.haarcascades))
        self._cascades = tuple(
            cv2.CascadeClassifier(str(folder / f"haarcascade_frontalface_{kind}.xml"))
            for kind in ("alt2", "default", "alt")
        )

    def describe(self, picture: Picture) -> Descriptor | None:
        height, width = picture.shape[:2]
        factor = _WORKING_WIDTH / max(height, width)
        scaled = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        grey = cv2.cvtColor(scaled, cv2.COLOR_BGR2GRAY)
        # A cascade misses a face now and then that another, or a finer pyramid, finds: looked at again, not passed.
        for step in (1.1, 1.05):
            for cascade in self._cascades:
                boxes = cascade.detectMultiScale(grey, scaleFactor=step, minNeighbors=3, minSize=(90, 90))
                if len(boxes) == 0:
                    continue
                x, y, w, h = (int(v) for v in max(boxes, key=lambda b: int(b[2]) * int(b[3])))
                colours = cv2.cvtColor(scaled, cv2.COLOR_BGR2RGB)
                shape = self._points(colours, self._dlib.rectangle(x, y, x + w, y + h))
                return np.asarray(self._network.compute_face_descriptor(colours, shape), dtype=np.float64)
        return None


def load_dlib() -> DlibEngine | None:
    """The engine, or None where the optional packages are not installed.

    The models' package is located, never imported: its code needs an outdated helper.
    """
    try:
        spec = importlib.util.find_spec(_MODELS)
        dlib = importlib.import_module("dlib")
    except ImportError:
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    models = Path(next(iter(spec.submodule_search_locations))) / "models"
    try:
        return DlibEngine(dlib, models)
    except RuntimeError:
        return None


class SandboxFaceMatching:
    """Compares a live picture with the drawn photograph that a chip or the library refers to."""

    def __init__(self, folder: Path, load: Callable[[], Engine | None]) -> None:
        """`load` is called once, at the first comparison: models are large and most servers start without need."""
        self._folder = folder
        self._engine = cache(load)
        self._one_at_a_time = threading.Lock()
        self._known: OrderedDict[str, Descriptor | None] = OrderedDict()

    def compare(self, live: bytes, face: str, chip_photo: bytes) -> Match:
        """`face` names the library's photograph; a simulated chip photo names its own and is preferred."""
        with self._one_at_a_time:
            return self._compare(live, face, chip_photo)

    def _compare(self, live: bytes, face: str, chip_photo: bytes) -> Match:
        name = face
        if chip_photo.startswith(PHOTO_MAGIC):
            name = chip_photo[len(PHOTO_MAGIC) :].split(b"\0", 1)[0].decode("ascii", "replace")
        engine = self._engine()
        if engine is None:
            return Match("not-available", "none", -1.0, THRESHOLD, True)
        file = self._folder / f"chip_{name}.jpg"
        if not (name.isdigit() and file.is_file()):
            return Match("not-available", engine.name, -1.0, THRESHOLD, True)
        reference = self._reference(engine, name, file)
        if reference is None:
            return Match("not-available", engine.name, -1.0, THRESHOLD, True)
        seen = _describe(engine, live)
        if seen is None:
            return Match("no-face", engine.name, -1.0, THRESHOLD, True)
        distance = float(np.linalg.norm(seen - reference))
        verdict = "same" if distance < THRESHOLD else "different"
        return Match(verdict, engine.name, round(distance, 4), THRESHOLD, True)

    def _reference(self, engine: Engine, name: str, file: Path) -> Descriptor | None:
        if name not in self._known:
            self._known[name] = _describe(engine, file.read_bytes())
            while len(self._known) > _REMEMBERED:
                _ = self._known.popitem(last=False)
        return self._known[name]


def _describe(engine: Engine, jpeg: bytes) -> Descriptor | None:
    picture = decoded(jpeg)
    return None if picture is None else engine.describe(picture)


def decoded(content: bytes) -> Picture | None:
    """A picture that a terminal sent; None for what is none, and for one that would fill the memory."""
    if not is_picture(content, Kind.JPEG, Kind.PNG):
        return None
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    return None if picture is None else cast(Picture, picture)  # pyright: ignore[reportUnnecessaryComparison]
