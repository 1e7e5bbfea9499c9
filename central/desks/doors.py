"""A person on duty lets somebody in by a door: with who and why on record, once, and for a short time only.

The terminal hears of it in the answer to its heartbeat and reports what came of it, as it reports every entry.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.desks.answers import accepted
from central.desks.desk import BEIJING, Desk
from central.desks.settling import Reason
from central.model import FilingRow
from central.model_door import DoorOrderRow, OrderedDoor
from central.problems import Declined, unknown
from kiosk.protocol.filings import EntryReported
from kiosk.protocol.messages import DoorOrder, FilingKind, FilingReply

LIFE = timedelta(seconds=90)
"""Whoever rings stands there now; a later hour is another order."""

_STATES = {
    "sensed": OrderedDoor.CAME_IN,
    "inferred": OrderedDoor.CAME_IN,
    "nobody": OrderedDoor.NOBODY,
    "not-released": OrderedDoor.NOT_RELEASED,
    "in-doubt": OrderedDoor.IN_DOUBT,
}


def order_door(desk: Desk, terminal: str, reason: Reason) -> DoorOrderRow:
    """Let one person in. Raises Declined: 404 for no terminal, 409 "no-door", 409 "ordered" while one is open."""
    known = desk.tables.terminals.get(terminal)
    if known is None:
        raise unknown("terminal")
    if known.kind != "door":
        raise Declined(409, "no-door", f"{terminal} is no door")
    if live_orders(desk.db, terminal, desk.now):
        raise Declined(409, "ordered", "an order for this door is under way")
    row = DoorOrderRow(
        number=f"G{desk.serial('door')}",
        terminal=terminal,
        by=reason.by.strip(),
        because=reason.because.strip(),
        at=desk.now,
        expires=desk.now + LIFE,
        state=OrderedDoor.ORDERED,
    )
    desk.db.add(row)
    desk.db.flush()
    return row


def live_orders(db: Session, terminal: str, now: datetime) -> tuple[DoorOrder, ...]:
    """What a door is to do and has not reported on, in order."""
    rows = db.scalars(
        select(DoorOrderRow)
        .where(
            DoorOrderRow.terminal == terminal,
            DoorOrderRow.state == OrderedDoor.ORDERED,
            DoorOrderRow.expires > now,
        )
        .order_by(DoorOrderRow.number)
    )
    return tuple(DoorOrder(order=row.number, expires=row.expires.astimezone(BEIJING)) for row in rows)


def entry_reported(payload: EntryReported, desk: Desk) -> FilingReply:
    """Somebody came in, or should have. What is in doubt is told to a person."""
    row = desk.db.get(DoorOrderRow, payload.order, with_for_update=True) if payload.order else None
    if row is not None and row.terminal == desk.terminal:
        row.state, row.settled_at = _STATES[payload.came], desk.now
    if payload.came == "in-doubt":
        desk.alarm("door-in-doubt")
    return accepted(f"N{desk.serial('entry')}")


def doors(db: Session, now: datetime) -> dict[str, list[dict[str, str]]]:
    """Orders with who and why, and entries with when and by what right. No entry says who."""
    entries: list[dict[str, str]] = []
    filed = select(FilingRow).where(FilingRow.kind == FilingKind.ENTRY).order_by(FilingRow.received_at, FilingRow.key)
    for row in db.scalars(filed):
        said = EntryReported.model_validate_json(row.payload)
        at = row.at.astimezone(BEIJING).isoformat(timespec="seconds")
        entries.append({"terminal": row.terminal, "at": at, **said.model_dump()})
    return {
        "orders": [described(row, now) for row in db.scalars(select(DoorOrderRow).order_by(DoorOrderRow.number))],
        "entries": entries,
    }


def described(row: DoorOrderRow, now: datetime) -> dict[str, str]:
    """An order as people read it."""
    over = row.state is OrderedDoor.ORDERED and row.expires <= now
    return {
        "order": row.number,
        "terminal": row.terminal,
        "by": row.by,
        "because": row.because,
        "at": row.at.astimezone(BEIJING).isoformat(timespec="seconds"),
        "state": (OrderedDoor.OVER if over else row.state).value,
    }
