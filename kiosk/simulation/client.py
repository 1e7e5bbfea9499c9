"""How tests, journeys and the dock reach the world, and how they start it when it is not there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import psutil

from kiosk.simulation.places import Places
from kiosk.simulation.sockets import reachable

CALL_SECONDS = 45.0
GLANCE_SECONDS = 0.25
"""How often a watch looks whether it is to end."""

START_SECONDS = 30.0
RIVAL_SECONDS = 5.0
_OVERLAY = Path(__file__).resolve().parents[2] / "config" / "simulated.toml"


class WorldGone(Exception):
    """No world answers in that directory."""


class WorldError(Exception):
    """The world answered that it cannot do that."""


class WorldClient:
    """Blocking; a fresh connection for every call, so that it survives a world that was killed and came back."""

    def __init__(self, state_dir: Path | str) -> None:
        self._places = Places(Path(state_dir).resolve())

    def call(self, do: str, **arguments: Any) -> dict[str, Any]:
        """One command. Raises WorldGone, or WorldError with the world's sentence."""
        with self._connected(CALL_SECONDS) as lines:
            lines.send({"do": do, **arguments})
            reply = lines.receive()
        if not reply.pop("ok", False):
            raise WorldError(reply.get("error", "no reason given"))
        return reply

    def state(self) -> dict[str, Any]:
        """Everything as it is now."""
        return self.call("state")

    def wait(self, condition: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """The first state for which the condition holds. Raises TimeoutError, WorldGone."""
        deadline = time.monotonic() + seconds
        with self._connected(seconds) as lines:
            lines.send({"do": "watch"})
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the world did not come to that")
                lines.allow(left)
                state = lines.receive()["state"]
                if condition(state):
                    return state

    def watch(self, seen: Callable[[dict[str, Any]], None], ended: Callable[[], bool]) -> None:
        """Call `seen` with the state now and after every change, until `ended`. Blocks. Raises WorldGone."""
        with self._connected(CALL_SECONDS) as lines:
            lines.send({"do": "watch"})
            lines.allow(GLANCE_SECONDS)
            while not ended():
                with contextlib.suppress(TimeoutError):
                    seen(lines.receive()["state"])

    @contextlib.contextmanager
    def _connected(self, seconds: float) -> Generator[_Lines]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(seconds)
            try:
                with reachable(self._places.socket) as path:
                    connection.connect(path)
            except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
                raise WorldGone("no world answers in this directory") from None
            yield _Lines(connection)


class _Lines:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""

    def allow(self, seconds: float) -> None:
        self._connection.settimeout(seconds)

    def send(self, request: dict[str, Any]) -> None:
        try:
            self._connection.sendall(json.dumps(request).encode() + b"\n")
        except ConnectionError:
            raise WorldGone("the world died") from None

    def receive(self) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            try:
                data = self._connection.recv(65536)
            except ConnectionError:
                raise WorldGone("the world died") from None
            if not data:
                raise WorldGone("the world died")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return json.loads(line)


def start_world(state_dir: Path | str, **options: object) -> dict[str, str]:
    """The ports of the world of a directory, started in the background if nobody answers there. Blocks.

    Options are those of the command line (seed, upstream, central, pace, lonely, board). A world that runs already
    keeps its own, except that it is told a new upstream. Raises WorldGone when it does not come up.
    """
    client = WorldClient(state_dir)
    with contextlib.suppress(WorldGone):
        if options.get("upstream"):
            client.call("upstream", address=str(options["upstream"]))
        return client.call("ports")
    places = Places(Path(state_dir).resolve())
    places.world.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "kiosk.simulation.world", "--state", str(places.root)]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    # A shell in between lets go of the world at once: it is nobody's child and outlives whoever started it.
    with places.log.open("ab") as log:
        started = subprocess.run(
            ["/bin/sh", "-c", '"$@" >/dev/null & echo $!', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            cwd=Path(__file__).resolve().parents[2],
            timeout=START_SECONDS,
            check=True,
        )
    pid = int(started.stdout)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(WorldGone):
            return client.call("ports")
        if not psutil.pid_exists(pid):
            # Perhaps because somebody else started one in the same moment: that one gets a little longer.
            deadline = min(deadline, time.monotonic() + RIVAL_SECONDS)
        time.sleep(0.02)
    raise WorldGone(f"the world did not come up; see {places.log.name}")


async def ensure_world(state_dir: Path | str, **options: object) -> dict[str, str]:
    """`start_world` without blocking the loop."""
    return await asyncio.to_thread(lambda: start_world(state_dir, **options))


def overlay(ports: dict[str, str]) -> dict[str, Any]:
    """config/simulated.toml with the ports filled in: what a terminal in simulation puts over its settings."""
    text = _OVERLAY.read_text("utf-8")
    for name, value in ports.items():
        text = text.replace("{" + name + "}", value)
    return tomllib.loads(text)
