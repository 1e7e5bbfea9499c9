"""装柜: a finished card is laid into a compartment by two members of staff, and is then to be collected.

The row is the proof of which card lies behind which door, where the cabinet itself cannot read it (services.md 6).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from central.desks.desk import Desk
from central.desks.notifying import notify
from central.desks.settling import Reason, Where, written
from central.model import CardCase, CardState, Document, DocumentKind, Place, Settlement
from central.problems import Declined, unknown


@dataclass(frozen=True, slots=True)
class Two:
    """Who opens and who lays in: two different staff numbers."""

    first: str
    second: str

    def __post_init__(self) -> None:
        if not self.first.strip() or not self.second.strip() or self.first.strip() == self.second.strip():
            raise Declined(422, "two", "a cabinet is loaded by two different members of staff")


def load_card(desk: Desk, item: str, text: str, by: Two) -> Settlement:
    """From the depot into cabinet:TERMINAL:BOARD:LOCK.

    Raises Declined: 404, 409 "not-in-depot" or "occupied", 422 "place" or "two".
    """
    document = desk.db.get(Document, item, with_for_update=True)
    if document is None or document.kind is not DocumentKind.NEW_CARD:
        raise unknown("document")
    if document.place is not Place.DEPOT:
        raise Declined(409, "not-in-depot", f"the books say {document.place_text}")
    where = Where.parse(desk, text)
    if where.place is not Place.CABINET:
        raise Declined(422, "place", "cabinet:TERMINAL:BOARD:LOCK")
    holder = desk.db.scalars(select(Document).where(Document.compartment == where.compartment)).first()
    if holder is not None:
        raise Declined(409, "occupied", f"{holder.id} is in that compartment")
    case = desk.db.get(CardCase, document.case_number, with_for_update=True)
    if case is None or case.state is not CardState.STOCKED:
        raise Declined(409, "not-in-depot", "its application is not at that stage")
    was = document.place_text
    document.place, document.compartment = Place.CABINET, where.compartment
    case.state, case.state_since = CardState.TO_COLLECT, desk.now
    notify(desk, case.phone, f"受理号{case.number}的身份证已放入自助终端，可随时领取。", case.number)
    reason = Reason(f"{by.first.strip()}, {by.second.strip()}", "loaded")
    return written(desk, "document", item, was, document.place_text, reason)
