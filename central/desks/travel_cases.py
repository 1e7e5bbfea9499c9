"""Applications for passports and passes on the books, and what becomes of them in the works (CRJ04 to CRJ08)."""

from __future__ import annotations

from sqlalchemy import select

from central.agencies.exit_entry_contract import Screening
from central.desks.desk import Desk
from central.desks.notifying import notify
from central.model import CardState, Document, Place
from central.model_exit_entry import TravelCase
from kiosk.people.exit_entry import TravelDocumentKind
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.records import Refusal, RefusalCode

OVER = (CardState.COLLECTED, CardState.VOID)
"""States of an application nobody waits for any more."""


def unknown_here(desk: Desk, number: IdNumber) -> Refusal | None:
    """What stands in the way of everybody at the exit-entry desk; None where nothing does."""
    if number.family is not NumberFamily.RESIDENT:
        return desk.sent_to(RefusalCode.CARD_FOREIGN, "exit-entry")
    if number.age_on(desk.today) < desk.tables.rules["adult-age"]:
        return desk.sent_to(RefusalCode.UNDER_AGE, "exit-entry")
    person = desk.agencies.population.person(number.text)
    if person is None:
        return desk.sent_to(RefusalCode.OTHER, "exit-entry", ("reason", "not-on-file"))
    if person.card_reported_lost:
        return desk.sent_to(RefusalCode.CARD_REPORTED_LOST, "exit-entry")
    return desk.sent_to(RefusalCode.MANUAL_REVIEW, "exit-entry") if person.restricted else None


def closed_to(desk: Desk, number: IdNumber) -> Refusal | None:
    """Why this citizen cannot apply for anything here; None where nothing stands in the way.

    Whoever is registered as staff or stands on a list hears one sentence, that a person looks at it, and no reason.
    """
    refusal = unknown_here(desk, number)
    if refusal is not None:
        return refusal
    if desk.agencies.exit_entry.screening(number.text) is Screening.BY_A_PERSON:
        return desk.sent_to(RefusalCode.MANUAL_REVIEW, "exit-entry")
    return None


def open_travel_case(desk: Desk, number: str, kind: TravelDocumentKind) -> TravelCase | None:
    """The application for a document of this kind that is under way, or finished and not collected."""
    return desk.db.scalars(
        select(TravelCase)
        .where(TravelCase.holder == number, TravelCase.kind == kind, TravelCase.state.not_in(OVER))
        .order_by(TravelCase.applied_at.desc())
    ).first()


def look_at_travel_cases(desk: Desk) -> None:
    """Stages reached in the works; what is made lies in the depot of its site until it is loaded."""
    for progress in desk.agencies.exit_entry.news():
        case = desk.db.get(TravelCase, progress.case_number)
        if case is None or case.state in (CardState.TO_COLLECT, *OVER):
            continue
        case.state, case.state_since = CardState(progress.stage), progress.at
        if case.state is not CardState.STOCKED:
            continue
        made = desk.agencies.exit_entry.issued(case.number)
        if made is not None:
            case.document, case.issue_date, case.valid_to = made.number, made.issued_on, made.valid_to
        document = desk.db.get(Document, case.item)
        if document is not None and document.place is Place.PRODUCTION:
            document.place, document.site = Place.DEPOT, case.site
        notify(desk, case.phone, f"受理号{case.number}的出入境证件已制成。", case.number)
