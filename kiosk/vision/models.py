"""Model files: data that a station installs or receives, used only when their checksum is the expected one."""

from __future__ import annotations

import enum
import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file name and its SHA-256 in hexadecimal."""

    name: str
    sha256: str


YUNET = ModelFile(
    "face_detection_yunet_2023mar.onnx", "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
)
"""YuNet face detector; ShiqiYu/libfacedetection.train, Apache-2.0."""

FACE_MESH = ModelFile("face_landmark.tflite", "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814")
"""468-point face mesh of MediaPipe, Apache-2.0."""


SFACE = ModelFile(
    "face_recognition_sface_2021dec.onnx", "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79"
)
"""SFace recogniser (Zhong et al. 2021), 38,696,353 bytes; opencv/opencv_zoo, Apache-2.0."""


class ModelUse(enum.Enum):
    """What a model that a signed set brought is used for, in place of the installed one."""

    FACE_DETECTOR = "face-detector"
    FACE_MESH = "face-mesh"
    FACE_RECOGNISER_DLIB = "face-recogniser-dlib"
    FACE_RECOGNISER_SFACE = "face-recogniser-sface"


@dataclass(frozen=True, slots=True)
class BroughtModel:
    """Where the file lies, and the SHA-256 its bytes have."""

    use: ModelUse
    path: Path
    sha256: str


class NotTheModel(Exception):
    """A brought model is not there, or not the bytes that were signed: nothing else is used in its place."""


def brought(models: tuple[BroughtModel, ...], use: ModelUse) -> Path | None:
    """The file brought for this use, None where none was. Raises NotTheModel."""
    for model in models:
        if model.use is use:
            try:
                data = model.path.read_bytes()
            except OSError:
                raise NotTheModel(use.value) from None
            if hashlib.sha256(data).hexdigest() != model.sha256:
                raise NotTheModel(use.value)
            return model.path
    return None


def installed(folder: Path, model: ModelFile) -> Path | None:
    """The path of the model, or None where it is absent or not the expected bytes."""
    path = folder / model.name
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return path if hashlib.sha256(data).hexdigest() == model.sha256 else None


def dlib_models() -> Path | None:
    """The data folder of the package face_recognition_models, found without importing it.

    Importing it would need pkg_resources, which current environments no longer have.
    """
    found = importlib.util.find_spec("face_recognition_models")
    for place in (found.submodule_search_locations or ()) if found is not None else ():
        folder = Path(place) / "models"
        if folder.is_dir():
            return folder
    return None
