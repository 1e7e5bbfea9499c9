"""办不成事: a matter that the machine could not help with is handed to the people's desk, by a number on paper.

Nobody's name stands here: whoever comes to the desk shows the number, and the desk asks.
"""

from __future__ import annotations

from sqlalchemy import select

from central.desks.answers import accepted
from central.desks.desk import Desk
from central.desks.incidents import tell
from central.desks.tickets import answered_by
from central.model_help import Unresolved, UnresolvedState
from central.problems import Declined, unknown
from kiosk.protocol.filings import SlipReported
from kiosk.protocol.messages import FilingReply

LONGEST_NOTE = 400


def hand_over(desk: Desk, ticket: str, by: str, because: str) -> Unresolved:
    """Somebody of the staff hands a caller's matter to the desk. Raises Declined: 404, 409 "closed", 422 "reason".

    The same ticket has one number, however often it is handed over.
    """
    row = answered_by(desk, ticket, by)
    known = desk.db.scalars(select(Unresolved).where(Unresolved.ticket == ticket)).first()
    if known is not None:
        return known
    made = Unresolved(
        number=f"B{desk.serial('unresolved')}",
        ticket=ticket,
        terminal=row.terminal,
        service=row.service,
        by=by,
        because=_reason(because),
        at=desk.now,
        state=UnresolvedState.OPEN,
        assigned="",
        found="",
        slip="",
        visit="",
    )
    desk.db.add(made)
    desk.db.flush()
    tell(desk.db, desk.now, row.terminal, "help-handed", row.page, ticket)
    return made


def slip_reported(payload: SlipReported, visit: str, desk: Desk) -> FilingReply:
    """Whether the number came out on paper. Raises Declined(422) for a number this terminal was not given."""
    row = desk.db.get(Unresolved, payload.number, with_for_update=True)
    if row is None or row.terminal != desk.terminal:
        raise Declined(422, "payload", "number: nothing of this terminal")
    row.slip, row.visit = payload.result[:20], visit
    tell(desk.db, desk.now, row.terminal, "help-handed", payload.result, row.number)
    return accepted(row.number)


def take(desk: Desk, number: str, by: str) -> None:
    """Somebody at the desk has it. Raises Declined: 404, 409 "closed"."""
    row = _open(desk, number)
    row.state, row.assigned = UnresolvedState.TAKEN, by
    tell(desk.db, desk.now, row.terminal, "help-handed", "taken", number)


def settle(desk: Desk, number: str, by: str, found: str) -> None:
    """Done with, and what came of it. Raises Declined: 404, 409 "closed", 422 "reason"."""
    row = _open(desk, number)
    row.state, row.assigned, row.found, row.settled_at = UnresolvedState.SETTLED, by, _reason(found), desk.now
    tell(desk.db, desk.now, row.terminal, "help-handed", "settled", number)


def _open(desk: Desk, number: str) -> Unresolved:
    row = desk.db.get(Unresolved, number, with_for_update=True)
    if row is None:
        raise unknown("matter")
    if row.state is UnresolvedState.SETTLED:
        raise Declined(409, "closed", "this is settled")
    return row


def _reason(text: str) -> str:
    words = " ".join(text.split())
    if not 0 < len(words) <= LONGEST_NOTE:
        raise Declined(422, "reason", "say what it is about, without names or numbers")
    return words
