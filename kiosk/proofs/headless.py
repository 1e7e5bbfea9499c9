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
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kiosk.app import Terminal, terminal
from kiosk.commands.simulated import Sandbox, settings_for
from kiosk.commands.station import LOCALES, screen_settings
from kiosk.commands.surroundings import Given, in_earnest
from kiosk.counter.duty import VisitReport
from kiosk.documents.papers import Standing
from kiosk.documents.process import PaperProcess
from kiosk.screens.presenters import Presenters
from kiosk.screens.states import Look, ServiceOpen
from kiosk.screens.words import OnMissing, Words, load_words
from kiosk.simulation import citizen as acts
from kiosk.simulation.citizen import Act, Citizen, Doing, Sight, Unexpected
from kiosk.simulation.virtual_terminal import HeadlessStage, VirtualHands
from kiosk.vision.scripted import ScriptedCamera, ScriptedPerson

READY_SECONDS = 60.0
VISIT_SECONDS = 240.0
FLUSH_SECONDS = 20.0
MOST_PAGES = 80
LANGUAGES = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class Errand:
    """Who comes for which service. `leaves_when_told`: they only want to hear what became of their last visit."""

    code: str
    index: int
    language: str = "zh-CN"
    leaves_when_told: bool = False


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
        given = Given(sandbox.state, True, sandbox.clock_offset(), camera, papers, after_visit=after)
        around = in_earnest(settings, given, closing)
        async with terminal(settings, around, stage) as built:
            running = asyncio.ensure_future(built.run())
            try:
                hands = VirtualHands(stage)
                someone = Citizen(hands, sandbox.world, person["number"], person["phone"], _noting(story))
                coming = asyncio.ensure_future(_come_and_go(built, hands, someone, errand, story))
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


async def _come_and_go(built: Terminal, hands: VirtualHands, someone: Citizen, errand: Errand, story: Story) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while not _open(built, hands, errand.code):
            await asyncio.sleep(0.02)
    async with asyncio.timeout(VISIT_SECONDS):
        for seconds in wander(someone, errand):
            await asyncio.sleep(seconds)
    del story


def _open(built: Terminal, hands: VirtualHands, code: str) -> bool:
    tiles = {t.code for t in built.duty.tiles() if t.open is ServiceOpen.OPEN}
    return hands.look().kind == "Attract" and code in tiles and hands.sees(f"service:{code}")


async def _empty_outbox(built: Terminal) -> None:
    until = time.monotonic() + FLUSH_SECONDS
    while await built.store.outbox.waiting() and time.monotonic() < until:
        await asyncio.sleep(0.05)


# -- the citizen


def wander(citizen: Citizen, errand: Errand) -> Doing:
    """From the attract page back to it, doing on each page what is asked there. Raises Unexpected."""
    acted_on, pages, began = -1, 0, False
    until = citizen.now() + acts.PATIENCE_SECONDS
    while True:
        sight = citizen.hands.settle()
        if sight.kind == "Attract" and began and sight.revision != acted_on:
            return
        if sight.kind in acts.PASSING or sight.revision == acted_on:
            if citizen.now() > until:
                raise Unexpected(f"{sight.kind} stays")
            yield acts.LOOK_AGAIN_SECONDS
            continue
        pages += 1
        if pages > MOST_PAGES:
            raise Unexpected("the visit goes in circles")
        acted_on = sight.revision
        citizen.seen(sight)
        if acts.arming(sight.view):
            yield acts.READING_SECONDS
        yield from _act(sight, errand, citizen)(citizen, sight)
        began = began or sight.kind == "Attract"
        until = citizen.now() + acts.PATIENCE_SECONDS


def _closing(citizen: Citizen, sight: Sight) -> Doing:
    """Take what came out, if anything did, and end."""
    del sight
    if any(not paper["taken"] for paper in citizen.world.call("papers")["papers"]):
        citizen.world.call("take-paper")
    yield from citizen.touch("end")


_ACTS: dict[str, Act] = {
    "NoticePage": acts.read_and_tap("continue"),
    "ConsentPage": acts.read_and_tap("agree"),
    "FacePage": acts.look_into_the_camera,
    "FingerPage": acts.touch_sensor,
    "TypeNumber": acts.type_number,
    "ChooseViolations": acts.choose_first(then="choose"),
    "RightsPage": acts.read_and_tap("no-objection"),
    "DeclarationPage": acts.read_and_tap("agree"),
    "SignPage": acts.sign,
    "FormPage": acts.fill_form,
    "PutInPage": acts.put_old_card_in,
    "TakePage": acts.take_new_card,
    "ClosingPage": _closing,
    "LeavePage": acts.tap("leave"),
}


def _act(sight: Sight, errand: Errand, citizen: Citizen) -> Act:
    """What they do on this page. Raises Unexpected for a page nobody can do anything on."""
    match sight.kind:
        case "Attract":
            return acts.tap(f"service:{errand.code}")
        case "ReadCard":
            return _read_card
        case "ChoosePage":
            return _choose
        case "PortraitPage":
            return _portrait
        case "PayPage":
            return _pay
        case "TellPage":
            return _end
        case "WelcomeBack":
            return acts.tap("continue")
        case kind if errand.leaves_when_told and "leave" in _names(citizen) and kind in _AFTER_IDENTITY:
            return acts.tap("leave")
        case kind if kind in _ACTS:
            return _ACTS[kind]
        case kind:
            raise Unexpected(f"nothing can be done on {kind}")


_AFTER_IDENTITY = {"SignPage", "RightsPage", "DeclarationPage", "FormPage", "ChooseViolations"}


def _names(citizen: Citizen) -> tuple[str, ...]:
    return tuple(name for name in ("leave",) if citizen.hands.sees(name))


def _read_card(citizen: Citizen, sight: Sight) -> Doing:
    """The new card once it was handed over, else the old one; without either, by number."""
    hand = list(citizen.world.call("state")["hand"])
    own = [c for c in hand if c.startswith("own-")]
    new = [c for c in hand if c.startswith("card-")]
    if new:
        return acts.lay(new[0])(citizen, sight)
    if own:
        return acts.lay(own[0])(citizen, sight)
    return acts.tap("without-card" if citizen.hands.sees("without-card") else "skip")(citizen, sight)


def _choose(citizen: Citizen, sight: Sight) -> Doing:
    for name in ("choose:now", "choose:renewal"):
        if citizen.hands.sees(name):
            return acts.tap(name)(citizen, sight)
    return acts.choose_first()(citizen, sight)


def _portrait(citizen: Citizen, sight: Sight) -> Doing:
    if citizen.hands.sees("choose:0"):
        return acts.tap("choose:0")(citizen, sight)
    return acts.three_shots(citizen, sight)


def _pay(citizen: Citizen, sight: Sight) -> Doing:
    yield from acts.code_shows(citizen, sight)
    yield from acts.pay_by_phone(citizen, sight)


def _end(citizen: Citizen, sight: Sight) -> Doing:
    """Whatever the page offers to end it."""
    for name in ("end", "continue", "leave"):
        if citizen.hands.sees(name):
            yield from citizen.touch(name)
            return
    raise Unexpected(f"no way on from {sight.kind}")


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
