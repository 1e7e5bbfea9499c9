"""The stretch that JG04, JG05 and JG07 share: asked once, declared, signed, paid, filed; collected elsewhere."""

from __future__ import annotations

from kiosk.flows.common import Citizen, declare_and_sign, file_paid, pay, refuse
from kiosk.flows.effects import Bill, Filed, Paid, PaperKind, PayBySlip, Print, Submit
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayApplyFor
from kiosk.flows.steps import (
    Choose,
    Field,
    FieldKind,
    FillForm,
    FormAnswers,
    LookUp,
    Phase,
    Portrait,
    PortraitForReview,
    Signature,
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
    bill = Bill(eligible.fee_reference, citizen.number, eligible.fee)
    paid = await pay(citizen, bill, bill_topic(bill.reference))
    if isinstance(paid, Outcome):
        return paid
    return await file_application(citizen, eligible, vehicle, picture, form, signature, paid)


def questions(citizen: Citizen, eligible: MayApplyTraffic) -> tuple[Field, ...]:
    """How it comes to the citizen; the telephone only where none is on file."""
    ways = [("window", eligible.collect_at)]
    if citizen.presented is not None:
        ways.append(("mail", "collect-way-mail"))
    way = Field("collect_way", FieldKind.OPTION, tuple(ways))
    return (way,) if eligible.phone_masked else (way, Field("phone", FieldKind.MOBILE))


async def file_application(
    citizen: Citizen,
    eligible: MayApplyTraffic,
    vehicle: Vehicle | None,
    picture: Picture,
    form: FormAnswers,
    signature: Signature,
    paid: Paid | PayBySlip,
) -> Outcome:
    """提交 and 受理凭证. A refused filing gives the fee back."""
    answers = dict(form.values)
    by_mail = answers["collect_way"] == "mail" and citizen.presented is not None
    application = Submit(
        key="application",
        phase=Phase.FINISH,
        filing="traffic-application",
        payload=(
            ("number", citizen.number.text),
            ("matter", eligible.matter.value),
            ("plate_kind", vehicle.plate.kind.value if vehicle else ""),
            ("plate", vehicle.plate.number if vehicle else ""),
            ("portrait", picture.picture.sha256 if picture else ""),
            ("portrait_review", isinstance(picture, PortraitForReview)),
            ("report", eligible.report),
            ("phone", answers.get("phone", "")),
            ("mail_to", citizen.presented.card.address if by_mail and citizen.presented else ""),
            ("signature", signature.picture.sha256),
            ("order", paid.order),
            ("unpaid_slip", paid.slip if isinstance(paid, PayBySlip) else ""),
        ),
        blobs=(
            *((picture.picture.sha256,) if picture else ()),
            signature.picture.sha256,
            signature.strokes.sha256,
        ),
        undo_orders=(paid.order,) if isinstance(paid, Paid) else (),
    )
    filed = await file_paid(citizen, application, paid, bill_topic(eligible.fee_reference))
    if isinstance(filed, Outcome):
        return filed
    values = receipt(citizen, eligible, vehicle, paid, filed)
    _ = await Print(key="traffic-receipt", phase=Phase.FINISH, paper=PaperKind.TRAFFIC_RECEIPT, values=values)
    topic = "closing-licence-applied" if isinstance(paid, Paid) else "closing-licence-by-slip"
    return Outcome(Ending.DONE, topic, filed.number, take=("receipt", *citizen.brought))


def receipt(
    citizen: Citizen, eligible: MayApplyTraffic, vehicle: Vehicle | None, paid: Paid | PayBySlip, filed: Filed
) -> tuple[tuple[str, str], ...]:
    """What the 受理凭证 carries."""
    extras = dict(filed.extras)
    return (
        ("number", filed.number),
        *citizen.on_paper,
        ("matter", eligible.matter.value),
        *((("plate", vehicle.plate.spaced),) if vehicle else ()),
        ("fee", eligible.fee.yuan),
        ("payment", "paid" if isinstance(paid, Paid) else "by-slip"),
        ("ready_by", extras["ready_by"]),
        ("collect_site", extras["collect_site"]),
        ("verify_url", extras["verify_url"]),
    )
