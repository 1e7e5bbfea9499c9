"""From a set's being sent on its way to its being in force, on many idle terminals at the same time.

Each terminal is the real client: the held connection, the keeper, the trust in signatures and the line over TLS, with
a certificate and a folder of its own. What it keeps is no station: nothing is wired anew, so that a machine can hold
hundreds. The server is a process of its own, on SQLite, the terminals are shared out among a few more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

import psutil

from central.demonstration import names
from kiosk.backend.bells import Bells
from kiosk.backend.configuration import ConfigurationLine
from kiosk.backend.events import EventLine
from kiosk.backend.https import Credentials, HttpsExchange
from kiosk.commands.measuring.figures import Figures
from kiosk.configuration.judging import Judge
from kiosk.configuration.keeper import Keeper
from kiosk.configuration.shelf import Shelf
from kiosk.configuration.trust import Trust
from kiosk.protocol.configuration import ConfigurationSet
from kiosk.protocol.events import EventKind
from kiosk.settings import Settings, load_settings
from kiosk.times import SystemClock, SystemIds, ThreadWorker

LANES = 2
DEADLINE_SECONDS = 180.0
SET = 1
IDLE_SECONDS = 20.0
"""So long the held connections are looked at while nothing happens."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was measured: seconds from the commit to a terminal's having the set in force, and to its bell's ringing;
    what the server needed for each terminal."""

    in_force: list[float]
    told: list[float]
    server_cpu_ms: float
    held_kib: float
    idle_cpu_percent: float
    judge_ms: float


def measure(terminals: int, lanes: int = LANES, idle_seconds: float = IDLE_SECONDS) -> Pushed:
    """One set to so many terminals, in one stage. Raises RuntimeError where somebody does not come so far."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-push-"))
    try:
        with ExitStack() as closing:
            server = _started(
                ["kiosk.commands.measuring.push_server", "--terminals", str(terminals)], folder, closing
            )
            address = _line(server)["terminals"]
            process = psutil.Process(server.pid)
            before = process.memory_info().rss
            running = [_lane(folder, address, terminals, lane, lanes, closing) for lane in range(lanes)]
            for each in running:
                _ = _line(each)
            held = (process.memory_info().rss - before) / 1024 / terminals
            idle = _busy(process)
            time.sleep(idle_seconds)
            idle_percent = 100 * (_busy(process) - idle) / idle_seconds if idle_seconds else 0.0
            used = _busy(process)
            _say(server, "publish")
            began = float(_line(server)["at"])
            found: dict[str, dict[str, float]] = {}
            for each in running:
                found |= _line(each)
            used = _busy(process) - used
            judge = _judging()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Pushed(
        in_force=[one["in_force"] - began for one in found.values()],
        told=[one["told"] - began for one in found.values()],
        server_cpu_ms=1000 * used / terminals,
        held_kib=held,
        idle_cpu_percent=idle_percent,
        judge_ms=judge,
    )


def as_json(pushed: Pushed) -> dict[str, Any]:
    """As a result of the bench has it."""
    return {
        "publish_to_in_force_s": Figures.of(pushed.in_force).as_json(),
        "publish_to_told_s": Figures.of(pushed.told).as_json(),
        "server_cpu_ms_each": round(pushed.server_cpu_ms, 2),
        "server_memory_kib_each_held": round(pushed.held_kib, 1),
        "server_idle_cpu_percent": round(pushed.idle_cpu_percent, 2),
        "terminal_judging_ms": round(pushed.judge_ms, 1),
    }


def _busy(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _judging() -> float:
    """Milliseconds of judging a set as a whole, which each terminal does by itself."""
    began = time.process_time()
    _ = load_settings(pushed=_pushed_settings())
    return 1000 * (time.process_time() - began)


def _pushed_settings() -> dict[str, Any]:
    return {"services": {"HZ10": {"enabled": False}}, "timeouts": {"rating": 17.0}}


def document() -> ConfigurationSet:
    """The set that is published."""
    return ConfigurationSet(number=SET, settings=_pushed_settings())


def _started(words: Sequence[str], folder: Path, closing: ExitStack) -> subprocess.Popen[str]:
    with (folder / f"{words[0].rpartition('.')[2]}-{len(list(folder.iterdir()))}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words, "--folder", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def end() -> None:
        process.kill()
        _ = process.wait(30)
        for end in (process.stdin, process.stdout):
            if end is not None:
                end.close()

    _ = closing.callback(end)
    return process


def _lane(
    folder: Path, address: str, terminals: int, lane: int, lanes: int, closing: ExitStack
) -> subprocess.Popen[str]:
    shares = names(terminals)[lane::lanes]
    words = ["kiosk.commands.measuring.push", "--address", address, "--terminals", ",".join(shares)]
    return _started(words, folder, closing)


def _line(process: subprocess.Popen[str]) -> dict[str, Any]:
    out: IO[str] | None = process.stdout
    assert out is not None
    line = out.readline()
    if not line:
        raise RuntimeError("a process of the measurement ended")
    return json.loads(line)


def _say(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin is not None
    _ = process.stdin.write(word + "\n")
    process.stdin.flush()


# -- a lane: some of the terminals ---------------------------------------------------------------------------------


@cache
def _judged(numbers: tuple[str, ...]) -> Settings:
    del numbers
    return load_settings(pushed=_pushed_settings())


class _OnceJudge(Judge):
    """Judges for all terminals of a lane once: in earnest each has a processor of its own."""

    def own(self) -> Settings:
        return load_settings(self.station)

    def with_set(self, document: ConfigurationSet) -> Settings:
        return _judged(tuple(sorted(document.settings)))


@dataclass
class _Idle:
    """A terminal that nobody uses and that is always well."""

    in_force: asyncio.Event = field(default_factory=asyncio.Event)
    at: float = 0.0

    @asynccontextmanager
    async def between_visits(self) -> AsyncGenerator[None]:
        yield

    async def put_in_force(self, settings: Settings) -> None:
        del settings
        self.at = time.monotonic()
        self.in_force.set()

    def troubles(self) -> frozenset[str]:
        return frozenset()

    async def rehearse(self) -> tuple[str, ...]:
        return ()


@dataclass
class _Client:
    """One terminal of the lane."""

    name: str
    house: _Idle
    events: EventLine
    bells: Bells
    keeper: Keeper
    told: float = 0.0

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            _ = group.create_task(self.events.run())
            _ = group.create_task(self.keeper.run())
            while True:
                if await self.bells.heard(EventKind.CONFIGURATION, 3600):
                    self.told = time.monotonic()
                    self.keeper.look_now()


def _client(folder: Path, address: str, name: str) -> _Client:
    """With certificate, folder and threads of its own."""
    files = folder / "terminals" / name
    credentials = Credentials(files / "ca.pem", files / "cert.pem", files / "key.pem")
    clock = SystemClock()
    line = ConfigurationLine(HttpsExchange(address, credentials, ThreadWorker("configuration")))
    shelf = Shelf(files / "configuration")
    root = (folder / "root.json").read_bytes()
    trust = Trust(shelf.metadata, root, line.file, ThreadWorker("signatures"), gather=line.bundle)
    house, bells = _Idle(), Bells()
    station = files / "station.toml"
    station.write_text(f'[terminal]\nname = "{name}"\n', "utf-8")
    keeper = Keeper(shelf, trust, _OnceJudge(name, station), house, line, clock)
    _ = keeper.start()
    return _Client(name, house, EventLine(address, credentials, bells, SystemIds(clock).jitter), bells, keeper)


async def _live(folder: Path, address: str, names: Sequence[str]) -> None:
    clients = [_client(folder, address, name) for name in names]
    _ = _judged(tuple(sorted(_pushed_settings())))
    running = [asyncio.create_task(client.run()) for client in clients]
    async with asyncio.timeout(DEADLINE_SECONDS):
        for client in clients:
            _ = await client.events.held.wait()
    # Whoever has just connected asks once; the set is sent to terminals that stand idle.
    await asyncio.sleep(3.0)
    print(json.dumps({"held": len(clients)}), flush=True)
    async with asyncio.timeout(DEADLINE_SECONDS):
        for client in clients:
            _ = await client.house.in_force.wait()
    found = {client.name: {"in_force": client.house.at, "told": client.told} for client in clients}
    print(json.dumps(found), flush=True)
    for task in running:
        _ = task.cancel()
    os._exit(0)


def main(argv: Sequence[str] | None = None) -> int:
    """A lane, in a process of its own."""
    parser = argparse.ArgumentParser(prog="push")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--address", required=True)
    parser.add_argument("--terminals", required=True)
    options = parser.parse_args(argv)
    asyncio.run(_live(options.folder, options.address, options.terminals.split(",")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
