"""HZ04: how far an application for an identity card has come (Resident Identity Card Law art. 12)."""

from __future__ import annotations

from sqlalchemy import select

from central.desks.cards import adult
from central.desks.desk import BEIJING, Desk
from central.model import CardCase, Document, Place
from kiosk.people.household import CardProgress
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal, RefusalCode


def progress_of_card(desk: Desk, number: IdNumber) -> CardProgress | Refusal:
    """The newest application, over or not; why a card is blocked is not said."""
    refusal = adult(desk, number)
    if refusal is not None:
        return refusal
    case = desk.db.scalars(
        select(CardCase)
        .where(CardCase.holder == number.text)
        .order_by(CardCase.applied_at.desc(), CardCase.number.desc())
        .limit(1)
    ).first()
    if case is None:
        return Refusal(RefusalCode.NO_APPLICATION, (("service", "HZ01"),))
    if case.blocked:
        return desk.sent_to(RefusalCode.CARD_BLOCKED, "household", ("case", case.number))
    document = desk.db.get(Document, case.item)
    if document is not None and document.place is Place.IN_DOUBT:
        return desk.sent_to(RefusalCode.OTHER, "household", ("case", case.number), ("reason", "in-doubt"))
    if document is not None and document.place is Place.RETAINED:
        return desk.sent_to(RefusalCode.OTHER, "household", ("case", case.number), ("reason", "retained"))
    terminal = _terminal(document)
    site = desk.tables.sites[desk.tables.terminals[terminal].site if terminal else _site(case, document)]
    return CardProgress(
        case_number=case.number,
        ground=case.ground,
        stage=case.state.value,
        applied_on=case.applied_at.astimezone(BEIJING).date(),
        since=case.state_since.astimezone(BEIJING).date(),
        ready_by=case.ready_by,
        site=site.name,
        address=site.address,
        here=terminal == desk.terminal,
    )


def _terminal(document: Document | None) -> str:
    """The terminal whose cabinet holds the card, or ""."""
    if document is None or document.place is not Place.CABINET:
        return ""
    return (document.compartment or "").partition(":")[0]


def _site(case: CardCase, document: Document | None) -> str:
    return document.site if document is not None and document.place is Place.DEPOT else case.site
