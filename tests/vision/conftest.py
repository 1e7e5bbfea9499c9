"""Whole-room fixtures: the models where they are installed, and the camera on a stream of drawn people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.vision.look import Looker
from kiosk.vision.models import FACE_MESH, YUNET, installed
from kiosk.vision.settings import models_folder
from tests.conftest import MODELS
from tests.vision.people import Projector, frame_of


@pytest.fixture(scope="session")
def models() -> Path:
    """The installed model files; tests that need them are skipped where they are not."""
    folder = models_folder(os.environ)
    if installed(folder, YUNET) is None or installed(folder, FACE_MESH) is None:
        pytest.skip(MODELS)
    return folder


@pytest.fixture(scope="session")
def looker(models: Path) -> Looker:
    return Looker(models)


@pytest.fixture(scope="session")
def fallback(tmp_path_factory: pytest.TempPathFactory) -> Looker:
    """What a station without model files has."""
    return Looker(tmp_path_factory.mktemp("no-models"))


@pytest.fixture
def projector() -> Iterator[Projector]:
    shown = Projector(frame_of("1031"))
    yield shown
    shown.close()
