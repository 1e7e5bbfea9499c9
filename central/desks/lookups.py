"""Questions without side effects, by name."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from central.desks.cards import may_apply, who_is
from central.desks.certificates import certificate_text, certificates_for
from central.desks.criminal_records import may_ask_for_record
from central.desks.crossings import crossings_text, may_query_crossings
from central.desks.desk import Desk
from central.desks.driving import may_apply_traffic
from central.desks.endorsements import approval_of, may_endorse_pass
from central.desks.exams import may_be_examined
from central.desks.exit_entry_standing import exit_entry_standing
from central.desks.fines import unpaid_fines
from central.desks.inspections import marks_for
from central.desks.losses import may_report_loss
from central.desks.namesakes import namesakes_of
from central.desks.papers import papers_of
from central.desks.permits import may_endorse
from central.desks.plates import issued_plate, may_have_plate
from central.desks.progress import progress_of_card
from central.desks.residence import may_register
from central.desks.reviews import may_review
from central.desks.standing import standing_of
from central.desks.temporary_cards import may_apply_temporary
from central.desks.traffic import licence_of, rights_for, vehicles_of, violations_of
from central.desks.travel_applications import may_apply_travel
from central.desks.waiting import card_and_what_lies_beside, document_and_what_lies_beside, waiting_for
from central.problems import Declined, unknown
from kiosk.protocol.lookups import (
    LOOKUPS,
    OfName,
    OfNumber,
    OfNumberAndCertificate,
    OfNumberAndGround,
    OfNumberAndMatter,
    OfNumberAndPapers,
    OfNumberAndPlate,
    OfNumberAndRecord,
    OfNumberAndTravelKind,
    OfNumberAndVehicle,
    OfNumberAndVisit,
)
from kiosk.protocol.messages import LookupReply, LookupRequest

_ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(lookup.answer) for name, lookup in LOOKUPS.items()}


def look_up(request: LookupRequest, desk: Desk) -> LookupReply:
    """Answer one question. Raises Declined(404) on an unknown name, Declined(422) naming a bad argument."""
    lookup = LOOKUPS.get(request.name)
    if lookup is None:
        raise unknown("lookup")
    try:
        arguments = lookup.arguments.model_validate(request.arguments)
    except ValidationError as error:
        raise Declined(422, "arguments", faulty_fields(error)) from None
    answer = _answer(request.name, arguments, desk)
    return LookupReply(answer=_ADAPTERS[request.name].dump_python(answer, mode="json"))


def _answer(name: str, arguments: OfNumber | OfName, desk: Desk) -> Any:
    if isinstance(arguments, OfName):
        return namesakes_of(desk, arguments.wanted, arguments.sex)
    number = desk.number(arguments.number.text)
    if number is None:
        raise Declined(422, "arguments", "number: not an identity number")
    match name, arguments:
        case "who-is", _:
            return who_is(desk, number)
        case "card-to-collect", _:
            return card_and_what_lies_beside(desk, number)
        case "licence-of", _:
            return licence_of(desk, number)
        case "vehicles-of", _:
            return vehicles_of(desk, number)
        case "issued-certificate", OfNumberAndCertificate(certificate=certificate):
            return certificate_text(desk, number, certificate)
        case "may-apply-for-temporary-card", _:
            return may_apply_temporary(desk, number)
        case "certificates-for", _:
            return certificates_for(desk, number)
        case "may-ask-for-record", _:
            return may_ask_for_record(desk, number)
        case "may-query-crossings", _:
            return may_query_crossings(desk, number)
        case "issued-crossings", OfNumberAndCertificate(certificate=record):
            return crossings_text(desk, number, record)
        case "exit-entry-standing", _:
            return exit_entry_standing(desk, number)
        case "may-register-residence", _:
            return may_register(desk, number)
        case "may-endorse-permit", _:
            return may_endorse(desk, number)
        case "may-report-loss", _:
            return may_report_loss(desk, number)
        case "progress-of-card", _:
            return progress_of_card(desk, number)
        case "may-be-examined", _:
            return may_be_examined(desk, number)
        case "may-review", _:
            return may_review(desk, number)
        case "may-apply-travel", OfNumberAndTravelKind(kind=kind):
            return may_apply_travel(desk, number, kind)
        case "travel-to-collect", _:
            return document_and_what_lies_beside(desk, number)
        case "may-have-plate", OfNumberAndPapers(papers=papers):
            return may_have_plate(desk, number, papers)
        case "issued-plate", OfNumberAndPlate(plate=plate):
            return issued_plate(desk, number, plate)
        case "marks-for", _:
            return marks_for(desk, number)
        case "standing-of", _:
            return standing_of(desk, number)
        case "unpaid-fines", _:
            return unpaid_fines(desk, number)
        case "waiting-for", _:
            return waiting_for(desk, number)
        case "may-apply-for-card", OfNumberAndGround(ground=ground):
            return may_apply(desk, number, ground)
        case "may-apply-traffic", OfNumberAndMatter(matter=matter):
            return may_apply_traffic(desk, number, matter)
        case "violations-of", OfNumberAndVehicle(vehicle=vehicle):
            return violations_of(desk, number, vehicle)
        case "rights-for", OfNumberAndRecord(record=record):
            return rights_for(desk, number, record)
        case "may-endorse", OfNumberAndTravelKind(kind=kind):
            return may_endorse_pass(desk, number, kind)
        case "endorsement-approval", OfNumberAndVisit(case=request):
            return approval_of(desk, number, request)
        case "papers-of", OfNumberAndVisit(case=visit):
            return papers_of(desk, number, visit)
        case _:
            raise unknown("lookup")


def faulty_fields(error: ValidationError) -> str:
    """Which fields are wrong and how, without what they held."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(str(p) for p in e['loc']) or 'body'}: {e['type']}" for e in found[:8])
