"""CRJ04 普通护照, CRJ05 往来港澳通行证, CRJ06 往来台湾通行证: one procedure, and what differs between the three."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.common import (
    Citizen,
    come_in,
    declare_and_sign,
    file_paid,
    give,
    pay,
    refuse,
)
from kiosk.flows.custody import hand_in
from kiosk.flows.effects import (
    Bill,
    Filed,
    GivenBack,
    Paid,
    PaperKind,
    PayBySlip,
    TakeInInDoubt,
    TakeInRefused,
    TakenIn,
)
from kiosk.flows.filing import filing
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayApplyForTravelDocument
from kiosk.flows.steps import (
    Choose,
    EnrolFingers,
    Field,
    FieldKind,
    FillForm,
    LookUp,
    Phase,
    TakePortrait,
)
from kiosk.people.bills import bill_topic
from kiosk.people.exit_entry import DocumentGround, TravelDocumentKind
from kiosk.people.portrait import EXIT_ENTRY_PORTRAIT
from kiosk.people.records import Refusal
from kiosk.people.travel_applications import MayApplyTravel

GIVES_UP_THE_OLD = (DocumentGround.RENEWAL, DocumentGround.DAMAGE)
"""换发 and 损毁补发: the old document is handed in."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What one of the three has of its own; texts, fees and law follow from it."""

    service: str
    kind: TravelDocumentKind


PASSPORT = Differences("CRJ04", TravelDocumentKind.PASSPORT)
HK_MACAO_PASS = Differences("CRJ05", TravelDocumentKind.HK_MACAO_PASS)
TAIWAN_PASS = Differences("CRJ06", TravelDocumentKind.TAIWAN_PASS)


async def apply_for_passport(opening: Opening) -> Outcome:
    """CRJ04 普通护照自助申请. Passport Law art. 6, 7, 11, 13, 14."""
    return await apply_for(opening, PASSPORT)


async def apply_for_hk_macao_pass(opening: Opening) -> Outcome:
    """CRJ05 往来港澳通行证自助申请. Exit and Entry Administration Law art. 10."""
    return await apply_for(opening, HK_MACAO_PASS)


async def apply_for_taiwan_pass(opening: Opening) -> Outcome:
    """CRJ06 往来台湾通行证自助申请. Measures on travel to and from Taiwan art. 6 to 9."""
    return await apply_for(opening, TAIWAN_PASS)


async def apply_for(opening: Opening, of: Differences) -> Outcome:
    """Asked once, photographed, fingers enrolled, declared, signed, paid, filed; the old document last."""
    citizen = await come_in(opening, of.service)
    if isinstance(citizen, Outcome):
        return citizen
    asked = MayApplyForTravelDocument(citizen.number, of.kind)
    eligible = await LookUp(key="may-apply", phase=Phase.DETAILS, query=asked)
    if isinstance(eligible, Refusal):
        return await refuse(eligible)
    ground = await choose_ground(eligible)
    portrait = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=EXIT_ENTRY_PORTRAIT)
    fingers = await EnrolFingers(key="fingers", phase=Phase.DETAILS)
    form = await FillForm(key="form", phase=Phase.DETAILS, topic="form-travel", fields=questions(eligible))
    declaration = "declare-travel-loss" if ground is DocumentGround.LOSS else f"declare-{of.kind.value}"
    signature = await declare_and_sign(citizen, declaration, f"sign-{of.kind.value}")
    if isinstance(signature, Outcome):
        return signature
    subject = bill_topic(eligible.fee_reference)
    paid = await pay(citizen, Bill(eligible.fee_reference, citizen.number, eligible.fee), subject)
    if isinstance(paid, Outcome):
        return paid
    given = (("phone", dict(form.values).get("phone", "")), ("collect_site", form["collect_site"]))
    facts = (("kind", of.kind.value), ("ground", ground.value), *portrait.filed, *fingers.filed, *given)
    enrolled = fingers.blobs
    application = filing(
        citizen, "application", "travel-application", facts, signature, portrait=portrait, paid=paid, beside=enrolled
    )
    filed = await file_paid(citizen, application, paid, subject)
    if isinstance(filed, Outcome):
        return filed
    asked_for = (("document", of.kind.value), ("ground", f"travel-{ground.value}"), ("fee", eligible.fee.yuan))
    said = (*asked_for, *paid.on_paper, *filed.extras, *portrait.on_paper)
    await give(citizen, "travel-receipt", PaperKind.TRAVEL_RECEIPT, filed.number, *said)
    return await give_up_the_old(citizen, of, ground, paid, filed)


async def choose_ground(eligible: MayApplyTravel) -> DocumentGround:
    """Asked only where there is a choice."""
    if len(eligible.grounds) == 1:
        return eligible.grounds[0]
    return await Choose(key="ground", phase=Phase.DETAILS, topic="choose-travel-ground", options=eligible.grounds)


def questions(eligible: MayApplyTravel) -> tuple[Field, ...]:
    """Where it is collected; the telephone only where none is on file."""
    sites = Field("collect_site", FieldKind.OPTION, eligible.collect_sites)
    return (sites,) if eligible.phone_masked else (Field("phone", FieldKind.MOBILE), sites)


async def give_up_the_old(
    citizen: Citizen, of: Differences, ground: DocumentGround, paid: Paid | PayBySlip, filed: Filed
) -> Outcome:
    """The application stands whatever becomes of the old document: who keeps it hands it in on collecting."""
    topic = "closing-travel-applied" if isinstance(paid, Paid) else "closing-travel-by-slip"
    done = citizen.leaves(Ending.DONE, topic, filed.number, "receipt")
    if ground not in GIVES_UP_THE_OLD:
        return done
    match await hand_in(citizen, of.kind.value, filed.number, Phase.FINISH):
        case TakenIn() | GivenBack() | TakeInRefused():
            return done
        case TakeInInDoubt(custody=custody):
            return citizen.leaves(Ending.NEEDS_A_PERSON, "closing-document-in-doubt", custody, "receipt")
