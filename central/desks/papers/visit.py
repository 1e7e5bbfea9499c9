"""A visit to the asking terminal, and what its papers say of the citizen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from central.agencies.contract import Person
from central.desks.desk import BEIJING, Desk
from central.model import (
    FilingRow,
)
from kiosk.people.id_card import masked_name
from kiosk.people.id_number import IdNumber
from kiosk.protocol.messages import FilingKind, FilingReply

Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to the asking terminal, and the citizen who asks."""

    desk: Desk
    case: str
    number: IdNumber
    person: Person

    @property
    def on_paper(self) -> Values:
        return (("name_masked", masked_name(self.person.name)), ("id_masked", self.number.masked))

    def filings(self, kind: FilingKind) -> Iterator[tuple[FilingRow, FilingReply]]:
        """Accepted filings of one kind, oldest first."""
        rows = self.desk.db.scalars(
            select(FilingRow)
            .where(FilingRow.visit == self.case, FilingRow.terminal == self.desk.terminal, FilingRow.kind == kind)
            .order_by(FilingRow.received_at, FilingRow.key)
        )
        for row in rows:
            reply = FilingReply.model_validate_json(row.reply)
            if reply.status == "accepted":
                yield row, reply


def moment(at: datetime) -> str:
    """An instant as papers carry it: Beijing time, to the second."""
    return at.astimezone(BEIJING).isoformat(timespec="seconds")
