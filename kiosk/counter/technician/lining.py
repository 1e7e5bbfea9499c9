"""Carries out what is asked of the line to headquarters: walked step by step, and the terminal enrolled anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.backend.path import Found, Step, Verdict, broken
from kiosk.backend.proof import NoKey
from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import Audit
from kiosk.flows.performing import At
from kiosk.flows.steps import StepKind
from kiosk.maintenance.line import EnrolAnew, EnrolledAnew, LineFound, WalkLine
from kiosk.maintenance.steps import Finding
from kiosk.screens.states import (
    RecordRow,
    RecordsPage,
    RowMark,
    StaffAsks,
    StaffKeyPage,
    WorkingPage,
    WorkTopic,
)

_MARKS = {Verdict.WORKS: RowMark.GOOD, Verdict.NOTE: RowMark.NOTE, Verdict.FAILS: RowMark.BAD}
_REFUSALS = frozenset({"code", "hardware", "proof", "blocked", "request"})
"""What headquarters says no with (kiosk.enrolment.enrolling)."""


class CannotBeKept(Exception):
    """A certificate came and this machine cannot take it, or it may not: `why` is a word with a text of its own."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Path(Protocol):
    """kiosk.backend.path.PathCheck."""

    async def walk(self) -> tuple[Found, ...]: ...


class Identity(Protocol):
    """This terminal's way to a certificate; None in its place where the settings name nobody to ask."""

    async def enrol(self, code: str) -> datetime:
        """Until when the new one holds. Raises Rejected, Unreachable, NoKey, CannotBeKept."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """What technicians reach of the line. `used` is told when the terminal has another certificate."""

    path: Path | None
    identity: Identity | None
    used: Callable[[], None]


async def line_finding(path: Path | None) -> tuple[Finding, ...]:
    """For the self-test: nothing where this terminal has no line of its own."""
    if path is None:
        return ()
    found = await path.walk()
    told = broken(found) or next((one for one in found if one.verdict is Verdict.NOTE), None)
    if told is None:
        return (Finding("network", "works"),)
    return (Finding("network", told.verdict.value, f"path-{told.why}"),)


class WalkLineDesk:
    """网络检查."""

    def __init__(self, desk: Desk, line: Line) -> None:
        self._desk = desk
        self._line = line

    async def perform(self, step: WalkLine, at: At) -> LineFound:
        page, turn = self._desk.pages.conversation(step.phase, at), 0
        path = self._line.path
        if path is None:
            page.show(RecordsPage("path-none", (), ("enough-seen",)))
            _ = await page.answer("enough-seen")
            return LineFound()
        while True:
            turn += 1
            found = await page.wait(path.walk(), WorkingPage(WorkTopic.ONE_MOMENT))
            bad = broken(found)
            noted = next((one.why for one in found if one.verdict is Verdict.NOTE), "")
            topic = f"path-{bad.why}" if bad else f"path-{noted}" if noted else "path-whole"
            page.show(RecordsPage(topic, path_rows(found), ("look-again", "enough-seen"), turn=turn))
            if (await page.answer("look-again", "enough-seen")).action == "enough-seen":
                return LineFound("" if bad is None else bad.step.value, "" if bad is None else bad.why, noted)


def path_rows(found: tuple[Found, ...]) -> tuple[RecordRow, ...]:
    """Every step: those that were gone, and those that nobody came to."""
    gone = {one.step: one for one in found}
    return tuple(_row(step, gone.get(step)) for step in Step)


def _row(step: Step, found: Found | None) -> RecordRow:
    label = f"path-step-{step.value}"
    if found is None:
        return RecordRow("", label, "path-not-gone")
    return RecordRow("", label, f"verdict-{found.verdict.value}", found.facts, None, _MARKS[found.verdict])


class EnrolAnewDesk:
    """重新登记."""

    def __init__(self, desk: Desk, audit: Audit, line: Line) -> None:
        self._desk = desk
        self._audit = audit
        self._line = line

    async def perform(self, step: EnrolAnew, at: At) -> EnrolledAnew:
        page, who = self._desk.pages.conversation(step.phase, at), ",".join(at.opening.staff)
        identity, turn, why = self._line.identity, 0, ""
        if identity is None:
            page.show(RecordsPage("enrol-nobody", (), ("enough-seen",)))
            _ = await page.answer("enough-seen")
            return EnrolledAnew("", "nobody")
        while True:
            turn += 1
            page.show(StaffKeyPage(StaffAsks.ENROLMENT, turn=turn))
            got = await page.answer(StaffAsks.ENROLMENT.value, "give-up")
            if got.action == "give-up":
                return EnrolledAnew("", why)
            # On record before headquarters is asked: a cut in between may leave the terminal with another identity.
            await self._audit.write("enrolment-begun", "", {"who": who})
            until, why = await self._tried(page, identity.enrol, str(got.payload["text"]))
            await self._audit.write("enrolment-ended", "", {"who": who, "outcome": why or "enrolled", "until": until})
            if until:
                self._line.used()
            topic, actions = f"enrol-{why}" if why else "enrol-done", ("try-again", "enough-seen")
            about = (("until", until[:10]),) if until else ()
            page.show(RecordsPage(topic, (), actions[1:] if until else actions, about, turn))
            if (await page.answer(*actions)).action == "enough-seen":
                return EnrolledAnew(until, why)

    async def _tried(
        self, page: Conversation, enrol: Callable[[str], Awaitable[datetime]], code: str
    ) -> tuple[str, str]:
        """Until when it holds, or why not."""

        async def asked() -> datetime:
            return await enrol(code)

        try:
            until = await page.wait(asked(), WorkingPage(WorkTopic.ONE_MOMENT))
        except Rejected as no:
            return "", no.problem.code if no.problem.code in _REFUSALS else "request"
        except Unreachable:
            return "", "unreachable"
        except NoKey:
            return "", "no-key"
        except CannotBeKept as kept:
            return "", kept.why
        return until.isoformat(timespec="seconds"), ""


def liners(desk: Desk, audit: Audit, line: Line) -> dict[StepKind, Any]:
    """Performers of the steps about the line."""
    return {
        StepKind.WALK_LINE: WalkLineDesk(desk, line),
        StepKind.ENROL_ANEW: EnrolAnewDesk(desk, audit, line),
    }
