"""One headquarters and one world for all visits of a module: they are processes, and slow to start."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from kiosk.commands.simulated import Sandbox, ensure_sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Generator[Sandbox]:
    made = ensure_sandbox(tmp_path_factory.mktemp("state"), 1)
    yield made
    made.end()
