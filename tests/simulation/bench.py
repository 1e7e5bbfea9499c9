"""A virtual world with a bare hand on its lines: what goes in and comes out is bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime

from kiosk.people.synthetic import BEIJING
from kiosk.simulation.memory import MemoryTransport
from kiosk.simulation.state import Board, Device, Store
from kiosk.simulation.timing import Timing
from kiosk.simulation.virtual import VirtualWorld
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)
START = datetime(2026, 11, 22, 9, 0, tzinfo=BEIJING)
PATIENCE = 10.0
QUIET = 0.3


class Hand:
    """One opened line."""

    def __init__(self, transport: MemoryTransport) -> None:
        self.transport = transport

    async def say(self, data: bytes | str) -> None:
        await self.transport.write(bytes.fromhex(data) if isinstance(data, str) else data)

    async def hear(self, count: int) -> bytes:
        """Exactly so many bytes; TimeoutError when they do not come."""
        heard = b""
        async with asyncio.timeout(PATIENCE):
            while len(heard) < count:
                heard += await self.transport.read(count - len(heard))
        return heard

    async def hear_all(self, quiet: float = PATIENCE) -> bytes:
        """Whatever comes until it is quiet for `quiet` seconds after the last byte."""
        heard = b""
        while True:
            try:
                async with asyncio.timeout(QUIET if heard else quiet):
                    heard += await self.transport.read(4096)
            except TimeoutError:
                return heard

    async def ask(self, data: bytes | str, quiet: float = PATIENCE) -> bytes:
        await self.say(data)
        return await self.hear_all(quiet)


def in_world(
    visit: Callable[[VirtualWorld], Awaitable[None]],
    *,
    seed: int = 1,
    boards: tuple[Board, ...] = (Board(),),
    timing: Timing | None = None,
    store: Store | None = None,
) -> None:
    """Run one visit in a fresh world on the virtual clock."""

    async def whole() -> None:
        world = VirtualWorld(seed, DAY, boards=boards, timing=timing, store=store)
        await world.start()
        try:
            await visit(world)
        finally:
            await world.close()

    run_virtual(whole(), START)


async def hand_on(world: VirtualWorld, device: Device) -> Hand:
    return Hand(await world.line(device).open())
