"""The connections that terminals hold to this server process, and what is said over them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from central.pushing.books import Told
from kiosk.protocol.events import BEAT_SECONDS, EventKind

PER_TERMINAL = 3
"""So many connections one terminal may hold; the oldest ends when there is one more. It needs one, and while it
replaces a dead one there are two."""

SPREAD_SECONDS = 5.0
"""Where everybody is told at once they are told one after another within this time, so that they do not all ask in
the same moment."""

RETRY_MILLISECONDS = 2000


class Ear:
    """One held connection."""

    def __init__(self) -> None:
        self._waits: set[EventKind] = set()
        self._rung = asyncio.Event()
        self.over = False

    def tell(self, kinds: frozenset[EventKind]) -> None:
        """Something of these kinds may wait."""
        self._waits |= kinds
        self._rung.set()

    def end(self) -> None:
        """The connection is to be let go."""
        self.over = True
        self._rung.set()

    async def next(self) -> tuple[EventKind, ...]:
        """What was told since the last time; nothing after a while in which nothing was."""
        try:
            async with asyncio.timeout(BEAT_SECONDS):
                _ = await self._rung.wait()
        except TimeoutError:
            return ()
        self._rung.clear()
        found = tuple(sorted(self._waits))
        self._waits.clear()
        return found


class Held:
    """All of them, by terminal. Lives on the server's loop; `heard` and `missed` may be called from any thread."""

    def __init__(self) -> None:
        self._ears: dict[str, list[Ear]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def __len__(self) -> int:
        return sum(len(ears) for ears in self._ears.values())

    def open(self) -> None:
        """Called on the loop before the first connection comes."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Let all connections go; from any thread."""
        self._on_loop(self._close)

    def heard(self, told: Told) -> None:
        """Pass a push on to those it is for."""
        self._on_loop(lambda: self._tell(told))

    def missed(self) -> None:
        """Pushes may have been missed: all are told that something may wait, of every kind."""
        self._on_loop(lambda: self._tell_all(frozenset(EventKind)))

    async def stream(self, terminal: str, known: Callable[[], Awaitable[bool]]) -> AsyncGenerator[str]:
        """What goes over one connection, until either side lets go of it or `known` says no."""
        ear = self._join(terminal)
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            while not ear.over:
                kinds = await ear.next()
                if not await known():
                    return
                for kind in kinds:
                    yield f"event: {kind.value}\ndata:\n\n"
                if not kinds and not ear.over:
                    yield ":\n\n"
        finally:
            self._leave(terminal, ear)

    def _join(self, terminal: str) -> Ear:
        ear = Ear()
        if self._closed:
            ear.end()
        ears = self._ears.setdefault(terminal, [])
        ears.append(ear)
        for old in ears[:-PER_TERMINAL]:
            old.end()
        return ear

    def _leave(self, terminal: str, ear: Ear) -> None:
        ears = self._ears.get(terminal, [])
        ears.remove(ear)
        if not ears:
            del self._ears[terminal]

    def _on_loop(self, act: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            _ = self._loop.call_soon_threadsafe(act)

    def _tell(self, told: Told) -> None:
        kinds = frozenset({told.kind})
        if told.terminals is None:
            self._tell_all(kinds)
            return
        for terminal in told.terminals:
            for ear in self._ears.get(terminal, ()):
                ear.tell(kinds)

    def _tell_all(self, kinds: frozenset[EventKind]) -> None:
        ears = [ear for each in self._ears.values() for ear in each]
        assert self._loop is not None
        for nth, ear in enumerate(ears):
            _ = self._loop.call_later(SPREAD_SECONDS * nth / len(ears), ear.tell, kinds)

    def _close(self) -> None:
        self._closed = True
        for ears in self._ears.values():
            for ear in ears:
                ear.end()
