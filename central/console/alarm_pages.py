"""Alarms as things to do: the list, one with its page of what to do, and the change of shift."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from sqlalchemy import select

from central.console import accounts
from central.console.record import record
from central.console.rights import May, rights
from central.console.runbooks import Runbook, runbook_of, runbooks
from central.console.web import Call, House, Page, go
from central.desks import incidents
from central.desks.desk import Desk
from central.model_watch import Incident, IncidentLine, IncidentState
from central.paging import Key, Sheet, in_order, newest_first
from central.problems import unknown

_PRESS = {"urgent": 0, "soon": 1, "look": 2}
_CLOSED_SHOWN = 20
_LIVE_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """An incident with its page."""

    row: Incident
    book: Runbook


class AlarmPages:
    """What must be looked at."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/alarms", self._list),
            Page("POST", "/alarms/hand-over", self._hand_over, May.ACT),
            Page("GET", "/alarms/{number}", self._one),
            Page("POST", "/alarms/{number}/take", self._take, May.ACT),
            Page("POST", "/alarms/{number}/note", self._note, May.ACT),
            Page("POST", "/alarms/{number}/close", self._close, May.ACT),
            Page("GET", "/runbooks/{name}", self._runbook),
        )

    def _list(self, call: Call) -> Response:
        places = {name: self._house.place(call, name) for name in ("waiting", "taken", "closed")}

        def look(desk: Desk) -> dict[str, Any]:
            live = desk.db.scalars(select(Incident).where(Incident.live.is_not(None))).all()
            shown = [Shown(row, runbook_of(row.code)) for row in live]
            waiting = [one for one in shown if one.row.state is IncidentState.OPEN]
            taken = [one for one in shown if one.row.state is IncidentState.TAKEN]
            closed = newest_first(
                desk.db,
                select(Incident).where(Incident.state == IncidentState.CLOSED),
                (Incident.closed_at, Incident.id),
                places["closed"],
                _CLOSED_SHOWN,
            )
            return {
                "waiting": in_order(waiting, _pressing, places["waiting"], _LIVE_SHOWN),
                "taken": in_order(taken, _pressing, places["taken"], _LIVE_SHOWN),
                "closed": Sheet(tuple(Shown(row, runbook_of(row.code)) for row in closed.rows), closed.end),
                "counts_of": {"waiting": len(waiting), "taken": len(taken), "closed": None},
                "colleagues": _colleagues(desk, call.who),
            }

        found = call.books(look)
        older = {name: self._house.older(name, found[name]) for name in places}
        rows = {name: found[name].rows for name in places}
        return self._house.page(call, "alarms.html", older=older, **(found | rows))

    def _one(self, call: Call) -> Response:
        number = _number(call)

        def look(desk: Desk) -> dict[str, Any]:
            row = desk.db.get(Incident, number)
            if row is None:
                raise unknown("incident")
            lines = desk.db.scalars(
                select(IncidentLine).where(IncidentLine.incident == number).order_by(IncidentLine.id)
            ).all()
            return {"row": row, "lines": lines, "colleagues": _colleagues(desk, call.who)}

        found = call.books(look)
        book = runbook_of(found["row"].code)
        return self._house.page(call, "alarm.html", book=book, told=book.told(call.words.language), **found)

    def _runbook(self, call: Call) -> Response:
        book = next((each for each in runbooks() if each.id == call.parts["name"]), None)
        if book is None:
            raise unknown("runbook")
        return self._house.page(call, "runbook.html", book=book, told=book.told(call.words.language))

    def _take(self, call: Call) -> Response:
        number, to = _number(call), call.form.get("to", "")

        def act(desk: Desk) -> None:
            if to and to not in {person.name for person in _colleagues(desk, "")}:
                raise unknown("user")
            _ = incidents.take(desk, number, call.who, to)
            record(desk.db, desk.now, call.who, "took-alarm", str(number), to)

        return self._done(call, number, act)

    def _note(self, call: Call) -> Response:
        number, text = _number(call), call.form.get("text", "")
        return self._done(call, number, lambda desk: incidents.note(desk, number, call.who, text))

    def _close(self, call: Call) -> Response:
        number, because = _number(call), call.form.get("because", "")

        def act(desk: Desk) -> None:
            _ = incidents.close(desk, number, call.who, because)
            record(desk.db, desk.now, call.who, "closed-alarm", str(number), because)

        _ = call.books(act)
        return go("/alarms")

    def _hand_over(self, call: Call) -> Response:
        to, text = call.form.get("to", ""), call.form.get("text", "")

        def act(desk: Desk) -> None:
            if to not in {person.name for person in _colleagues(desk, "")}:
                raise unknown("user")
            count = incidents.hand_over(desk, call.who, to, text)
            record(desk.db, desk.now, call.who, "handed-over", to, f"{count} {text}".strip())

        call.books(act)
        return go("/alarms")

    def _done(self, call: Call, number: int, act: Callable[[Desk], None]) -> Response:
        call.books(act)
        return go(f"/alarms/{number}")


def _pressing(one: Shown) -> Key:
    """What is to be done first comes first; no two are alike."""
    return (int(one.row.over_at is not None), _PRESS[one.book.press], one.row.first_at, one.row.id)


def _colleagues(desk: Desk, but: str) -> list[accounts.Person]:
    """Who may act, but oneself."""
    people = [accounts.Person(u.name, u.shown, u.held) for u in accounts.users(desk.db) if not u.disabled]
    return [person for person in people if May.ACT in rights(person.roles) and person.name != but]


def _number(call: Call) -> int:
    text = call.parts["number"]
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise unknown("incident")
    return int(text)
