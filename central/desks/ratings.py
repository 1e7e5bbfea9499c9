"""好差评: what citizens thought of the services, as counts. Nobody can be told from them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.model import FilingRow
from kiosk.people.satisfaction import Satisfaction
from kiosk.protocol.filings import ServiceRated
from kiosk.protocol.messages import FilingKind


def ratings(db: Session) -> dict[str, list[dict[str, str | int]]]:
    """By terminal and service: how often each of the five words was chosen."""
    counted: Counter[tuple[str, str, Satisfaction]] = Counter()
    for row in db.scalars(select(FilingRow).where(FilingRow.kind == FilingKind.SERVICE_RATING)):
        said = ServiceRated.model_validate_json(row.payload)
        counted[row.terminal, said.service, said.rating] += 1
    places = sorted({(terminal, service) for terminal, service, _ in counted})
    return {
        "ratings": [
            {"terminal": terminal, "service": service}
            | {word.value: counted[terminal, service, word] for word in Satisfaction}
            for terminal, service in places
        ]
    }
