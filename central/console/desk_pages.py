"""The people's desk: 办不成事, matters handed to it, and 预登记, what was left at terminals without a line."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from sqlalchemy import select

from central.console.record import record
from central.console.rights import May
from central.console.web import Call, House, Page, go
from central.desks import overdue, pre_registrations, unresolved
from central.desks.desk import Desk
from central.model_help import Unresolved, UnresolvedState
from central.model_pre_registration import PreRegistrationRow, PreRegistrationState

_SETTLED_SHOWN = 40


class DeskPages:
    """The list, and what may be done with each."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/desk", self._list),
            Page("POST", "/help/{number}/hand-over", self._hand_over, May.ACT),
            Page("POST", "/desk/{number}/take", self._take, May.ACT),
            Page("POST", "/desk/{number}/settle", self._settle, May.ACT),
            Page("GET", "/desk/left/{number}", self._who_left, May.LOOK_AT_VISITS),
            Page("POST", "/desk/left/{number}/settle", self._settle_left, May.ACT),
        )

    def _list(self, call: Call) -> Response:
        def look(desk: Desk) -> dict[str, Any]:
            settled = Unresolved.state == UnresolvedState.SETTLED
            live = desk.db.scalars(select(Unresolved).where(~settled).order_by(Unresolved.at, Unresolved.number))
            done = select(Unresolved).where(settled).order_by(Unresolved.settled_at.desc()).limit(_SETTLED_SHOWN)
            left = select(PreRegistrationRow).where(PreRegistrationRow.state == PreRegistrationState.OPEN)
            waiting = desk.db.scalars(left.order_by(PreRegistrationRow.received_at, PreRegistrationRow.number)).all()
            matters = live.all()
            due = {row.number: overdue.call_by(desk, row.received_at) for row in waiting}
            due |= {row.number: overdue.take_by(desk, row.at) for row in matters if not row.assigned}
            late = {number for number, last in due.items() if last < desk.today}
            done_with = desk.db.scalars(done).all()
            return {"live": matters, "done": done_with, "left": waiting, "due": due, "late": late}

        return self._house.page(call, "desk.html", longest=unresolved.LONGEST_NOTE, **call.books(look))

    def _who_left(self, call: Call) -> Response:
        number = call.parts["number"]

        def look(desk: Desk) -> dict[str, Any]:
            row, told = pre_registrations.look_into(desk, number)
            record(desk.db, desk.now, call.who, "looked-at-pre-registration", number)
            return {"row": row, "told": told}

        return self._house.page(call, "left.html", longest=unresolved.LONGEST_NOTE, **call.books(look))

    def _settle_left(self, call: Call) -> Response:
        number, found = call.parts["number"], call.form.get("found", "")

        def act(desk: Desk) -> None:
            pre_registrations.settle(desk, number, call.who, found)
            record(desk.db, desk.now, call.who, "settled-pre-registration", number, " ".join(found.split()))

        call.books(act)
        return go("/desk")

    def _hand_over(self, call: Call) -> Response:
        ticket = call.parts["number"]

        def act(desk: Desk) -> None:
            row = unresolved.hand_over(desk, ticket, call.who, call.form.get("because", ""))
            record(desk.db, desk.now, call.who, "handed-to-desk", f"{ticket} {row.number}", row.because)

        call.books(act)
        return go(f"/help/{ticket}")

    def _take(self, call: Call) -> Response:
        number = call.parts["number"]

        def act(desk: Desk) -> None:
            unresolved.take(desk, number, call.who)
            record(desk.db, desk.now, call.who, "took-matter", number)

        call.books(act)
        return go("/desk")

    def _settle(self, call: Call) -> Response:
        number, found = call.parts["number"], call.form.get("found", "")

        def act(desk: Desk) -> None:
            unresolved.settle(desk, number, call.who, found)
            record(desk.db, desk.now, call.who, "settled-matter", number, " ".join(found.split()))

        call.books(act)
        return go("/desk")
