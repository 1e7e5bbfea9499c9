"""Alarms as things to do: grouped, taken, assigned, escalated, handed over, closed; and silence, which is one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.model import Alarm, TerminalRow
from central.model_watch import Event, Incident, IncidentLine, IncidentState
from central.problems import Declined, unknown

if TYPE_CHECKING:
    from central.desks.desk import Desk

SILENT = timedelta(seconds=55)
"""A terminal beats every 30 s. Looked at every second, its silence is known before a minute is over."""

SILENCE = "silent"
ESCALATES = (timedelta(minutes=5), timedelta(minutes=15))
"""How long nobody may take an incident before the shift's head, and then the duty leader, is named."""


def raise_alarm(db: Session, now: datetime, terminal: str, code: str) -> None:
    """Something a person must look at: one more row, and the incident it belongs to."""
    db.add(Alarm(terminal=terminal, code=code, at=now))
    live = f"{terminal}|{code}"
    row = db.scalars(select(Incident).where(Incident.live == live)).first()
    if row is None:
        row = Incident(
            terminal=terminal, code=code, live=live, state=IncidentState.OPEN, first_at=now, last_at=now, times=0
        )
        row.assigned, row.level = "", 0
        db.add(row)
        db.flush()
    row.times, row.last_at, row.over_at = row.times + 1, now, None
    tell(db, now, terminal, "alarm", code, str(row.id))


def over(db: Session, now: datetime, terminal: str, code: str) -> None:
    """The cause is gone by itself."""
    row = db.scalars(select(Incident).where(Incident.live == f"{terminal}|{code}")).first()
    if row is not None and row.over_at is None:
        row.over_at = now
        db.add(IncidentLine(incident=row.id, at=now, by="", act="over", text=""))
        tell(db, now, terminal, "alarm-over", code, str(row.id))


def tell(db: Session, now: datetime, terminal: str, kind: str, code: str, subject: str = "") -> None:
    """For whoever has a page open."""
    db.add(Event(at=now, terminal=terminal, kind=kind, code=code[:80], subject=subject[:80]))


def look_at_silence(desk: Desk) -> None:
    """A terminal that was heard once and says nothing for most of a minute is an incident; raised once."""
    rows = desk.db.scalars(
        select(TerminalRow).where(TerminalRow.seen_at <= desk.now - SILENT, TerminalRow.revoked.is_(False))
    ).all()
    if not rows:
        return
    known = set(desk.db.scalars(select(Incident.live).where(Incident.code == SILENCE, Incident.over_at.is_(None))))
    for row in rows:
        if f"{row.id}|{SILENCE}" not in known:
            raise_alarm(desk.db, desk.now, row.id, SILENCE)


def look_at_untaken(desk: Desk) -> None:
    """What nobody takes goes up a level, and says so."""
    rows = desk.db.scalars(
        select(Incident).where(
            Incident.state == IncidentState.OPEN,
            Incident.level < len(ESCALATES),
            Incident.first_at <= desk.now - ESCALATES[0],
        )
    )
    for row in rows.all():
        level = sum(desk.now - row.first_at >= wait for wait in ESCALATES)
        if level > row.level and row.over_at is None:
            row.level, row.escalated_at = level, desk.now
            desk.db.add(IncidentLine(incident=row.id, at=desk.now, by="", act="escalated", text=str(level)))
            tell(desk.db, desk.now, row.terminal, "escalated", row.code, str(row.id))


def take(desk: Desk, number: int, by: str, to: str = "") -> Incident:
    """Somebody has it: whoever takes it, or a colleague it is assigned to. Raises Declined: 404, 409 "closed"."""
    row = live_one(desk, number)
    row.state, row.assigned = IncidentState.TAKEN, to or by
    act = "assigned" if to and to != by else "taken"
    _line(desk, row, by, act, to if act == "assigned" else "")
    return row


def note(desk: Desk, number: int, by: str, text: str) -> None:
    """Something to remember about it."""
    if text.strip():
        _line(desk, live_one(desk, number), by, "note", text.strip()[:400])


def close(desk: Desk, number: int, by: str, because: str) -> Incident:
    """Done with, and why. Raises Declined(422) without a reason."""
    if not because.strip():
        raise Declined(422, "reason", "say what was found and done")
    row = live_one(desk, number)
    row.state, row.live, row.closed_at = IncidentState.CLOSED, None, desk.now
    _line(desk, row, by, "closed", because.strip()[:400])
    return row


def hand_over(desk: Desk, by: str, to: str, text: str) -> int:
    """At the change of shift everything somebody has goes to a colleague; how much that was."""
    if not to or to == by:
        raise Declined(422, "colleague", "name the colleague who takes over")
    mine = desk.db.scalars(
        select(Incident).where(Incident.state == IncidentState.TAKEN, Incident.assigned == by).order_by(Incident.id)
    ).all()
    for row in mine:
        row.assigned = to
        _line(desk, row, by, "handed-over", f"{to} {text}".strip()[:400])
    return len(mine)


def live_one(desk: Desk, number: int) -> Incident:
    """An incident nobody has closed. Raises Declined: 404, 409 "closed"."""
    row = desk.db.get(Incident, number, with_for_update=True)
    if row is None:
        raise unknown("incident")
    if row.state is IncidentState.CLOSED:
        raise Declined(409, "closed", "this is closed")
    return row


def _line(desk: Desk, row: Incident, by: str, act: str, text: str) -> None:
    desk.db.add(IncidentLine(incident=row.id, at=desk.now, by=by, act=act, text=text))
    tell(desk.db, desk.now, row.terminal, "alarm-" + act, row.code, str(row.id))
