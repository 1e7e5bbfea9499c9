"""Says in the books that something waits for terminals: heard everywhere once the transaction is committed, or not
at all when it is undone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from central.model_push import Push
from kiosk.protocol.events import EventKind

CHANNEL = "kiosk_push"
"""PostgreSQL's name for it (LISTEN, NOTIFY)."""

EVERYBODY = "*"

KEPT = timedelta(minutes=10)
"""A row older than this was heard by every process that lives."""

_LONGEST = 7000
"""Characters in one notice; PostgreSQL takes fewer than 8000 bytes (manual, NOTIFY)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A push as it is heard. `terminals` is None for all of them."""

    kind: EventKind
    terminals: frozenset[str] | None


def push(db: Session, kind: EventKind, terminals: Collection[str] | None, now: datetime) -> None:
    """Something of this kind may wait for these terminals; None: for any of them.

    Terminals then ask. Say it in the transaction that makes it true. To name nobody says nothing.
    """
    for names in _portions(terminals):
        if db.get_bind().dialect.name == "postgresql":
            _ = db.execute(select(func.pg_notify(CHANNEL, f"{kind.value} {names}")))
        else:
            db.add(Push(at=now, kind=kind.value, terminals=names))
            db.flush()
            _ = db.execute(delete(Push).where(Push.at < now - KEPT))


def read(kind: str, names: str) -> Told | None:
    """A notice as it was written; None for a kind that this server does not know, from a newer one beside it."""
    try:
        known = EventKind(kind)
    except ValueError:
        return None
    return Told(known, None if names == EVERYBODY else frozenset(names.split()))


def _portions(terminals: Collection[str] | None) -> Iterator[str]:
    if terminals is None:
        yield EVERYBODY
        return
    portion: list[str] = []
    length = 0
    for name in sorted(terminals):
        if length + len(name) >= _LONGEST:
            yield " ".join(portion)
            portion, length = [], 0
        portion.append(name)
        length += len(name) + 1
    if portion:
        yield " ".join(portion)
