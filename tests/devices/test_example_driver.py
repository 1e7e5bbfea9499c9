"""The worked example of a driver from outside the tree: installed beside us, found, and kept to the same rules."""

from __future__ import annotations

import importlib
import json
import os
import sys
import tomllib
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.classes import DeviceClass
from kiosk.devices.cli import run
from kiosk.devices.conformance import memory as rules
from kiosk.devices.drivers import CONTRACT_VERSION, PRESENCE_SENSORS
from kiosk.devices.isolation.proxy import Wanted, isolated
from kiosk.devices.presence.contract import Moving, Presence, PresenceSensor, Sighting
from kiosk.devices.transport import Transport
from kiosk.devices.words import DeviceState
from tests.devices.test_device_command import device

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "devices" / "example-driver"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Any]:
    """The example as pip would leave it: its module on the path, its entry points in its metadata."""
    project: dict[str, Any] = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    info = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = [
        f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(points))
    paths = [str(tmp_path), str(EXAMPLE / "src")]
    monkeypatch.setattr(sys, "path", [*paths, *sys.path])
    root = str(EXAMPLE.parents[2])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*paths, root]))
    yield importlib.import_module("example_mat")
    sys.modules.pop("example_mat", None)


async def mat(far: Transport) -> None:
    while True:
        for _ in range((await far.read(64)).count(b"\n")):
            await far.write(b"W 071\n")


def test_it_is_found_and_written_for_this_version(installed: Any) -> None:
    assert "example-mat" in PRESENCE_SENSORS.names()
    assert PRESENCE_SENSORS.entry("example-mat").contract == CONTRACT_VERSION


def test_it_keeps_the_rules(installed: Any) -> None:
    subject = rules.Subject(
        DeviceClass.PRESENCE,
        "example-mat",
        lambda line: installed.Mat(line, installed.MatSettings(port="here")),
        lambda: mat,
        {"look": lambda sensor: sensor.look()},
    )
    for rule in rules.RULES:
        rule(subject)


def test_it_is_asked_from_a_shell_and_its_bytes_are_left_out(
    installed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = tmp_path / "look.trace"
    with device(tmp_path / "port", mat) as port:
        common = ["--driver", "example-mat", "--set", f"port={port}", "--json"]
        assert run(["presence", "look", *common, "--trace", str(trace)]) == 0
        assert json.loads(capsys.readouterr().out)["presence"] == "present"
    lines = [json.loads(line) for line in trace.read_text().splitlines()]
    assert [line["parts"] for line in lines if "parts" in line] == [[2], [6]]


def test_it_runs_in_a_process_of_its_own(installed: Any, tmp_path: Path) -> None:
    import asyncio

    async def main(port: str) -> tuple[Sighting, DeviceState]:
        wanted = Wanted(DeviceClass.PRESENCE, "example-mat", {"port": port})
        sensor = isolated(PresenceSensor, wanted)
        try:
            return await sensor.look(), (await sensor.health()).state
        finally:
            await sensor.close()

    with device(tmp_path / "port", mat) as port:
        seen, state = asyncio.run(main(port))
    assert (seen, state) == (Sighting(Presence.PRESENT, Moving.STILL, 0, 0), DeviceState.ONLINE)
