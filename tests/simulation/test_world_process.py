"""The world as a process: its socket, its ports, its death and its return."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import serial

from kiosk.simulation.client import WorldClient, WorldError, WorldGone, overlay, start_world
from kiosk.simulation.dock import run as dock
from kiosk.simulation.places import Places
from tests.simulation.worlds import PATIENCE, kill_world, until

FIND = bytes.fromhex("AA AA AA 96 69 00 03 20 01 22")
FOUND = bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
NO_CARD = bytes.fromhex("AA AA AA 96 69 00 04 00 00 80 84")


def ask(port: str, request: bytes, count: int) -> bytes:
    with serial.Serial(port, 115200, timeout=PATIENCE, exclusive=True) as line:
        line.write(request)
        return bytes(line.read(count))


def test_a_killed_world_comes_back_as_it_was(folder: Path) -> None:
    before = start_world(folder, seed=4, pace=0.1)
    world = WorldClient(folder)
    person = world.call("person-arrives", situation="card-finished-renewal")["person"]
    world.call("lay-card")
    assert ask(before["locker"], bytes.fromhex("8A 01 01 11 9B"), 5) == bytes.fromhex("8A 01 01 11 9B")
    world.call("take-out", compartment=1)
    world.call("fault", device="receipt-printer", fault="paper-out")
    world.call("clock", offset_seconds=-3600)
    world.call("network", state="slow")
    state = world.state()
    kill_world(folder)
    with pytest.raises(WorldGone):
        world.state()
    after = start_world(folder, seed=99)
    assert after == before
    assert world.state() == state
    assert state["hand"] == [person["new_card"]["item"]]
    assert json.loads((folder / "world" / "clock.json").read_text()) == {"offset_seconds": -3600.0}
    assert ask(after["id-reader"], FIND, 15) == FOUND


def test_ports_lie_in_a_file_and_keep_their_names_through_an_unplugging(folder: Path) -> None:
    ports = start_world(folder, pace=0.1)
    assert json.loads((folder / "world" / "ports.json").read_text()) == ports
    reader = ports["id-reader"]
    assert Path(reader) == folder.resolve() / "world" / "dev" / "id-reader"
    world = WorldClient(folder)
    with serial.Serial(reader, 115200, timeout=PATIENCE) as line:
        line.write(FIND)
        assert line.read(11) == NO_CARD
        world.call("unplug", device="id-reader")
        with pytest.raises(OSError):
            line.write(FIND)
            line.read(1)
    assert not Path(reader).exists()
    world.call("plug", device="id-reader")
    until(lambda: Path(reader).exists())
    assert ask(reader, FIND, 11) == NO_CARD
    assert str(Path(reader).readlink()).startswith("/dev/pts/")


def test_one_world_lives_in_a_directory(folder: Path) -> None:
    start_world(folder)
    second = subprocess.run(
        [sys.executable, "-m", "kiosk.simulation.world", "--state", str(folder)],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert second.returncode == 3 and second.stdout == b""
    assert start_world(folder) == WorldClient(folder).call("ports")


def test_it_prints_its_ports_when_ready_and_ends_when_lonely(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "kiosk.simulation.world", "--state", str(folder), "--lonely", "0.2"],
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    printed = json.loads(ended.stdout)
    assert set(printed) == {
        "id-reader",
        "key-switch",
        "help-button",
        "presence",
        "locker",
        "endorsement-writer",
        "dispenser",
        "inside-reader",
        "exam-booth",
        "door",
        "door-contact",
        "receipt-printer",
        "fingerprint",
        "scanner",
        "plate-printer",
        "camera",
        "page-printer",
        "ups",
        "headquarters",
    }
    assert json.loads(Places(folder).ports.read_text()) == printed
    assert not Places(folder).socket.exists()


def test_a_running_terminal_keeps_it_from_being_lonely_and_can_be_killed(folder: Path) -> None:
    places = Places(folder)
    places.terminal_lock.parent.mkdir()
    program = (
        "import fcntl, sys, time\n"
        "file = open(sys.argv[1], 'w'); fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('locked', flush=True); time.sleep(60)\n"
    )
    start_world(folder, lonely=0.3)
    world = WorldClient(folder)
    with pytest.raises(WorldError):
        world.call("kill-terminal")
    with subprocess.Popen(
        [sys.executable, "-c", program, str(places.terminal_lock)], stdout=subprocess.PIPE, text=True
    ) as terminal:
        assert terminal.stdout and terminal.stdout.readline() == "locked\n"
        pid = world.call("kill-terminal")["pid"]
        assert pid == terminal.pid
        assert terminal.wait(PATIENCE) == -signal.SIGKILL
    until(lambda: not places.socket.exists())


def test_nonsense_is_answered_and_the_world_goes_on(folder: Path) -> None:
    start_world(folder)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(str(Places(folder).socket))
        lines = connection.makefile("rwb")
        for request in (b"hello\n", b"[1]\n", b"{}\n", b'{"do": "fly"}\n', b'{"do": "fault", "device": "moon"}\n'):
            lines.write(request)
            lines.flush()
            reply = json.loads(lines.readline())
            assert reply["ok"] is False and reply["error"]
        lines.write(b'{"do": "fault", "device": "locker", "fault": "paper-out"}\n')
        lines.flush()
        assert json.loads(lines.readline())["error"] == "locker has no fault paper-out"
        lines.write(b'{"do": "state"}\n')
        lines.flush()
        assert json.loads(lines.readline())["ok"] is True


def test_watching_tells_every_change(folder: Path) -> None:
    start_world(folder)
    world = WorldClient(folder)
    assert world.wait(lambda state: state["person"] is None, PATIENCE)["reader"] is None
    world.call("person-arrives", citizen=3)
    assert world.wait(lambda state: state["person"] is not None, PATIENCE)["person"]["index"] == 3
    with pytest.raises(TimeoutError):
        world.wait(lambda state: state["person"] is None, 0.2)


def test_the_people_are_those_of_the_shared_key(folder: Path) -> None:
    (folder / "population.json").write_text('{"seed": 12, "as_of": "2026-03-04"}')
    start_world(folder, seed=4)
    state = WorldClient(folder).state()
    assert (state["seed"], state["as_of"]) == (12, "2026-03-04")


def test_the_dock_speaks_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def say(*words: str) -> tuple[int, dict[str, Any]]:
        code = dock([*words, "--state", str(folder)])
        return code, json.loads(capsys.readouterr().out)

    assert say("state")[0] == 3
    code, ports = say("start", "pace=0.1")
    assert code == 0 and ports["ok"] and "camera" in ports
    code, found = say("find", "situation=violation-simple")
    number = found["person"]["number"]
    assert say("person-arrives", f"citizen={number}")[1]["person"]["number"] == number
    assert say("lay-card")[0] == 0
    assert say("lay-card") == (1, {"ok": False, "error": "a card lies on the reader already"})
    assert dock(["state", "nonsense", "--state", str(folder)]) == 2


def test_the_settings_overlay_names_the_ports(folder: Path) -> None:
    ports = start_world(folder)
    settings = overlay(ports)
    assert settings["devices"]["id-reader"]["settings"]["port"] == ports["id-reader"]
    assert settings["headquarters"]["address"] == f"https://{ports['headquarters']}"
    assert "{" not in json.dumps(list(settings["devices"]["camera"]["settings"].values()))


def test_a_deep_directory_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90) / ("e" * 90)
    deep.mkdir(parents=True)
    try:
        start_world(deep)
        assert WorldClient(deep).state()["person"] is None
    finally:
        kill_world(deep)
