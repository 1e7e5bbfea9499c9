"""State directories with a headquarters and a world, and the commands on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
JOURNEY_SECONDS = 150.0


@dataclass(frozen=True)
class Ran:
    """One command that came to its end."""

    status: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.out)


def environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}


def kiosk(*words: str | Path, seconds: float = JOURNEY_SECONDS) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *map(str, words)],
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def ledger(state: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "central", "ledger", "--state", str(state), "--json"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)
