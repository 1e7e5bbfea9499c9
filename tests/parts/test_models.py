"""Models of a set are loaded and tried on drawn people before the camera's process uses them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import pytest

from kiosk.parts.models import judge_model
from kiosk.parts.process import DRAWINGS
from kiosk.protocol.configuration import LARGEST_PART, LARGEST_REPLY
from kiosk.vision.comparison import load_engine
from kiosk.vision.detection import YuNet, face_finder
from kiosk.vision.dlib_parts import DESCRIBER
from kiosk.vision.models import FACE_MESH, YUNET, BroughtModel, ModelUse, NotTheModel, dlib_models
from kiosk.vision.settings import EngineChoice
from tests.vision.conftest import models as models  # a fixture
from tests.vision.small_network import tiles_of_a_face


def test_a_network_of_other_shapes_or_none_at_all_is_refused_in_words() -> None:
    for content in (tiles_of_a_face(), b"", b"not a network"):
        (told,) = judge_model("models/a.onnx", "face-detector", content, DRAWINGS)
        assert told.startswith("models/a.onnx: is no face-detector that can be loaded and used here (")
    (told,) = judge_model("models/a.tflite", "face-mesh", tiles_of_a_face(), DRAWINGS)
    assert told.startswith("models/a.tflite: is no face-mesh")


def test_the_models_a_station_installs_find_everybody_who_is_drawn(models: Path) -> None:
    for kind, model in (("face-detector", YUNET), ("face-mesh", FACE_MESH)):
        assert judge_model("models/a", kind, (models / model.name).read_bytes(), DRAWINGS) == ()


def test_the_recogniser_that_is_installed_tells_everybody_who_is_drawn_apart() -> None:
    folder = dlib_models()
    assert folder is not None
    content = (folder / DESCRIBER).read_bytes()
    assert LARGEST_REPLY < len(content) < LARGEST_PART, "it needs more than one reply"
    assert judge_model("models/a.dat", "face-recogniser-dlib", content, DRAWINGS) == ()


@pytest.mark.parametrize(("kind", "name"), [("face-recogniser-dlib", "a.dat"), ("face-recogniser-sface", "a.onnx")])
def test_what_is_no_recogniser_is_refused_in_words(kind: str, name: str) -> None:
    for content in (b"", b"not a network"):
        (told,) = judge_model(f"models/{name}", kind, content, DRAWINGS)
        assert told.startswith(f"models/{name}: is no {kind} that can be loaded and used here (")
    (told,) = judge_model("models/a.onnx", "face-recogniser-sface", tiles_of_a_face(), DRAWINGS)
    assert told.startswith("models/a.onnx: is no face-recogniser-sface")


def test_a_recogniser_of_the_set_goes_before_the_installed_one(tmp_path: Path) -> None:
    file = tmp_path / "network"
    file.write_bytes(b"signed")
    digest = hashlib.sha256(b"signed").hexdigest()
    finder = face_finder(tmp_path)
    for use, choice in (
        (ModelUse.FACE_RECOGNISER_DLIB, EngineChoice.DLIB),
        (ModelUse.FACE_RECOGNISER_SFACE, EngineChoice.SFACE),
    ):
        with pytest.raises((RuntimeError, cv2.error)):
            _ = load_engine(choice, finder, tmp_path, (BroughtModel(use, file, digest),))
        with pytest.raises(NotTheModel, match=use.value):
            _ = load_engine(choice, finder, tmp_path, (BroughtModel(use, file, "0" * 64),))


def test_without_drawn_people_no_model_is_good(models: Path, tmp_path: Path) -> None:
    (told,) = judge_model("models/a.onnx", "face-detector", (models / YUNET.name).read_bytes(), tmp_path)
    assert "no drawn people to try it on" in told


def test_a_model_of_the_set_goes_before_the_installed_one(models: Path, tmp_path: Path) -> None:
    file = tmp_path / "model"
    file.write_bytes((models / YUNET.name).read_bytes())
    brought = (BroughtModel(ModelUse.FACE_DETECTOR, file, YUNET.sha256),)
    assert isinstance(face_finder(tmp_path / "nothing-installed", brought), YuNet)


@pytest.mark.parametrize("content", [None, b"other bytes"])
def test_a_model_that_is_not_the_one_that_was_signed_is_never_replaced_by_another(
    content: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "model"
    if content is not None:
        file.write_bytes(content)
    brought = (BroughtModel(ModelUse.FACE_DETECTOR, file, hashlib.sha256(b"signed").hexdigest()),)
    with pytest.raises(NotTheModel, match="face-detector"):
        _ = face_finder(tmp_path, brought)
