"""A driver as the terminal has it when it runs elsewhere: the same contract, and a process that may die.

Deadlines are held here. A command that was under way when the process died, hung or lied ends once, as a DeviceFault
that says the hardware may have acted; the next process is asked where everything is by whoever asks it.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import types
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from kiosk.devices.classes import DeviceClass
from kiosk.devices.isolation import wire
from kiosk.devices.isolation.codec import NotSendable, decode, encode
from kiosk.devices.isolation.described import ENDLESS, NOT_ASKED, Described, Method, described, nothing_known
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

T = TypeVar("T")

_log = logging.getLogger(__name__)

CLOSED = "closed"
DRIVER_FAILED = "driverFailed"
STATUS = "status"
"""The question that raises nothing: of a driver that is away everything is unknown."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and what a process may take."""

    hello: float = 20.0
    """From the start of a process to its first word: imports from a cold disk."""
    beat: float = 4.0
    """Silence after which a process counts as hung and is killed; it beats twice a second."""
    command: float = 150.0
    """For a command without seconds of its own."""
    margin: float = 20.0
    """Beyond the seconds given to a command: the driver's own time to find out."""
    health: float = 15.0
    close: float = 1.0
    restart_first: float = 0.2
    restart_most: float = 5.0
    """Between starts, doubled from the first to the most."""
    healthy_after: float = 10.0
    """A process that lived so long starts the pauses anew."""
    pending: int = 32
    """Commands under way at once; more are refused."""
    messages: int = 5_000
    """Of one second; a process that says more is killed."""
    idle_kib: int = 512 * 1024
    """Memory above which a process is ended while nothing is under way."""
    most_kib: int = 1024 * 1024
    """Memory above which it is ended at once."""


class _Life(enum.Enum):
    """How the process is, or how the last one ended; the values are codes of the health."""

    STARTING = "starting"
    ALIVE = ""
    DIED = "processDied"
    HUNG = "processHung"
    FLOODED = "processFlooded"
    LEAKED = "processLeaked"
    USELESS = "driverUnusable"
    CLOSED = "closed"


@dataclass(slots=True)
class _Asked:
    """A command that awaits exactly one completion."""

    method: Method | None
    callbacks: Mapping[str, Callable[..., None]]
    done: asyncio.Future[Any]


class _Away(Exception):
    """The process ended under a command, or before it could be sent; `sent` says which."""

    def __init__(self, life: _Life, *, sent: bool) -> None:
        super().__init__(life.value)
        self.life = life
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which driver, with which settings."""

    device: DeviceClass
    driver: str
    settings: Mapping[str, object] = field(default_factory=dict[str, object])

    def message(self) -> dict[str, Any]:
        """The first message to its process."""
        return {"do": "begin", "class": self.device.value, "driver": self.driver, "settings": dict(self.settings)}


class Isolated:
    """Keeps one process alive and asks it. Made by `isolated`, which gives it the methods of its contract."""

    def __init__(self, contract: Described, wanted: Wanted, limits: Limits, python: str) -> None:
        self._contract = contract
        self._wanted = wanted
        self._limits = limits
        self._python = python
        self._child: Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._ready = asyncio.Event()
        self._settled = asyncio.Event()
        self._life = _Life.STARTING
        self._asked: dict[int, _Asked] = {}
        self._number = 0
        self._starts = 0
        self._kib = 0
        self._why = ""
        self._capabilities: Any = None
        self._known = False
        self._used: set[str] = set()

    @property
    def child_id(self) -> int | None:
        """The process id, while there is one."""
        return self._child.pid if self._child is not None else None

    @property
    def starts(self) -> int:
        """How often a process has been started."""
        return self._starts

    @property
    def pending(self) -> int:
        """Commands under way."""
        return len(self._asked)

    # -- what every driver has ------------------------------------------------------------------------------

    async def health(self) -> Health:
        """The driver's own, or why there is no driver to ask."""
        self._begin()
        if not self._ready.is_set():
            return self._away()
        try:
            return cast("Health", await self._ask(None, {}, {}, self._limits.health))
        except DeviceFault:
            return self._away()

    async def close(self) -> None:
        """End the process. Safe to call twice; commands under way end as canceled."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._fail(_Life.CLOSED)
        if self._keeper is not None:
            await asyncio.wait([self._keeper])
        self._life = _Life.CLOSED

    # -- what its contract has ------------------------------------------------------------------------------

    def known_capabilities(self) -> Any:
        """Static, also before the first process has said them: then one is asked for nothing else, and waited for.

        Raises DeviceFault when it does not say them.
        """
        if not self._known:
            self._learn(_capabilities_of(self._wanted, self._python, self._limits.hello))
        return self._capabilities

    async def command(self, method: Method, given: Mapping[str, Any]) -> Any:
        """Carry out one method of the contract. Raises DeviceFault and nothing else."""
        self._begin()
        arguments = {name: value for name, value in given.items() if name in method.arguments}
        callbacks = {name: value for name, value in given.items() if name in method.callbacks and value is not None}
        try:
            sent = {name: encode(value, method.arguments[name]) for name, value in arguments.items()}
        except NotSendable:
            raise DeviceFault(Completion.INVALID_DATA, acted=False) from None
        grant = getattr(given.get("permit"), "grant", None)
        if grant in self._used:
            # The driver remembers its permits too, until its process ends.
            raise DeviceFault(Completion.AUTHORISATION_REQUIRED, acted=False)
        seconds = given.get("seconds")
        limit = self._limits.command
        if isinstance(seconds, int | float):
            limit = float(seconds) + self._limits.margin
        while True:
            try:
                await self._until_ready(method)
                if isinstance(grant, str):
                    self._used.add(grant)
                return await self._ask(method, sent, callbacks, None if method.name == ENDLESS else limit)
            except DeviceFault as fault:
                if method.name == STATUS:
                    return nothing_known(method.result, self._away())
                if method.name == ENDLESS and fault.completion is Completion.DEVICE_NOT_READY and not self._over():
                    await asyncio.sleep(self._limits.restart_first)
                    continue
                raise

    # -- asking ---------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if self._keeper is None and not self._closing.is_set():
            self._keeper = asyncio.get_running_loop().create_task(
                self._keep(), name=f"isolated-{self._wanted.driver}"
            )

    def _over(self) -> bool:
        return self._closing.is_set()

    async def _until_ready(self, method: Method) -> None:
        """The very first process is waited for; later ones are not: the device is offline for so long."""
        if self._over():
            raise DeviceFault(Completion.DEVICE_NOT_READY, CLOSED, acted=False)
        if self._ready.is_set():
            return
        if self._life is _Life.STARTING or method.name == ENDLESS:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._limits.hello):
                    await self._settled.wait()
        if not self._ready.is_set():
            raise DeviceFault(Completion.DEVICE_NOT_READY, self._life.value, acted=False)

    async def _ask(
        self,
        method: Method | None,
        arguments: Mapping[str, Any],
        callbacks: Mapping[str, Callable[..., None]],
        seconds: float | None,
    ) -> Any:
        if len(self._asked) >= self._limits.pending:
            raise DeviceFault(Completion.DEVICE_NOT_READY, "busy", acted=False)
        self._number += 1
        number = self._number
        asked = _Asked(method, callbacks, asyncio.get_running_loop().create_future())
        self._asked[number] = asked
        try:
            self._send(
                {
                    "do": "call",
                    "id": number,
                    "method": "health" if method is None else method.name,
                    "arguments": dict(arguments),
                    "callbacks": list(callbacks),
                }
            )
            async with asyncio.timeout(seconds):
                return await asked.done
        except _Away as away:
            completion = Completion.CANCELED if away.life is _Life.CLOSED else Completion.DEVICE_NOT_READY
            raise DeviceFault(completion, away.life.value, acted=away.sent) from None
        except TimeoutError:
            # It beats, and its driver does not keep its own deadlines: nobody knows what it does, so it ends.
            self._kill(_Life.HUNG)
            raise DeviceFault(Completion.TIME_OUT, acted=True) from None
        except asyncio.CancelledError:
            with contextlib.suppress(_Away):
                self._send({"do": "cancel", "id": number})
            raise
        finally:
            del self._asked[number]

    def _send(self, message: dict[str, Any]) -> None:
        if self._writer is None or self._writer.is_closing():
            raise _Away(_Life.DIED, sent=False)
        self._writer.write(wire.line(message))

    def _fail(self, life: _Life) -> None:
        for asked in self._asked.values():
            if not asked.done.done():
                asked.done.set_exception(_Away(life, sent=True))

    def _away(self) -> Health:
        told = f"{self._why}; starts {self._starts}" if self._why else f"starts {self._starts}"
        match self._life:
            case _Life.STARTING | _Life.ALIVE:
                return Health(DeviceState.STARTING, "", told)
            case life:
                # As of any device that says nothing: looked for soon, and asked where everything is once it is back.
                return Health(DeviceState.POWER_OFF, life.value, told)

    # -- the process ----------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        limits = self._limits
        loop = asyncio.get_running_loop()
        pause = limits.restart_first
        while not self._over():
            began = loop.time()
            try:
                life = await self._live()
            except OSError:
                life = _Life.DIED
            self._ready.clear()
            self._life = life if not self._over() else _Life.CLOSED
            self._settled.set()
            self._fail(self._life)
            if loop.time() - began >= limits.healthy_after:
                pause = limits.restart_first
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._closing.wait()
            pause = min(pause * 2, limits.restart_most)

    async def _live(self) -> _Life:
        """One process from its start to its end; how it ended."""
        ours, theirs = socket.socketpair()
        try:
            self._starts += 1
            child = await asyncio.create_subprocess_exec(
                self._python,
                "-m",
                "kiosk.devices.isolation.child",
                *("--socket", str(theirs.fileno()), "--parent", str(os.getpid())),
                stdin=asyncio.subprocess.DEVNULL,
                # What a vendor's library prints may name people, and may be without end.
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._child = child
        reader, writer = await asyncio.open_connection(sock=ours, limit=wire.LONGEST_LINE)
        self._writer = writer
        try:
            writer.write(wire.line(self._wanted.message()))
            return await self._attend(reader)
        finally:
            self._writer = None
            writer.close()
            await self._end(child)
            self._child = None

    async def _attend(self, reader: asyncio.StreamReader) -> _Life:
        closing = asyncio.ensure_future(self._closing.wait())
        listening = asyncio.ensure_future(self._listen(reader))
        try:
            await asyncio.wait((closing, listening), return_when=asyncio.FIRST_COMPLETED)
            return listening.result() if listening.done() else _Life.CLOSED
        finally:
            for task in (closing, listening):
                task.cancel()
            await asyncio.wait((closing, listening))

    async def _listen(self, reader: asyncio.StreamReader) -> _Life:
        loop = asyncio.get_running_loop()
        heard, silence = loop.time(), self._limits.hello
        second, messages = loop.time(), 0
        while True:
            try:
                async with asyncio.timeout_at(heard + silence):
                    data = await reader.readline()
            except TimeoutError:
                return _Life.HUNG
            except (ConnectionError, ValueError):
                # ValueError: a line longer than any message.
                return _Life.DIED if not isinstance(sys.exc_info()[1], ValueError) else _Life.FLOODED
            if not data.endswith(b"\n"):
                return self._ended()
            if loop.time() - second >= 1:
                second, messages = loop.time(), 0
            messages += 1
            if messages > self._limits.messages:
                return _Life.FLOODED
            try:
                message = wire.parse(data)
                if message["say"] in ("hello", "beat"):
                    # Only what its loop says by itself counts: answers of a thread must not hide a loop that hangs.
                    heard, silence = loop.time(), self._limits.beat
                if life := self._take(message):
                    return life
            except (wire.BadLine, NotSendable, LookupError, TypeError, ValueError):
                return _Life.DIED

    def _ended(self) -> _Life:
        """The socket was closed from the other side, perhaps because we have just killed it."""
        return self._life if self._life not in (_Life.ALIVE, _Life.STARTING) else _Life.DIED

    def _take(self, message: dict[str, Any]) -> _Life | None:
        match message["say"]:
            case "hello":
                self._learn(message["capabilities"])
                self._life, self._why = _Life.ALIVE, ""
                self._ready.set()
                self._settled.set()
            case "beat":
                self._kib = int(message["kib"])
                if self._kib > self._limits.most_kib or (self._kib > self._limits.idle_kib and not self._asked):
                    return _Life.LEAKED
            case "useless":
                self._why = str(message["why"])[:200]
                return _Life.USELESS
            case "tell":
                self._told(message)
            case "done" | "fault" | "broke":
                self._complete(message)
            case unknown:
                raise ValueError(unknown)
        return None

    def _told(self, message: dict[str, Any]) -> None:
        asked = self._asked.get(message["id"])
        if asked is None or asked.method is None or asked.done.done():
            return
        name = message["name"]
        hints = asked.method.callbacks[name]
        values = [decode(value, hint) for value, hint in zip(message["arguments"], hints, strict=True)]
        if callback := asked.callbacks.get(name):
            callback(*values)

    def _complete(self, message: dict[str, Any]) -> None:
        asked = self._asked.get(message["id"])
        if asked is None or asked.done.done():
            return
        match message["say"]:
            case "done":
                hint = Health if asked.method is None else asked.method.result
                asked.done.set_result(decode(message["value"], hint))
            case "fault":
                completion = Completion(message["completion"])
                asked.done.set_exception(
                    DeviceFault(completion, str(message["code"])[:80], acted=bool(message["acted"]))
                )
            case _:
                _log.debug("%s: its driver raised %s", self._wanted.device.value, str(message["kind"])[:80])
                asked.done.set_exception(DeviceFault(Completion.HARDWARE_ERROR, DRIVER_FAILED, acted=True))

    def _learn(self, capabilities: Any) -> None:
        hint = self._contract.capabilities
        if hint is None or self._known:
            return
        self._capabilities, self._known = decode(capabilities, hint), True

    def _kill(self, life: _Life) -> None:
        self._life = life
        self._ready.clear()
        if self._child is not None:
            _end_now(self._child)

    async def _end(self, child: Process) -> None:
        """Its socket is closed: a sound process ends by itself, any other is ended."""
        if self._over():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._limits.close):
                    await child.wait()
        if child.returncode is None:
            _end_now(child)
        await child.wait()


def _end_now(child: Process) -> None:
    """By its number: asyncio's own `kill` looks whether it has ended, and takes its end from whoever waits for it."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)


def _capabilities_of(wanted: Wanted, python: str, seconds: float) -> Any:
    """Ask a process for its driver's capabilities, and for nothing else. Raises DeviceFault."""
    try:
        done = subprocess.run(
            [python, "-m", "kiosk.devices.isolation.child"],
            input=wire.line(wanted.message()),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        return json.loads(done.stdout.splitlines()[-1])["capabilities"]
    except (OSError, subprocess.TimeoutExpired, ValueError, LookupError, TypeError):
        raise DeviceFault(Completion.DEVICE_NOT_READY, _Life.USELESS.value, acted=False) from None


_LIMITS = Limits()


def isolated(contract: type[T], wanted: Wanted, limits: Limits = _LIMITS, python: str = sys.executable) -> T:
    """A driver of this contract in a process of its own, started when it is first asked something.

    Raises NotIsolable for a contract that cannot be said between processes.
    """
    said = described(contract)
    members: dict[str, Any] = {
        name: _method(method) for name, method in said.methods.items() if name not in NOT_ASKED
    }
    if said.capabilities is not None:
        members["capabilities"] = property(Isolated.known_capabilities)
    kind = types.new_class(f"Isolated{said.name}", (Isolated,), {}, lambda namespace: namespace.update(members))
    return cast("T", kind(said, wanted, limits, python))


def _method(method: Method) -> Callable[..., Any]:
    async def ask(self: Isolated, *args: Any, **kwargs: Any) -> Any:
        return await self.command(method, method.signature.bind(*args, **kwargs).arguments)

    ask.__name__ = method.name
    return ask
