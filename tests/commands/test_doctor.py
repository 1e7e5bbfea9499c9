"""`kiosk doctor`: says what works, what does not and what to do, and changes nothing."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from kiosk.backend.path import Step
from kiosk.commands.doctor import Finding, Verdict, examine
from kiosk.commands.simulated import Sandbox, ensure_sandbox
from kiosk.store.opening import open_store
from kiosk.times import InlineWorker, SystemClock, SystemIds

DEVICES = {"id-reader", "camera", "fingerprint", "receipt-printer", "page-printer", "locker"}
"""Of a simulated terminal; a class that is not part of it is told as such."""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Generator[Sandbox]:
    made = ensure_sandbox(tmp_path_factory.mktemp("doctor"), 1)
    yield made
    made.end()


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def test_a_simulated_terminal_works_and_says_that_it_is_one(sandbox: Sandbox) -> None:
    command = [sys.executable, "-m", "kiosk", "doctor", "--state", str(sandbox.state), "--json"]
    done = subprocess.run(command, capture_output=True, timeout=90, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    found = {finding["name"]: finding for finding in report["findings"]}
    fails = [finding for finding in report["findings"] if finding["verdict"] == "fails"]
    assert (done.returncode, report["works"], fails) == (0, True, [])
    assert found["simulation"]["verdict"] == "note"
    assert "not validated" in found["face comparison"]["text"]
    assert found["headquarters"]["verdict"] == "works"
    assert found["clock"]["verdict"] == "works"
    steps = [name for name in found if name.startswith("network ")]
    assert steps == [f"network {step.value}" for step in Step]
    assert {found[name]["verdict"] for name in steps} == {"works"}
    # Beside devices, line and clock: what a technician's self-test looks at.
    assert {found[name]["verdict"] for name in ("disk", "database", "outbox", "doors", "counts")} == {"works"}
    assert found["certificate"]["text"].endswith("days left")
    assert {f"device {device}" for device in DEVICES} <= {n for n, f in found.items() if f["verdict"] == "works"}


def test_an_unplugged_device_fails_with_what_to_do(sandbox: Sandbox) -> None:
    sandbox.world.call("unplug", device="receipt-printer")
    try:
        found = by_name(list(examine(sandbox.state, None, {})))
    finally:
        sandbox.world.call("plug", device="receipt-printer")
    assert found["device receipt-printer"].verdict is Verdict.FAILS
    assert found["device receipt-printer"].remedy
    assert found["device locker"].verdict is Verdict.WORKS


def test_a_machine_without_devices_is_told_each_of_them(tmp_path: Path) -> None:
    found = by_name(list(examine(tmp_path, None, {})))
    assert found["simulation"].verdict is Verdict.WORKS
    assert found["certificate"].verdict is Verdict.FAILS
    assert found["headquarters"].verdict is Verdict.FAILS
    assert any(f.verdict is Verdict.FAILS and f.remedy for name, f in found.items() if name.startswith("network "))
    for device in DEVICES - {"fingerprint"}:
        assert found[f"device {device}"].verdict is Verdict.FAILS, device
        assert found[f"device {device}"].remedy
    assert found["database"].verdict is Verdict.WORKS
    assert list(tmp_path.iterdir()) == []


def database_of(state: Path) -> Finding:
    for finding in examine(state, state / "no-such-station.toml", {}):
        if finding.name == "database":
            return finding
    raise AssertionError("the database was not looked at")


async def _books(state: Path) -> None:
    clock = SystemClock()
    store = await open_store(
        state / "terminal", writer=InlineWorker(), reader=InlineWorker(), clock=clock, ids=SystemIds(clock)
    )
    await store.close()


def test_a_damaged_database_fails_and_is_left_as_it_is(tmp_path: Path) -> None:
    import asyncio

    asyncio.run(_books(tmp_path))
    assert database_of(tmp_path).verdict is Verdict.WORKS
    file = tmp_path / "terminal" / "terminal.db"
    file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])
    torn = file.read_bytes()
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(file) as connection:
        connection.execute("PRAGMA quick_check")
    found = database_of(tmp_path)
    assert found.verdict is Verdict.FAILS
    assert file.read_bytes() == torn
    file.unlink()
    assert database_of(tmp_path).text == "the database is missing"


def test_settings_that_cannot_be_used_name_what_is_wrong(tmp_path: Path) -> None:
    station = tmp_path / "station.toml"
    station.write_text('[terminal]\nnmae = "KDL-002"\n', "utf-8")
    found = [f for f in examine(tmp_path, station, {}) if f.name == "settings"]
    assert [f.verdict for f in found] == [Verdict.FAILS]
    assert "terminal.nmae" in found[0].text
