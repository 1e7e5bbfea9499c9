"""The chain of what people did and looked at: who, when, what, of which visit or person. Nobody's name but theirs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.desks.desk import BEIJING
from central.model_console import ConsoleRecord

GENESIS = "0" * 64
"""Stands where the hash before the first row would."""


def record(db: Session, now: datetime, user: str, act: str, subject: str = "", because: str = "") -> None:
    """Append one row. `subject` is a number or a name of the books, never a person's."""
    last = db.scalars(select(ConsoleRecord).order_by(ConsoleRecord.row.desc()).limit(1)).first()
    number, before = (0, GENESIS) if last is None else (last.row, last.hash)
    said = {
        "act": act,
        "at": now.astimezone(BEIJING).isoformat(timespec="seconds"),
        "because": because,
        "row": number + 1,
        "subject": subject,
        "user": user,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    db.add(ConsoleRecord(row=number + 1, text=text, hash=chained(before, text)))
    db.flush()


def chained(before: str, text: str) -> str:
    """The hash of a row."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def broken_at(rows: Sequence[ConsoleRecord]) -> int:
    """The first row of a whole chain that is not what was written there; 0 when every row is."""
    before = GENESIS
    for number, row in enumerate(rows, 1):
        before = chained(before, row.text)
        if (row.row, row.hash) != (number, before):
            return number
    return 0


def chain(db: Session) -> dict[str, Any]:
    """The whole chain, and whether it holds, as `central record --json` prints it."""
    rows = db.scalars(select(ConsoleRecord).order_by(ConsoleRecord.row)).all()
    wrong = broken_at(rows)
    return {
        "rows": [{**json.loads(row.text), "hash": row.hash} for row in rows],
        "broken_at": wrong,
        "head": rows[-1].hash if rows else GENESIS,
    }
