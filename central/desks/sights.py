"""What a citizen who called for help looks at, as long as somebody may look: one row a call, and none after it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from central.desks.desk import Desk
from central.model_help import Ticket, TicketClip, TicketSight, TicketState
from central.problems import unknown
from kiosk.protocol.sight import Sight, SightReply

FORGOTTEN = timedelta(minutes=2)
"""A terminal tells a page that stands still every 20 s; one that was not told of for so long is not kept."""


def shown(sight: Sight, desk: Desk) -> SightReply:
    """Keep the newest of an open call. Raises Declined(404) until the call itself has come."""
    ticket = desk.db.scalars(select(Ticket).where(Ticket.key == sight.key, Ticket.terminal == desk.terminal)).first()
    if ticket is None:
        raise unknown("ticket")
    row = desk.db.get(TicketSight, ticket.number, with_for_update=True)
    if ticket.state is TicketState.CLOSED or sight.page is None:
        forget(desk.db, ticket.number)
        return SightReply(state="closed" if ticket.state is TicketState.CLOSED else "open")
    if row is None:
        row = TicketSight(number=ticket.number, turn=-1)
        desk.db.add(row)
    if sight.turn > row.turn:
        row.turn, row.at = sight.turn, desk.now
        row.text = sight.model_dump_json(exclude_defaults=True)
    return SightReply(state="open")


def forget(db: Session, number: str) -> None:
    """Nobody may look any more, and nothing of what was said aloud is kept."""
    _ = db.execute(delete(TicketSight).where(TicketSight.number == number))
    _ = db.execute(delete(TicketClip).where(TicketClip.number == number))


def look_at_sights(desk: Desk) -> None:
    """What no terminal has told again goes: whoever it was has left, or the line has."""
    for row in desk.db.scalars(select(TicketSight).where(TicketSight.at <= desk.now - FORGOTTEN)).all():
        desk.db.delete(row)


def sight_of(desk: Desk, number: str) -> Sight | None:
    """The newest of a call that is open; None where there is none."""
    row = desk.db.get(TicketSight, number)
    return None if row is None else Sight.model_validate_json(row.text)


def turns(desk: Desk) -> frozenset[tuple[str, int]]:
    """Which sights there are now, and how new."""
    return frozenset(desk.db.execute(select(TicketSight.number, TicketSight.turn)).tuples())
