"""The chain of what happened: each row's hash covers its text and the hash before it (rule 31).

hash = SHA-256 of (previous hash, newline, text) in UTF-8, as hexadecimal; before the first row stand 64 zeros. The
head goes up with every heartbeat, so that a tail cut off is seen. `verify_audit.py` checks it without this module.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, cast

from sqlalchemy import Connection, insert, select

from kiosk.clock import Clock
from kiosk.store.engines import Database
from kiosk.store.failures import UnknownEvent
from kiosk.store.schema import audit, cases
from kiosk.store.words import text_of

GENESIS = "0" * 64
"""Stands where the hash before the first row would."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row of the chain; `text` is JSON without personal data."""

    row: int
    text: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditHead:
    """How many rows there are, and the last one's hash."""

    rows: int
    hash: str


def catalogue() -> dict[str, tuple[str, ...]]:
    """Event ids and the details each may carry, from audit-events.toml."""
    text = resources.files("kiosk.store").joinpath("audit-events.toml").read_text("utf-8")
    events = cast(dict[str, dict[str, Any]], tomllib.loads(text))
    return {name: tuple(event["details"]) for name, event in events.items()}


class AuditChain:
    """Appends rows, within others' transactions or its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._events = catalogue()

    async def write(self, event: str, case: str, details: Mapping[str, str]) -> None:
        """Append one row durably. Raises UnknownEvent for an event or detail outside the catalogue."""
        await self._database.write(lambda connection: self.append(connection, event, case, details))

    def append(self, connection: Connection, event: str, case: str, details: Mapping[str, str]) -> None:
        """Append one row within a transaction."""
        self._check(event, details)
        subject = connection.execute(select(cases.c.subject).where(cases.c.case_id == case)).scalar() or ""
        last = _head(connection)
        row = last.rows + 1
        text = text_of(
            {
                "at": self._clock.now().isoformat(),
                "case": case,
                "details": {name: str(value) for name, value in details.items()},
                "event": event,
                "row": row,
                "subject": subject,
            }
        )
        connection.execute(insert(audit).values(row=row, text=text, hash=chained(last.hash, text)))

    async def head(self) -> AuditHead:
        """The head of the chain as it is on disk."""
        return await self._database.read(_head)

    async def rows_after(self, row: int, limit: int) -> tuple[AuditLine, ...]:
        """At most `limit` rows after the numbered one, in order."""

        def look(connection: Connection) -> tuple[AuditLine, ...]:
            found = connection.execute(
                select(audit.c.row, audit.c.text, audit.c.hash)
                .where(audit.c.row > row)
                .order_by(audit.c.row)
                .limit(limit)
            )
            return tuple(AuditLine(number, text, chain) for number, text, chain in found)

        return await self._database.read(look)

    def _check(self, event: str, details: Mapping[str, str]) -> None:
        known = self._events.get(event)
        if known is None:
            raise UnknownEvent(event)
        for name in details:
            if name not in known:
                raise UnknownEvent(f"{event}: {name}")


def chained(before: str, text: str) -> str:
    """The hash of a row."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def _head(connection: Connection) -> AuditHead:
    last = connection.execute(select(audit.c.row, audit.c.hash).order_by(audit.c.row.desc()).limit(1)).first()
    return AuditHead(0, GENESIS) if last is None else AuditHead(last.row, last.hash)
