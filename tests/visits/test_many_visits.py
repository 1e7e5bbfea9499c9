"""Nights of random citizens: everything stays true, and equal seeds give equal bytes (rule 24)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

VISITS = 2


def nights(folder: Path, seed: int, hash_seed: str) -> dict[str, Any]:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "kiosk.commands.virtual",
            "--visits",
            str(VISITS),
            "--seed",
            str(seed),
            "--state",
            str(folder),
        ],
        capture_output=True,
        check=False,
        timeout=170,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    told = cast(dict[str, Any], json.loads(done.stdout))
    del told["wall_seconds"]
    return told


def test_equal_seeds_give_equal_bytes_in_any_process_and_place_and_another_seed_other_ones(tmp_path: Path) -> None:
    """Of wires, pages, transcripts and databases."""
    one = nights(tmp_path / "one", 5, "1")
    assert one["visits"] == VISITS
    assert nights(tmp_path / "other place", 5, "2") == one
    mine: dict[str, str] = one["sha256"]
    others: dict[str, str] = nights(tmp_path / "another", 6, "1")["sha256"]
    assert not set(mine.values()) & set(others.values())


def test_the_command_says_how_many_cuts_it_made_and_that_nothing_was_wrong(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "virtual", "--cuts", "HZ02", "--step", "1000", "--offset", "60"],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert told["cuts"] == 1
    assert told["boundaries"] > 100
    assert told["wrong"] == []


def test_a_folder_that_holds_something_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.commands.virtual", "--visits", "1", "--state", str(tmp_path)],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
