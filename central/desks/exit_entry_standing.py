"""CRJ08: passports and passes, what is left of their endorsements, and how far applications have come."""

from __future__ import annotations

from sqlalchemy import select

from central.desks.desk import BEIJING, Desk
from central.desks.travel_cases import OVER, unknown_here
from central.model import Document, Place
from central.model_exit_entry import TravelCase
from kiosk.people.exit_entry import DocumentOnFile, DocumentStanding, ExitEntryStanding, TravelProgress
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal


def exit_entry_standing(desk: Desk, number: IdNumber) -> ExitEntryStanding | Refusal:
    """Lists of any kind are not spoken of here: what somebody holds is theirs to know."""
    refusal = unknown_here(desk, number)
    if refusal is not None:
        return refusal
    authority = desk.agencies.exit_entry
    documents = tuple(
        DocumentOnFile(d.kind, d.masked, d.valid_to, d.standing, authority.endorsements(d.number))
        for d in authority.documents(number.text)
        if d.standing in (DocumentStanding.IN_FORCE, DocumentStanding.LOST)
    )
    cases = desk.db.scalars(
        select(TravelCase)
        .where(TravelCase.holder == number.text, TravelCase.state.not_in(OVER))
        .order_by(TravelCase.applied_at.desc(), TravelCase.number.desc())
    )
    return ExitEntryStanding(desk.today, documents, tuple(_progress(desk, case) for case in cases.all()))


def _progress(desk: Desk, case: TravelCase) -> TravelProgress:
    document = desk.db.get(Document, case.item)
    terminal = ""
    if document is not None and document.place is Place.CABINET:
        terminal = (document.compartment or "").partition(":")[0]
    site = desk.tables.sites[desk.tables.terminals[terminal].site if terminal else case.site]
    return TravelProgress(
        case_number=case.number,
        kind=case.kind,
        stage=case.state.value,
        applied_on=case.applied_at.astimezone(BEIJING).date(),
        since=case.state_since.astimezone(BEIJING).date(),
        ready_by=case.ready_by,
        site=site.name,
        address=site.address,
        here=terminal == desk.terminal,
    )
