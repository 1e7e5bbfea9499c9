"""Signed sets on their way: what one changes, how far it has come, and who may stop it or let it go on.

Nothing is signed here: sets are published and taken back by `central config`, where the keys are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Response
from sqlalchemy import select

from central.configuration import books
from central.configuration.changes import Change, changes
from central.configuration.content import delivered
from central.configuration.keys import Keys
from central.configuration.repository import NotSigned, Repository
from central.configuration.rollout import NotAllowed, Outcome, Progress, Rollout
from central.console.record import record
from central.console.rights import May
from central.console.web import Call, House, Page, go
from central.desks.desk import Desk
from central.desks.incidents import tell
from central.model_configuration import RolloutTerminal
from central.problems import Declined, unknown
from kiosk.protocol.configuration import ConfigurationSet

_LAMPS = {
    Progress.RUNNING: "busy",
    Progress.WAITING: "attention",
    Progress.PAUSED: "attention",
    Progress.HALTED: "bad",
    Progress.DONE: "good",
    Progress.REVERTED: "off",
}
_STOPPERS = (May.ACT, May.CONFIGURE, May.APPROVE)
"""Whoever sees that something goes wrong may stop it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage as it is drawn. `state`: "over", "now" or "to-come"; `until` is the deadline of the one under way."""

    upto: int
    members: int
    good: int
    failed: int
    state: str
    gated: bool
    until: datetime | None

    @property
    def silent(self) -> int:
        """Who has not said how it ended."""
        return self.members - self.good - self.failed


@dataclass(frozen=True, slots=True)
class Way:
    """A set with its rollout, where it has one."""

    number: int
    rollout: Rollout | None
    count: int
    """of changes against the set before"""

    @property
    def lamp(self) -> str:
        """The kind of its sign."""
        return "off" if self.rollout is None else _LAMPS[self.rollout.progress]

    @property
    def says(self) -> str:
        """The key of its words."""
        return "cfg-signed" if self.rollout is None else f"cfg-{self.rollout.progress.value}"

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its stages."""
        return () if self.rollout is None else stages(self.rollout)


def stages(rollout: Rollout) -> tuple[Step, ...]:
    """A rollout's stages, first to last."""
    found: list[Step] = []
    for number, (stage, members) in enumerate(zip(rollout.plan, rollout.members, strict=True)):
        over = number < rollout.at or rollout.progress is Progress.DONE
        outcomes = [rollout.outcomes.get(each) for each in members]
        found.append(
            Step(
                upto=int(stage.upto * 100),
                members=len(members),
                good=outcomes.count(Outcome.IN_FORCE),
                failed=outcomes.count(Outcome.FAILED),
                state="over" if over else "now" if number == rollout.at else "to-come",
                gated=number == rollout.at and rollout.progress is Progress.WAITING,
                until=rollout.since + stage.deadline
                if number == rollout.at and rollout.progress is Progress.RUNNING
                else None,
            )
        )
    return tuple(found)


class ConfigurationPages:
    """Sets, what they change, and their way to the fleet."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/configuration", self._list),
            Page("GET", "/configuration/{number}", self._one),
            Page("POST", "/configuration/{number}/start", self._start, May.CONFIGURE),
            Page("POST", "/configuration/{number}/pause", self._pause),
            Page("POST", "/configuration/{number}/resume", self._resume, May.APPROVE),
        )

    def _list(self, call: Call) -> Response:
        def look(desk: Desk) -> dict[str, Any]:
            newest, ways = _newest(desk), list[Way]()
            for number in range(newest, 0, -1):
                known = _set(desk, number)
                before = _set(desk, number - 1)
                count = 0 if known is None else len(changes(before, known, {}))
                ways.append(Way(number, _rollout(desk, number), count))
            return {"ways": ways, "held": _held(desk), "fleet": sorted(desk.tables.terminals)}

        return self._house.page(call, "configuration.html", **call.books(look))

    def _one(self, call: Call) -> Response:
        number = _number(call.parts["number"])
        against = _number(call.query["against"]) if call.query.get("against") else number - 1

        def look(desk: Desk) -> dict[str, Any]:
            document = _set(desk, number)
            if document is None:
                raise unknown("set")
            found = changes(_set(desk, against), document, delivered())
            way = Way(number, _rollout(desk, number), len(found))
            rows = desk.db.scalars(
                select(RolloutTerminal)
                .where(RolloutTerminal.set_number == number)
                .order_by(RolloutTerminal.stage, RolloutTerminal.terminal)
            ).all()
            return {
                "way": way,
                "changes": _by_scope(found),
                "rows": rows,
                "newest": _newest(desk),
                "against": against,
            }

        shown = call.books(look)
        may_stop = any(call.may(right) for right in _STOPPERS)
        return self._house.page(call, "configuration_set.html", may_stop=may_stop, **shown)

    def _start(self, call: Call) -> Response:
        number = _number(call.parts["number"])

        def act(desk: Desk) -> None:
            if number != _newest(desk):
                raise Declined(409, "not-newest", "only the newest set is sent on its way")
            if books.read(desk.db, number) is not None:
                raise Declined(409, "on-its-way", "it is on its way already")
            halls = {name: terminal.site for name, terminal in desk.tables.terminals.items()}
            _ = books.started(desk.db, number, halls, call.who, desk.now, books.STAGED)
            _done(desk, call.who, number, "started-rollout")

        call.books(act)
        return go(f"/configuration/{number}")

    def _pause(self, call: Call) -> Response:
        if not any(call.may(right) for right in _STOPPERS):
            raise Declined(403, "not-yours", "whoever may act may stop it")
        return self._changed(call, "paused-rollout", lambda way, _: way.paused(call.who))

    def _resume(self, call: Call) -> Response:
        return self._changed(call, "resumed-rollout", lambda way, now: way.resumed(call.who, now))

    def _changed(self, call: Call, deed: str, change: Callable[[Rollout, datetime], Rollout]) -> Response:
        number = _number(call.parts["number"])

        def act(desk: Desk) -> None:
            rollout = books.read(desk.db, number)
            if rollout is None:
                raise unknown("rollout")
            try:
                after = change(rollout.at_time(desk.now), desk.now)
            except NotAllowed as wrong:
                raise Declined(409, "not-now", str(wrong)) from None
            books.write(desk.db, after, desk.now)
            _done(desk, call.who, number, deed)

        call.books(act)
        return go(f"/configuration/{number}")


def _done(desk: Desk, who: str, number: int, deed: str) -> None:
    record(desk.db, desk.now, who, deed, str(number))
    tell(desk.db, desk.now, "", "configuration", deed, str(number))


def _newest(desk: Desk) -> int:
    """The highest number that was signed; 0 where there is no repository yet."""
    try:
        return Repository(books.FileRows(desk.db), Keys(), desk.now).newest()
    except NotSigned:
        return 0


def _set(desk: Desk, number: int) -> ConfigurationSet | None:
    if number < 1:
        return None
    try:
        return Repository(books.FileRows(desk.db), Keys(), desk.now).set(number)
    except NotSigned:
        return None


def _rollout(desk: Desk, number: int) -> Rollout | None:
    """As time has made it by now; written down when the next terminal asks."""
    rollout = books.read(desk.db, number)
    return None if rollout is None else rollout.at_time(desk.now)


def _held(desk: Desk) -> dict[int, list[str]]:
    """Who has which set in force, by what they said last; sets that nobody has are not named."""
    newest: dict[str, int] = {}
    rows = desk.db.execute(
        select(RolloutTerminal.terminal, RolloutTerminal.set_number)
        .where(RolloutTerminal.outcome == Outcome.IN_FORCE.value)
        .order_by(RolloutTerminal.set_number)
    )
    for terminal, number in rows.tuples():
        newest[terminal] = number
    found: dict[int, list[str]] = {}
    for terminal, number in sorted(newest.items()):
        found.setdefault(number, []).append(terminal)
    return found


def _by_scope(found: tuple[Change, ...]) -> Mapping[tuple[str, str], list[Change]]:
    grouped: dict[tuple[str, str], list[Change]] = {}
    for change in found:
        grouped.setdefault((change.scope, change.name), []).append(change)
    return grouped


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise unknown("set")
    return int(text)
