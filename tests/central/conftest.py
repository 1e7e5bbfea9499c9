"""A headquarters for each test, copied from one that was filled once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.office import Office


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    Office(folder).close()
    return folder


@pytest.fixture
def office(filled: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(filled, tmp_path / "central")
    made = Office(tmp_path / "central")
    yield made
    made.close()
