"""Carries out what records are asked for: looked into page by page, and taken along sealed.

Every list that is opened and every visit that is looked at is on record with who looked, as it is at headquarters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from kiosk.clock import Clock
from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.flows.performing import At
from kiosk.flows.steps import StepKind
from kiosk.maintenance.records import Exported, ExportRecords, Looked, LookInto, NotExported, Where
from kiosk.screens.states import (
    RecordRow,
    RecordsPage,
    RowMark,
    StaffAsks,
    StaffKeyPage,
    WorkingPage,
    WorkTopic,
)


class Line(Protocol):
    """One line of the books: kiosk.store.journal.JournalLine."""

    @property
    def at(self) -> datetime: ...
    @property
    def what(self) -> str: ...
    @property
    def said(self) -> tuple[tuple[str, str], ...]: ...


class Visit(Protocol):
    """One case of the books: kiosk.store.journal.JournalVisit."""

    @property
    def case(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def opened(self) -> datetime: ...
    @property
    def how(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def taken_up(self) -> int: ...


class Said(Protocol):
    """One line of the program's own log: kiosk.store.running_log.RunningLine."""

    @property
    def at(self) -> datetime: ...
    @property
    def level(self) -> str: ...
    @property
    def room(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """Records as they leave: a file's name, its bytes, and how many lines it holds."""

    name: str
    content: bytes
    lines: int


@dataclass(frozen=True, slots=True)
class NoStick:
    """Why nothing is written to a stick: none, many, unsafe, read-only; `lacks` are options of its mount."""

    why: str
    lacks: tuple[str, ...] = ()


class Archive(Protocol):
    """The books to look into, and the ways out of the machine: kiosk.archive.Archive."""

    async def lines(self, events: tuple[str, ...], since: date | None, text: str) -> Sequence[Line]: ...

    async def visits(self, since: date | None, text: str) -> Sequence[Visit]: ...

    async def steps(self, case: str) -> Sequence[Line]: ...

    async def running(self, since: date | None, text: str) -> Sequence[Said]: ...

    async def seal(self, since: date | None, who: tuple[str, ...]) -> Sealed | None:
        """None where nobody is known who could read it."""
        ...

    async def stick(self) -> NoStick | None:
        """None where one can be written to."""
        ...

    async def write(self, sealed: Sealed) -> bool:
        """Onto the stick, whole; False when it took less."""
        ...

    async def send(self, sealed: Sealed, who: tuple[str, ...]) -> bool:
        """Queued for headquarters, durably; False when it is too large for one message."""
        ...

    async def looked(self, who: str, what: str, case: str = "") -> None:
        """On the audit chain."""
        ...

    async def exported(self, details: dict[str, str]) -> None:
        """On the audit chain."""
        ...


LISTS: dict[str, tuple[str, ...]] = {
    "documents": ("document-", "bin-", "grant-", "new-card-", "moved-by-hand"),
    "devices": ("power-", "supply-", "door-", "document-without-case", "moved-by-hand", "terminal-started"),
    "staff": ("staff-", "maintenance-", "supply-", "records-", "doubt-"),
    "settings": ("settings-", "station-", "set-taken-back", "database-", "ledger-", "terminal-started"),
}
"""Lists of the audit chain, and what the events of each begin with."""

_DAYS = {"today": 0, "two-days": 1, "week": 6, "all": None}
_HOW = {"finished": RowMark.GOOD, "stopped": RowMark.NOTE, "in-doubt": RowMark.BAD, "open": RowMark.NOTE}
_STATES = {"done": RowMark.GOOD, "failed": RowMark.NOTE, "in_doubt": RowMark.BAD}
_LEVELS = {"WARNING": RowMark.NOTE, "ERROR": RowMark.BAD, "CRITICAL": RowMark.BAD}


def since_of(span: str, today: date) -> date | None:
    """The first day of a span."""
    days = _DAYS[span]
    return None if days is None else today - timedelta(days=days)


class LookIntoDesk:
    """查看记录."""

    def __init__(self, desk: Desk, archive: Archive) -> None:
        self._desk = desk
        self._archive = archive

    async def perform(self, step: LookInto, at: At) -> Looked:
        page = self._desk.pages.conversation(step.phase, at)
        return await _Looking(page, self._archive, self._desk.clock, at.opening.staff).go()


class _Looking:
    """One look into the records, until enough was seen."""

    def __init__(self, page: Conversation, archive: Archive, clock: Clock, who: tuple[str, ...]) -> None:
        self._page = page
        self._archive = archive
        self._clock = clock
        self._who = ",".join(who)
        self._span = "today"
        self._text = ""
        self._turn = 0

    async def go(self) -> Looked:
        while True:
            match await self._menu():
                case "":
                    return self._looked(Where.NOWHERE)
                case "export-stick":
                    return self._looked(Where.STICK)
                case "export-server":
                    return self._looked(Where.SERVER)
                case "day":
                    self._span = (await self._opened("records-days", tuple(_DAYS), "span-")) or self._span
                case "number":
                    self._text = await self._reference()
                    if self._text:
                        await self._visits()
                    self._text = ""
                case "visits":
                    await self._visits()
                case "program":
                    await self._running()
                case what:
                    await self._lines(what)

    def _looked(self, where: Where) -> Looked:
        since = self._since()
        return Looked(where, "" if since is None else since.isoformat())

    def _since(self) -> date | None:
        return since_of(self._span, self._clock.now().date())

    async def _menu(self) -> str:
        rows = tuple(
            RecordRow(what, f"records-{what}", f"span-{self._span}" if what == "day" else "")
            for what in ("visits", "number", *LISTS, "program", "day", "export-stick", "export-server")
        )
        self._show("records-menu", rows, ("enough-seen",))
        got = await self._page.answer("open", "enough-seen")
        return str(got.payload["id"]) if got.action == "open" else ""

    async def _opened(self, topic: str, ids: tuple[str, ...], prefix: str) -> str:
        self._show(topic, tuple(RecordRow(one, f"{prefix}{one}") for one in ids), ("list-back",))
        got = await self._page.answer("open", "list-back")
        return str(got.payload["id"]) if got.action == "open" else ""

    async def _reference(self) -> str:
        self._turn += 1
        self._page.show(StaffKeyPage(StaffAsks.REFERENCE, turn=self._turn))
        got = await self._page.answer(StaffAsks.REFERENCE.value, "give-up")
        return str(got.payload.get("text", "")) if got.action != "give-up" else ""

    async def _visits(self) -> None:
        # A number is looked for at any time: whoever quotes one seldom knows the day.
        since = None if self._text else self._since()
        await self._archive.looked(self._who, "visits")
        while True:
            found = await self._archive.visits(since, self._text)
            rows = tuple(
                RecordRow(
                    visit.case,
                    f"service-{visit.service}",
                    f"visit-{visit.how}",
                    (("case", visit.case[-8:]), ("subject", visit.subject)),
                    visit.opened,
                    _HOW.get(visit.how, RowMark.PLAIN),
                )
                for visit in found
            )
            case = await self._list("visits", rows)
            if not case:
                return
            await self._steps(next(visit for visit in found if visit.case == case))

    async def _steps(self, visit: Visit) -> None:
        await self._archive.looked(self._who, "visit", visit.case)
        lines = await self._archive.steps(visit.case)
        about = (("case", visit.case[-8:]), ("service", f"service-{visit.service}"), ("how", f"visit-{visit.how}"))
        rows = tuple(line_row(line) for line in lines)
        self._show("records-visit", rows, ("list-back",), about)
        _ = await self._page.answer("list-back")

    async def _lines(self, what: str) -> None:
        await self._archive.looked(self._who, what)
        lines = await self._archive.lines(LISTS[what], self._since(), "")
        _ = await self._list(what, tuple(line_row(line) for line in lines))

    async def _running(self) -> None:
        await self._archive.looked(self._who, "program")
        found = await self._archive.running(self._since(), "")
        rows = tuple(
            RecordRow("", one.text, "", (("room", one.room),), one.at, _LEVELS.get(one.level, RowMark.PLAIN))
            for one in found
        )
        _ = await self._list("program", rows)

    async def _list(self, what: str, rows: tuple[RecordRow, ...]) -> str:
        topic = "records-list" if rows else "records-empty"
        span = "span-all" if self._text else f"span-{self._span}"
        self._show(topic, rows, ("list-back",), (("what", f"records-{what}"), ("span", span), ("n", str(len(rows)))))
        got = await self._page.answer("open", "list-back")
        return str(got.payload["id"]) if got.action == "open" else ""

    def _show(
        self,
        topic: str,
        rows: tuple[RecordRow, ...],
        actions: tuple[str, ...],
        about: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._turn += 1
        self._page.show(RecordsPage(topic, rows, actions, about, self._turn))


def line_row(line: Line) -> RecordRow:
    """A line of the books as a row: what is known of it at one glance, then its evidence."""
    said = dict(line.said)
    if line.what.startswith("effect-"):
        state = said.pop("state", "")
        stage = said.pop("stage", "")
        known = f"effect-state-{state.replace('_', '-')}" if state else f"effect-stage-{stage}"
        sure = said.pop("certainty", "")
        details = (*((("certainty", sure),) if sure else ()), *said.items())
        return RecordRow("", line.what, known, details, line.at, _STATES.get(state, RowMark.PLAIN))
    return RecordRow("", f"event-{line.what}", "", line.said, line.at)


class ExportRecordsDesk:
    """导出记录: sealed first, so that nothing readable ever touches a stick."""

    def __init__(self, desk: Desk, archive: Archive) -> None:
        self._desk = desk
        self._archive = archive

    async def perform(self, step: ExportRecords, at: At) -> Exported | NotExported:
        page = self._desk.pages.conversation(step.phase, at)
        who = at.opening.staff
        since = date.fromisoformat(step.since) if step.since else None
        if step.where is Where.STICK and not await self._stick(page):
            return await self._told(step, who, NotExported("given-up"), None)
        busy = WorkingPage(WorkTopic.ONE_MOMENT)
        sealed = await page.wait(self._archive.seal(since, who), busy)
        if sealed is None:
            return await self._told(step, who, NotExported("no-key"), None)
        if step.where is Where.STICK:
            done = await page.wait(self._archive.write(sealed), busy)
            why = "not-written"
        else:
            done = await page.wait(self._archive.send(sealed, who), busy)
            why = "too-large"
        answer = Exported(sealed.name, len(sealed.content), sealed.lines) if done else NotExported(why)
        return await self._told(step, who, answer, sealed)

    async def _stick(self, page: Conversation) -> bool:
        """Whether there is one that may be written to; what is wrong with it is said until it is not."""
        turn = 0
        while (trouble := await self._archive.stick()) is not None:
            turn += 1
            rows = tuple(
                RecordRow("", f"stick-lacks-{option}", "", (), None, RowMark.BAD) for option in trouble.lacks
            )
            page.show(RecordsPage(f"stick-{trouble.why}", rows, ("cannot", "look-again"), (), turn))
            if (await page.answer("cannot", "look-again")).action == "cannot":
                return False
        return True

    async def _told(
        self, step: ExportRecords, who: tuple[str, ...], answer: Exported | NotExported, sealed: Sealed | None
    ) -> Exported | NotExported:
        match answer:
            case Exported():
                outcome = "done"
            case NotExported(why=why):
                outcome = why
        details = {"who": ",".join(who), "where": step.where.value, "since": step.since, "outcome": outcome}
        if sealed is not None:
            details |= {"file": sealed.name, "lines": str(sealed.lines), "bytes": str(len(sealed.content))}
        await self._archive.exported(details)
        return answer


def archivists(desk: Desk, archive: Archive) -> dict[StepKind, Any]:
    """Performers of the steps about records."""
    return {
        StepKind.LOOK_INTO: LookIntoDesk(desk, archive),
        StepKind.EXPORT_RECORDS: ExportRecordsDesk(desk, archive),
    }
