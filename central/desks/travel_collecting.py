"""CRJ07: the finished passport or pass in the asking terminal, and that it was collected."""

from __future__ import annotations

import json

from sqlalchemy import select

from central.desks.answers import accepted, checked_number, refused
from central.desks.desk import Desk
from central.desks.grants import latest_grant, report
from central.desks.travel_cases import OVER, closed_to
from central.desks.where_it_lies import where_it_lies
from central.model import CardState, Document, GrantKind, GrantState, Place
from central.model_exit_entry import TravelCase
from central.problems import Declined
from kiosk.people.exit_entry import DocumentGround
from kiosk.people.id_number import IdNumber
from kiosk.people.records import OldCard, Refusal, RefusalCode
from kiosk.people.travel_applications import FinishedTravelDocument
from kiosk.protocol.filings import TravelCollected
from kiosk.protocol.messages import FilingReply

OFFICE = "exit-entry"
_GIVES_UP = (DocumentGround.RENEWAL, DocumentGround.DAMAGE)


def travel_to_collect(desk: Desk, number: IdNumber) -> FinishedTravelDocument | Refusal:
    """What lies here first; else what stands in the way of the newest application."""
    refusal = closed_to(desk, number)
    if refusal is not None:
        return refusal
    answers = _answers(desk, number)
    found = next((answer for answer in answers if isinstance(answer, FinishedTravelDocument)), None)
    if found is not None:
        return found
    none = desk.sent_to(RefusalCode.NOTHING_TO_COLLECT, OFFICE)
    return next((answer for answer in answers if isinstance(answer, Refusal)), none)


def travel_documents_here(desk: Desk, number: IdNumber) -> tuple[FinishedTravelDocument, ...]:
    """Everything finished that lies in the asking terminal for whom it may be handed to; newest application first."""
    if closed_to(desk, number) is not None:
        return ()
    return tuple(answer for answer in _answers(desk, number) if isinstance(answer, FinishedTravelDocument))


def _answers(desk: Desk, number: IdNumber) -> list[FinishedTravelDocument | Refusal]:
    cases = desk.db.scalars(
        select(TravelCase)
        .where(TravelCase.holder == number.text, TravelCase.state.not_in(OVER))
        .order_by(TravelCase.applied_at.desc(), TravelCase.number.desc())
    ).all()
    return [_answer(desk, case) for case in cases]


def _answer(desk: Desk, case: TravelCase) -> FinishedTravelDocument | Refusal:
    lies = where_it_lies(desk, case, OFFICE)
    if isinstance(lies, Refusal):
        return lies
    due = case.ground in _GIVES_UP and lies.old is None
    return FinishedTravelDocument(
        item=lies.document.id,
        case_number=case.number,
        board=lies.board,
        compartment=lies.compartment,
        kind=case.kind,
        issue_date=case.issue_date or desk.today,
        valid_to=case.valid_to,
        old_card=OldCard.DUE if due else OldCard.HELD,
        printed_number=case.document,
    )


def travel_collected(payload: TravelCollected, desk: Desk) -> FilingReply:
    """Its holder has it: in force from now on, the one before it is void."""
    number = checked_number(desk, payload.number)
    case = desk.db.get(TravelCase, payload.case_number, with_for_update=True)
    document = desk.db.get(Document, payload.item, with_for_update=True)
    if case is None or document is None or case.holder != number.text or case.item != payload.item:
        raise Declined(422, "payload", "case_number: not a case of this citizen and item")
    if case.state is CardState.COLLECTED:
        return accepted(case.number)
    row = latest_grant(desk, payload.item, GrantKind.HAND_OVER)
    if row is None or row.state is GrantState.NOT_USED:
        desk.alarm("collected-without-grant")
        return refused(desk.sent_to(RefusalCode.OTHER, OFFICE, ("case", case.number), ("reason", "no-grant")))
    if row.state in (GrantState.GRANTED, GrantState.UNCERTAIN):
        report(desk, row, "taken", json.dumps({"filed": payload.certainty}))
    document.place, document.compartment = Place.CITIZEN, None
    over(desk, case, payload.certainty)
    case.signature = payload.signature
    return accepted(case.number)


def over(desk: Desk, case: TravelCase, certainty: str) -> None:
    """Collected, by whatever evidence."""
    case.state, case.state_since = CardState.COLLECTED, desk.now
    case.collected_at, case.certainty = desk.now, certainty
    desk.agencies.exit_entry.handed_over(case.number)
