"""A terminal's glass without a window: pages put into words and kept, touches checked against what the page offers.

`HeadlessStage` is a stage of kiosk.screens.stage; `VirtualHands` are the hands of kiosk.simulation.citizen on it. A
hand touches only what the page in words offers, once it is armed, so that a button no presenter shows cannot be
pressed here either. One thread, one loop, no Qt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from kiosk.people.names import DOT, SHORTEST
from kiosk.screens.proof import PageProof, proof_of
from kiosk.screens.qt.convert import to_qml
from kiosk.screens.stage import Glass, Intent
from kiosk.screens.states import Chrome, Live, Look, PageState, PayPage
from kiosk.screens.views import (
    ActionView,
    AllServicesView,
    AttractView,
    ChartView,
    ChooseView,
    ChooseViolationsView,
    DisplayView,
    EnterNameView,
    FormPageView,
    KeypadView,
    LiveView,
    OverviewView,
    PageView,
    PlateView,
    PortraitView,
    RatingView,
    RecordsView,
    SignView,
    StaffKeyView,
    TileSheet,
    ToneView,
    TypeNumberView,
    WhatToBringView,
)

PAD = 10_000
"""The signature pad's width in the units of strokes."""
POINT_MILLISECONDS = 12
_CALLED = ("erase", "clear")


class Presenting(Protocol):
    """Presenters, all of them."""

    def page(self, state: PageState, chrome: Chrome, look: Look, revision: int) -> PageView: ...

    def live(self, live: Live, look: Look) -> LiveView: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What the stage shows: the state, the page in words, when it appeared (loop time)."""

    state: PageState
    chrome: Chrome
    view: PageView
    at: float


class CannotTouch(AssertionError):
    """Nothing of that name can be touched on the page."""


class HeadlessStage:
    """A Stage. `put` is told of every page and every change of one, in words."""

    def __init__(self, presenting: Presenting, look: Look, put: Callable[[PageView], None]) -> None:
        self._presenting = presenting
        self._look = look
        self._put = put
        self._revision = 0
        self._identity = ("", "")
        self._live = Live()
        self._intents: asyncio.Queue[Intent] = asyncio.Queue()
        self.shown: Shown | None = None
        self.live_view: LiveView | None = None
        self.overtaken = 0
        """Touches that came for a page which was gone."""

    def speak_with(self, presenting: Presenting) -> None:
        """Pages are put into words by these from the next page on."""
        self._presenting = presenting

    @property
    def look(self) -> Look:
        """How the page is shown now."""
        return self._look

    @property
    def revision(self) -> int:
        """Of the page shown now; 0 before the first."""
        return self._revision

    def dress(self, look: Look) -> None:
        """See Stage.dress."""
        if look == self._look:
            return
        self._look = look
        if self.shown is not None:
            self._keep(self.shown.state, self.shown.chrome, self.shown.at)
            self.live_view = self._presenting.live(self._live, look)

    def show(self, state: PageState, chrome: Chrome) -> int:
        """See Stage.show."""
        view = self._presenting.page(state, chrome, self._look, self._revision + 1)
        identity = (view.kind, view.identity)
        if identity == self._identity:
            self.amend(state, chrome)
            return self._revision
        self._identity = identity
        self._revision += 1
        self._live = Live(clock=self._live.clock)
        self.live_view = self._presenting.live(self._live, self._look)
        self._keep(state, chrome, asyncio.get_running_loop().time())
        return self._revision

    def amend(self, state: PageState, chrome: Chrome) -> None:
        """See Stage.amend."""
        at = self.shown.at if self.shown is not None else asyncio.get_running_loop().time()
        self._keep(state, chrome, at)

    def live(self, live: Live) -> None:
        """See Stage.live."""
        if live != self._live:
            self._live = live
            self.live_view = self._presenting.live(live, self._look)

    def proof(self) -> PageProof:
        """See Stage.proof. Raises LookupError before the first page."""
        if self.shown is None:
            raise LookupError("no page was shown yet")
        return proof_of(self.shown.view)

    def glass(self) -> Glass | None:
        """See Stage.glass. What hands of a scripted citizen type stays in their hands."""
        if self.shown is None:
            return None
        return Glass(self.shown.state, self.shown.chrome, self._live, self._look)

    async def intent(self) -> Intent:
        """See Stage.intent."""
        while True:
            intent = await self._intents.get()
            if intent.revision == self._revision:
                return intent
            self.overtaken += 1

    def touch(self, intent: Intent) -> None:
        """A finger."""
        self._intents.put_nowait(intent)

    def _keep(self, state: PageState, chrome: Chrome, at: float) -> None:
        view = self._presenting.page(state, chrome, self._look, self._revision)
        self.shown = Shown(state, chrome, view, at)
        self._put(view)


@dataclass(frozen=True, slots=True)
class GlassSight:
    """The page now; a kiosk.simulation.citizen.Sight."""

    kind: str
    revision: int
    state: PageState
    words: PageView

    @property
    def view(self) -> dict[str, Any]:
        """The page as a window gets it."""
        found = to_qml(self.words)
        assert isinstance(found, dict)
        return dict(found)


class _Nothing:
    kind = ""
    revision = -1
    view: dict[str, Any] = {}  # noqa: RUF012


@dataclass(frozen=True, slots=True)
class _Touchable:
    name: str
    action: str
    payload: dict[str, Any]
    arms_after: float = 0.0


class VirtualHands:
    """Hands of kiosk.simulation.citizen. What is typed, ticked and drawn belongs to the page it was done on."""

    def __init__(self, stage: HeadlessStage) -> None:
        self._stage = stage
        self._page = ("", "")
        self._typed = ""
        self._spelt = ""
        self._ticked: list[str] = []
        self._strokes: list[list[list[int]]] = []
        self._resting = ("", 0.0)

    # -- eyes --------------------------------------------------------------------------------------------------------

    def look(self) -> GlassSight | _Nothing:
        """The page now."""
        shown = self._stage.shown
        if shown is None:
            return _Nothing()
        return GlassSight(shown.view.kind, self._stage.revision, shown.state, shown.view)

    def settle(self) -> GlassSight | _Nothing:
        """Nothing has to be painted here."""
        return self.look()

    def sees(self, name: str) -> bool:
        """Whether this can be touched now."""
        return any(t.name == name for t in self.touchables())

    def advice(self) -> str:
        """What the camera's page advises, or ""."""
        live = self._stage.live_view
        return "" if live is None else live.advice_kind

    def code(self) -> str:
        """The text behind the code on the screen, or ""."""
        shown = self._stage.shown
        if shown is None or not isinstance(shown.state, PayPage) or not any("1" in row for row in _matrix(shown)):
            return ""
        return shown.state.code_url

    # -- hands -------------------------------------------------------------------------------------------------------

    def tap(self, name: str) -> None:
        """Touch. Raises CannotTouch."""
        found = next((t for t in self.touchables() if t.name == name), None)
        if found is None:
            raise CannotTouch(f"{name} on {self.look().kind}; there are: {', '.join(self.names())}")
        if not found.action:
            self._on_the_glass(found)
            return
        self._stage.touch(Intent(self._stage.revision, found.action, found.payload))

    def draw(self, name: str, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
        """Write on the pad; points are fractions of its width and height. Raises CannotTouch."""
        self._begin_page()
        shown = self._stage.shown
        if name != "pad" or shown is None or not isinstance(shown.view.page, SignView):
            raise CannotTouch(f"there is no {name}")
        height = PAD * shown.view.page.height / shown.view.page.width
        at = 0
        for stroke in strokes:
            points: list[list[int]] = []
            for x, y in stroke:
                points.append([round(x * PAD), round(y * height), at])
                at += POINT_MILLISECONDS
            self._strokes.append(points)

    def rest(self, corner: str) -> None:
        """Lay a finger into a corner of the glass and leave it there."""
        self._resting = (corner, asyncio.get_running_loop().time())

    def lift(self) -> None:
        """Lift it; the window tells how long it rested."""
        corner, since = self._resting
        rested = round(1000 * (asyncio.get_running_loop().time() - since))
        self._stage.touch(Intent(self._stage.revision, "held", {"corner": corner, "ms": rested}))

    def names(self) -> tuple[str, ...]:
        """Everything that can be touched now."""
        return tuple(t.name for t in self.touchables())

    def touchables(self) -> tuple[_Touchable, ...]:
        """In the order of the page, from the body down to the row and the header."""
        self._begin_page()
        shown, live = self._stage.shown, self._stage.live_view
        if shown is None or live is None:
            return ()
        view = shown.view
        found = [*self._body(view.page)]
        for action in (*view.ways, *view.actions, *view.chrome.header):
            found.extend(self._button(action))
        if live.more_time:
            found = [*self._button(live.more_time_action), *self._button(live.leave_action)]
        age = asyncio.get_running_loop().time() - shown.at
        return tuple(t for t in found if t.arms_after <= age)

    def _begin_page(self) -> None:
        """A new page begins with what it was given as drafts."""
        shown = self._stage.shown
        page = (str(self._stage.revision), "" if shown is None else shown.view.identity)
        if page == self._page:
            return
        self._page = page
        self._strokes = []
        self._typed, self._spelt, self._ticked = "", "", []
        if shown is None:
            return
        pad = _keypad(shown.view)
        self._typed = pad.draft if pad is not None else ""
        if isinstance(shown.view.page, EnterNameView):
            self._typed = shown.view.page.draft
        if isinstance(shown.view.page, ChooseViolationsView):
            self._ticked = [r.id for s in shown.view.page.sheets for r in s.records if r.chosen]

    def _on_the_glass(self, touched: _Touchable) -> None:
        kind, _, what = touched.name.partition(":")
        if kind == "choose":
            self._ticked = [i for i in self._ticked if i != what] if what in self._ticked else [*self._ticked, what]
        elif kind == "pick":
            self._typed, self._spelt = self._typed + what, ""
        elif self._composes():
            self._on_a_letter(what)
        elif what in ("delete", "erase"):
            self._typed = self._typed[:-1]
        elif what == "clear":
            self._typed = ""
        else:
            self._typed += what

    def _composes(self) -> bool:
        shown = self._stage.shown
        return shown is not None and isinstance(shown.view.page, EnterNameView)

    def _on_a_letter(self, key: str) -> None:
        """Letters go into the sound first; what is rubbed out is the sound, then the name."""
        match key:
            case "delete" if self._spelt:
                self._spelt = self._spelt[:-1]
            case "delete":
                self._typed = self._typed[:-1]
            case "clear":
                self._typed, self._spelt = "", ""
            case "dot":
                self._typed += DOT
            case _:
                self._spelt += key

    def _body(self, page: Any) -> Iterator[_Touchable]:
        match page:
            case AttractView(sheets=sheets):
                yield from _tiles(sheets)
                yield _Touchable("begin", "begin", {})
            case AllServicesView(sheets=sheets):
                yield from _tiles(sheets)
            case WhatToBringView(sheets=sheets):
                for sheet in sheets:
                    for row in sheet.rows:
                        yield _Touchable(f"service:{row.code}", "service", {"code": row.code})
            case ChooseView(sheets=sheets):
                for sheet in sheets:
                    for one in sheet.options:
                        yield _Touchable(f"choose:{one.id}", "choose", {"id": one.id})
            case RatingView(sheets=sheets):
                for sheet in sheets:
                    for one in sheet.options:
                        yield _Touchable(f"rate:{one.id}", "rate", {"id": one.id})
            case ChooseViolationsView(sheets=sheets):
                for sheet in sheets:
                    for record in sheet.records:
                        yield _Touchable(f"choose:{record.id}", "", {})
            case FormPageView(sheets=sheets, keypad=keypad):
                for sheet in sheets:
                    for one in sheet.options:
                        yield _Touchable(f"answer:{one.id}", "answer", {"text": one.id})
                yield from self._keys(keypad)
            case TypeNumberView(keypad=keypad) | StaffKeyView(keypad=keypad):
                yield from self._keys(keypad)
            case RecordsView(rows=rows):
                for row in rows:
                    if row.id:
                        yield _Touchable(f"open:{row.id}", "open", {"id": row.id})
            case OverviewView(rows=rows):
                for row in rows:
                    yield _Touchable(f"device:{row.id}", "device", {"id": row.id})
            case EnterNameView():
                yield from self._letters(page)
            case ChartView(arrows=arrows):
                for arrow in arrows:
                    yield _Touchable(f"point:{arrow.id}", "point", {"to": arrow.id})
            case PlateView(figures=figures):
                for figure in figures:
                    yield _Touchable(f"figure:{figure.id}", "figure", {"text": figure.id})
            case ToneView(sides=sides):
                for side in sides:
                    yield _Touchable(f"heard:{side.id}", "heard", {"side": side.id})
            case PortraitView(shots=shots):
                for shot in shots:
                    yield _Touchable(f"choose:{shot.index}", "choose", {"index": shot.index})
            case _:
                return

    def _keys(self, pad: KeypadView) -> Iterator[_Touchable]:
        for row in pad.rows:
            for key in row:
                if key and (key in _CALLED or len(self._typed) < pad.length):
                    yield _Touchable(f"key:{'delete' if key == 'erase' else key}", "", {})

    def _letters(self, page: EnterNameView) -> Iterator[_Touchable]:
        """The keys that lead on, and the characters read as what was typed."""
        for row in page.rows:
            for key in row:
                leads = any(s.syllable.startswith(self._spelt + key) for s in page.syllables)
                if leads or key in ("erase", "clear") or (key == "dot" and not self._spelt):
                    yield _Touchable(f"key:{'delete' if key == 'erase' else key}", "", {})
        found = page.surnames if not self._typed and not self._spelt else ""
        found += "".join(s.characters for s in page.syllables if s.syllable == self._spelt)
        for character in dict.fromkeys(found):
            yield _Touchable(f"pick:{character}", "", {})

    def _button(self, button: ActionView) -> Iterator[_Touchable]:
        if not button.enabled:
            return
        payload: dict[str, Any] = {button.payload_key: button.payload_value} if button.payload_key else {}
        match button.from_view:
            case "text" if self._composes():
                if self._spelt or len(self._typed) < SHORTEST:
                    return
                payload["text"] = self._typed
            case "text":
                pad = None if self._stage.shown is None else _keypad(self._stage.shown.view)
                if pad is None or len(self._typed) != pad.length:
                    return
                payload["text"] = _grouped(self._typed, pad)
            case "ids":
                if not self._ticked:
                    return
                payload["ids"] = list(self._ticked)
            case "pixels":
                shown = self._stage.shown
                if shown is None or not isinstance(shown.view.page, DisplayView):
                    return
                payload["pixels"] = shown.view.page.pixels
            case "strokes":
                if not self._strokes:
                    return
                payload["strokes"] = [list(s) for s in self._strokes]
            case _:
                pass
        yield _Touchable(button.action, button.action, payload, button.arms_after_ms / 1000)


def _tiles(sheets: tuple[TileSheet, ...]) -> Iterator[_Touchable]:
    for sheet in sheets:
        for tile in sheet.tiles:
            if tile.enabled:
                yield _Touchable(f"service:{tile.code}", "service", {"code": tile.code})


def _keypad(view: PageView) -> KeypadView | None:
    match view.page:
        case FormPageView(keypad=keypad) | TypeNumberView(keypad=keypad) | StaffKeyView(keypad=keypad):
            return keypad
        case _:
            return None


def _grouped(text: str, pad: KeypadView) -> str:
    parts: list[str] = []
    at = 0
    for length in pad.groups:
        parts.append(text[at : at + length])
        at += length
    return pad.joiner.join([*parts, *([text[at:]] if at < len(text) else [])]) if pad.joiner else text


def _matrix(shown: Shown) -> tuple[str, ...]:
    return getattr(shown.view.page, "qr", ())


def plainly(look: Look, language: str) -> Look:
    """The same look in a language."""
    return replace(look, language=language)
