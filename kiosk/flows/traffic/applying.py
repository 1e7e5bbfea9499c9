"""The stretch that JG04, JG05 and JG07 share: asked once, declared, signed, paid, filed; collected elsewhere."""

from __future__ import annotations

from kiosk.flows.common import Citizen, declare_and_sign, file_paid, give, pay, refuse
from kiosk.flows.effects import Bill, Paid, PaperKind
from kiosk.flows.filing import filing
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayApplyFor
from kiosk.flows.steps import (
    NO_PORTRAIT,
    Choose,
    Field,
    FieldKind,
    FillForm,
    FormAnswers,
    LookUp,
    Phase,
    Portrait,
    PortraitForReview,
    TakePortrait,
)
from kiosk.people.bills import bill_topic
from kiosk.people.portrait import DRIVING_LICENCE_PORTRAIT
from kiosk.people.records import Refusal
from kiosk.people.traffic import MayApplyTraffic, PortraitWanted, TrafficMatter
from kiosk.people.vehicle import Vehicle

Picture = Portrait | PortraitForReview | None


async def apply_for_document(citizen: Citizen, matter: TrafficMatter) -> Outcome:
    """Everything after the citizen is known and has said what it is about."""
    eligible = await LookUp(key="may-apply", phase=Phase.DETAILS, query=MayApplyFor(citizen.number, matter))
    if isinstance(eligible, Refusal):
        return await refuse(eligible)
    vehicle = None
    if eligible.vehicles:
        vehicle = await Choose(
            key="vehicle", phase=Phase.DETAILS, topic="choose-own-vehicle", options=eligible.vehicles
        )
    picture: Picture = None
    if eligible.portrait is PortraitWanted.TAKEN_HERE:
        picture = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=DRIVING_LICENCE_PORTRAIT)
    form = await FillForm(key="form", phase=Phase.DETAILS, topic="form-licence", fields=questions(citizen, eligible))
    signature = await declare_and_sign(citizen, f"declare-{matter.value}", f"sign-{matter.value}")
    if isinstance(signature, Outcome):
        return signature
    subject = bill_topic(eligible.fee_reference)
    paid = await pay(citizen, Bill(eligible.fee_reference, citizen.number, eligible.fee), subject)
    if isinstance(paid, Outcome):
        return paid
    facts = (("matter", matter.value), *plate(vehicle), *(picture.filed if picture else NO_PORTRAIT))
    answers = (("phone", dict(form.values).get("phone", "")), ("mail_to", mailed_to(citizen, form)))
    facts = (*facts, ("report", eligible.report), *answers)
    application = filing(citizen, "application", "traffic-application", facts, signature, portrait=picture, paid=paid)
    filed = await file_paid(citizen, application, paid, subject)
    if isinstance(filed, Outcome):
        return filed
    said = (("matter", matter.value), *((("plate", vehicle.plate.spaced),) if vehicle else ()))
    when_and_where = filed.told("ready_by", "collect_site", "verify_url")
    said = (*said, ("fee", eligible.fee.yuan), *paid.on_paper, *when_and_where)
    await give(citizen, "traffic-receipt", PaperKind.TRAFFIC_RECEIPT, filed.number, *said)
    topic = "closing-licence-applied" if isinstance(paid, Paid) else "closing-licence-by-slip"
    return citizen.leaves(Ending.DONE, topic, filed.number, "receipt")


def questions(citizen: Citizen, eligible: MayApplyTraffic) -> tuple[Field, ...]:
    """How it comes to the citizen; the telephone only where none is on file."""
    ways = [("window", eligible.collect_at)]
    if citizen.presented is not None:
        ways.append(("mail", "collect-way-mail"))
    way = Field("collect_way", FieldKind.OPTION, tuple(ways))
    return (way,) if eligible.phone_masked else (way, Field("phone", FieldKind.MOBILE))


def mailed_to(citizen: Citizen, form: FormAnswers) -> str:
    """The address on the card, where it is to come by mail."""
    by_mail = form["collect_way"] == "mail" and citizen.presented is not None
    return citizen.presented.card.address if by_mail and citizen.presented else ""


def plate(vehicle: Vehicle | None) -> tuple[tuple[str, str], ...]:
    """As an application names it; empty where it is about none."""
    if vehicle is None:
        return (("plate_kind", ""), ("plate", ""))
    return (("plate_kind", vehicle.plate.kind.value), ("plate", vehicle.plate.number))
