"""`central serve --workers N`: one command that keeps N server processes behind the same two ports.

Each process has a listening socket of its own per port, all bound to one address (SO_REUSEPORT, Linux socket(7)): the
kernel spreads new connections over them evenly, also those that are held for hours. The command keeps every socket
open: connections that came to a process which died wait for the one that takes its place. The command itself answers
nobody but the scraper.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from central.api.listening import Listening, announce
from central.api.metrics import added_up, inside_url, listen_inside, watch_books
from central.database import open_database, sqlite_url
from central.fleet.authority import Authority
from central.limits import STOP_SECONDS
from central.state import Locked, State
from central.system import SystemClock
from central.tables import load_tables

_LOG = logging.getLogger(__name__)

LOCAL_NAMES = ("127.0.0.1", "localhost", "::1")

READY = b"ready\n"
"""What a process says once both its listeners answer."""

FIGURES = "PROMETHEUS_MULTIPROC_DIR"
"""Where each process counts, in files that the command adds up (prometheus-client's own name for it)."""

READY_SECONDS = 120.0
"""So long the first process may take to make or bring up the database."""

_LIVED_SECONDS = 10.0
_PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Before a process is started again, the longer the more often it did not live long."""


@dataclass(slots=True)
class _Worker:
    number: int
    listening: Listening
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None


class Workers:
    """Keeps them alive until `stop`."""

    def __init__(self, command: tuple[str, ...], listening: tuple[Listening, ...], figures: Path) -> None:
        self._command = command
        self._environment = {**os.environ, FIGURES: str(figures)}
        self._workers = tuple(_Worker(number, each) for number, each in enumerate(listening))
        self._stopping = asyncio.Event()
        self._failed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """Of those that live."""
        return tuple(w.process.pid for w in self._workers if w.process is not None and w.process.returncode is None)

    def stop(self) -> None:
        """End them all."""
        self._stopping.set()

    async def run(self, ready: Callable[[], None]) -> bool:
        """Until `stop`; False when the first could not begin, and has said why. `ready` is called when all answer.

        The first makes what is missing (tables, people, certificates) before the others begin.
        """
        tasks: list[asyncio.Task[None]] = []
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            for worker in self._workers:
                tasks.append(asyncio.create_task(self._keep(worker)))
                if worker.number == 0:
                    await self._begun(worker, stopping)
            for worker in self._workers:
                await self._begun(worker, stopping)
            if not self._stopping.is_set():
                ready()
            _ = await stopping
            return not self._failed
        finally:
            self._stopping.set()
            _ = await asyncio.gather(*tasks)

    async def _begun(self, worker: _Worker, stopping: asyncio.Task[bool]) -> None:
        began = asyncio.create_task(worker.ready.wait())
        _ = await asyncio.wait([began, stopping], timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        _ = began.cancel()
        if not worker.ready.is_set() and not self._stopping.is_set():
            self._fail()

    def _fail(self) -> None:
        self._failed = True
        self._stopping.set()

    async def _keep(self, worker: _Worker) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            await self._once(worker)
            if self._stopping.is_set():
                return
            if not worker.ready.is_set() and worker.number == 0:
                # It never served: what is wrong is wrong for all.
                self._fail()
                return
            failures = 0 if time.monotonic() - began >= _LIVED_SECONDS else failures + 1
            _LOG.warning("server process %d ended by itself and is started again", worker.number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PAUSES[min(failures, len(_PAUSES) - 1)]):
                    _ = await self._stopping.wait()

    async def _once(self, worker: _Worker) -> None:
        sockets = (worker.listening.terminals.fileno(), worker.listening.people.fileno())
        # Its standard input is how it knows that this command lives: killed, it cannot end anybody.
        process = await asyncio.create_subprocess_exec(
            *self._command,
            "--worker",
            ",".join(str(number) for number in sockets),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=sockets,
            env=self._environment,
        )
        worker.process = process
        assert process.stdout is not None
        over = asyncio.create_task(process.wait())
        said = asyncio.create_task(process.stdout.readline())
        stopping = asyncio.create_task(self._stopping.wait())
        _ = await asyncio.wait([over, said, stopping], return_when=asyncio.FIRST_COMPLETED)
        if said.done() and said.result() == READY:
            worker.ready.set()
        _ = await asyncio.wait([over, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not over.done():
            process.send_signal(signal.SIGTERM)
            _ = await asyncio.wait([over], timeout=STOP_SECONDS * 4)
        if not over.done():
            process.kill()
        _ = await over
        _ = said.cancel(), stopping.cancel()


def run(options: argparse.Namespace) -> int:
    """Keep them until SIGTERM or SIGINT. 0 when ended so, 2 when they cannot begin."""
    state = State(options.state.resolve())
    try:
        _ = state.lock()
    except Locked:
        print("another server holds this folder", file=sys.stderr)
        return 2
    try:
        sockets = Listening.shared(options.host, options.port, options.workers)
    except OSError as error:
        print(f"cannot listen: {error.strerror}", file=sys.stderr)
        return 2
    figures = state.central / "figures"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir()
    registry = added_up(figures)
    sign_for_server(state, authority_folder(options, state), options.host)
    inside = None
    if options.metrics is not None:
        try:
            inside = listen_inside(options.metrics_host, options.metrics, registry, state.server)
        except OSError as error:
            print(f"cannot listen inside: {error.strerror}", file=sys.stderr)
            return 2

    async def keep() -> bool:
        workers = Workers(command_of(options), sockets, figures)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, workers.stop)

        def ready() -> None:
            metrics = None
            if inside is not None:
                engine = open_database(options.database or sqlite_url(state.database))
                watch_books(registry, engine, SystemClock(), len(load_tables().terminals))
                metrics = inside_url(options.metrics_host, inside)
            told = {**addresses(options, state, sockets[0], metrics), "workers": workers.pids}
            print(announce(state.address, told), flush=True)

        return await workers.run(ready)

    began = asyncio.run(keep())
    if inside is not None:
        inside.shutdown()
        inside.server_close()
    state.address.unlink(missing_ok=True)
    shutil.rmtree(figures, ignore_errors=True)
    return 0 if began else 2


def reachable_name(host: str) -> str:
    """What this host is called in addresses: the one it listens at, or itself where that is all of them."""
    return host if host not in ("0.0.0.0", "::") else LOCAL_NAMES[0]


def authority_folder(options: argparse.Namespace, state: State) -> Path:
    """Where the private authority lives."""
    return options.authority or state.authority


def sign_for_server(state: State, authority: Path, host: str) -> None:
    """The server's own certificate is signed anew at each start."""
    name = reachable_name(host)
    hosts = (name, *(each for each in LOCAL_NAMES if each != name))
    Authority(authority, SystemClock().now()).server(state.server, hosts)


def addresses(
    options: argparse.Namespace, state: State, listening: Listening, metrics: str | None
) -> dict[str, object]:
    """Where a server answers, as it is told and written down."""
    for_terminals, for_people = listening.urls(reachable_name(options.host))
    told: dict[str, object] = {"terminals": for_terminals, "people": for_people}
    told["ca"] = str(authority_folder(options, state) / "ca.pem")
    return told if metrics is None else {**told, "metrics": metrics}


def command_of(options: argparse.Namespace) -> tuple[str, ...]:
    """The command line of one process, but for its sockets."""
    words = [sys.executable, "-m", "central", "serve", "--state", str(options.state.resolve())]
    words += ["--host", options.host, "--seed", str(options.seed), "--workers", str(options.workers)]
    words += ["--terminals", options.terminals.value]
    for name in ("database", "faces", "blobs", "configuration_keys", "authority", "proxy", "people_url"):
        value = getattr(options, name)
        if value:
            words += [f"--{name.replace('_', '-')}", str(value)]
    return tuple(words)
