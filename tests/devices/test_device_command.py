"""`kiosk device`: JSON on standard output, personal data masked, nothing moved outside simulation."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.classes import DeviceClass
from kiosk.devices.cli import Around, add_commands, run, run_parsed
from kiosk.devices.drivers import ID_READERS, LOCKERS, InvalidSettings, Tools, UnknownDriver
from kiosk.devices.lines import line_at
from kiosk.devices.shell.words import Configured, Move
from tests.devices.dispensers import Unit
from tests.devices.farends import FixedClock, Player, pty_played
from tests.devices.motor_readers import INSIDE, Motor
from tests.devices.test_escpos import Paper
from tests.devices.test_fingerprint import FINGER, Sensor
from tests.devices.test_lock_8a import ALL, ALL_SHUT, ASK, IS_SHUT, OPENED, PULSE, Boards
from tests.devices.test_relays import Relays
from tests.devices.test_sam_v import RESET, SAM_ID, a_card, frame
from tests.devices.test_serial_scanner import Shows

BOARDS = 'boards=[{"address": 1, "ways": 24, "feedback_polarity": "zero-is-closed"}]'


class House:
    """A station: nothing moves from its shell, or what `word` is empty for; keeps what it was told."""

    def __init__(
        self, word: str = "notInMaintenance", devices: Mapping[DeviceClass, Configured] | None = None
    ) -> None:
        self.word = word
        self.devices = devices or {}
        self.noted: list[tuple[str, int, str]] = []

    def configured(self) -> Mapping[DeviceClass, Configured]:
        return self.devices

    async def refusal(self, move: Move) -> str:
        return self.word

    async def note(self, move: Move, outcome: str) -> None:
        self.noted.append((move.command, move.lock, outcome))


STATION = Around(House())


@contextmanager
def device(path: Path, player: Player) -> Generator[str]:
    """A simulated device on a pty, played by a thread with a loop of its own."""
    ready, done = threading.Event(), threading.Event()

    async def main() -> None:
        async with pty_played(path, player):
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.01)

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(5)
    try:
        yield str(path)
    finally:
        done.set()
        thread.join(5)


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


def test_a_card_is_read_and_masked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with device(tmp_path / "port", a_card()) as port:
        assert run(["id-reader", "read", "--driver", "sam-v", "--set", f"port={port}", "--json"]) == 0
    answer = said(capsys)
    assert (answer["name"], answer["number"], answer["kind"]) == ("王*芳", "150207********0028", "resident")
    assert not {"birth", "address"} & set(answer)
    assert (answer["photo_bytes"], answer["fingers"]) == (1024, 2)


def test_a_card_is_shown_only_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with device(tmp_path / "port", a_card()) as port:
        assert run(["id-reader", "read", "--driver", "sam-v", "--set", f"port={port}", "--show"]) == 0
    answer = said(capsys)
    assert (answer["name"], answer["number"], answer["birth"]) == ("王小芳", "150207198506150028", "1985-06-15")


def test_a_reader_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = f"port={tmp_path / 'none'}"
    assert run(["id-reader", "read", "--driver", "sam-v", "--set", there, "--json"]) == 3
    assert said(capsys) == {"error": "deviceNotReady", "code": ""}
    assert run(["id-reader", "health", "--driver", "sam-v", "--set", there, "--json"]) == 3
    assert said(capsys)["state"] == "powerOff"


def test_the_readers_other_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = a_card()
    card.answers[SAM_ID] = [frame("000090", bytes.fromhex("050001002502330140E20100B168DE3A"))]
    card.answers[RESET] = [frame("000090")]
    with device(tmp_path / "port", card) as port:
        common = ["--driver", "sam-v", "--set", f"port={port}", "--json"]
        assert run(["id-reader", "sam-id", *common]) == 0
        assert said(capsys)["sam_id"].startswith("05.01-20120101")
        assert run(["id-reader", "reset", *common]) == 0
        assert said(capsys) == {"reset": True}


def test_a_lock_opens_not_from_a_stations_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    boards = Boards({PULSE: [OPENED], ASK: [IS_SHUT], ALL: [ALL_SHUT]})
    with device(tmp_path / "bus", boards) as port:
        common = ["--driver", "lock-8a", "--set", f"port={port}", "--set", BOARDS, "--json", "--lock", "3"]
        assert run(["locker", "open", *common], around=STATION) == 2
        assert said(capsys)["error"] == "authorisationRequired"
        assert boards.asked == []
        assert run(["locker", "open", *common]) == 0
        assert said(capsys) == {"board": 1, "lock": 3, "door": "open"}
        assert run(["locker", "door", *common]) == 0
        assert said(capsys)["door"] == "closed"
        assert run(["locker", "doors", *common]) == 0
        assert len(said(capsys)["doors"]) == 24


def test_a_receipt_is_printed_not_from_a_stations_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = Paper()
    job = tmp_path / "job.bin"
    job.write_bytes(b"hello\n")
    with device(tmp_path / "port", paper) as port:
        common = ["--driver", "escpos", "--set", f"port={port}", "--json"]
        assert run(["receipt-printer", "print", *common, "--file", str(job)], around=STATION) == 2
        assert said(capsys)["error"] == "authorisationRequired"
        assert run(["receipt-printer", "print", *common, "--file", str(job)]) == 0
        assert said(capsys) == {"result": "printed", "code": ""}
        assert run(["receipt-printer", "status", *common]) == 0
        assert said(capsys) == {"state": "online", "code": "", "detail": "", "paper": "full"}
        assert run(["receipt-printer", "print", *common]) == 64
        assert run(["receipt-printer", "print", *common, "--file", str(tmp_path / "no")]) == 64
    assert paper.printed == b"hello\n"


def test_a_finger_is_captured_and_never_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with device(tmp_path / "port", Sensor({"CAPTURE": [FINGER]})) as port:
        assert run(["fingerprint", "capture", "--driver", "simulated", "--set", f"port={port}", "--json"]) == 0
    assert said(capsys) == {"quality": 88, "feature_bytes": 512}


def test_a_card_is_issued_not_from_a_stations_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unit = Unit()
    with device(tmp_path / "port", unit) as port:
        common = ["--driver", "crt-591", "--set", f"port={port}", "--set", "baud=9600", "--json"]
        assert run(["dispenser", "issue", *common], around=STATION) == 2
        assert said(capsys)["error"] == "authorisationRequired"
        assert run(["dispenser", "issue", *common, "--seconds", "0.4"]) == 0
        assert said(capsys) == {"taken": "left"}
        assert run(["dispenser", "status", *common]) == 0
        assert said(capsys) == {
            "state": "online",
            "code": "",
            "detail": "",
            "card": "none",
            "stacker": "ok",
            "bin": "ok",
        }
        assert run(["dispenser", "capture", *common]) == 2
        assert said(capsys) == {"error": "commandErrorCode", "code": "noMedia"}
        unit.place = b"1"
        assert run(["dispenser", "capture", *common]) == 0
        assert said(capsys) == {"retained": 9}
        assert run(["dispenser", "capabilities", *common]) == 0
        assert said(capsys) == {"retains": True, "named_cards": False, "reads_chips": False}
    assert unit.fed == 1


def test_a_code_is_scanned_and_shown_only_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = [(0.1 * n, b"4711\r") for n in range(1, 100, 3)]
    with device(tmp_path / "port", Shows(tuple(shown))) as port:
        common = ["scanner", "scan", "--driver", "serial-scanner", "--set", f"port={port}", "--json"]
        assert run(common) == 0
        assert said(capsys) == {"code_text": "****", "characters": 4, "symbology": "symbologyUnknown"}
        assert run([*common, "--show"]) == 0
        assert said(capsys)["code_text"] == "4711"


def test_doors_lights_presence_and_supply(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    relays = Relays()
    with device(tmp_path / "port", relays) as port:
        door = ["--driver", "relay-lcus", "--set", f"port={port}", "--set", "release_seconds=0.1", "--json"]
        assert run(["door", "release", *door], around=STATION) == 2
        assert said(capsys)["error"] == "authorisationRequired"
        assert run(["door", "release", *door]) == 0
        assert said(capsys) == {"door": "notSupported"}
        assert run(["door", "state", *door]) == 0
        capsys.readouterr()
        lights = ["--driver", "relay-lcus", "--set", f"port={port}", "--set", 'channels={"scanner": 3}', "--json"]
        assert run(["lights", "light", *lights, "--name", "scanner", "--seconds", "0.1"]) == 0
        assert said(capsys) == {"light": "scanner"}
        assert run(["lights", "light", *lights, "--name", "moon"]) == 64
        capsys.readouterr()
    assert (1, 1) in relays.told
    assert (3, 1) in relays.told
    there = ["--set", f"port={tmp_path / 'none'}", "--json"]
    assert run(["presence", "look", "--driver", "ld2410", *there]) == 3
    assert said(capsys)["error"] == "deviceNotReady"
    assert run(["ups", "status", "--driver", "nut", "--set", "ups=kiosk", "--set", "port=tcp://127.0.0.1:9"]) == 3
    assert said(capsys)["power_in"] == "unknown"


def test_an_intake_moves_not_from_a_stations_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    motor = Motor(card=INSIDE)
    with device(tmp_path / "port", motor) as port:
        common = ["--driver", "crt-310", "--set", f"port={port}", "--json"]
        for command in ("take-in", "give-back", "keep"):
            assert run(["intake", command, *common], around=STATION) == 2
            assert said(capsys)["error"] == "authorisationRequired"
        assert run(["intake", "give-back", *common, "--seconds", "0.3"]) == 0
        assert said(capsys) == {"given_back": "left"}
        assert run(["intake", "keep", *common]) == 0
        assert said(capsys) == {"kept": 1, "unconfirmed": 0}
        assert run(["intake", "take-in", *common, "--seconds", "0.3"]) == 2
        assert said(capsys)["error"] == "timeOut"
        assert run(["intake", "status", *common]) == 0
        assert said(capsys)["card"] == "none"


def test_a_page_printer_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.pdf"
    page.write_bytes(b"%PDF")
    common = ["--driver", "ipp", "--set", "uri=ipp://127.0.0.1:9/ipp/print", "--json"]
    assert run(["page-printer", "status", *common]) == 3
    assert said(capsys)["paper"] == "unknown"
    assert run(["page-printer", "find", *common, "--name", "x"]) == 3
    assert said(capsys)["error"] == "deviceNotReady"
    assert run(["page-printer", "find", *common]) == 64
    capsys.readouterr()
    assert run(["page-printer", "print", *common, "--file", str(page), "--name", "x"]) == 3
    assert said(capsys) == {"result": "not-printed", "code": "powerOff"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["id-reader", "read", "--driver", "nobodys"],
        ["id-reader", "read", "--driver", "sam-v"],
        ["id-reader", "read", "--driver", "sam-v", "--set", "port"],
        ["id-reader", "read", "--driver", "sam-v", "--set", "port=x", "--set", "baud=1"],
        ["id-reader", "read", "--driver", "sam-v", "--set", "port="],
        ["id-reader", "open", "--driver", "sam-v", "--set", "port=x"],
    ],
)
def test_a_wrong_command_line_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--json"]) == 64
    assert said(capsys)["error"] == "usage"


def test_it_joins_a_larger_programs_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    there = f"port={tmp_path / 'none'}"
    read = parser.parse_args(["device", "id-reader", "health", "--driver", "sam-v", "--set", there])
    assert run_parsed(read) == 3
    assert said(capsys)["state"] == "powerOff"


class NoWorker:
    async def run(self, call: Any) -> Any:
        raise AssertionError("nothing blocks here")

    async def close(self) -> None:
        return


def test_drivers_are_found_by_name_and_their_settings_are_checked() -> None:
    tools = Tools(clock=FixedClock(), line=line_at, worker=NoWorker, post=lambda _order: b"")
    assert "sam-v" in ID_READERS.names()
    assert ID_READERS.make("sam-v", {"port": "/dev/x", "baud": "9600"}, tools)
    with pytest.raises(UnknownDriver):
        ID_READERS.entry("lock-8a")
    with pytest.raises(InvalidSettings) as caught:
        LOCKERS.make("lock-8a", {"port": "x", "boards": []}, tools)
    assert "boards" in str(caught.value)


def test_drivers_come_from_outside_the_tree_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "vendor_reader-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: vendor-reader\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(
        "[kiosk.drivers]\nbroken = vendor_reader_missing:driver\nnot-one = vendor_reader:SOMETHING\n"
        "vendor = vendor_reader:DRIVER\nlocker = vendor_reader:LOCKER\nold = vendor_reader:OLD\n"
        "mute = vendor_reader:MUTE\n"
    )
    (tmp_path / "vendor_reader.py").write_text(
        "from kiosk.devices.classes import DeviceClass\n"
        "from kiosk.devices.drivers import DriverEntry\n"
        "from kiosk.devices.id_reader.sam_v import SamVSettings\n"
        "SOMETHING = 1\n"
        "DRIVER = DriverEntry(\n"
        "    DeviceClass.ID_READER, 'vendor', SamVSettings, lambda settings, tools: settings.port, contract=1\n"
        ")\n"
        "OLD = DriverEntry(DeviceClass.ID_READER, 'old', SamVSettings, lambda settings, tools: None, contract=0)\n"
        "MUTE = DriverEntry(DeviceClass.ID_READER, 'mute', SamVSettings, lambda settings, tools: None)\n"
        "LOCKER = DriverEntry(DeviceClass.LOCKER, 'sam-v', SamVSettings, lambda settings, tools: None)\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    tools = Tools(clock=FixedClock(), line=line_at, worker=NoWorker, post=lambda _order: b"")
    assert set(ID_READERS.names()) == {"sam-v", "vendor", "old", "mute"}
    made: object = ID_READERS.make("vendor", {"port": "its own"}, tools)
    assert made == "its own"
    for name, told in (
        ("old", "written for version 0 of the contracts, this terminal has version 1"),
        ("mute", "does not say for which version"),
        ("broken", "does not load: ModuleNotFoundError"),
        ("not-one", "no DriverEntry"),
    ):
        with pytest.raises(UnknownDriver, match=told):
            ID_READERS.entry(name)
