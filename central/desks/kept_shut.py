"""Compartments that headquarters keeps shut: nothing is handed out of them and nothing is taken into them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.model_command import LockedCompartment


def is_kept_shut(db: Session, place: str) -> bool:
    """`place` is TERMINAL:BOARD:LOCK."""
    return db.get(LockedCompartment, place) is not None


def kept_shut(db: Session, terminal: str) -> frozenset[str]:
    """Every compartment of a terminal that is kept shut."""
    rows = db.scalars(select(LockedCompartment.place).where(LockedCompartment.place.startswith(f"{terminal}:")))
    return frozenset(rows)


def keep_shut(db: Session, place: str, by: str, at: datetime) -> None:
    """From now on; `by` is the number of the command."""
    if not is_kept_shut(db, place):
        db.add(LockedCompartment(place=place, by=by, at=at))
        db.flush()


def let_go(db: Session, place: str) -> None:
    """No longer."""
    known = db.get(LockedCompartment, place)
    if known is not None:
        db.delete(known)
        db.flush()
