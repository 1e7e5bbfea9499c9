"""A state directory whose world is killed at the end."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.simulation.worlds import kill_world


@pytest.fixture
def folder(tmp_path: Path) -> Generator[Path]:
    yield tmp_path
    kill_world(tmp_path)
