"""While somebody's call for help is open, an officer's voice is heard where the machine has a loudspeaker for it.

Each clip is fetched once, played through the device that everything is said by, and forgotten. That an officer speaks
stands in the header of whatever page is shown meanwhile; the citizen goes on as they like, and whoever leaves is
spoken to no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.pages import Pages
from kiosk.counter.tasks import end
from kiosk.devices.audio.contract import Audio, Headset, Route
from kiosk.protocol.messages import HelpAnswer, HelpAsk

LOOK_SECONDS = 2.0
LONGEST_SECONDS = 1800.0
"""After so long nobody is asked any more, whatever became of the call."""
HOLD_SECONDS = 0.5
"""So soon whoever has left is spoken to no more."""
TRIES = 3
"""A clip that cannot be fetched so often is passed over: the officer will say it again."""


class SpeakingLine(Protocol):
    """What is asked of headquarters. Both raise Unreachable and Rejected."""

    async def help_answer(self, ask: HelpAsk) -> HelpAnswer: ...

    async def clip(self, sha256: str) -> bytes: ...


class Hearing:
    """Plays what is said to whoever called. `closed` is told when headquarters says that a call is."""

    def __init__(self, line: SpeakingLine, pages: Pages, audio: Audio, closed: Callable[[str], None]) -> None:
        self._line = line
        self._pages = pages
        self._audio = audio
        self._closed = closed
        self._call: tuple[str, int] | None = None
        self._begun = asyncio.Event()

    @property
    def possible(self) -> bool:
        """Whether this machine has a loudspeaker that an officer may be heard by."""
        return self._audio.capabilities.officer

    def called(self, key: str) -> None:
        """Whoever stands there called for help."""
        if self.possible:
            self._call = (key, self._pages.citizen)
            self._begun.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            _ = await self._begun.wait()
            self._begun.clear()
            call = self._call
            if call is not None:
                await self._while_open(call)
                if self._call is call:
                    self._call = None

    async def _while_open(self, call: tuple[str, int]) -> None:
        """Ask after what is said, and let it be heard in its order."""
        over, tries = 0, 0
        until = asyncio.get_running_loop().time() + LONGEST_SECONDS
        while self._lasts(call) and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                answer = await self._line.help_answer(HelpAsk(key=call[0]))
                if answer.state == "closed":
                    self._closed(call[0])
                    return
                for clip in answer.spoken[over:]:
                    tries += 1
                    if not self._lasts(call):
                        return
                    sound = await self._line.clip(clip.sha256)
                    over, tries = over + 1, 0
                    await self._heard(sound, call)
            except Rejected:
                # A clip that is gone is passed over; a call that is not there yet has none.
                over, tries = over + min(1, tries), 0
            except Unreachable:
                if tries >= TRIES:
                    over, tries = over + 1, 0

    async def _heard(self, sound: bytes, call: tuple[str, int]) -> None:
        """Into the headset where one is surely plugged in, else to everybody; a failure is silence."""
        private = self._audio.capabilities.private and await self._audio.headset() is Headset.PRESENT
        playing = asyncio.ensure_future(self._audio.play(sound, Route.PRIVATE if private else Route.PUBLIC))
        self._pages.officer_speaks(speaks=True)
        try:
            while self._lasts(call) and not playing.done():
                _ = await asyncio.wait({playing}, timeout=HOLD_SECONDS)
        finally:
            self._pages.officer_speaks(speaks=False)
            await end(playing)

    def _lasts(self, call: tuple[str, int]) -> bool:
        return self._call is call and self._pages.citizen == call[1]
