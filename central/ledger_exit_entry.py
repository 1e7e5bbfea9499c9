"""The exit-entry desk's cases as the ledger tells them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.desks.desk import BEIJING
from central.model_exit_entry import CrossingQuery, EndorsementCase, TravelCase


def exit_entry_cases(db: Session) -> list[dict[str, Any]]:
    """Applications for passports and passes; records of crossings that were issued."""
    rows: list[dict[str, Any]] = [
        {
            "number": c.number,
            "kind": c.kind.value,
            "state": c.state.value,
            "visit": c.visit,
            "ground": c.ground.value,
            "item": c.item,
            "certainty": c.certainty,
            "at": c.applied_at.astimezone(BEIJING).isoformat(),
        }
        for c in db.scalars(select(TravelCase).order_by(TravelCase.number))
    ]
    rows += [
        {
            "number": q.number,
            "kind": "crossing-query",
            "state": "issued",
            "visit": q.visit,
            "at": q.asked_at.astimezone(BEIJING).isoformat(),
        }
        for q in db.scalars(select(CrossingQuery).order_by(CrossingQuery.number))
    ]
    rows += [
        {
            "number": e.number,
            "kind": "endorsement",
            "state": e.state.value,
            "visit": e.visit,
            "pass": e.pass_place,
            "custody": e.custody,
            "at": e.asked_at.astimezone(BEIJING).isoformat(),
        }
        for e in db.scalars(select(EndorsementCase).order_by(EndorsementCase.number))
    ]
    return rows
