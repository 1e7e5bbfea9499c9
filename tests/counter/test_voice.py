"""The voice of the pages: the newest page first, advice in between, silence when it is not wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from kiosk.commands.station import LOCALES
from kiosk.counter.voice import Voice
from kiosk.devices.audio.contract import AudioCapabilities, Headset, Played, Route, Silent
from kiosk.screens.presenters import Presenters
from kiosk.screens.reading import Reading
from kiosk.screens.samples import SAMPLE_SETTINGS, samples
from kiosk.screens.states import Chrome, Live, Look, RatingPage
from kiosk.screens.words import OnMissing, load_words

PRESENTERS = Presenters(load_words(LOCALES, ("zh-CN", "en"), OnMissing.RAISE), SAMPLE_SETTINGS)
GUIDE = next(s for s in samples() if s.name == "portrait-guide")
HEARD = Look(sound=True)


class Loudspeaker(Silent):
    """Says lines until it is let go on, and writes down which and where."""

    def __init__(self, headset: Headset = Headset.NOT_PRESENT) -> None:
        self.plugged = headset
        self.said: list[tuple[str, str, Route]] = []
        self.cut: list[str] = []
        self.go_on = asyncio.Event()

    @property
    def capabilities(self) -> AudioCapabilities:
        return AudioCapabilities(resets_level=False, senses_headset=True, private=True, speaks=True)

    async def headset(self) -> Headset:
        return self.plugged

    async def speak(self, text: str, language: str, route: Route) -> Played:
        self.said.append((text, language, route))
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cut.append(text)
            raise
        return Played.PLAYED


async def a_moment() -> None:
    """Let everybody who can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


Scene = Callable[[Loudspeaker, Voice], Awaitable[None]]


def played(scene: Scene, headset: Headset = Headset.NOT_PRESENT) -> Loudspeaker:
    async def story() -> Loudspeaker:
        speaker = Loudspeaker(headset)
        voice = Voice(speaker)
        await scene(speaker, voice)
        await voice.close()
        return speaker

    return asyncio.run(story())


def test_a_new_page_cuts_off_the_one_before() -> None:
    async def scene(speaker: Loudspeaker, voice: Voice) -> None:
        voice.page("one", "en")
        await a_moment()
        voice.page("two", "en")
        await a_moment()
        speaker.go_on.set()
        await a_moment()

    speaker = played(scene)
    assert [line[0] for line in speaker.said] == ["one", "two"]
    assert speaker.cut == ["one"]


def test_advice_waits_for_the_page_and_only_the_newest_is_said() -> None:
    async def scene(speaker: Loudspeaker, voice: Voice) -> None:
        voice.page("page", "en")
        voice.aside("nearer", "en")
        voice.aside("hold still", "en")
        await a_moment()
        speaker.go_on.set()
        await a_moment()
        voice.aside("good", "en")
        await a_moment()

    assert [line[0] for line in played(scene).said] == ["page", "hold still", "good"]


def test_hushed_nothing_that_waited_is_said() -> None:
    async def scene(speaker: Loudspeaker, voice: Voice) -> None:
        voice.page("page", "en")
        voice.aside("nearer", "en")
        await a_moment()
        voice.hush()
        speaker.go_on.set()
        await a_moment()

    speaker = played(scene)
    assert [line[0] for line in speaker.said] == speaker.cut == ["page"]


def test_into_the_headset_where_one_is_surely_plugged_in() -> None:
    async def scene(speaker: Loudspeaker, voice: Voice) -> None:
        voice.page("page", "en")
        await a_moment()

    assert played(scene, Headset.PRESENT).said == [("page", "en", Route.PRIVATE)]
    assert played(scene, Headset.UNKNOWN).said == [("page", "en", Route.PUBLIC)]


class Notebook:
    """A Reader that writes down."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def page(self, text: str, language: str) -> None:
        self.lines.append((f"page {language}", text))

    def aside(self, text: str, language: str) -> None:
        self.lines.append((f"aside {language}", text))

    def hush(self) -> None:
        self.lines.append(("hush", ""))


def test_nothing_is_read_before_it_is_asked_for_and_nothing_after_the_visit() -> None:
    notes = Notebook()
    reading = Reading(notes)
    view = PRESENTERS.page(GUIDE.state, GUIDE.chrome, Look(), 1)
    reading.page(view, Look())
    reading.live(PRESENTERS.live(Live(advice="come-closer"), Look()), Look())
    assert notes.lines == []
    reading.page(view, HEARD)
    assert notes.lines == [("page zh-CN", view.voice)]
    reading.page(PRESENTERS.page(RatingPage(), Chrome(), Look(), 2), Look())
    assert notes.lines[1:] == [("hush", "")]


def test_a_page_is_read_once_and_again_in_another_language() -> None:
    notes = Notebook()
    reading = Reading(notes)
    english = replace(HEARD, language="en")
    for look in (HEARD, HEARD, english):
        reading.page(PRESENTERS.page(GUIDE.state, GUIDE.chrome, look, 1), look)
    assert [line[0] for line in notes.lines] == ["page zh-CN", "page en"]


def test_advice_is_said_when_it_changes() -> None:
    notes = Notebook()
    reading = Reading(notes)
    reading.page(PRESENTERS.page(GUIDE.state, GUIDE.chrome, HEARD, 1), HEARD)
    for advice in ("come-closer", "come-closer", "", "hold-still"):
        reading.live(PRESENTERS.live(Live(advice=advice), HEARD), HEARD)
    asides = [text for kind, text in notes.lines if kind == "aside zh-CN"]
    assert len(asides) == 2
    assert len(set(asides)) == 2


def test_whether_more_time_is_needed_is_asked_aloud() -> None:
    notes = Notebook()
    reading = Reading(notes)
    for left in (45, 44):
        reading.live(PRESENTERS.live(Live(more_time=left), HEARD), HEARD)
    assert [line[0] for line in notes.lines] == ["aside zh-CN"]
