"""Who may come in, who did what; for the security auditor."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Response
from sqlalchemy import func, select

from central.console import accounts
from central.console.record import broken_at, record
from central.console.rights import May
from central.console.web import Call, House, Page, go
from central.desks.desk import Desk
from central.model_console import ConsoleRecord, ConsoleSession, ConsoleTries
from central.paging import Sheet, newest_first
from central.problems import Declined

_ROWS = 100


class PeoplePages:
    """Users and the record."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/people", self._people, May.AUDIT),
            Page("POST", "/people/{name}/put-out", self._put_out, May.AUDIT),
            Page("POST", "/people/{name}/disable", self._disable, May.AUDIT),
            Page("GET", "/record", self._record, May.AUDIT),
        )

    def _people(self, call: Call) -> Response:
        def look(desk: Desk) -> list[dict[str, Any]]:
            counted = select(ConsoleSession.user, func.count()).group_by(ConsoleSession.user)
            sessions = dict(desk.db.execute(counted).tuples().all())
            waiting = {
                row.name
                for row in desk.db.scalars(select(ConsoleTries))
                if row.locked_until is not None and row.locked_until > desk.now
            }
            return [
                {
                    "name": user.name,
                    "shown": user.shown,
                    "roles": sorted(role.value for role in user.held),
                    "last_in": user.last_in,
                    "sessions": sessions.get(user.name, 0),
                    "state": "disabled" if user.disabled else "locked" if user.name in waiting else "may-come",
                }
                for user in accounts.users(desk.db)
            ]

        return self._house.page(call, "people.html", users=call.books(look))

    def _put_out(self, call: Call) -> Response:
        name = call.parts["name"]

        def act(desk: Desk) -> None:
            accounts.end_sessions(desk.db, name)
            record(desk.db, desk.now, call.who, "put-out", name)

        call.books(act)
        return go("/people")

    def _disable(self, call: Call) -> Response:
        name = call.parts["name"]
        if name == call.who:
            raise Declined(409, "yourself", "nobody shuts themselves out")
        call.books(lambda desk: accounts.disable_user(desk.db, desk.now, call.who, name))
        return go("/people")

    def _record(self, call: Call) -> Response:
        after = self._house.place(call, "rows")

        def look(desk: Desk) -> tuple[Sheet[ConsoleRecord], int, int]:
            rows = desk.db.scalars(select(ConsoleRecord).order_by(ConsoleRecord.row)).all()
            shown = newest_first(desk.db, select(ConsoleRecord), (ConsoleRecord.row,), after, _ROWS)
            record(desk.db, desk.now, call.who, "looked-at-record")
            return shown, len(rows), broken_at(rows)

        shown, count, wrong = call.books(look)
        rows = [json.loads(row.text) for row in shown.rows]
        older = self._house.older("rows", shown)
        return self._house.page(call, "record.html", rows=rows, count=count, broken_at=wrong, older=older)
