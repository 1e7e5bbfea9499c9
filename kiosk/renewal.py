"""Settings that come into force while the terminal runs: between two visits it is wired anew, in the same process.

Everything that reads settings is made from them once, when a terminal is wired; so another set of settings means
another wiring, and no part has to know how to change. The window stays, and says that it is getting ready.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Generic, Protocol, TypeVar

from kiosk.clock import Clock
from kiosk.screens.states import ServiceOpen
from kiosk.settings import Settings

_log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
"""Between two looks whether anybody is served."""

READY_SECONDS = 20.0
"""A device that is still being asked so long after a wiring is no longer getting ready: it does not answer."""

STARTING = "starting"
"""What the page says meanwhile."""


class House(Protocol):
    """What can be closed and asked: kiosk.counter.readiness.Board."""

    def close_all(self, why: str) -> None: ...

    def open_again(self, why: str) -> None: ...

    def reasons(self) -> tuple[str, ...]: ...

    def device(self, device_class: str) -> ServiceOpen: ...


class Wired(Protocol):
    """A terminal, wired: kiosk.app.Terminal."""

    @property
    def board(self) -> House: ...

    def at_rest(self) -> bool:
        """Nobody is being served, and nobody has begun to choose."""
        ...

    def fitted(self) -> tuple[str, ...]:
        """The device classes this machine has, as the settings say."""
        ...

    async def unsettled(self) -> bool:
        """Whether an effect of any case is still open."""
        ...

    async def rehearse(self) -> tuple[str, ...]:
        """Services to which a visit without effects cannot be begun, with why."""
        ...


W = TypeVar("W", bound=Wired)
R = TypeVar("R")


class Renewal(Generic[W, R]):
    """Runs one terminal after another, and is the keeper's house (kiosk.configuration.keeper.House).

    `wire` makes a terminal of settings and closes everything of it again at the end; `run` is its life, which ends by
    itself or is cancelled.
    """

    def __init__(
        self,
        wire: Callable[[Settings], AbstractAsyncContextManager[W]],
        run: Callable[[W], Coroutine[Any, Any, R]],
        clock: Clock,
    ) -> None:
        self._wire = wire
        self._life = run
        self._clock = clock
        self._now: W | None = None
        self._since = 0.0
        self._held = False
        self._fallen = ""
        self._next: tuple[Settings, asyncio.Future[None]] | None = None
        self._asked = asyncio.Event()
        self._running = asyncio.Event()

    @property
    def now(self) -> W | None:
        """The terminal that is wired now."""
        return self._now

    async def live(self, first: Settings) -> R:
        """The result of the terminal that ended by itself. Raises what it raised, unless it was on trial."""
        settings, told = first, asyncio.get_running_loop().create_future()
        while True:
            ended = await self._one(settings, told)
            if ended is not None:
                return ended[0]
            _ = await self._asked.wait()
            self._asked.clear()
            assert self._next is not None
            (settings, told), self._next = self._next, None

    async def _one(self, settings: Settings, told: asyncio.Future[None]) -> tuple[R] | None:
        """One wiring, until it ends by itself (its result) or another one is wanted (None)."""
        self._fallen = ""
        try:
            async with self._wire(settings) as wired:
                if self._held:
                    wired.board.close_all(STARTING)
                self._now, self._since = wired, self._clock.monotonic()
                self._running.set()
                try:
                    return await self._run(wired, told)
                finally:
                    self._running.clear()
                    self._now = None
        except Exception as failure:
            if not self._held:
                raise
            # On trial: the keeper sees it, and takes the settings back.
            self._fallen = type(failure).__name__
            if told.done():
                _log.error("the terminal failed while its settings were on trial: %s", self._fallen)
            else:
                told.set_exception(failure)
            return None

    async def _run(self, wired: W, told: asyncio.Future[None]) -> tuple[R] | None:
        running = asyncio.ensure_future(self._life(wired))
        another = asyncio.ensure_future(self._asked.wait())
        told.set_result(None)
        try:
            _ = await asyncio.wait({running, another}, return_when=asyncio.FIRST_COMPLETED)
            return (running.result(),) if running.done() else None
        finally:
            _ = another.cancel()
            _ = running.cancel()
            _ = await asyncio.wait({running})
            if not running.cancelled() and running.exception() is not None:
                _log.error("the terminal ended with %s", type(running.exception()).__name__)

    # -- the keeper's house ------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def between_visits(self) -> AsyncGenerator[None]:
        """Entered once nobody is served and no effect is unsettled; until it is left nobody is let in."""
        while not await self._nobody():
            await asyncio.sleep(LOOK_SECONDS)
        self._held = True
        try:
            yield
        finally:
            self._held = False
            if self._now is not None:
                self._now.board.open_again(STARTING)

    async def _nobody(self) -> bool:
        """The house is closed within the same turn of the loop in which it was found empty."""
        _ = await self._running.wait()
        wired = self._now
        if wired is None or not wired.at_rest() or await wired.unsettled():
            return False
        if wired is not self._now or not wired.at_rest():
            return False
        wired.board.close_all(STARTING)
        return True

    async def put_in_force(self, settings: Settings) -> None:
        """Wire anew. Raises what the wiring raised; then nothing is wired until other settings are put in force."""
        while self._now is not None and not self._now.at_rest():
            await asyncio.sleep(LOOK_SECONDS)
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._next = (settings, told)
        self._asked.set()
        await told

    async def rehearse(self) -> tuple[str, ...]:
        """Make a visit without effects to every service; which of them cannot be begun."""
        wired = self._now
        return (f"terminal: {self._fallen}",) if wired is None else await wired.rehearse()

    def troubles(self) -> frozenset[str]:
        """Fitted devices that cannot be used, reasons for which the whole terminal is closed, its own failure."""
        wired = self._now
        if wired is None:
            return frozenset({f"terminal:{self._fallen}"})
        late = self._clock.monotonic() - self._since >= READY_SECONDS
        bad = (ServiceOpen.CLOSED, ServiceOpen.CHECKING) if late else (ServiceOpen.CLOSED,)
        ill = {f"device:{name}" for name in wired.fitted() if wired.board.device(name) in bad}
        return frozenset(ill | {f"closed:{why}" for why in wired.board.reasons() if why != STARTING})
