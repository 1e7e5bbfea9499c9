"""While somebody's call for help is open, an officer far away sees on which page they are; not before, not after.

Before each sight headquarters is asked whether the call is still open, so that none goes up for one that is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.clock import Clock
from kiosk.counter.pages import Pages
from kiosk.protocol.messages import HelpAnswer, HelpAsk
from kiosk.protocol.sight import LIMIT, VERSION, SeenPage, Sight, SightReply
from kiosk.screens.stage import Glass

LOOK_SECONDS = 1.0
"""Between two looks at the glass, and between two sights at least."""
AGAIN_SECONDS = 20.0
"""A page that stands still is told again after so long, so that headquarters knows that it does."""
LONGEST_SECONDS = 1800.0
"""Nobody is looked at for longer, whatever became of the call."""

Sketch = Callable[[Glass], SeenPage]


class HelpLine(Protocol):
    """What is asked of headquarters. Both raise Unreachable and Rejected."""

    async def help_answer(self, ask: HelpAsk) -> HelpAnswer: ...

    async def show(self, sight: Sight) -> SightReply: ...


@dataclass(frozen=True, slots=True)
class _Call:
    key: str
    citizen: int
    """Whose call it is: which of those who came to this machine."""
    since: float


class Overlooked:
    """Tells what is on the glass. `called` says that somebody called for help, under which key."""

    def __init__(self, line: HelpLine, pages: Pages, sketch: Sketch, clock: Clock) -> None:
        self._line = line
        self._pages = pages
        self._sketch = sketch
        self._clock = clock
        self._call: _Call | None = None
        self._begun = asyncio.Event()

    @property
    def open(self) -> bool:
        """Whether somebody may be looked at now."""
        return self._call is not None

    def called(self, key: str) -> None:
        """Whoever stands there called for help; a call before is theirs no more."""
        self._call = _Call(key, self._pages.citizen, self._clock.monotonic())
        self._begun.set()

    def closed(self, key: str) -> None:
        """Headquarters says that this call is closed."""
        if self._call is not None and self._call.key == key:
            self._call = None

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            _ = await self._begun.wait()
            self._begun.clear()
            call = self._call
            if call is not None:
                told = await self._while_open(call)
                if self._call is call:
                    self._call = None
                    if told is not None:
                        await self._gone(told)

    async def _while_open(self, call: _Call) -> Sight | None:
        """Tell each change. The last sight where headquarters still holds it, None where there is none to forget."""
        last: Sight | None = None
        told_at, turn, arrived = 0.0, 0, False
        while self._lasts(call):
            now = self._clock.monotonic()
            sight = self._sight(call, turn)
            again = not arrived or now - told_at >= AGAIN_SECONDS
            if sight is not None and (last is None or again or replaced(sight, last)):
                try:
                    if (await self._line.help_answer(HelpAsk(key=call.key))).state == "closed":
                        return None
                    # Whoever called may have gone while headquarters was asked.
                    sight = self._sight(call, turn) if self._lasts(call) else None
                    if sight is None:
                        continue
                    last, told_at, turn, arrived = sight, now, turn + 1, False
                    if (await self._line.show(sight)).state == "closed":
                        return None
                    arrived = True
                except (Unreachable, Rejected):
                    # The call itself may not be there yet, or the line is not: the page as it then is follows.
                    pass
            await asyncio.sleep(LOOK_SECONDS)
        return last

    def _lasts(self, call: _Call) -> bool:
        return (
            self._call is call
            and self._pages.citizen == call.citizen
            and self._clock.monotonic() - call.since < LONGEST_SECONDS
        )

    def _sight(self, call: _Call, turn: int) -> Sight | None:
        glass, beneath = self._pages.stage.glass(), self._pages.beneath
        if glass is None:
            return None
        look = glass.look
        under = None
        if beneath is not None:
            state, chrome, live = beneath
            under = self._sketch(Glass(state, chrome, live, look, glass.typed))
        return fitted(
            Sight(
                version=VERSION,
                key=call.key,
                turn=turn,
                language=look.language,
                size=look.size.value,
                theme=look.theme.value,
                elder=look.elder,
                reach=look.reach,
                page=self._sketch(glass),
                beneath=under,
            )
        )

    async def _gone(self, last: Sight) -> None:
        """Headquarters forgets what it has; where it cannot be told, it forgets by itself."""
        try:
            _ = await self._line.show(Sight(version=VERSION, key=last.key, turn=last.turn + 1))
        except (Unreachable, Rejected):
            return


def replaced(sight: Sight, last: Sight) -> bool:
    """Whether anything is otherwise than it was told."""
    return sight.model_copy(update={"turn": 0}) != last.model_copy(update={"turn": 0})


def bytes_of(sight: Sight) -> bytes:
    """As it goes up."""
    return sight.model_dump_json(exclude_defaults=True).encode()


def fitted(sight: Sight) -> Sight:
    """Within the bound: what stands lowest is left out, and counted."""
    while len(bytes_of(sight)) > LIMIT:
        shorter = {
            name: page.model_copy(
                update={
                    "blocks": page.blocks[: len(page.blocks) // 2],
                    "left_out": page.left_out + len(page.blocks) - len(page.blocks) // 2,
                }
            )
            for name in ("page", "beneath")
            if isinstance(page := getattr(sight, name), SeenPage) and page.blocks
        }
        if not shorter:
            return sight.model_copy(update={"page": None, "beneath": None})
        sight = sight.model_copy(update=shorter)
    return sight
