"""`kiosk device` over every class: list, exercise, simulate, conform, and what a station's house lets move."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands.device import run as run_kiosk_device
from kiosk.devices.classes import DeviceClass
from kiosk.devices.cli import Around, run
from kiosk.devices.conformance.live import Extent, conform
from kiosk.devices.conformance.words import Rule, Verdict
from kiosk.devices.drivers import LOCKERS, Tools
from kiosk.devices.lines import line_at
from kiosk.devices.locker.contract import ItemState
from kiosk.devices.page_printer.posting import IppPost
from kiosk.devices.register import REGISTER
from kiosk.devices.shell.found import links
from kiosk.devices.shell.table import EVERY, commands_of
from kiosk.devices.shell.words import Configured, Moves
from kiosk.devices.words import DeviceState, Health
from kiosk.simulation.alone.run import simulate
from kiosk.simulation.alone.table import NO_BYTES, ON_A_VIRTUAL_READER, ON_LINES, ON_THE_NETWORK
from kiosk.store.opening import open_store
from kiosk.times import InlineWorker, SystemClock, SystemIds, no_offset
from tests.devices.farends import FixedClock
from tests.devices.test_device_command import House

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "lock-8a": ('boards=[{"address": 1, "ways": 24, "feedback_polarity": "zero-is-closed"}]',),
    "kerong-cu16": ('boards=[{"address": 1, "infrared": "fitted"}]',),
    "crt-591": ("baud=9600",),
    "serial-scanner": ("trigger=gm65",),
    "nut": ("ups=kiosk",),
}
BY_CLASS: Mapping[str, tuple[str, ...]] = {"door": ("release_seconds=0.1",), "lights": ('channels={"scanner": 3}',)}
ON_PORTS = [which for which in ON_LINES if "xfs4iot" not in which]


class Playing:
    """A simulator in a thread of its own."""

    def __init__(self, device: str, driver: str, *, pty: str = "", tcp: int | None = None) -> None:
        self.port = self.zone = ""
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._arguments = (device, driver, pty, tcp)
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        device, driver, pty, tcp = self._arguments

        def say(port: str, zone: str) -> None:
            self.port, self.zone = port, zone
            self._ready.set()

        self._task = self._loop.create_task(simulate(device, driver, pty=pty, tcp=tcp, say=say))
        self._loop.run_until_complete(asyncio.gather(self._task, return_exceptions=True))
        self._loop.close()

    def __enter__(self) -> str:
        self._thread.start()
        assert self._ready.wait(30)
        return self.port

    def __exit__(self, *_error: object) -> None:
        task = self._task
        assert task is not None
        self._loop.call_soon_threadsafe(task.cancel)
        self._thread.join(30)


def settings_of(device: str, driver: str, port: str) -> list[str]:
    pairs = [f"port={port}", *SETTINGS.get(driver, ()), *BY_CLASS.get(device, ())]
    return [word for pair in pairs for word in ("--set", pair)]


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


# -- every class -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("device", "driver"), ON_PORTS, ids=lambda word: word)
def test_every_class_is_exercised_against_its_simulator(
    device: str, driver: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Playing(device, driver, pty=str(tmp_path / "port")) as port:
        common = ["--driver", driver, *settings_of(device, driver, port), "--json"]
        assert run([device, "exercise", *common]) == 0
        answer = said(capsys)
        assert {"health", "status", "capabilities"} <= {step["step"] for step in answer["steps"]}
        assert all("answer" in step for step in answer["steps"])
    # What a simulator alone can be tried with is what it was told to play on, and nothing is left of it.
    assert not Path(port).exists()


def test_every_class_can_be_asked_the_same() -> None:
    for device in REGISTER:
        assert set(EVERY) <= set(commands_of(device))


def test_every_driver_has_a_simulator_or_no_bytes() -> None:
    known = {(device.value, name) for device, one in REGISTER.items() for name in one.catalogue.names()}
    simulated = {*ON_LINES, *ON_THE_NETWORK, *ON_A_VIRTUAL_READER, *NO_BYTES}
    # The command itself adds the camera, whose driver lives with what looks at its pictures.
    assert simulated - known == {("camera", "opencv")}
    assert known <= simulated


def test_a_device_on_the_network_is_simulated_there(capsys: pytest.CaptureFixture[str]) -> None:
    with Playing("page-printer", "ipp", tcp=0) as uri:
        assert run(["page-printer", "status", "--set", f"uri={uri}", "--json"]) == 0
        assert said(capsys)["paper"] == "full"
    with Playing("ups", "nut", tcp=0) as port:
        assert port.startswith("tcp://127.0.0.1:")
        assert run(["ups", "status", "--set", f"port={port}", "--set", "ups=any", "--json"]) == 0
        assert said(capsys)["power_in"] == "powering"


def test_a_camera_is_simulated_as_a_stream_of_pictures() -> None:
    with Playing("camera", "opencv", tcp=0) as address, urllib.request.urlopen(address, timeout=30) as stream:
        assert b"\xff\xd8\xff" in stream.read(4096)


def test_simulate_plays_until_it_is_interrupted(tmp_path: Path) -> None:
    port = tmp_path / "bus"
    command = [sys.executable, "-m", "kiosk", "device", "locker", "simulate", "--driver", "kerong-cu16"]
    with subprocess.Popen(
        [*command, "--pty", str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["port"] == str(port)
            assert port.is_symlink()
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            process.kill()
    assert not port.is_symlink()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["locker", "simulate", "--driver", "lock-8a"], "--pty"),
        (["locker", "simulate", "--pty", "x"], "kerong-cu16, lock-8a"),
        (["page-printer", "simulate", "--pty", "x"], "--tcp"),
        (["document-reader", "simulate", "--pty", "x"], "--tcp PORT of vpcd, mostly 35963"),
        (["document-reader", "simulate", "--tcp", "1"], "start pcscd with vsmartcard-vpcd"),
        (["audio", "simulate", "--pty", "x"], "aplay"),
        (["ups", "status", "--driver", "nut"], "--set ups=..."),
        (["ups", "simulate", "--pty", "/nowhere/at/all"], "another path"),
        (["locker", "open", "--driver", "kerong-cu16", "--set", "port=x"], "boards"),
        (["locker", "status"], "--driver is needed; drivers of locker: kerong-cu16, lock-8a"),
        (["locker", "jump", "--driver", "lock-8a"], "say one of: health, status"),
        (["--maintenance", "me", "ups", "status"], "--station"),
        (["--station", "/nowhere.toml", "ups", "status"], "station file"),
        (["--state", "/nowhere", "list"], "kiosk run --state"),
    ],
)
def test_a_wrong_command_line_says_what_to_do(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_kiosk_device([*arguments, "--json"]) == 64
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["error"] == "usage"
    assert told in answer["code"]


def test_an_unknown_class_is_told_by_the_parser(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["oven", "status"])
    assert ended.value.code == 64
    assert "receipt-printer" in capsys.readouterr().err


# -- single commands -------------------------------------------------------------------------------------


def test_a_text_is_printed_and_what_the_printer_has_not_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Playing("receipt-printer", "escpos", pty=str(tmp_path / "port")) as port:
        common = ["receipt-printer", "print", "--set", f"port={port}", "--json", "--text"]
        assert run([*common, "试打一行\ntrial"]) == 0
        assert said(capsys) == {"result": "printed", "code": ""}
        for text in ("\x1b@", "🙂", "长" * 2001):
            assert run([*common, text]) == 64
            assert "--text" in said(capsys)["code"]


def test_a_compartment_is_opened_by_its_number_and_never_a_loaded_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House("")
    with Playing("locker", "kerong-cu16", pty=str(tmp_path / "port")) as port:
        common = [*settings_of("locker", "kerong-cu16", port), "--driver", "kerong-cu16", "--json"]
        assert run(["locker", "open", "5", *common], around=Around(house)) == 0
        assert said(capsys) == {"board": 1, "lock": 5, "door": "open"}
        assert run(["locker", "open", "3", *common], around=Around(house)) == 2
        assert said(capsys) == {"error": "authorisationRequired", "code": "loaded"}
        assert run(["locker", "open", "x", *common], around=Around(house)) == 64
        assert "locker open 3" in said(capsys)["code"]
    assert house.noted == [("open", 5, "done"), ("open", 3, "loaded")]


def test_a_stations_device_needs_no_settings_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Playing("presence", "ld2410", pty=str(tmp_path / "port")) as port:
        devices = {
            DeviceClass.PRESENCE: Configured("ld2410", {"port": port}),
            DeviceClass.SCANNER: Configured("none", {}),
            DeviceClass.UPS: Configured("nut", {"port": str(tmp_path / "none"), "ups": "kiosk"}),
            DeviceClass.DOOR: Configured("nobodys", {}),
        }
        around = Around(House(devices=devices))
        assert run(["presence", "look", "--json"], around=around) == 0
        assert said(capsys)["presence"] == "present"
        assert run(["list", "--json"], around=around) == 0
    answer = said(capsys)
    states = {one["class"]: one["state"] for one in answer["configured"]}
    assert states == {"presence": "online", "scanner": "noDevice", "ups": "powerOff", "door": None}
    assert answer["drivers"]["locker"] == ["kerong-cu16", "lock-8a"]
    assert set(answer["found"]) == {"serial", "cameras", "card_readers", "printers"}


def test_exercises_move_nothing_where_nothing_may_move(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Playing("dispenser", "crt-591", pty=str(tmp_path / "port")) as port:
        common = [
            "dispenser",
            "exercise",
            "--driver",
            "crt-591",
            "--set",
            f"port={port}",
            "--set",
            "baud=9600",
            "--json",
        ]
        assert run(common, around=Around(House())) == 0
    answer = said(capsys)
    moving = {name for name, command in commands_of(DeviceClass.DISPENSER).items() if command.moves is Moves.YES}
    assert moving <= set(answer["left_out"])
    assert not moving & {step["step"] for step in answer["steps"]}


def test_ports_are_named_by_what_stays(tmp_path: Path) -> None:
    (tmp_path / "usb-Printer").symlink_to("/dev/null")
    assert links(tmp_path) == [{"path": str(tmp_path / "usb-Printer"), "device": "/dev/null"}]
    assert links(tmp_path / "none") == []


# -- the house -------------------------------------------------------------------------------------------


@contextmanager
def station(tmp_path: Path, driver: str) -> Generator[list[str]]:
    """A station whose cabinet is simulated; what to put before the command."""
    with Playing("locker", driver, pty=str(tmp_path / "bus")) as port:
        file = tmp_path / "station.toml"
        boards = "" if driver == "lock-8a" else 'boards = \'[{"address": 1, "infrared": "fitted"}]\'\n'
        file.write_text(
            f'[devices.locker]\ndriver = "{driver}"\n'
            f'[devices.locker.settings]\nport = "{port}"\nbaud = "9600"\n{boards}'
        )
        yield ["--station", str(file), "--state", str(tmp_path / "state"), "--json"]


def audited(tmp_path: Path) -> list[dict[str, str]]:
    with sqlite3.connect(tmp_path / "state" / "terminal" / "terminal.db") as books:
        rows = books.execute("select text from audit order by row").fetchall()
    lines = [json.loads(text) for (text,) in rows]
    return [line["details"] for line in lines if line["event"] == "moved-by-hand"]


def test_a_stations_hardware_moves_in_maintenance_only_and_is_audited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").mkdir()
    with station(tmp_path, "lock-8a") as common:
        assert run_kiosk_device([*common, "locker", "doors"]) == 0
        capsys.readouterr()
        assert run_kiosk_device([*common, "locker", "open", "5"]) == 2
        assert said(capsys)["code"] == "notInMaintenance"
        # A board without light barriers cannot say that the compartment is empty, so nobody opens it by hand.
        assert run_kiosk_device([*common, "--maintenance", "wang", "locker", "open", "5"]) == 2
        assert said(capsys)["code"] == "loadUnknown"
    assert [(row["by"], row["outcome"], row["lock"]) for row in audited(tmp_path)] == [("wang", "loadUnknown", "5")]


@dataclass(frozen=True)
class Document:
    custody: str = "K1"
    case: str = "C1"
    document: str = "id-card"
    board: int = 1
    compartment: int = 6
    place: str = "compartment-1-6"


def test_a_compartment_is_opened_by_hand_only_when_sensor_and_books_say_that_it_is_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SystemClock(no_offset)

    async def enter() -> None:
        store = await open_store(
            tmp_path / "state" / "terminal",
            writer=InlineWorker(),
            reader=InlineWorker(),
            clock=clock,
            ids=SystemIds(clock),
        )
        await store.custody.record(Document(), "150207198506150028")
        await store.close()

    (tmp_path / "state").mkdir()
    asyncio.run(enter())
    with station(tmp_path, "kerong-cu16") as common:
        common += ["--maintenance", "wang"]
        assert run_kiosk_device([*common, "locker", "open", "5"]) == 0
        assert said(capsys)["door"] == "open"
        for number in ("3", "6"):
            assert run_kiosk_device([*common, "locker", "open", number]) == 2
            assert said(capsys)["code"] == "loaded"
    outcomes = [(row["lock"], row["outcome"]) for row in audited(tmp_path)]
    assert outcomes == [("5", "done"), ("3", "loaded"), ("6", "loaded")]


def test_while_the_terminal_runs_nobody_moves_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import fcntl

    folder = tmp_path / "state" / "terminal"
    folder.mkdir(parents=True)
    with station(tmp_path, "lock-8a") as common:
        assert run_kiosk_device([*common, "--maintenance", "wang", "locker", "open", "5"]) == 2
        capsys.readouterr()
        with (folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            assert run_kiosk_device([*common, "--maintenance", "wang", "locker", "open", "5"]) == 2
    assert said(capsys)["code"] == "terminalRuns"


# -- conform ---------------------------------------------------------------------------------------------


class Inline:
    async def run(self, call: Any) -> Any:
        return call()

    async def close(self) -> None:
        return


def no_post(_order: IppPost) -> bytes:
    raise AssertionError("nothing is posted on a line")


def conformed(tmp_path: Path, wrap: Callable[[Any], Any], rules: tuple[Rule, ...]) -> dict[Rule, tuple[Verdict, str]]:
    with Playing("locker", "kerong-cu16", pty=str(tmp_path / "port")) as port:
        settings: dict[str, object] = {"port": port, "boards": [{"address": 1, "infrared": "fitted"}]}
        tools = Tools(clock=FixedClock(), line=line_at, worker=Inline, post=no_post)
        report = asyncio.run(
            conform(
                DeviceClass.LOCKER,
                lambda ready: wrap(LOCKERS.make("kerong-cu16", settings, ready)),
                settings,
                tools,
                {name: one for name, one in commands_of(DeviceClass.LOCKER).items() if name in ("health", "doors")},
                Extent(cuts=4, wait_seconds=0.2, away_seconds=2.0),
                rules,
            )
        )
    assert report.reached
    assert len(report.lines()) == len(rules)
    return {finding.rule: (finding.verdict, finding.detail) for finding in report.findings}


def test_a_sound_driver_keeps_every_rule_on_a_real_line(tmp_path: Path) -> None:
    found = conformed(tmp_path, lambda driver: driver, tuple(Rule))
    assert [rule for rule, (verdict, _) in found.items() if verdict is Verdict.BROKEN] == []
    shown = {rule for rule, (verdict, _) in found.items() if verdict is Verdict.KEPT}
    assert set(Rule) - shown == {Rule.CAPABILITIES, Rule.COUNTERS, Rule.NO_PERSON}


class Wrong:
    """A driver that says it is always there, has an unfrozen status, and never lets go of a command."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def status(self) -> object:
        return {"state": "fine"}

    async def health(self) -> Health:
        await self._inner.health()
        return Health(DeviceState.ONLINE)

    async def doors(self, board: int) -> object:
        raise ValueError("no DeviceFault")

    async def item(self, _compartment: object) -> ItemState:
        return ItemState.UNKNOWN

    async def close(self) -> None:
        await self._inner.close()


def test_a_driver_that_breaks_rules_is_found_out(tmp_path: Path) -> None:
    rules = (Rule.STATUS, Rule.POWER_OFF, Rule.SILENCE, Rule.ONE_AT_A_TIME, Rule.STRANGER)
    found = conformed(tmp_path, Wrong, rules)
    assert {rule: verdict for rule, (verdict, _) in found.items()} == dict.fromkeys(rules, Verdict.BROKEN)
    assert found[Rule.POWER_OFF][1] == "unplugged, it is online"
    assert found[Rule.ONE_AT_A_TIME][1] == "raised ValueError"


def test_what_is_not_there_cannot_be_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["presence", "conform", "--set", f"port={tmp_path / 'none'}", "--json"]) == 3
    assert said(capsys)["reached"] is False
    assert run(["presence", "conform", "--set", f"port={tmp_path / 'none'}"], around=Around(House())) == 2


def test_the_suite_is_a_part_of_the_product() -> None:
    """Nothing of it is in the tests' folder, and it needs no simulator."""
    looked = "[m for m in sys.modules if 'simulation' in m or m.startswith('tests')]"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, kiosk.devices.conformance.live; print({looked})"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    assert done.stdout.strip() == "[]"
