"""The world as a process: `python -m kiosk.simulation.world --state DIR [--seed N] [--upstream HOST:PORT]`.

Prints one line of JSON when everything is open, the same as DIR/world/ports.json. Then speaks JSON lines on
DIR/world/world.sock: {"do": COMMAND, ...} is answered by {"ok": true, ...} or {"ok": false, "error": SENTENCE};
{"do": "watch"} is answered by the state now and after every change, until the client leaves. One world per
directory. It ends by itself when nobody has been there for a while: no client, no running terminal.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import json
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeGuard

from pydantic import ValidationError

from kiosk.people.synthetic import BEIJING, PopulationKey
from kiosk.simulation.camera import PATH as CAMERA_PATH
from kiosk.simulation.camera import CameraServer
from kiosk.simulation.commands import Commands, Reply
from kiosk.simulation.entrance import ContactFile
from kiosk.simulation.headquarters import HeadquartersWire, unsigned_certificate
from kiosk.simulation.page_printer import PATH as PRINTER_PATH
from kiosk.simulation.page_printer import PagePrinter, PagePrinterServer
from kiosk.simulation.papers import FilePapers
from kiosk.simulation.phone import CannotPay, Press, press
from kiosk.simulation.places import Places
from kiosk.simulation.plugs import SERIAL, Plug, simulator
from kiosk.simulation.scene import Impossible, Scene
from kiosk.simulation.sockets import reachable
from kiosk.simulation.state import Board, Device, FileStore, Network, Payment, Polarity, WorldState
from kiosk.simulation.tcp import TcpPlug
from kiosk.simulation.timing import Timing
from kiosk.simulation.ups import Stream, Supply
from kiosk.simulation.wires import PtyPort
from kiosk.simulation.xfs4iot import SERVICE, Service

LONELY_SECONDS = 15 * 60.0
_LONELY_CHECK_SECONDS = 5.0
_HOLD_SECONDS = 0.3
_LONGEST_REQUEST = 1024 * 1024


class Taken(Exception):
    """Another world lives in this directory."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a world is started. `seed` and `boards` matter at its first start only; `pace` scales all waits."""

    root: Path
    seed: int = 1
    upstream: str = ""
    central: str = ""
    pace: float = 1.0
    lonely_seconds: float = LONELY_SECONDS
    boards: tuple[Board, ...] = (Board(),)


class FileSpool:
    """Documents on disk, one file a job."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _file(self, job: int) -> Path:
        return self._folder / f"{job:04d}.pdf"

    def put(self, job: int, document: bytes) -> None:
        """Append to what is there."""
        with self._file(job).open("ab") as file:
            file.write(document)

    def get(self, job: int) -> bytes:
        """What has been put so far."""
        return self._file(job).read_bytes() if self._file(job).exists() else b""

    def drop(self, job: int) -> None:
        """Forget it."""
        self._file(job).unlink(missing_ok=True)


def _hold(path: Path) -> int:
    """The lock of a directory, held until the process ends. Raises Taken."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    # Somebody may just be looking whether the lock is held, which takes a moment; a world keeps it.
    until = time.monotonic() + _HOLD_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(descriptor)
                raise Taken(str(path.parent)) from None
            time.sleep(0.01)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor


def _population_key(places: Places, seed: int) -> PopulationKey:
    """The key on disk, or a new one, whole or not at all."""
    part = places.root / f"population.{os.getpid()}.part"
    part.write_text(PopulationKey(seed, datetime.now(BEIJING).date()).to_json() + "\n", "utf-8")
    try:
        os.link(part, places.population)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return PopulationKey.from_json(places.population.read_text("utf-8"))


def running_terminal(places: Places) -> int | None:
    """The process id of the terminal that holds its lock, or None.

    Read from the kernel's list of locks: trying the lock would keep a terminal that starts just now from taking it.
    """
    try:
        inode = places.terminal_lock.stat().st_ino
        listed = Path("/proc/locks").read_text("ascii")
    except FileNotFoundError:
        return None
    for line in listed.splitlines():
        # 7: FLOCK  ADVISORY  WRITE 4711 fd:01:1234567 0 EOF
        match line.split():
            case [_, "FLOCK", "ADVISORY", "WRITE", pid, file, *_] if file.rpartition(":")[2] == str(inode):
                if _holds(int(pid), places.terminal_lock):
                    return int(pid)
            case _:
                continue
    return None


def _holds(pid: int, file: Path) -> bool:
    """Whether a process has this file open; inode numbers alone are unique within one file system only."""
    try:
        return any(entry.readlink() == file for entry in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


class World:
    """Everything that lives in the process."""

    def __init__(self, options: Options, places: Places) -> None:
        self._options = options
        self._places = places
        store = FileStore(places.state)
        state = store.load()
        if state is None:
            key = _population_key(places, options.seed)
            state = WorldState(seed=key.seed, as_of=key.as_of, boards=list(options.boards))
        if options.upstream:
            state.upstream = options.upstream
        machines = (places.root / f"{name}.json" for name in ("endorsement-writer", "plate-printer", "dispenser"))
        self.scene = Scene(state, store, *machines)
        self._commands = Commands(self.scene)
        self._clients: set[asyncio.StreamWriter] = set()
        self._clock_written: float | None = None
        self._writer = Service(self.scene.passes.maker)
        self._plates = Service(self.scene.plates)
        self._documents = Service(self.scene.dispenser)
        timing = Timing().scaled(options.pace)
        papers = FilePapers(self.scene, places.papers)
        self._printer = PagePrinter(
            self.scene, timing, random.Random(f"{state.seed} page-printer"), papers, FileSpool(places.spool)
        )
        self._plugs = [
            Plug(self.scene, device, simulator(device, self.scene, timing, papers), PtyPort(places.device(device)))
            for device in SERIAL
        ]
        wire = HeadquartersWire(self.scene, timing, places.certificate)
        self._listeners = [
            self._listener(Device.CAMERA, CameraServer(self.scene).serve),
            self._listener(Device.PAGE_PRINTER, PagePrinterServer(self.scene, self._printer).serve),
            self._listener(Device.UPS, Supply(self.scene).serve),
            self._listener(Device.ENDORSEMENT_WRITER, self._write_endorsements),
            self._listener(Device.PLATE_PRINTER, self._print_plates),
            self._listener(Device.DISPENSER, self._hand_out_documents),
            self._listener(Device.HEADQUARTERS, wire.serve),
        ]
        self._ending = asyncio.Event()

    def _listener(self, device: Device, handler: Any) -> TcpPlug:
        def wanted() -> bool:
            cut = device is Device.HEADQUARTERS and self.scene.state.network is Network.DOWN
            return self.scene.plugged(device) and not cut

        return TcpPlug(self.scene, device, handler, wanted)

    async def _write_endorsements(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._writer.serve(Stream(reader, writer))

    async def _print_plates(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._plates.serve(Stream(reader, writer))

    async def _hand_out_documents(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._documents.serve(Stream(reader, writer))

    def ports(self) -> dict[str, str]:
        """Where every device is; the names never change."""
        tcp = self.scene.state.tcp_ports
        return {
            **{device.value: str(self._places.device(device)) for device in SERIAL},
            "camera": f"http://127.0.0.1:{tcp[Device.CAMERA]}{CAMERA_PATH}",
            "page-printer": f"ipp://127.0.0.1:{tcp[Device.PAGE_PRINTER]}{PRINTER_PATH}",
            "endorsement-writer": f"ws://127.0.0.1:{tcp[Device.ENDORSEMENT_WRITER]}{SERVICE}",
            "door-contact": str(self._places.door_contact),
            "plate-printer": f"ws://127.0.0.1:{tcp[Device.PLATE_PRINTER]}{SERVICE}",
            "dispenser": f"ws://127.0.0.1:{tcp[Device.DISPENSER]}{SERVICE}",
            "ups": f"tcp://127.0.0.1:{tcp[Device.UPS]}",
            "headquarters": f"127.0.0.1:{tcp[Device.HEADQUARTERS]}",
        }

    # -- life ------------------------------------------------------------------------------------------------------

    async def live(self, ready: Any) -> None:
        """Until told to end, or lonely. Calls `ready` with the ports once everything is open."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ending.set)
        for listener in self._listeners:
            await listener.prepare()
        self._printer.uri = self.ports()["page-printer"]
        self._places.socket.unlink(missing_ok=True)
        with reachable(self._places.socket) as path:
            server = await asyncio.start_unix_server(self._client, path, limit=_LONGEST_REQUEST)
        self._places.socket.chmod(0o600)
        self._write_clock()
        self.scene.listen(self._write_clock)
        _ = ContactFile(self.scene, self._places.door_contact)
        try:
            async with asyncio.TaskGroup() as living:
                tasks = [
                    *(living.create_task(plug.run(), name=plug.device.value) for plug in self._plugs),
                    *(living.create_task(listener.run(), name=listener.device.value) for listener in self._listeners),
                    living.create_task(self._printer.run(), name="printing"),
                    living.create_task(self._watch_loneliness(), name="loneliness"),
                ]
                await self._until_plugged()
                _replace(self._places.ports, json.dumps(self.ports(), indent=1) + "\n")
                ready(self.ports())
                await self._ending.wait()
                for task in tasks:
                    task.cancel()
        finally:
            server.close()
            for writer in self._clients:
                writer.transport.abort()

    async def _until_plugged(self) -> None:
        """Until every port that should be there is there."""
        due = [device for device in SERIAL if self.scene.plugged(device)]
        while not all(self._places.device(device).is_symlink() for device in due):
            await asyncio.sleep(0)

    async def _watch_loneliness(self) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while loop.time() - last < self._options.lonely_seconds:
            await asyncio.sleep(min(_LONELY_CHECK_SECONDS, self._options.lonely_seconds / 2))
            if self._clients or running_terminal(self._places) is not None:
                last = loop.time()
        self._ending.set()

    def _write_clock(self) -> None:
        offset = self.scene.state.clock_offset
        if offset != self._clock_written:
            _replace(self._places.clock, json.dumps({"offset_seconds": offset}) + "\n")
            self._clock_written = offset

    # -- clients ---------------------------------------------------------------------------------------------------

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        try:
            with contextlib.suppress(ConnectionError, ValueError):
                while line := await reader.readline():
                    request = _request(line)
                    if request is None:
                        await _say(writer, {"ok": False, "error": "a request is one JSON object on a line"})
                    elif request.get("do") == "watch":
                        await self._watch(writer)
                    else:
                        await _say(writer, await self.answer(request))
        finally:
            self._clients.discard(writer)
            writer.close()

    async def _watch(self, writer: asyncio.StreamWriter) -> None:
        fresh = asyncio.Event()
        fresh.set()
        stop_listening = self.scene.listen(fresh.set)
        try:
            while not writer.is_closing():
                await fresh.wait()
                fresh.clear()
                await _say(writer, {"ok": True, "state": self._commands.call("state", {})})
        finally:
            stop_listening()

    async def answer(self, request: dict[str, Any]) -> Reply:
        """One reply to one request."""
        arguments = {key: value for key, value in request.items() if key != "do"}
        try:
            match request.get("do"):
                case "ports":
                    return {"ok": True, **self.ports()}
                case "pay":
                    return {"ok": True, **await self._pay(arguments, Press.CONFIRM)}
                case "pay-decline":
                    return {"ok": True, **await self._pay(arguments, Press.DECLINE)}
                case "kill-terminal":
                    return {"ok": True, **self._kill_terminal()}
                case "end":
                    asyncio.get_running_loop().call_later(0.05, self._ending.set)
                    return {"ok": True}
                case do:
                    return {"ok": True, **self._commands.call(str(do), arguments)}
        except Impossible as why:
            return {"ok": False, "error": str(why)}

    async def _pay(self, arguments: dict[str, Any], button: Press) -> Reply:
        url = str(arguments.get("url", ""))
        if url.startswith("/") and self._options.central:
            url = self._options.central.rstrip("/") + url
        if not url.startswith(("http://", "https://")):
            raise Impossible("pay needs the address the code leads to")
        try:
            outcome = await asyncio.to_thread(press, url, button)
        except CannotPay as why:
            self.scene.paid(Payment(url=url, outcome=f"failed: {why}"))
            raise Impossible(str(why)) from None
        self.scene.paid(Payment(url=url, outcome=button.value))
        return {"status": int(outcome)}

    def _kill_terminal(self) -> Reply:
        pid = running_terminal(self._places)
        if pid is None or pid == os.getpid():
            raise Impossible("no terminal is running")
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            raise Impossible("no terminal is running") from None
        return {"pid": pid}


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _request(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if _is_object(value) else None


async def _say(writer: asyncio.StreamWriter, reply: Reply) -> None:
    writer.write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
    await writer.drain()


def _replace(path: Path, text: str) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


def run(options: Options, ready: Any) -> None:
    """Make the directory, take the lock, live. Raises Taken; ValueError when the saved world is unreadable."""
    places = Places(options.root.resolve())
    for folder in (places.world / "dev", places.papers, places.spool):
        folder.mkdir(parents=True, exist_ok=True)
    held = _hold(places.lock)
    for device in SERIAL:
        places.device(device).unlink(missing_ok=True)
    try:
        unsigned_certificate(places.certificate)

        async def alive() -> None:
            await World(options, places).live(ready)

        asyncio.run(alive())
    finally:
        places.socket.unlink(missing_ok=True)
        os.close(held)


def _board(text: str) -> Board:
    """ADDRESS[:WAYS[:POLARITY[:unsolicited]]]."""
    parts = text.split(":")
    fields: dict[str, Any] = dict(zip(("address", "ways", "polarity"), parts, strict=False))
    try:
        return Board.model_validate({**fields, "unsolicited": parts[3:] == ["unsolicited"]})
    except ValidationError:
        polarities = "|".join(p.value for p in Polarity)
        raise argparse.ArgumentTypeError(f"a board is ADDRESS[:WAYS[:{polarities}[:unsolicited]]]") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.simulation.world", description="The simulated world.")
    parser.add_argument("--state", type=Path, required=True, help="state directory; the world lives in DIR/world")
    parser.add_argument("--seed", type=int, default=1, help="of the people, at the first start")
    parser.add_argument("--upstream", default="", help="HOST:PORT where headquarters listens for terminals")
    parser.add_argument("--central", default="", help="address of headquarters' listener for people")
    parser.add_argument("--pace", type=float, default=1.0, help="scales the time everything takes")
    parser.add_argument("--lonely", type=float, default=LONELY_SECONDS, help="seconds alone after which it ends")
    parser.add_argument("--board", type=_board, action="append", help="ADDRESS[:WAYS[:POLARITY[:unsolicited]]]")
    given = parser.parse_args(arguments)
    options = Options(
        root=given.state,
        seed=given.seed,
        upstream=given.upstream,
        central=given.central,
        pace=given.pace,
        lonely_seconds=given.lonely,
        boards=tuple(given.board or (Board(),)),
    )

    def ready(ports: dict[str, str]) -> None:
        print(json.dumps(ports), flush=True)

    try:
        run(options, ready)
    except Taken:
        print("another world lives in this directory", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
