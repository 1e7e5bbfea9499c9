"""Far ends of lines for tests: tasks that play a device in memory, and ptys whose other side the test holds."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from kiosk.devices.lines import MemoryLine
from kiosk.devices.transport import Transport, TransportLost

Player = Callable[[Transport], Awaitable[None]]


class FixedClock:
    """A day in November 2026; monotonic seconds of the running loop."""

    def __init__(self, now: datetime = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@asynccontextmanager
async def played(player: Player, name: str = "memory") -> AsyncGenerator[MemoryLine]:
    """A memory line; each opening starts the player on its far end. A player that fails fails the test."""
    tasks: list[asyncio.Task[None]] = []

    async def play(far: Transport) -> None:
        with suppress(TransportLost):
            await player(far)

    yield MemoryLine(name, lambda far: tasks.append(asyncio.get_running_loop().create_task(play(far))))
    for task in tasks:
        if task.done() and not task.cancelled():
            task.result()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def read_exactly(far: Transport, count: int) -> bytes:
    """So many bytes from a transport."""
    data = b""
    while len(data) < count:
        data += await far.read(count - len(data))
    return data


class _MasterEnd:
    """The master side of a pty as a transport."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    async def read(self, most: int) -> bytes:
        while True:
            try:
                return os.read(self._fd, most)
            except BlockingIOError:
                await self._ready(asyncio.get_running_loop().add_reader, asyncio.get_running_loop().remove_reader)
            except OSError:
                # Nobody has the slave open yet, or any more.
                await asyncio.sleep(0.005)

    async def write(self, data: bytes) -> None:
        while data:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                await self._ready(asyncio.get_running_loop().add_writer, asyncio.get_running_loop().remove_writer)

    def drop_input(self) -> int:
        return 0

    async def close(self) -> None:
        os.close(self._fd)

    async def _ready(self, add: Callable[..., None], remove: Callable[[int], bool]) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        add(self._fd, lambda: None if future.done() else future.set_result(None))
        try:
            await future
        finally:
            remove(self._fd)


class Pty:
    """A serial port that can be pulled out and put back under the same path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._master: int | None = None
        self._slave: int | None = None
        self.plug()

    def plug(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._master, self._slave = master, slave
        self.path.symlink_to(os.ttyname(slave))

    def unplug(self) -> None:
        self.path.unlink()
        for fd in (self._slave, self._master):
            if fd is not None:
                os.close(fd)
        self._master = self._slave = None

    @property
    def far(self) -> Transport:
        assert self._master is not None
        return _MasterEnd(self._master)

    def close(self) -> None:
        if self._master is not None:
            self.unplug()


@asynccontextmanager
async def pty_played(path: Path, player: Player) -> AsyncGenerator[Pty]:
    """A pty with a player on its far side."""
    pty = Pty(path)

    async def play() -> None:
        await player(pty.far)

    task = asyncio.get_running_loop().create_task(play())
    try:
        yield pty
    finally:
        task.cancel()
        outcome = (await asyncio.gather(task, return_exceptions=True))[0]
        pty.close()
        if isinstance(outcome, Exception):
            raise outcome
