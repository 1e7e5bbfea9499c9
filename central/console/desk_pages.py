"""办不成事: the matters that were handed to the people's desk, how each stands, and what came of it."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from sqlalchemy import select

from central.console.record import record
from central.console.rights import May
from central.console.web import Call, House, Page, go
from central.desks import unresolved
from central.desks.desk import Desk
from central.model_help import Unresolved, UnresolvedState

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
        )

    def _list(self, call: Call) -> Response:
        def look(desk: Desk) -> dict[str, Any]:
            settled = Unresolved.state == UnresolvedState.SETTLED
            live = desk.db.scalars(select(Unresolved).where(~settled).order_by(Unresolved.at, Unresolved.number))
            done = select(Unresolved).where(settled).order_by(Unresolved.settled_at.desc()).limit(_SETTLED_SHOWN)
            return {"live": live.all(), "done": desk.db.scalars(done).all()}

        return self._house.page(call, "desk.html", longest=unresolved.LONGEST_NOTE, **call.books(look))

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
