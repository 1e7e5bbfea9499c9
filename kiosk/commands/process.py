"""The terminal as a process: Qt on the main thread, the core on its own, everything real."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.backend.bells import Bells
from kiosk.commands.brought import Files
from kiosk.commands.cameras import Picture
from kiosk.commands.keeping import Keeping, own_values
from kiosk.commands.station import language_names, screen_settings, words_of
from kiosk.configuration.book import ConfigurationBook, Hands
from kiosk.configuration.judging import Judge
from kiosk.screens.presenters import Presenters
from kiosk.screens.qt.messages import QtWarnings
from kiosk.screens.qt.stage import StageQt
from kiosk.screens.qt.terminal import TerminalSettings, run_terminal
from kiosk.screens.qt.window import Display, KioskWindow, WindowMode
from kiosk.screens.states import Attract, Layout, Look, OutOfService, ServiceOpen, ServiceTile
from kiosk.screens.words import OnMissing
from kiosk.settings import Settings
from kiosk.settings.model import Layout as SettingsLayout

if TYPE_CHECKING:
    from kiosk.app import Terminal
    from kiosk.documents.process import PaperProcess

_LAYOUTS = {
    SettingsLayout.PORTRAIT: Layout.PORTRAIT,
    SettingsLayout.LANDSCAPE: Layout.LANDSCAPE,
    SettingsLayout.SQUARE: Layout.SQUARE,
}

Core = Callable[[Any], Awaitable[int | None]]
"""Given the wired terminal (kiosk.app.Terminal); runs until it ends or is cancelled."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How this process is to behave."""

    state: Path
    simulated: bool
    offset: Callable[[], timedelta]
    core: Core
    language: str = "zh-CN"
    window: WindowMode = WindowMode.WINDOWED
    warnings: QtWarnings = QtWarnings.LOG
    motion: float = 1.0
    missing_text: OnMissing = OnMissing.REPLACE
    ready: Callable[[KioskWindow, StageQt], None] | None = None
    observer: Callable[[str, str], Awaitable[None]] | None = None
    after_visit: Callable[[Any], Awaitable[None]] | None = None
    environment: Mapping[str, str] | None = None
    judge: Judge | None = None
    """Who knows where every value in force came from; None: values are all there is."""
    keeping: Keeping | None = None
    """What keeps this terminal at the settings that headquarters pushes; None: those it is given, to its end."""


def checking(settings: Settings) -> Attract:
    """The attract page before anything is known."""
    tiles = tuple(
        ServiceTile(
            s.code,
            ServiceOpen.CHECKING if s in settings.enabled else ServiceOpen.CLOSED,
            "" if s in settings.enabled else "closed-not-here",
            s.minutes,
            s.code in settings.leading,
            settings.elsewhere(s.code),
        )
        for s in settings.services.values()
    )
    return Attract(tiles)


class _Wiring:
    """Wires the terminal of this process from settings: at its start, and whenever other settings come into force."""

    def __init__(self, manner: Manner, first: Settings) -> None:
        self._manner = manner
        self._environment = dict(manner.environment or {})
        self._files = None if manner.keeping is None else Files(manner.keeping.shelf.files)
        self._said = (first.languages, first.brought)
        self._texts = words_of(first, self._files, manner.missing_text)
        self.picture = Picture()
        self.alarms: Callable[[], tuple[str, ...]] = tuple
        self.bells = Bells()
        self.held_again: Callable[[], None] = lambda: None
        self.hands: Hands | None = None
        self.configuration = None if manner.judge is None else self._book(manner, manner.judge)

    def _book(self, manner: Manner, judge: Judge) -> ConfigurationBook:
        shelf = None if manner.keeping is None else manner.keeping.shelf
        return ConfigurationBook(judge, own_values(manner.state), shelf, lambda: self.hands)

    def prepare(self) -> None:
        """What takes a while and is not needed for the first page."""
        for one in self._texts.values():
            one.prepare()

    def words(self, settings: Settings) -> Presenters:
        """What puts pages into words."""
        if (settings.languages, settings.brought) != self._said:
            self._texts = words_of(settings, self._files, self._manner.missing_text)
            self._said = (settings.languages, settings.brought)
        names = language_names(settings, self._texts)
        return Presenters(self._texts, screen_settings(settings, self._manner.language, names, self._files))

    @asynccontextmanager
    async def wired(self, settings: Settings, stage: StageQt, papers: PaperProcess) -> AsyncGenerator[Terminal]:
        """One terminal; everything but window and paper process is closed again with it."""
        from kiosk.app import terminal
        from kiosk.archive import log_folder
        from kiosk.commands.cameras import camera_settings
        from kiosk.commands.surroundings import Given, in_earnest
        from kiosk.counter.performers import nobody
        from kiosk.counter.voice import Voice
        from kiosk.store.running_log import RunningLog
        from kiosk.vision.camera import VisionCamera

        manner = self._manner
        async with AsyncExitStack() as closing:
            watching = camera_settings(settings, self._environment, simulated=manner.simulated)
            if self._files is not None:
                watching = replace(watching, brought=self._files.models(settings))
            camera = VisionCamera(watching)
            closing.push_async_callback(camera.close)
            self.picture.show(camera.frames)
            given = Given(
                manner.state,
                manner.simulated,
                manner.offset,
                camera,
                papers,
                manner.observer or nobody,
                manner.after_visit,
                self.alarms,
                self.bells,
                self.configuration,
                {} if self._files is None else self._files.recordings(settings),
                lambda: self.held_again(),
            )
            if settings.devices["camera"].fitted:
                camera.start()
            around = in_earnest(settings, given, closing)
            kept = RunningLog(log_folder(manner.state), around.clock)
            logging.getLogger().addHandler(kept)
            closing.callback(kept.close)
            closing.callback(logging.getLogger().removeHandler, kept)
            if around.audio.capabilities.speaks:
                voice = Voice(around.audio)
                closing.push_async_callback(voice.close)
                stage.read_by(voice)
            async with terminal(settings, around, stage) as built:
                yield built


def run_process(settings: Settings, manner: Manner) -> int:
    """Own the main thread until the end; the exit status."""
    display = settings.display
    wiring = _Wiring(manner, settings)

    async def core(stage: StageQt) -> int | None:
        from kiosk.commands.surroundings import events_of, renewing_of, standing
        from kiosk.documents.process import PaperProcess
        from kiosk.times import ThreadWorker

        wiring.prepare()
        look = stage.look
        async with AsyncExitStack() as closing:
            papers = PaperProcess(standing(manner.simulated))
            closing.push_async_callback(papers.close)
            # One connection for the life of the process, whichever settings are in force: they cannot change its end.
            line = events_of(settings, wiring.bells, manner.offset)
            wiring.held_again = line.again
            events = asyncio.create_task(line.run(), name="events")
            closing.callback(events.cancel)
            identity = ThreadWorker("identity")
            closing.push_async_callback(identity.close)
            renewing = renewing_of(settings, identity, manner.offset)
            if renewing is not None:
                young = asyncio.create_task(renewing.run(), name="certificate")
                closing.callback(young.cancel)

            @asynccontextmanager
            async def wired(settings: Settings) -> AsyncGenerator[Terminal]:
                stage.dress(look)
                stage.speak_with(wiring.words(settings))
                async with wiring.wired(settings, stage, papers) as built:
                    yield built

            async def live(built: Terminal) -> int | None:
                warming = asyncio.ensure_future(papers.start())
                try:
                    return await manner.core(built)
                finally:
                    _ = warming.cancel()

            if manner.keeping is None:
                async with wired(settings) as built:
                    return await live(built)
            from kiosk.commands.keeping import kept

            return await kept(manner.keeping, settings, manner.offset, wired, live, wiring)

    return run_terminal(
        core,
        TerminalSettings(
            words=lambda: wiring.words(settings),
            first=checking(settings),
            display=Display(display.width, display.height, 1 / display.pitch_mm, manner.window, manner.motion),
            look=Look(language=manner.language, layout=_LAYOUTS[display.layout]),
            crash_page=OutOfService("software"),
            warnings=manner.warnings,
            frames=wiring.picture,
            ready=manner.ready,
        ),
    )
