"""A whole terminal without a window and with its citizen inside, in a process that is made to be killed.

Engine, counter, drivers on ptys, store on disk, HTTPS to headquarters and the paper process are the real ones; the
glass is words without pixels and the camera a scripted one. What is learned of the visit goes to a file as JSON;
everything else goes to a log.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kiosk.app import Terminal, terminal
from kiosk.backend.link import LinkState
from kiosk.commands.simulated import Sandbox, settings_for
from kiosk.commands.station import LOCALES, screen_settings
from kiosk.commands.surroundings import Given, in_earnest
from kiosk.counter.duty import VisitReport
from kiosk.documents.papers import Standing
from kiosk.documents.process import PaperProcess
from kiosk.screens.presenters import Presenters
from kiosk.screens.states import Look, ServiceOpen
from kiosk.screens.words import OnMissing, Words, load_words
from kiosk.simulation.citizen import Citizen, Sight
from kiosk.simulation.virtual_terminal import HeadlessStage, VirtualHands
from kiosk.simulation.wandering import Wish, wander
from kiosk.vision.scripted import ScriptedCamera, ScriptedPerson

READY_SECONDS = 60.0
VISIT_SECONDS = 240.0
FLUSH_SECONDS = 20.0
LANGUAGES = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in the world when a step begins (its key, or its kind): a command and its arguments."""

    step: str
    do: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Errand:
    """Which of the world's people comes for what."""

    wish: Wish
    index: int
    language: str = "zh-CN"
    events: tuple[Event, ...] = ()


@dataclass
class Story:
    """What became of a visit that was not killed."""

    errand: dict[str, Any]
    ending: str = ""
    topic: str = ""
    number: str = ""
    pages: list[str] = field(default_factory=list[str])
    told: list[list[str]] = field(default_factory=list[list[str]])
    effects: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    recovered: int = 0
    troubles: list[str] = field(default_factory=list[str])
    problem: str = ""


class Troubles(logging.Handler):
    """Every error the product logs."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._seen = seen

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        self._seen.append(record.getMessage())


def words() -> dict[str, Words]:
    """All texts; loaded once, before processes are made of this one."""
    return load_words(LOCALES, LANGUAGES, OnMissing.RAISE)


def visit(sandbox: Sandbox, errand: Errand, texts: dict[str, Words]) -> Story:
    """One start of the terminal and one visit, from the attract page to the attract page. Owns the thread."""
    story = Story(asdict(errand))
    handler = Troubles(story.troubles)
    logging.getLogger().addHandler(handler)
    try:
        asyncio.run(_visit(sandbox, errand, texts, story))
    except Exception as failure:
        story.problem = f"{type(failure).__name__}: {failure}"
    finally:
        logging.getLogger().removeHandler(handler)
    return story


async def _visit(sandbox: Sandbox, errand: Errand, texts: dict[str, Words], story: Story) -> None:
    settings = settings_for(sandbox, errand.language)
    presenters = Presenters(texts, screen_settings(settings, errand.language))
    stage = HeadlessStage(presenters, Look(language=errand.language), _shows_nothing)
    person = sandbox.world.call("person-arrives", citizen=errand.index)["person"]
    camera = ScriptedCamera()
    camera.place(ScriptedPerson(person["face"]))

    async def after(report: VisitReport) -> None:
        story.ending, story.topic, story.number = report.ending, report.topic, report.number
        story.effects = [
            {"key": e.key, "kind": e.kind.value, "state": e.state.value, "number": e.number}
            for e in report.end.effects
        ]

    async with AsyncExitStack() as closing:
        papers = PaperProcess(Standing.SIMULATED)
        closing.push_async_callback(papers.close)
        closing.push_async_callback(camera.close)
        due = list(errand.events)

        async def observe(kind: str, key: str) -> None:
            for event in [e for e in due if e.step in (kind, key)]:
                due.remove(event)
                _ = await asyncio.to_thread(sandbox.world.call, event.do, **event.arguments)

        given = Given(sandbox.state, True, sandbox.clock_offset(), camera, papers, observe, after)
        around = in_earnest(settings, given, closing)
        async with terminal(settings, around, stage) as built:
            running = asyncio.ensure_future(built.run())
            try:
                hands = VirtualHands(stage)
                someone = Citizen(hands, sandbox.world, person["number"], person["phone"], _noting(story))
                coming = asyncio.ensure_future(_come_and_go(built, hands, someone, errand))
                _ = await asyncio.wait({running, coming}, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    running.result()
                await coming
                await _empty_outbox(built)
            finally:
                running.cancel()
                _ = await asyncio.wait({running})


def _shows_nothing(view: object) -> None:
    del view


def _noting(story: Story) -> Callable[[Sight], None]:
    def seen(sight: Sight) -> None:
        story.pages.append(sight.kind)
        if sight.kind == "WelcomeBack":
            facts = getattr(getattr(sight, "state", None), "facts", ())
            story.told = [list(fact) for fact in facts]

    return seen


async def _come_and_go(built: Terminal, hands: VirtualHands, someone: Citizen, errand: Errand) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while not _open(built, hands, errand.wish.code):
            await asyncio.sleep(0.02)
    async with asyncio.timeout(VISIT_SECONDS):
        for seconds in wander(someone, errand.wish):
            await asyncio.sleep(seconds)


def _open(built: Terminal, hands: VirtualHands, code: str) -> bool:
    tiles = {t.code for t in built.duty.tiles() if t.open is ServiceOpen.OPEN}
    return (
        hands.look().kind == "Attract"
        and code in tiles
        and (hands.sees(f"service:{code}") or hands.sees("all-services"))
    )


async def _empty_outbox(built: Terminal) -> None:
    """As long as there is somebody to send to."""
    until = time.monotonic() + FLUSH_SECONDS
    while (
        await built.store.outbox.waiting()
        and built.link.link.state is not LinkState.OFFLINE
        and time.monotonic() < until
    ):
        await asyncio.sleep(0.05)


# -- as a child


def fork_visit(sandbox: Sandbox, errand: Errand, texts: dict[str, Words], story: Path, log: Path) -> int:
    """The visit in a child of this process, which must have one thread; its process id.

    Forked, because a hundred starts of an interpreter would take longer than what they are for; nothing has been
    started in this process that a fork could break.
    """
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setpgid(0, 0)
        with log.open("ab") as err:
            os.dup2(err.fileno(), 2)
        logging.basicConfig(stream=sys.stderr, level=logging.INFO, force=True)
        found = visit(sandbox, errand, texts)
        part = story.with_suffix(".part")
        part.write_text(json.dumps(asdict(found), ensure_ascii=False), "utf-8")
        part.replace(story)
        status = 0
    finally:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os._exit(status)
