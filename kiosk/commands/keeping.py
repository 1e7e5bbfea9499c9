"""A terminal that keeps itself at the settings headquarters pushes: what it starts with, and what runs beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kiosk.backend.bells import Bells
from kiosk.configuration.beginning import Beginning, begin
from kiosk.configuration.book import Hands
from kiosk.configuration.judging import Judge
from kiosk.configuration.own_values import OwnValues
from kiosk.configuration.shelf import Shelf
from kiosk.protocol.events import EventKind
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.app import Terminal
    from kiosk.configuration.keeper import Keeper

FOLDER = "configuration"
"""Below the state directory."""

_LONG_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Keeping:
    """The sets on this terminal's disk, who judges them, what it starts with, and whose signatures are believed."""

    shelf: Shelf
    judge: Judge
    beginning: Beginning
    root: bytes


def own_values(state: Path) -> OwnValues:
    """What was set at the machine with this state directory."""
    return OwnValues(state / FOLDER)


class Process(Protocol):
    """Who tells headquarters what a technician has to know of, and what headquarters tells us."""

    alarms: Callable[[], tuple[str, ...]]
    hands: Hands | None

    @property
    def bells(self) -> Bells: ...


def keeping(state: Path, judge: Judge) -> Keeping | None:
    """None where this machine was given nobody to believe. Raises SettingsError, OSError."""
    own = judge.own().headquarters
    if own.root is None:
        return None
    root = own.file(own.root).read_bytes()
    shelf = Shelf(state / FOLDER)
    return Keeping(shelf, judge, begin(shelf, judge), root)


async def kept(
    keeping: Keeping,
    settings: Settings,
    offset: Callable[[], timedelta],
    wired: Callable[[Settings], AbstractAsyncContextManager[Terminal]],
    live: Callable[[Terminal], Coroutine[Any, Any, int | None]],
    process: Process,
) -> int | None:
    """The terminal, one wiring after another, until one ends by itself."""
    from kiosk.backend.configuration import ConfigurationLine
    from kiosk.backend.https import HttpsExchange
    from kiosk.commands.brought import PartsInspector
    from kiosk.configuration.keeper import Keeper
    from kiosk.configuration.trust import Trust
    from kiosk.enrolment.identity import credentials_of
    from kiosk.renewal import Renewal
    from kiosk.times import SystemClock, ThreadWorker

    async with AsyncExitStack() as closing:

        def worker(name: str) -> ThreadWorker:
            made = ThreadWorker(name)
            closing.push_async_callback(made.close)
            return made

        clock = SystemClock(offset)
        hq = settings.headquarters
        exchange = HttpsExchange(
            hq.address, credentials_of(hq), worker("configuration"), largest_reply=hq.largest_reply_bytes
        )
        line = ConfigurationLine(exchange)
        shelf = keeping.shelf
        trust = Trust(shelf.metadata, keeping.root, line.file, worker("signatures"), gather=line.bundle, room=shelf)
        renewal = Renewal(wired, live, clock)
        inspector = PartsInspector(worker("parts"))
        keeper = Keeper(shelf, trust, keeping.judge, renewal, line, clock, inspector)
        process.alarms = keeper.alarms
        process.hands = keeper
        first = keeper.go_on_from(keeping.beginning)
        async with asyncio.TaskGroup() as group:
            beside = (
                group.create_task(keeper.run(), name="configuration"),
                group.create_task(_told(process.bells, keeper), name="told"),
            )
            status = await renewal.live(first)
            for task in beside:
                _ = task.cancel()
        return status


async def _told(bells: Bells, keeper: Keeper) -> None:
    while True:
        if await bells.heard(EventKind.CONFIGURATION, _LONG_SECONDS):
            keeper.look_now()
