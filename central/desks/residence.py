"""HZ08: residence registered, and the permit after half a year (Residence Permit Regulations art. 2, 9).

The proofs of art. 9 are those that the offices keeping leases, contracts and school rolls have on file; whoever has
them on paper only is sent to the window for the permit, and can be registered here.
"""

from __future__ import annotations

import re

from sqlalchemy import select

from central.agencies.contract import Person
from central.agencies.residence_contract import PermitState
from central.desks.answers import accepted, checked_number, refused
from central.desks.cards import adult, months_before
from central.desks.certificates import HERE
from central.desks.desk import Desk, days_later
from central.desks.notifying import notify
from central.model_residence import ResidenceCase
from central.problems import Declined
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.residence import ResidenceMatter, ResidenceOffer
from kiosk.protocol.filings import ResidenceFiled
from kiosk.protocol.messages import Filing, FilingReply

_HOUSE = re.compile(r"\d{3}-\d{2}-\d{4}")
ACCEPTED, READY, REGISTERED = "accepted", "ready", "registered"


def newcomer(desk: Desk, number: IdNumber) -> Person | Refusal:
    """Somebody whose household is registered elsewhere; or why this desk is not theirs."""
    if number.family is not NumberFamily.RESIDENT:
        return desk.sent_to(RefusalCode.CARD_FOREIGN, "household")
    refusal = adult(desk, number)
    if refusal is not None:
        return refusal
    person = desk.agencies.population.person(number.text)
    if person is None:
        return desk.sent_to(RefusalCode.OTHER, "household", ("reason", "not-on-file"))
    if person.restricted:
        return desk.sent_to(RefusalCode.MANUAL_REVIEW, "household")
    if person.card_reported_lost:
        return desk.sent_to(RefusalCode.CARD_REPORTED_LOST, "household")
    if person.region.startswith(HERE):
        return Refusal(RefusalCode.RESIDENCE_LOCAL)
    return person


def may_register(desk: Desk, number: IdNumber) -> ResidenceOffer | Refusal:
    """One answer: registration for whoever has none, the permit after half a year with a proof, else why not."""
    person = newcomer(desk, number)
    if isinstance(person, Refusal):
        return person
    case = _open_case(desk, number.text)
    if case is not None and case.ready_by is not None:
        details = (("case", case.number), ("date", case.ready_by.isoformat()))
        return desk.sent_to(RefusalCode.CASE_ALREADY_OPEN, "household", *details)
    permit = desk.agencies.residence.permit(number.text)
    if permit is not None and permit.state is PermitState.VALID:
        return Refusal(RefusalCode.PERMIT_HELD, (("service", "HZ09"),))
    months = desk.tables.rules["residence-months"]
    here = desk.agencies.residence.residence(number.text)
    permit_from = months_before(desk.today if here is None else here.since, -months)
    proofs = () if here is None else desk.agencies.residence.proofs(number.text)
    if here is not None and desk.today < permit_from:
        return desk.sent_to(RefusalCode.RESIDENCE_TOO_SHORT, "household", ("date", permit_from.isoformat()))
    if here is not None and not proofs:
        return desk.sent_to(RefusalCode.NO_PROOF, "household")
    return ResidenceOffer(
        matter=ResidenceMatter.REGISTRATION if here is None else ResidenceMatter.PERMIT,
        permit_from=permit_from,
        place="" if here is None else desk.tables.community(here.community),
        proofs=proofs,
        streets=desk.tables.streets,
        permit_days=desk.tables.rules["residence-permit-days"],
    )


def _open_case(desk: Desk, number: str) -> ResidenceCase | None:
    """A permit applied for and not made yet."""
    return desk.db.scalars(
        select(ResidenceCase).where(ResidenceCase.holder == number, ResidenceCase.state == ACCEPTED)
    ).first()


def residence_filed(filing: Filing, payload: ResidenceFiled, desk: Desk) -> FilingReply:
    """Registered at once; a permit goes into the works. Raises Declined(422) on an address that is none."""
    number = checked_number(desk, payload.number)
    offer = may_register(desk, number)
    if isinstance(offer, Refusal):
        return refused(offer)
    if payload.matter != offer.matter.value:
        raise Declined(422, "payload", "matter: not the one on offer")
    here = desk.agencies.residence.residence(number.text)
    community, house = payload.community, payload.house
    if here is not None and not community:
        community, house = here.community, here.house
    if not desk.tables.community(community) or not _HOUSE.fullmatch(house):
        raise Declined(422, "payload", "community, house: not an address of this district")
    permit = offer.matter is ResidenceMatter.PERMIT
    if permit and payload.proof not in {proof.id for proof in offer.proofs}:
        return refused(desk.sent_to(RefusalCode.NO_PROOF, "household"))
    case = ResidenceCase(
        number=f"D{desk.serial('residence')}",
        holder=number.text,
        visit=filing.case,
        matter=offer.matter.value,
        state=ACCEPTED if permit else REGISTERED,
        applied_at=desk.now,
        state_since=desk.now,
        community=community,
        house=house,
        proof=payload.proof if permit else "",
        permit_from=offer.permit_from,
        ready_by=days_later(desk.today, offer.permit_days) if permit else None,
        portrait=payload.portrait if permit else "",
        portrait_review=permit and payload.portrait_review,
        signature=payload.signature,
    )
    desk.db.add(case)
    desk.agencies.residence.register(case.number, number.text, community, house)
    if permit:
        desk.agencies.residence.order_permit(case.number, number.text)
    return accepted(case.number, **slip_values(desk, case))


def slip_values(desk: Desk, case: ResidenceCase) -> dict[str, str]:
    """What a 受理回执 carries beside the person and the matter. The house is on the books, not on the slip."""
    values = {
        "community": desk.tables.community(case.community),
        "verify_url": f"{desk.people_url}/v/{case.number}",
    }
    if case.ready_by is None:
        return values | {"permit_from": case.permit_from.isoformat()}
    return values | {"ready_by": case.ready_by.isoformat(), "collect_site": desk.tables.desks["household"].name}


def look_at_permits(desk: Desk) -> None:
    """What is made is told of."""
    for number in desk.agencies.residence.permits_made():
        case = desk.db.get(ResidenceCase, number)
        if case is None or case.state != ACCEPTED:
            continue
        case.state, case.state_since = READY, desk.now
        person = desk.agencies.population.person(case.holder)
        if person is not None:
            notify(desk, person.phone, f"受理号{case.number}的居住证已制成。", case.number)
