"""Whoever was told that somebody will see to it, and hears nothing in time: an alarm of where they stood."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import or_, select

from central.desks.desk import BEIJING, Desk, working_days_later
from central.desks.incidents import over, raise_alarm
from central.model_help import Unresolved, UnresolvedState
from central.model_pre_registration import PreRegistrationRow, PreRegistrationState
from central.model_watch import Incident

CALL, MATTER = "call-overdue", "matter-overdue"
_FRIDAY = 4


def call_by(desk: Desk, received: datetime) -> date:
    """The last day on which whoever left a pre-registration is to be called."""
    return _last(desk, received, "call-working-days")


def take_by(desk: Desk, handed_over: datetime) -> date:
    """The last day on which somebody at the desk is to take a matter."""
    return _last(desk, handed_over, "matter-working-days")


def look_at_overdue(desk: Desk) -> None:
    """An alarm for each terminal where somebody waits too long; over when nobody does any more."""
    calls = select(PreRegistrationRow.terminal, PreRegistrationRow.received_at)
    calls = calls.where(PreRegistrationRow.state == PreRegistrationState.OPEN)
    matters = select(Unresolved.terminal, Unresolved.at).where(Unresolved.state == UnresolvedState.OPEN)
    for code, waiting, last in ((CALL, calls, call_by), (MATTER, matters, take_by)):
        rows = desk.db.execute(waiting)
        _bring_about(desk, code, {terminal for terminal, since in rows if last(desk, since) < desk.today})


def _last(desk: Desk, since: datetime, rule: str) -> date:
    return working_days_later(since.astimezone(BEIJING).date(), desk.tables.rules[rule])


def _bring_about(desk: Desk, code: str, late: set[str]) -> None:
    """Raised in hours in which somebody can call, once a day: closing it does not make the call."""
    begin = datetime.combine(desk.today, time(desk.tables.rules["overdue-from-hour"]), BEIJING)
    told = select(Incident).where(Incident.code == code, or_(Incident.live.is_not(None), Incident.closed_at >= begin))
    known = {row.terminal: row for row in desk.db.scalars(told.order_by(Incident.id))}
    if desk.now >= begin and desk.today.weekday() <= _FRIDAY:
        for terminal in sorted(late):
            row = known.get(terminal)
            if row is None or (row.live is not None and row.over_at is not None):
                raise_alarm(desk.db, desk.now, terminal, code)
    for terminal, row in known.items():
        if terminal not in late and row.live is not None:
            over(desk.db, desk.now, terminal, code)
