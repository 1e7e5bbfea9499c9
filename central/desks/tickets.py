"""The help desk: a call becomes a ticket; the terminal asks after it every two seconds while its page stands."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from central.desks.desk import Desk
from central.desks.incidents import over, tell
from central.desks.sights import forget
from central.model_help import Ticket, TicketClip, TicketLine, TicketState, Unresolved
from central.problems import Declined, unknown
from kiosk.protocol.filings import HelpCall
from kiosk.protocol.messages import Filing, HelpAnswer, HelpAsk, Spoken

UNANSWERED = timedelta(seconds=60)
"""After so long the terminal says that nobody answers, and the ticket goes up."""
LONGEST_TEXT = 80
"""Of one answer, in characters: it stands on one page with the telephone numbers."""


def opened(filing: Filing, payload: HelpCall, number: str, desk: Desk) -> None:
    """Ring."""
    desk.db.add(
        Ticket(
            number=number,
            key=filing.key,
            terminal=desk.terminal,
            page=payload.page[:60],
            service=payload.service[:20],
            language=payload.language[:20],
            state=TicketState.WAITING,
            at=desk.now,
            by="",
            more=0,
            voice=payload.voice,
        )
    )
    tell(desk.db, desk.now, desk.terminal, "help", payload.page, number)


def asked_after(ask: HelpAsk, desk: Desk) -> HelpAnswer:
    """What was said so far. Raises Declined(404) until the call itself has come."""
    row = desk.db.scalars(select(Ticket).where(Ticket.key == ask.key, Ticket.terminal == desk.terminal)).first()
    if row is None:
        raise unknown("ticket")
    handed = desk.db.scalars(select(Unresolved.number).where(Unresolved.ticket == row.number)).first() or ""
    lines = select(TicketLine.text).where(TicketLine.number == row.number, TicketLine.spoken_ms == 0)
    clips = desk.db.scalars(select(TicketClip).where(TicketClip.number == row.number).order_by(TicketClip.id))
    return HelpAnswer(
        number=row.number,
        state=row.state.value,
        said=tuple(desk.db.scalars(lines.order_by(TicketLine.id))),
        spoken=tuple(Spoken(sha256=clip.sha256, milliseconds=clip.milliseconds) for clip in clips),
        more=row.more,
        handed=handed,
    )


def say(desk: Desk, number: str, by: str, text: str) -> None:
    """Somebody of the staff answers. Raises Declined: 404, 409 "closed", 422 for nothing or too much."""
    words = " ".join(text.split())
    if not 0 < len(words) <= LONGEST_TEXT:
        raise Declined(422, "answer", f"1 to {LONGEST_TEXT} characters")
    row = _live(desk, number)
    _answered(desk, row, by)
    desk.db.add(TicketLine(number=number, at=desk.now, by=by, text=words))
    tell(desk.db, desk.now, row.terminal, "help-said", row.page, number)


def answered_by(desk: Desk, number: str, by: str) -> Ticket:
    """A call that is not closed; somebody of the staff deals with it now. Raises Declined: 404, 409 "closed"."""
    row = _live(desk, number)
    _answered(desk, row, by)
    return row


def more_time(desk: Desk, number: str, by: str) -> None:
    """The page of help stands for as long again."""
    row = _live(desk, number)
    _answered(desk, row, by)
    row.more += 1
    tell(desk.db, desk.now, row.terminal, "help-more", row.page, number)


def close(desk: Desk, number: str, by: str) -> None:
    """Done with; the alarm of this terminal's calls is over where it was the last."""
    row = _live(desk, number)
    row.state, row.closed_at, row.by = TicketState.CLOSED, desk.now, by
    forget(desk.db, number)
    desk.db.flush()
    tell(desk.db, desk.now, row.terminal, "help-closed", row.page, number)
    others = select(Ticket.number).where(Ticket.terminal == row.terminal, Ticket.state != TicketState.CLOSED)
    if desk.db.scalars(others.limit(1)).first() is None:
        over(desk.db, desk.now, row.terminal, "help")


def look_at_tickets(desk: Desk) -> None:
    """A ticket that nobody answers within a minute goes up, and rings again."""
    rows = desk.db.scalars(
        select(Ticket).where(
            Ticket.state == TicketState.WAITING,
            Ticket.escalated_at.is_(None),
            Ticket.at <= desk.now - UNANSWERED,
        )
    )
    for row in rows.all():
        row.escalated_at = desk.now
        tell(desk.db, desk.now, row.terminal, "help", "unanswered", row.number)


def _answered(desk: Desk, row: Ticket, by: str) -> None:
    row.state, row.by = TicketState.ANSWERED, by
    if row.answered_at is None:
        row.answered_at = desk.now


def _live(desk: Desk, number: str) -> Ticket:
    row = desk.db.get(Ticket, number, with_for_update=True)
    if row is None:
        raise unknown("ticket")
    if row.state is TicketState.CLOSED:
        raise Declined(409, "closed", "this is closed")
    return row
