"""The help desk: who calls from where, what was said, ready answers in the language of whoever stands there."""

from __future__ import annotations

import base64
import binascii
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Response
from pydantic import TypeAdapter
from sqlalchemy import select

from central.console.record import record
from central.console.rights import May
from central.console.seen import seen
from central.console.standing import standing
from central.console.web import Call, House, Page, go
from central.desks import clips, tickets
from central.desks.desk import Desk
from central.desks.sights import sight_of
from central.model_help import Ticket, TicketLine, TicketState, Unresolved
from central.problems import Declined, unknown
from kiosk.protocol.clips import LARGEST, LONGEST_SECONDS, RATE

_CLOSED_SHOWN = 20
_CLIP_FORM = LARGEST * 4 // 3 + 1024
"""A clip in base64, and the form's token."""
_MICROPHONE = {"permissions-policy": "camera=(), microphone=(self), geolocation=()"}
"""Here alone the browser may ask for the microphone."""
_FILE = Path(__file__).parent / "answers.toml"


@cache
def ready_answers() -> dict[str, tuple[str, ...]]:
    """By language."""
    return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(tomllib.loads(_FILE.read_text("utf-8")))


class HelpPages:
    """Tickets."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/help", self._list),
            Page("GET", "/help/{number}", self._one, headers=_MICROPHONE),
            Page("POST", "/help/{number}/say", self._say, May.ACT),
            Page("POST", "/help/{number}/speak", self._speak, May.ACT, limit=_CLIP_FORM),
            Page("POST", "/help/{number}/more", self._more, May.ACT),
            Page("POST", "/help/{number}/close", self._close, May.ACT),
        )

    def _list(self, call: Call) -> Response:
        def look(desk: Desk) -> dict[str, Any]:
            live = desk.db.scalars(
                select(Ticket).where(Ticket.state != TicketState.CLOSED).order_by(Ticket.at, Ticket.number)
            ).all()
            closed = desk.db.scalars(
                select(Ticket)
                .where(Ticket.state == TicketState.CLOSED)
                .order_by(Ticket.closed_at.desc())
                .limit(_CLOSED_SHOWN)
            ).all()
            return {"live": live, "closed": closed}

        return self._house.page(call, "help.html", **call.books(look))

    def _one(self, call: Call) -> Response:
        number = call.parts["number"]

        def look(desk: Desk) -> dict[str, Any]:
            row = desk.db.get(Ticket, number)
            if row is None:
                raise unknown("ticket")
            lines = desk.db.scalars(
                select(TicketLine).where(TicketLine.number == number).order_by(TicketLine.id)
            ).all()
            handed = desk.db.scalars(select(Unresolved).where(Unresolved.ticket == number)).first()
            sight = None
            if call.may(May.ACT) and row.state is not TicketState.CLOSED:
                sight = sight_of(desk, number)
                if not call.by_itself:
                    record(desk.db, desk.now, call.who, "looked-at-ticket", number)
            return {
                "row": row,
                "lines": lines,
                "handed": handed,
                "stands": standing(desk, row.terminal),
                "sight": None if sight is None else seen(sight, call.words),
            }

        found = call.books(look)
        answers = ready_answers().get(found["row"].language, ready_answers()["zh-CN"])
        limits = {"longest": tickets.LONGEST_TEXT, "longest_clip": LONGEST_SECONDS, "clip_rate": RATE}
        return self._house.page(call, "ticket.html", answers=answers, **limits, **found)

    def _say(self, call: Call) -> Response:
        number, text = call.parts["number"], call.form.get("text", "")

        def act(desk: Desk) -> None:
            tickets.say(desk, number, call.who, text)
            record(desk.db, desk.now, call.who, "answered-ticket", number)

        call.books(act)
        return go(f"/help/{number}")

    def _speak(self, call: Call) -> Response:
        number = call.parts["number"]
        try:
            clip = base64.b64decode(call.form.get("clip", ""), validate=True)
        except (binascii.Error, ValueError):
            raise Declined(422, "clip", "not base64") from None

        def act(desk: Desk) -> None:
            milliseconds = clips.speak(desk, number, call.who, clip)
            record(desk.db, desk.now, call.who, "spoke-to-ticket", number, f"{milliseconds} ms")

        call.books(act)
        return Response(status_code=204)

    def _more(self, call: Call) -> Response:
        number = call.parts["number"]
        call.books(lambda desk: tickets.more_time(desk, number, call.who))
        return go(f"/help/{number}")

    def _close(self, call: Call) -> Response:
        number = call.parts["number"]

        def act(desk: Desk) -> None:
            tickets.close(desk, number, call.who)
            record(desk.db, desk.now, call.who, "closed-ticket", number)

        call.books(act)
        return go("/help")
