"""A terminal in the simulated world: headquarters and the world are processes beside it, started where absent."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk.commands.simulated_staff import staff_of
from kiosk.people.calibration import Adjusted
from kiosk.people.eyesight import Chart
from kiosk.settings import Settings, load_settings
from kiosk.settings.model import FinishedIn, Task
from kiosk.simulation.client import WorldClient, WorldGone, start_world

START_SECONDS = 60.0
END_SECONDS = 10.0
TERMINAL = "KDL-001"
DOOR = "KDL-006"
"""What headquarters calls the door of a simulated station."""
SUPPLY = "simulated"
"""What the world calls its uninterruptible supply."""


class NotStarted(RuntimeError):
    """Headquarters or the world did not come up; the message says which, and where its log lies."""


def _locked(file: Path) -> bool:
    """Whether a living process holds this lock."""
    try:
        with file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@dataclass(frozen=True, slots=True)
class Address:
    """Where headquarters answers."""

    terminals: str
    people: str


@dataclass
class Sandbox:
    """Headquarters and the world of one state directory; ends what it started."""

    state: Path
    address: Address
    ports: dict[str, str]
    started: list[int]
    children: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])

    @property
    def world(self) -> WorldClient:
        """To act in the world."""
        return WorldClient(self.state)

    def end(self) -> None:
        """End the processes that this object started, the youngest first."""
        for pid in reversed(self.started):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        for pid in reversed(self.started):
            _wait(lambda pid=pid: _gone(pid), END_SECONDS)
        self.started.clear()
        for child in self.children:
            child.poll()
        self.children.clear()

    def clock_offset(self) -> Callable[[], timedelta]:
        """How far the world has moved the terminal's clock, read anew at most once a second."""
        file = self.state / "world" / "clock.json"
        seen = [0.0, 0.0]

        def offset() -> timedelta:
            now = time.monotonic()
            if now - seen[0] > 1.0:
                seen[0] = now
                try:
                    seen[1] = float(json.loads(file.read_text("utf-8"))["offset_seconds"])
                except (OSError, ValueError, KeyError):
                    seen[1] = 0.0
            return timedelta(seconds=seen[1])

        return offset


def _gone(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def ensure_sandbox(state: Path, seed: int, server: str = "", pace: float = 1.0) -> Sandbox:
    """Headquarters and world of `state`, started where nobody answers. `server` names a running one instead.

    `pace` scales the time everything in the world takes; a world that runs already keeps its own.

    Raises NotStarted.
    """
    state.mkdir(parents=True, exist_ok=True)
    started: list[int] = []
    children: list[subprocess.Popen[bytes]] = []
    address = _headquarters(state, seed, server, children)
    started.extend(child.pid for child in children)
    world_before = _locked(state / "world" / "lock")
    host_port = address.terminals.removeprefix("https://")
    try:
        ports = start_world(state, seed=seed, upstream=host_port, central=address.people, pace=pace)
    except WorldGone:
        raise NotStarted(f"the world did not start; see {state / 'world' / 'world.log'}") from None
    if not world_before:
        started.append(int((state / "world" / "lock").read_text("ascii").split()[0]))
    return Sandbox(state, address, {k: str(v) for k, v in ports.items()}, started, children)


def _headquarters(state: Path, seed: int, server: str, children: list[subprocess.Popen[bytes]]) -> Address:
    file = state / "central" / "address.json"
    if server:
        return _running(state, server.rstrip("/"))
    if not _locked(state / "central" / "lock"):
        file.unlink(missing_ok=True)
        (state / "central").mkdir(parents=True, exist_ok=True)
        with (state / "central" / "central.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "central", "serve", "--state", str(state), "--port", "0", "--seed", str(seed)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        children.append(process)
    if not _wait(file.exists, START_SECONDS):
        raise NotStarted(f"headquarters did not start; see {state / 'central' / 'central.log'}")
    found = json.loads(file.read_text("utf-8"))
    return Address(found["terminals"], found["people"])


def _running(state: Path, server: str) -> Address:
    """Headquarters that runs already: known by the terminal's certificate, which lies in the same state directory."""
    certificates = state / "central" / "terminals" / TERMINAL
    if not (certificates / "cert.pem").exists():
        raise NotStarted(
            f"{server} knows a terminal by its certificate, and there is none in {certificates}; "
            "give --state the directory that this headquarters serves"
        )
    try:
        found = json.loads((state / "central" / "address.json").read_text("utf-8"))
    except OSError:
        raise NotStarted(f"no headquarters serves {state}; start it with: central serve --state {state}") from None
    if server not in (found["terminals"], found["people"]):
        raise NotStarted(f"{state} is served at {found['terminals']}, not at {server}")
    return Address(found["terminals"], found["people"])


@dataclass(frozen=True, slots=True)
class Machine:
    """Which kind of machine stands in a simulated world, and which screen it has; "" is the packaged default."""

    profile: str = ""
    screen: str = ""

    def overlay(self) -> dict[str, str]:
        """Over the packaged settings."""
        return {name: value for name, value in (("profile", self.profile), ("screen", self.screen)) if value}


def terminal_of(machine: Machine) -> str:
    """What headquarters calls it: the door has a name of its own, every other kind that of the one terminal."""
    return DOOR if machine.profile == "door" else TERMINAL


def put_machine(state: Path, wanted: Machine) -> None:
    """Another machine is put into this world; what was not asked for stays as it was.

    Every command that looks at the directory afterwards finds the same machine.
    """
    before = machine_in(state)
    now = Machine(wanted.profile or before.profile, wanted.screen or before.screen)
    if now != before:
        state.mkdir(parents=True, exist_ok=True)
        (state / "machine.json").write_text(json.dumps(now.overlay()) + "\n", "utf-8")


def machine_in(state: Path) -> Machine:
    """The machine that stands in this world."""
    try:
        return Machine(**json.loads((state / "machine.json").read_text("utf-8")))
    except FileNotFoundError:
        return Machine()


def settings_for(sandbox: Sandbox, language: str = "zh-CN", liveness: str = "") -> Settings:
    """The packaged settings with the simulated devices and headquarters laid over them; `liveness` where given."""
    return load_settings(None, station_for(sandbox, language, liveness))


def station_for(sandbox: Sandbox, language: str = "zh-CN", liveness: str = "") -> dict[str, Any]:
    """What is laid over the packaged settings there."""
    machine = machine_in(sandbox.state)
    heard = sandbox.state / "world" / "heard.jsonl"
    speaker = shlex.join([sys.executable, "-m", "kiosk.simulation.speaker", str(heard)])
    ports = sandbox.ports | {"speaker": speaker}
    folder = sandbox.state / "central" / "terminals" / terminal_of(machine)
    identity = DLIB | ({"liveness": liveness} if liveness else {})
    station = simulated_station(ports, f"https://{ports['headquarters']}", folder, language, machine)
    return station | {"identity": identity} | staff_of(sandbox.state, folder)


CHART_AWAY = 1.03
"""Of the distance from which the finest line can be shown at all: all lines are whole pixels there."""
COLOURS_UNTIL = date(2099, 12, 31)

HALL_HOURS = {
    "zh": "户籍大厅：周一至周五 8:30—12:00、14:30—17:30。本机昼夜可办。",
    "en": "Household hall: Monday to Friday, 8:30-12:00 and 14:30-17:30. This machine: day and night.",
    "mark": "P",
    "source": "made up for simulation",
    "as_of": date(2026, 11, 22),
}
SITE = {"zh": "昆都仑区 1 号机", "en": "Kundulun District, terminal 1"}
ENTRANCE = {"zh": "昆都仑区 自助区入口", "en": "Kundulun District, entrance"}
DLIB = {"face_engine": "dlib"}


def simulated_station(
    ports: Mapping[str, str], address: str, folder: Path, language: str, machine: Machine | None = None
) -> dict[str, Any]:
    """A station whose devices are simulated: `ports` by device class, headquarters' address and what it gave us.

    Its neighbours stand beside it as packaged.
    """
    overlay = {} if machine is None else machine.overlay()
    packaged = load_settings(None, overlay)
    return overlay | {
        "station": {"machines": _renamed(packaged)},
        "notices": [*(notice.model_dump() for notice in packaged.notices), HALL_HOURS],
        "terminal": {
            "name": terminal_of(machine or Machine()),
            "site": ENTRANCE if terminal_of(machine or Machine()) == DOOR else SITE,
            "authority": {"zh": "包头市公安局昆都仑区分局", "en": "Kundulun Branch, Baotou Public Security Bureau"},
            "duty_telephone": "0472-5550110",
            "unresolved_telephone": "0472-5550112",
            "language": language,
        },
        "headquarters": {
            "address": address,
            "folder": str(folder),
            "authority": "ca.pem",
            "certificate": "cert.pem",
            "key": "key.pem",
            "grant_key": "grant-key.pub",
            **({"root": "root.json"} if (folder / "root.json").is_file() else {}),
        },
        "devices": {
            name: one for name, one in _devices(_there(ports, packaged)).items() if name in packaged.kind.devices
        },
        "exam": _booth(packaged),
        "calibrated": {kind.value: {"until": COLOURS_UNTIL} for kind in Adjusted},
    }


def _there(ports: Mapping[str, str], packaged: Settings) -> dict[str, str]:
    """A cabinet of doors has no dispenser beside it; the zone's door has its own way to see who goes through."""
    left_out = () if packaged.cabinet.finished is FinishedIn.DISPENSER else ("dispenser",)
    left_out += ("help-button", "presence") if packaged.kind.task is Task.DOOR else ()
    return {name: port for name, port in ports.items() if name not in left_out}


def _booth(packaged: Settings) -> dict[str, Any]:
    """Two mirrors, hung so that whatever screen stands here is seen from where it can show a chart."""
    away = CHART_AWAY * Chart(packaged.display.pitch_mm).nearest_mm()
    return {
        "path_mm": round(away) - packaged.exam.eyes_mm,
        "mirrors": 2,
        "colours": "SIMULATED-COLOURS",
        "colours_until": COLOURS_UNTIL,
    }


def _renamed(packaged: Settings) -> list[dict[str, Any]]:
    """The neighbours, of which the one of this kind is the machine at hand."""
    at_hand = next((m.terminal for m in packaged.station.machines if m.profile == packaged.profile), TERMINAL)
    names = {at_hand: TERMINAL, TERMINAL: at_hand}
    machines = (
        m.model_copy(update={"terminal": names.get(m.terminal, m.terminal)}) for m in packaged.station.machines
    )
    return [machine.model_dump() for machine in machines]


def _devices(ports: Mapping[str, str]) -> dict[str, Any]:
    """Every simulated device; a machine has those of its kind."""
    return {
        "id-reader": {"driver": "sam-v", "settings": {"port": ports["id-reader"]}},
        "camera": {"driver": "opencv", "settings": {"source": ports["camera"]}},
        "scanner": {"driver": "serial-scanner", "settings": {"port": ports["scanner"]}},
        "plate-printer": {"driver": "xfs4iot", "settings": {"url": ports["plate-printer"]}},
        "fingerprint": {"driver": "simulated", "settings": {"port": ports["fingerprint"]}},
        "receipt-printer": {"driver": "escpos", "settings": {"port": ports["receipt-printer"]}},
        "page-printer": {"driver": "ipp", "settings": {"uri": ports["page-printer"]}},
        "audio": {"driver": "player", "settings": {"command": ports["speaker"]}}
        if "speaker" in ports
        else {"driver": "none"},
        "locker": {"driver": "lock-8a", "settings": {"port": ports["locker"]}},
        "document-reader": {"driver": "pcsc", "settings": {"reader": ports["document-reader"]}}
        if "document-reader" in ports
        else {"driver": "none"},
        "dispenser": {
            "driver": "xfs4iot",
            "settings": {"url": ports["dispenser"], "card_reader": ports["inside-reader"]},
        }
        if "dispenser" in ports
        else {"driver": "none"},
        "key-switch": {"driver": "input-board", "settings": {"port": ports["key-switch"]}}
        if "key-switch" in ports
        else {"driver": "none"},
        "help-button": {"driver": "input-board", "settings": {"port": ports["help-button"]}}
        if "help-button" in ports
        else {"driver": "none"},
        "presence": {"driver": "ld2410", "settings": {"port": ports["presence"]}}
        if "presence" in ports
        else {"driver": "none"},
        "exam-booth": {"driver": "simulated", "settings": {"port": ports["exam-booth"]}},
        "ups": {"driver": "nut", "settings": {"port": ports["ups"], "ups": SUPPLY}},
        "endorsement-writer": {"driver": "xfs4iot", "settings": {"url": ports["endorsement-writer"]}},
        "door": {"driver": "relay-lcus", "settings": {"port": ports["door"], "contact": ports["door-contact"]}}
        if "door-contact" in ports
        else {"driver": "none"},
    }
