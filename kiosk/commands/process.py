"""The terminal as a process: Qt on the main thread, the core on its own, everything real."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk.commands.station import LOCALES, screen_settings
from kiosk.screens.presenters import Presenters
from kiosk.screens.qt.messages import QtWarnings
from kiosk.screens.qt.stage import StageQt
from kiosk.screens.qt.terminal import TerminalSettings, run_terminal
from kiosk.screens.qt.window import Display, KioskWindow, WindowMode
from kiosk.screens.states import Attract, Layout, Look, OutOfService, ServiceOpen, ServiceTile
from kiosk.screens.words import OnMissing, load_words
from kiosk.settings import Settings
from kiosk.settings.model import Layout as SettingsLayout

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


def run_process(settings: Settings, manner: Manner) -> int:
    """Own the main thread until the end; the exit status."""
    from kiosk.commands.cameras import camera_settings
    from kiosk.vision.camera import VisionCamera

    display = settings.display
    environment = dict(manner.environment or {})
    camera = VisionCamera(camera_settings(settings, environment, simulated=manner.simulated))

    texts = load_words(LOCALES, settings.terminal.languages, manner.missing_text)

    def words() -> Presenters:
        return Presenters(texts, screen_settings(settings, manner.language))

    async def core(stage: StageQt) -> int | None:
        from kiosk.app import terminal
        from kiosk.commands.surroundings import Given, in_earnest, standing
        from kiosk.counter.performers import nobody
        from kiosk.counter.voice import Voice
        from kiosk.documents.process import PaperProcess

        for one in texts.values():
            one.prepare()
        async with AsyncExitStack() as closing:
            papers = PaperProcess(standing(manner.simulated))
            closing.push_async_callback(papers.close)
            closing.push_async_callback(camera.close)
            given = Given(
                manner.state,
                manner.simulated,
                manner.offset,
                camera,
                papers,
                manner.observer or nobody,
                manner.after_visit,
            )
            if settings.devices["camera"].fitted:
                camera.start()
            around = in_earnest(settings, given, closing)
            if around.audio.capabilities.speaks:
                voice = Voice(around.audio)
                closing.push_async_callback(voice.close)
                stage.read_by(voice)
            warming = asyncio.ensure_future(papers.start())
            closing.callback(warming.cancel)
            async with terminal(settings, around, stage) as built:
                return await manner.core(built)

    return run_terminal(
        core,
        TerminalSettings(
            words=words,
            first=checking(settings),
            display=Display(display.width, display.height, 1 / display.pitch_mm, manner.window, manner.motion),
            look=Look(language=manner.language, layout=_LAYOUTS[display.layout]),
            crash_page=OutOfService("software"),
            warnings=manner.warnings,
            frames=camera.frames,
            ready=manner.ready,
        ),
    )
