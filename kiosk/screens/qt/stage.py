"""The stage of kiosk.screens.stage on Qt, the core's side: it touches QObjects only through queued signals."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Protocol, cast

from kiosk.screens.proof import PageProof, proof_of
from kiosk.screens.qt.bridge import Bridge
from kiosk.screens.qt.convert import to_qml
from kiosk.screens.qt.slot import QmlMap
from kiosk.screens.reading import Reader, Reading
from kiosk.screens.stage import Glass, Intent, Typed
from kiosk.screens.states import Attract, Chrome, Live, Look, PageState
from kiosk.screens.views import LiveView, PageView


class Presenting(Protocol):
    """Presenters, all of them: page states into words. Called on the core's thread."""

    def page(self, state: PageState, chrome: Chrome, look: Look, revision: int) -> PageView:
        """The page part, with this revision in it."""
        ...

    def live(self, live: Live, look: Look) -> LiveView:
        """The live part."""
        ...


class StageQt:
    """A Stage. All methods belong to the core's thread, `deliver` to Qt's."""

    def __init__(self, bridge: Bridge, presenting: Presenting, look: Look) -> None:
        self._bridge = bridge
        self._presenting = presenting
        self._look = look
        self._revision = 0
        self._shown: tuple[PageState, Chrome] | None = None
        self._view: PageView | None = None
        self._identity: tuple[str, str] | None = None
        self._live = Live()
        self._typed: tuple[int, Typed] = (0, Typed())
        self._intents: asyncio.Queue[Intent] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._delivering = threading.Lock()
        self._reading: Reading | None = None

    @property
    def look(self) -> Look:
        """How the page is shown now."""
        return self._look

    @property
    def revision(self) -> int:
        """Of the page shown now; 0 before the first."""
        return self._revision

    def speak_with(self, presenting: Presenting) -> None:
        """Pages are put into words by these from the next page on."""
        self._presenting = presenting

    def read_by(self, reader: Reader) -> None:
        """Let pages be read aloud from now on, where a citizen asks for it."""
        self._reading = Reading(reader)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver touches into this loop from now on."""
        with self._delivering:
            self._loop = loop

    def detach(self) -> None:
        """The loop is about to close; later touches are dropped."""
        with self._delivering:
            self._loop = None

    def dress(self, look: Look) -> None:
        """See Stage.dress."""
        if look == self._look:
            return
        self._look = look
        if self._shown is not None:
            state, chrome = self._shown
            self._put(self._presenting.page(state, chrome, look, self._revision))
            self._put_live(self._presenting.live(self._live, look))

    def show(self, state: PageState, chrome: Chrome) -> int:
        """See Stage.show. Touches meant for the page before are dropped."""
        revision = self._revision + 1
        view = self._presenting.page(state, chrome, self._look, revision)
        identity = (view.kind, view.identity)
        if identity == self._identity:
            self.amend(state, chrome)
            return self._revision
        if self._shown is not None and isinstance(self._shown[0], Attract):
            self._bridge.begun.emit()
        self._shown = (state, chrome)
        self._identity = identity
        self._revision = revision
        self._live = Live(clock=self._live.clock)
        self._put_live(self._presenting.live(self._live, self._look))
        self._put(view)
        if isinstance(state, Attract):
            # Between visits: the Qt thread may collect what is left of the last one.
            self._bridge.idled.emit()
        return revision

    def amend(self, state: PageState, chrome: Chrome) -> None:
        """See Stage.amend."""
        self._shown = (state, chrome)
        self._put(self._presenting.page(state, chrome, self._look, self._revision))

    def live(self, live: Live) -> None:
        """See Stage.live."""
        if live == self._live:
            return
        self._live = live
        self._put_live(self._presenting.live(live, self._look))

    def proof(self) -> PageProof:
        """See Stage.proof. Raises LookupError before the first page."""
        if self._view is None:
            raise LookupError("no page was shown yet")
        return proof_of(self._view)

    def glass(self) -> Glass | None:
        """See Stage.glass."""
        if self._shown is None:
            return None
        revision, typed = self._typed
        return Glass(*self._shown, self._live, self._look, typed if revision == self._revision else None)

    async def intent(self) -> Intent:
        """See Stage.intent. A touch that a new page overtook is answered by a shake."""
        while True:
            intent = await self._intents.get()
            if intent.revision == self._revision:
                return intent
            self._bridge.overtaken.emit()

    def deliver(self, revision: int, action: str, payload: dict[str, Any]) -> None:
        """Called by the bridge on the Qt thread."""
        with self._delivering:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._intents.put_nowait, Intent(revision, action, payload))

    def typed(self, revision: int, characters: int, ready: bool) -> None:
        """Called by the bridge on the Qt thread: so many characters stand in the field of this page."""
        with self._delivering:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._count, revision, Typed(max(0, characters), ready))

    def _count(self, revision: int, typed: Typed) -> None:
        self._typed = (revision, typed)

    def _put(self, view: PageView) -> None:
        self._view = view
        self._bridge.slot.put_page(view.revision, self._map(view))
        if self._reading is not None:
            self._reading.page(view, self._look)

    def _put_live(self, view: LiveView) -> None:
        self._bridge.slot.put_live(self._map(view))
        if self._reading is not None:
            self._reading.live(view, self._look)

    @staticmethod
    def _map(view: PageView | LiveView) -> QmlMap:
        return cast("QmlMap", to_qml(view, type(view).__name__))
