"""What the staff say aloud to whoever called: kept until the call is closed, and then only that it was said."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import func, select

from central.desks.desk import Desk
from central.desks.incidents import tell
from central.desks.tickets import answered_by
from central.model_help import Ticket, TicketClip, TicketLine, TicketState
from central.problems import Declined, unknown
from kiosk.protocol.clips import LONGEST_SECONDS, milliseconds_of

MOST = 40
"""Of one call, heard or not."""
FORGOTTEN = timedelta(minutes=10)
"""What no terminal fetched for so long is said to nobody any more."""


def speak(desk: Desk, number: str, by: str, clip: bytes) -> int:
    """Say something aloud; how many milliseconds it takes.

    Raises Declined: 404, 409 "closed" or "no-voice" (nothing there to be heard by), 422 for what is no clip.
    """
    try:
        milliseconds = milliseconds_of(clip)
    except ValueError as error:
        raise Declined(422, "clip", f"{error}: 16 kHz mono PCM of {LONGEST_SECONDS} s at most") from None
    ticket = answered_by(desk, number, by)
    if not ticket.voice:
        raise Declined(409, "no-voice", "nothing is heard at this terminal")
    if (desk.db.scalar(select(func.count()).where(TicketClip.number == number)) or 0) >= MOST:
        raise Declined(409, "too-many", "say the rest in another call")
    name = hashlib.sha256(clip).hexdigest()
    desk.db.add(TicketClip(number=number, sha256=name, at=desk.now, milliseconds=milliseconds, content=clip))
    desk.db.add(TicketLine(number=number, at=desk.now, by=by, text="", spoken_ms=milliseconds))
    tell(desk.db, desk.now, ticket.terminal, "help-said", ticket.page, number)
    return milliseconds


def clip_for(desk: Desk, sha256: str) -> bytes:
    """A clip of an open call of this terminal. Raises Declined(404)."""
    found = desk.db.scalars(
        select(TicketClip.content)
        .join(Ticket, Ticket.number == TicketClip.number)
        .where(
            TicketClip.sha256 == sha256,
            TicketClip.content != b"",
            Ticket.terminal == desk.terminal,
            Ticket.state != TicketState.CLOSED,
        )
    ).first()
    if found is None:
        raise unknown("clip")
    return found


def look_at_clips(desk: Desk) -> None:
    """What was said to somebody who has gone is not kept."""
    late = select(TicketClip.id).where(TicketClip.at <= desk.now - FORGOTTEN, TicketClip.content != b"")
    for number in desk.db.scalars(late).all():
        row = desk.db.get(TicketClip, number)
        if row is not None:
            row.content = b""
