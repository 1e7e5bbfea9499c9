"""A headquarters for each test, copied from one that was filled once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.office import Filled, Office


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return Filled(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def office(filled: Filled, tmp_path: Path) -> Iterator[Office]:
    made = filled.office(tmp_path / "central")
    yield made
    made.close()
