"""The process of one isolated driver: `python -m kiosk.devices.isolation.child --socket FD --parent PID`.

It ends when the terminal closes its end of the socket, at the latest a second later, and with the terminal's own end.
What a vendor's library prints goes nowhere: it may name people.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from kiosk.devices.classes import DeviceClass
from kiosk.devices.drivers import InvalidSettings, Tools, UnknownDriver
from kiosk.devices.isolation import wire
from kiosk.devices.isolation.codec import NotSendable, decode, encode
from kiosk.devices.isolation.described import Described, Method, described
from kiosk.devices.lines import line_at
from kiosk.devices.page_printer.posting import poster
from kiosk.devices.register import REGISTER, Registered
from kiosk.devices.supervisor import Driver
from kiosk.devices.words import DeviceFault

T = TypeVar("T")

BEAT_SECONDS = 0.5
CLOSE_SECONDS = 0.7
_PR_SET_PDEATHSIG = 1
"""linux/prctl.h"""
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


class _Clock:
    """Wall time, and the running loop's seconds."""

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        return time.monotonic()


class _Thread:
    """A thread for calls that block."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)

    async def run(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def tools() -> Tools:
    """What a driver gets here: the machine's clock, real lines, threads."""
    return Tools(clock=_Clock(), line=line_at, worker=_Thread, post=poster(time.monotonic))


def build(begin: dict[str, Any]) -> tuple[Driver, Registered]:
    """The driver that the first message names. Raises UnknownDriver, InvalidSettings."""
    registered = REGISTER[DeviceClass(begin["class"])]
    return registered.catalogue.make(begin["driver"], begin["settings"], tools()), registered


def capabilities_of(driver: Driver, contract: Described) -> Any:
    """As JSON; None where the contract has none. Raises NotSendable."""
    if contract.capabilities is None:
        return None
    return encode(getattr(driver, "capabilities"), contract.capabilities)  # noqa: B009 (not every contract has it)


class Child:
    """Serves one driver on one socket."""

    def __init__(self, writer: asyncio.StreamWriter, driver: Driver, contract: Described) -> None:
        self._writer = writer
        self._driver = driver
        self._contract = contract
        self._running: dict[int, asyncio.Task[None]] = {}

    def say(self, message: dict[str, Any]) -> None:
        """One message to the terminal."""
        self._writer.write(wire.line(message))

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Until the terminal closes or is gone."""
        beating = asyncio.get_running_loop().create_task(self._beat())
        try:
            while data := await reader.readline():
                message = wire.parse(data)
                match message["do"]:
                    case "call":
                        self._call(message)
                    case "cancel":
                        if task := self._running.get(message["id"]):
                            task.cancel()
                    case _:
                        return
        finally:
            beating.cancel()
            for task in self._running.values():
                task.cancel()
            with contextlib.suppress(TimeoutError, Exception):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self._driver.close()

    async def _beat(self) -> None:
        while True:
            self.say({"say": "beat", "kib": resident_kib()})
            await asyncio.sleep(BEAT_SECONDS)

    def _call(self, message: dict[str, Any]) -> None:
        number = message["id"]
        method = self._contract.methods[message["method"]]
        task = asyncio.get_running_loop().create_task(self._carry_out(number, method, message))
        self._running[number] = task
        task.add_done_callback(lambda _done: self._running.pop(number, None))

    async def _carry_out(self, number: int, method: Method, message: dict[str, Any]) -> None:
        try:
            given: dict[str, Any] = {
                name: decode(value, method.arguments[name]) for name, value in message["arguments"].items()
            }
            for name in message["callbacks"]:
                given[name] = self._teller(number, name, method.callbacks[name])
            bound = method.signature.bind(**given)
            value = await getattr(self._driver, method.name)(*bound.args, **bound.kwargs)
            self.say({"say": "done", "id": number, "value": encode(value, method.result)})
        except DeviceFault as fault:
            said = {"completion": fault.completion.value, "code": fault.code, "acted": fault.acted}
            self.say({"say": "fault", "id": number, **said})
        except asyncio.CancelledError:
            raise
        except Exception as error:  # whatever a vendor's driver raises: the terminal is told its kind, no more
            self.say({"say": "broke", "id": number, "kind": type(error).__name__})
        await self._writer.drain()

    def _teller(self, number: int, name: str, hints: tuple[Any, ...]) -> Callable[..., None]:
        def tell(*values: Any) -> None:
            told = [encode(value, hint) for value, hint in zip(values, hints, strict=True)]
            self.say({"say": "tell", "id": number, "name": name, "arguments": told})

        return tell


def resident_kib() -> int:
    """Memory this process really has."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE_KIB


async def _main(descriptor: int) -> None:
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor), limit=wire.LONGEST_LINE)
    begin = wire.parse(await reader.readline())
    try:
        driver, registered = build(begin)
        contract = described(registered.contract)
        hello = {"say": "hello", "capabilities": capabilities_of(driver, contract)}
    except (UnknownDriver, InvalidSettings, NotSendable, KeyError, ValueError) as wrong:
        writer.write(wire.line({"say": "useless", "why": f"{type(wrong).__name__}: {wrong}"[:500]}))
        await writer.drain()
        return
    child = Child(writer, driver, contract)
    child.say(hello)
    await child.serve(reader)


def _describe() -> int:
    """For a terminal that must know the capabilities before anything runs: the first message on stdin."""
    driver, registered = build(wire.parse(sys.stdin.buffer.readline()))
    print(json.dumps({"capabilities": capabilities_of(driver, described(registered.contract))}))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.devices.isolation.child")
    parser.add_argument("--socket", type=int)
    parser.add_argument("--parent", type=int, default=0)
    options = parser.parse_args(argv)
    if options.socket is None:
        return _describe()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != options.parent:
        return 0
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(wire.BadLine, ConnectionError, ValueError):
        asyncio.run(_main(options.socket))
    # A library's own threads must not keep the process.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
