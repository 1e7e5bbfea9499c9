"""Puts one simulator on a port and leaves it there until it is interrupted.

One line of JSON says where it is: {"class": ..., "driver": ..., "port": ...}; of a travel document also the
"zone" that opens its chip.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from kiosk.simulation.alone.table import NO_BYTES, ON_A_VIRTUAL_READER, ON_LINES, ON_THE_NETWORK, Play
from kiosk.simulation.alone.visitor import Laid
from kiosk.simulation.travel_chip import DEFAULT_PORT, VirtualReader
from kiosk.simulation.wires import PtyPort, WireGone

LOOPBACK = "127.0.0.1"
Say = Callable[[str], None]
SayBoth = Callable[[str, str], None]


class NoSuchSimulator(Exception):
    """There is none for this driver, or not on this kind of port; the text says what there is."""


class _StreamWire:
    """One TCP connection as a device's end of a line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, most: int) -> bytes:
        try:
            data = await self._reader.read(most)
        except OSError:
            raise WireGone from None
        if not data:
            raise WireGone
        return data

    async def write(self, data: bytes) -> None:
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError:
            raise WireGone from None


async def on_pty(play: Play, path: Path, say: Say) -> None:
    """Until cancelled."""
    port = PtyPort(path)
    try:
        while True:
            wire = port.plug()
            say(str(path))
            with contextlib.suppress(WireGone):
                await play(wire)
    finally:
        port.unplug()


async def listening(handle: Callable[..., Awaitable[None]], port: int, say: Callable[[int], None]) -> None:
    """Serve connections on loopback until cancelled."""

    served: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        served.add(task)
        try:
            # Python 3.11's callback asks a cancelled connection for its exception:
            # https://github.com/python/cpython/issues/113538
            with contextlib.suppress(asyncio.CancelledError):
                await handle(reader, writer)
        finally:
            served.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, LOOPBACK, port)
    try:
        async with server:
            say(server.sockets[0].getsockname()[1])
            await server.serve_forever()
    finally:
        # A server that is closed leaves its connections alone.
        for task in served:
            task.cancel()
        await asyncio.gather(*served, return_exceptions=True)


async def on_tcp(play: Play, port: int, say: Say) -> None:
    """A serial device behind a serial server: one connection at a time is the device's."""
    turn = asyncio.Lock()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with turn:
            with contextlib.suppress(WireGone):
                await play(_StreamWire(reader, writer))

    await listening(serve, port, lambda number: say(f"tcp://{LOOPBACK}:{number}"))


async def on_a_virtual_reader(laid: Laid, port: int, say: SayBoth) -> None:
    """The card lies there until cancelled, or until the reader goes away. Raises NoSuchSimulator, OSError."""
    try:
        reader = await asyncio.to_thread(VirtualReader, port, laid.chip)
    except ConnectionRefusedError:
        raise NoSuchSimulator(f"no virtual reader on port {port}: start pcscd with vsmartcard-vpcd") from None
    say(f"tcp://{LOOPBACK}:{port}", laid.zone)
    try:
        await asyncio.to_thread(reader.wait)
    finally:
        reader.take_away()


async def simulate(device: str, driver: str, *, pty: str, tcp: int | None, say: SayBoth) -> None:
    """Until cancelled. `say` is told where it is, and the zone that opens its chip or "".

    Raises NoSuchSimulator, OSError.
    """
    which = (device, driver)
    if which in ON_THE_NETWORK:
        if tcp is None:
            raise NoSuchSimulator(f"{device} {driver} speaks TCP: say --tcp PORT, 0 for any")
        port, there = tcp, ON_THE_NETWORK[which]

        async def listen(handle: Callable[..., Awaitable[None]]) -> None:
            await listening(handle, port, lambda number: say(there.at.format(host=LOOPBACK, port=number), ""))

        await there.play(listen)
    elif which in ON_A_VIRTUAL_READER:
        if tcp is None:
            raise NoSuchSimulator(f"{device} {driver} reads by pcscd: say --tcp PORT of vpcd, mostly {DEFAULT_PORT}")
        await on_a_virtual_reader(ON_A_VIRTUAL_READER[which](), tcp, say)
    elif which in ON_LINES:
        play = ON_LINES[which]()
        if tcp is not None:
            await on_tcp(play, tcp, lambda place: say(place, ""))
        else:
            await on_pty(play, Path(pty), lambda place: say(place, ""))
    else:
        known = ", ".join(" ".join(one) for one in (*ON_LINES, *ON_THE_NETWORK, *ON_A_VIRTUAL_READER))
        why = NO_BYTES.get(which, f"there are: {known}")
        raise NoSuchSimulator(f"no simulator for {device} {driver}: {why}")


async def until_interrupted(device: str, driver: str, *, pty: str, tcp: int | None) -> None:
    """`simulate`, until SIGINT or SIGTERM. Raises NoSuchSimulator, OSError."""

    def say(port: str, zone: str) -> None:
        opened_by = {"zone": zone} if zone else {}
        print(json.dumps({"class": device, "driver": driver, "port": port, **opened_by}), flush=True)
        print(f"{device} {driver} is at {port}; Ctrl-C ends it", file=sys.stderr)

    playing = asyncio.ensure_future(simulate(device, driver, pty=pty, tcp=tcp, say=say))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, playing.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await playing
