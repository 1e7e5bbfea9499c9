"""How long the line has been down, kept over power cuts, and what may still be taken meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from kiosk.clock import Clock
from kiosk.counter.ports import ServiceEntry
from kiosk.counter.readiness import Board
from kiosk.flows.steps import DeviceClass, Phase
from kiosk.people.silence import Silence, taking
from kiosk.protocol.records import NobodyToSealFor, sealed_for
from kiosk.screens.states import ServiceOpen

PRE_REGISTRATION_NEEDS = (
    DeviceClass.ID_READER.value,
    DeviceClass.FINGERPRINT.value,
    DeviceClass.RECEIPT_PRINTER.value,
)
"""The card and the finger say who it is, and nobody leaves without the slip that says what this is not."""

MINUTES = 2
"""What a citizen is told it takes."""

LOOK_SECONDS = 600.0
"""A power cut forgets at most so much of a silence; it is a small part of a day and few writes a month."""


def left_of(entry: ServiceEntry) -> ServiceEntry:
    """The service as a visit without a line shows it: no fee and no term, which are of the service itself."""
    return replace(entry, phases=(Phase.IDENTITY, Phase.DETAILS, Phase.FINISH), minutes=MINUTES, facts=())


class LineBook(Protocol):
    """Where the books keep it: kiosk.store.line.LineBook."""

    async def kept(self) -> Silence | None: ...

    async def keep(self, silence: Silence) -> None: ...


class WithoutLine:
    """Watches the silence. `longest` is the signed rules'."""

    def __init__(self, book: LineBook, board: Board, clock: Clock, longest: timedelta) -> None:
        self._book = book
        self._board = board
        self._clock = clock
        self._longest = longest
        self._silence: Silence | None = None
        self._new_key = asyncio.Event()

    async def begin(self) -> None:
        """What was known before the power was gone."""
        self._silence = await self._book.kept()
        self._judge()

    def heard(self, seal_for: str) -> None:
        """Headquarters answered just now; its key for what will be sealed."""
        now = self._clock.now()
        if self._silence is None or self._silence.seal_for != seal_for:
            self._new_key.set()
        self._silence = Silence(now, now, seal_for)
        self._judge()

    def look(self) -> None:
        """Time has gone by, or the line went."""
        if self._silence is not None and self._board.headquarters() is not ServiceOpen.OPEN:
            self._silence = self._silence.seen(self._clock.now())
        self._judge()

    def seal(self, content: bytes) -> bytes:
        """For headquarters alone. Raises NobodyToSealFor."""
        if self._silence is None:
            raise NobodyToSealFor("headquarters has never been heard here")
        return sealed_for((self._silence.seal_for,), content)

    async def run(self) -> None:
        """Looks now and then, and writes it down; at once where headquarters' key is a new one."""
        while True:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._new_key.wait()
            except TimeoutError:
                self.look()
            self._new_key.clear()
            if self._silence is not None:
                await self._book.keep(self._silence)

    def _judge(self) -> None:
        self._board.put_taking(taking(self._silence, self._clock.now(), self._longest))
