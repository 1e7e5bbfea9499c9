"""The few calls of dlib that are used, with types, and loaded only where the extra `face` is installed."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.models import dlib_models
from kiosk.vision.picture import Image, Point

PREDICTOR = "shape_predictor_5_face_landmarks.dat"
DESCRIBER = "dlib_face_recognition_resnet_model_v1.dat"


class _Spot(Protocol):
    x: int
    y: int


class _Shape(Protocol):
    def parts(self) -> Sequence[_Spot]: ...


class _Predictor(Protocol):
    def __call__(self, image: Image, box: object) -> _Shape: ...


class _Describer(Protocol):
    def compute_face_descriptor(self, image: Image, shape: _Shape) -> Sequence[float]: ...


@dataclass(frozen=True, slots=True)
class EyeFinder:
    """dlib's 5-point predictor: the corners of both eyes and the base of the nose."""

    module: Any
    predictor: _Predictor

    @staticmethod
    def load() -> EyeFinder | None:
        """None where dlib or its model file is not installed."""
        folder = dlib_models()
        if folder is None or not (folder / PREDICTOR).is_file():
            return None
        try:
            module: Any = importlib.import_module("dlib")
        except ImportError:
            return None
        return EyeFinder(module, cast(_Predictor, module.shape_predictor(str(folder / PREDICTOR))))

    def shape(self, rgb: Image, box: tuple[float, float, float, float]) -> _Shape:
        """Landmarks inside the square about `box` (x, y, width, height in pixels)."""
        x, y, width, height = box
        half = max(width, height) / 2
        middle_x, middle_y = x + width / 2, y + height / 2
        square = self.module.rectangle(
            int(middle_x - half), int(middle_y - half), int(middle_x + half), int(middle_y + half)
        )
        return self.predictor(rgb, square)

    def locate(self, bgr: Image, box: tuple[float, float, float, float]) -> tuple[Point, Point, Point]:
        """Centres of the eye at the picture's left and of the one at its right, and the base of the nose."""
        spots = [(spot.x, spot.y) for spot in self.shape(np.ascontiguousarray(bgr[:, :, ::-1]), box).parts()]
        right_of_picture = ((spots[0][0] + spots[1][0]) / 2, (spots[0][1] + spots[1][1]) / 2)
        left_of_picture = ((spots[2][0] + spots[3][0]) / 2, (spots[2][1] + spots[3][1]) / 2)
        return left_of_picture, right_of_picture, (float(spots[4][0]), float(spots[4][1]))


@dataclass(frozen=True, slots=True)
class Describer:
    """dlib's residual network: 128 numbers a face; the Euclidean distance between two is what is judged."""

    finder: EyeFinder
    network: _Describer

    @staticmethod
    def load(brought: Path | None = None) -> Describer | None:
        """With `brought` in place of the installed network. Raises RuntimeError for a file that dlib cannot read."""
        finder = EyeFinder.load()
        folder = dlib_models()
        file = brought if brought is not None or folder is None else folder / DESCRIBER
        if finder is None or file is None or not file.is_file():
            return None
        network: Any = finder.module.face_recognition_model_v1(str(file))
        return Describer(finder, cast(_Describer, network))

    def describe(self, bgr: Image, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
        rgb = np.ascontiguousarray(bgr[:, :, ::-1])
        return np.asarray(
            list(self.network.compute_face_descriptor(rgb, self.finder.shape(rgb, box))), dtype=np.float64
        )
