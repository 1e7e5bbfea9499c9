"""An officer's voice at the terminal: once, while the call is open, to whoever called."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import select

from central.desks.clips import speak
from central.desks.tickets import close
from central.model_help import Ticket
from kiosk.backend.exchange import Arrival, Cause, Rejected, Unreachable
from kiosk.counter.durations import Durations
from kiosk.counter.nobody import DarkStage
from kiosk.counter.pages import Pages
from kiosk.counter.remote.hearing import LONGEST_SECONDS, LOOK_SECONDS, TRIES, Hearing
from kiosk.counter.watch import Watch
from kiosk.devices.audio.contract import AudioCapabilities, Headset, Played, Route, Silent
from kiosk.nights.night import Night, in_virtual_time
from kiosk.protocol.clips import RATE, clip_of
from kiosk.protocol.messages import HelpAnswer, HelpAsk, Problem, Spoken
from kiosk.screens.states import Live, Look
from kiosk.times import VirtualClock
from kiosk.virtual import run_virtual
from tests.visits.nights import a_night, visitor

START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


class Heard(Silent):
    """A loudspeaker: what is played, where, and for how long at most."""

    def __init__(self, *, officer: bool = True, headset: Headset = Headset.NOT_PRESENT) -> None:
        self.officer = officer
        self.plugged = headset
        self.played: list[tuple[bytes, Route]] = []
        self.ended: list[bytes] = []
        self.seconds = 3.0

    @property
    def capabilities(self) -> AudioCapabilities:
        return replace(super().capabilities, officer=self.officer, private=True, senses_headset=True)

    async def headset(self) -> Headset:
        return self.plugged

    async def play(self, wav: bytes, route: Route) -> Played:
        self.played.append((wav, route))
        await asyncio.sleep(self.seconds)
        self.ended.append(wav)
        return Played.PLAYED


class Lit(DarkStage):
    """A stage that remembers what its live part said of the officer."""

    def __init__(self) -> None:
        super().__init__(Look())
        self.officer: list[bool] = []

    def live(self, live: Live) -> None:
        if not self.officer or self.officer[-1] is not live.officer:
            self.officer.append(live.officer)


@dataclass
class Line:
    """Headquarters, as far as it is asked."""

    spoken: list[bytes] = field(default_factory=list[bytes])
    state: str = "answered"
    away: int = 0
    gone: bool = False
    asked: int = 0
    fetched: list[bytes] = field(default_factory=list[bytes])

    async def help_answer(self, ask: HelpAsk) -> HelpAnswer:
        self.asked += 1
        clips = tuple(Spoken(sha256=each.hex().zfill(64), milliseconds=1000) for each in self.spoken)
        return HelpAnswer(number="H1", state=cast("Any", self.state), spoken=clips)

    async def clip(self, sha256: str) -> bytes:
        if self.away:
            self.away -= 1
            raise Unreachable(Cause.TIME_OUT, Arrival.PERHAPS, "slow")
        if self.gone:
            self.gone = False
            raise Rejected(Problem(code="clip", detail="gone"), 404)
        self.fetched.append(bytes.fromhex(sha256).lstrip(b"\0"))
        return self.fetched[-1]


@dataclass
class Scene:
    """What takes part."""

    line: Line
    audio: Heard
    stage: Lit
    pages: Pages
    hearing: Hearing
    closed: list[str] = field(default_factory=list[str])


def played(story: Callable[[Scene], Awaitable[None]], line: Line | None = None, audio: Heard | None = None) -> Scene:
    async def whole() -> Scene:
        clock, stage = VirtualClock(), Lit()

        async def nobody(page: str) -> None:
            del page

        pages = Pages(stage, clock, Watch(clock), Durations(), simulated=False, call_for_help=nobody)
        asked, speaker, closed = line or Line(), audio or Heard(), list[str]()
        hearing = Hearing(asked, pages, speaker, closed.append)
        scene = Scene(asked, speaker, stage, pages, hearing, closed)
        task = asyncio.ensure_future(hearing.run())
        pages.begin(None)
        await story(scene)
        task.cancel()
        _ = await asyncio.wait({task})
        return scene

    return run_virtual(whole(), START)


def test_each_clip_is_fetched_once_and_heard_in_its_order_and_the_header_says_so() -> None:
    async def story(scene: Scene) -> None:
        scene.hearing.called("help/1")
        scene.line.spoken.append(b"one")
        await asyncio.sleep(LOOK_SECONDS + 1.0)
        assert scene.stage.officer[-1] is True
        scene.line.spoken.append(b"two")
        await asyncio.sleep(60.0)

    scene = played(story)
    assert scene.line.fetched == scene.audio.ended == [b"one", b"two"]
    assert {route for _, route in scene.audio.played} == {Route.PUBLIC}
    assert scene.stage.officer == [True, False, True, False]


def test_into_the_headset_where_one_is_plugged_in() -> None:
    async def story(scene: Scene) -> None:
        scene.hearing.called("help/1")
        await asyncio.sleep(20.0)

    scene = played(story, Line([b"one"]), Heard(headset=Headset.PRESENT))
    assert scene.audio.played == [(b"one", Route.PRIVATE)]


def test_without_a_call_or_without_a_loudspeaker_nobody_asks() -> None:
    async def nothing(scene: Scene) -> None:
        await asyncio.sleep(60.0)

    async def call(scene: Scene) -> None:
        scene.hearing.called("help/1")
        await asyncio.sleep(60.0)

    assert played(nothing).line.asked == 0
    assert played(call, audio=Heard(officer=False)).line.asked == 0


def test_whoever_has_gone_is_spoken_to_no_more_and_the_next_never() -> None:
    async def story(scene: Scene) -> None:
        scene.audio.seconds = 12.0
        scene.hearing.called("help/1")
        await asyncio.sleep(LOOK_SECONDS + 1.0)
        scene.pages.begin(None)
        scene.line.spoken.append(b"two")
        await asyncio.sleep(60.0)

    scene = played(story, Line([b"one"]))
    assert [clip for clip, _ in scene.audio.played] == [b"one"]
    assert scene.audio.ended == [] and scene.stage.officer[-1] is False


def test_a_call_that_is_closed_is_asked_after_no_more() -> None:
    async def story(scene: Scene) -> None:
        scene.hearing.called("help/1")
        await asyncio.sleep(LOOK_SECONDS * 2)
        scene.line.state = "closed"
        await asyncio.sleep(60.0)

    async def forgotten(scene: Scene) -> None:
        scene.hearing.called("help/1")
        await asyncio.sleep(LONGEST_SECONDS * 3)

    scene = played(story)
    assert scene.closed == ["help/1"] and scene.line.asked <= 4
    assert played(forgotten).line.asked <= LONGEST_SECONDS / LOOK_SECONDS


def test_a_clip_that_does_not_come_is_tried_again_and_then_passed_over_and_one_that_is_gone_at_once() -> None:
    async def story(scene: Scene) -> None:
        scene.hearing.called("help/1")
        await asyncio.sleep(60.0)

    assert played(story, Line([b"one", b"two"], away=TRIES - 1)).audio.ended == [b"one", b"two"]
    assert played(story, Line([b"one", b"two"], away=TRIES)).audio.ended == [b"two"]
    assert played(story, Line([b"one", b"two"], gone=True)).audio.ended == [b"two"]


def test_on_a_whole_terminal_it_is_heard_on_whatever_page_the_caller_goes_on_to() -> None:
    loudspeaker, clip = Heard(), clip_of(bytes(RATE))

    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        hands, by = someone.running.hands, night.headquarters.by_a_person

        def header() -> str:
            live = someone.running.stage.live_view
            return "" if live is None else live.officer

        hands.tap("service:HZ02")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice"))
        hands.tap("help")
        await asyncio.sleep(5.0)
        (number,) = by(lambda desk: desk.db.scalars(select(Ticket.number)).all())
        _ = by(lambda desk: speak(desk, number, "wang", clip))
        await asyncio.sleep(LOOK_SECONDS + 1.0)
        assert hands.look().kind == "HelpPage" and header() == "民警正在说话，请听"
        hands.tap("continue")
        await asyncio.sleep(1.0)
        assert hands.look().kind == "NoticePage" and header() == "民警正在说话，请听"
        await asyncio.sleep(LOOK_SECONDS + 2.0)
        assert header() == "" and loudspeaker.ended == [clip]
        by(lambda desk: close(desk, number, "wang"))

    a_night(scene, audio=loudspeaker)
