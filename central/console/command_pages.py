"""Commands to one terminal: what can be told, what was told, and what came of it."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Response
from sqlalchemy import select

from central.console.record import record
from central.console.rights import May
from central.console.standing import Standing, standing
from central.console.web import Call, House, Page, go
from central.desks.commands import Wanted, order
from central.desks.desk import Desk
from central.desks.kept_shut import kept_shut
from central.model_command import CommandRow, CommandState
from central.problems import Declined, unknown
from kiosk.protocol.commands import LONGEST_TEXT, CommandKind

_SHOWN = 30
_KINDS = {kind.value: kind for kind in CommandKind}
_MARKS = {
    CommandState.ORDERED: "busy",
    CommandState.DONE: "good",
    CommandState.REFUSED: "attention",
    CommandState.FAILED: "bad",
    CommandState.OVER: "off",
}


class CommandPages:
    """What an operator has a terminal do."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/terminals/{name}/commands", self._page),
            Page("POST", "/terminals/{name}/commands", self._order, May.ACT),
            Page("GET", "/commands/{number}/bundle", self._bundle, May.ACT),
        )

    def _page(self, call: Call) -> Response:
        name = call.parts["name"]

        def look(desk: Desk) -> dict[str, Any]:
            stands = _standing(desk, name)
            rows = desk.db.scalars(
                select(CommandRow)
                .where(CommandRow.terminal == name)
                .order_by(CommandRow.at.desc(), CommandRow.number.desc())
                .limit(_SHOWN)
            ).all()
            shut = sorted(int(place.rsplit(":", 1)[1]) for place in kept_shut(desk.db, name))
            known = desk.tables.terminals.get(name)
            return {
                "one": stands,
                "rows": [(row, _MARKS[row.state], _found(row)) for row in rows],
                "shut": shut,
                "compartments": 0 if known is None else known.compartments,
            }

        return self._house.page(call, "commands.html", longest=LONGEST_TEXT, **call.books(look))

    def _order(self, call: Call) -> Response:
        name, form = call.parts["name"], call.form
        kind = _KINDS.get(form.get("kind", ""))
        if kind is None:
            raise Declined(422, "payload", "kind: unknown")
        number = form.get("compartment", "")
        wanted = Wanted(
            kind=kind,
            safety=form.get("safety", "") == "yes",
            text_zh=form.get("text_zh", ""),
            text_en=form.get("text_en", ""),
            device=form.get("device", ""),
            compartment=int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0,
        )

        def act(desk: Desk) -> None:
            row = order(desk, name, wanted, call.who, form.get("because", ""))
            record(desk.db, desk.now, call.who, f"command-{row.kind}", f"{name} {row.number}", row.because)

        call.books(act)
        return go(f"/terminals/{name}/commands")

    def _bundle(self, call: Call) -> Response:
        number = call.parts["number"]

        def look(desk: Desk) -> bytes:
            row = desk.db.get(CommandRow, number)
            content = None if row is None else desk.blobs.get(row.blob)
            if row is None or content is None:
                raise unknown("bundle")
            record(desk.db, desk.now, call.who, "took-diagnostics", f"{row.terminal} {number}")
            return content

        content: bytes = call.books(look)
        headers = {"content-disposition": f'attachment; filename="diagnostics-{number}.zip"'}
        return Response(content, media_type="application/zip", headers=headers)


def _standing(desk: Desk, name: str) -> Standing:
    found = standing(desk, name)
    if found is None:
        raise unknown("terminal")
    return found


def _found(row: CommandRow) -> dict[str, str]:
    """What a command brought, by name."""
    found: dict[str, str] = json.loads(row.found)
    return found
