"""HZ01 身份证补换领: apply for a new identity card, on renewal, damage or loss."""

from __future__ import annotations

from kiosk.flows.common import (
    Citizen,
    ExpiredCard,
    file_paid,
    identify,
    identify_by_number,
    notify_and_ask_consent,
    pay,
    refuse,
)
from kiosk.flows.effects import Bill, Paid, PaperKind, PayBySlip, Print, Submit
from kiosk.flows.household.loss import loss_questions
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayApplyForCard
from kiosk.flows.steps import (
    Choose,
    Declare,
    EnrolFingers,
    Enrolment,
    Field,
    FieldKind,
    FillForm,
    FormAnswers,
    LookUp,
    NotSigned,
    Phase,
    Portrait,
    PortraitForReview,
    Sign,
    Signature,
    TakePortrait,
    WithoutCard,
)
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.people.records import Ground, MayApply, Refusal


async def apply_for_id_card(opening: Opening) -> Outcome:
    """HZ01 身份证补换领. Resident Identity Card Law art. 3 (fingerprints), 10 to 12."""
    consent = await notify_and_ask_consent("HZ01")
    ground = await Choose(key="ground", phase=Phase.IDENTITY, topic="choose-ground", options=tuple(Ground))
    match ground:
        case Ground.LOSS:
            citizen = await identify_by_number(opening, consent)
        case Ground.DAMAGE:
            citizen = await identify(opening, consent, WithoutCard.OFFERED, ExpiredCard.ACCEPTED)
        case Ground.RENEWAL:
            citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.ACCEPTED)
    if isinstance(citizen, Outcome):
        return citizen
    return await apply_for(citizen, ground)


async def apply_for(citizen: Citizen, ground: Ground, loss: FormAnswers | None = None) -> Outcome:
    """Everything after the citizen is known. `loss` is what they have told about it already in this visit."""
    eligible = await LookUp(key="may-apply", phase=Phase.DETAILS, query=MayApplyForCard(citizen.number, ground))
    if isinstance(eligible, Refusal):
        return await refuse(eligible)
    portrait = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=ID_CARD_PORTRAIT)
    fingers = await EnrolFingers(key="fingers", phase=Phase.DETAILS)
    form = await FillForm(key="form", phase=Phase.DETAILS, topic="form-apply", fields=questions(eligible, loss))
    form = FormAnswers((*(loss.values if loss else ()), *form.values))
    topic = "declare-loss" if ground is Ground.LOSS else "declare-apply"
    _ = await Declare(key="declaration", phase=Phase.CONFIRM, topic=topic)
    match await Sign(key="signature", phase=Phase.CONFIRM, topic="sign-apply"):
        case NotSigned():
            return Outcome(Ending.NOT_NOW, "closing-not-now", take=citizen.brought)
        case Signature() as signature:
            pass
    paid = await pay(citizen, Bill(eligible.fee_reference, citizen.number, eligible.fee), "bill-fee")
    if isinstance(paid, Outcome):
        return paid
    return await file(citizen, eligible, portrait, fingers, form, signature, paid)


def questions(eligible: MayApply, loss: FormAnswers | None) -> tuple[Field, ...]:
    """Only what headquarters does not know; for a loss also when, where and how, unless they have said so."""
    sites = Field("collect_site", FieldKind.OPTION, eligible.collect_sites)
    phone = Field("phone", FieldKind.MOBILE)
    if eligible.ground is not Ground.LOSS or loss is not None:
        return (phone, sites)
    return (*loss_questions(), phone, sites)


async def file(
    citizen: Citizen,
    eligible: MayApply,
    portrait: Portrait | PortraitForReview,
    fingers: Enrolment,
    form: FormAnswers,
    signature: Signature,
    paid: Paid | PayBySlip,
) -> Outcome:
    """提交 and 领取凭证. A refused filing gives the fee back."""
    answers = dict(form.values)
    templates = tuple((f.finger.value, f.template.sha256) for f in fingers.fingers if f.template)
    application = Submit(
        key="application",
        phase=Phase.FINISH,
        filing="card-application",
        payload=(
            ("number", citizen.number.text),
            ("ground", eligible.ground.value),
            ("portrait", portrait.picture.sha256),
            ("portrait_review", isinstance(portrait, PortraitForReview)),
            ("fingers", templates),
            ("missing_fingers", tuple(f.finger.value for f in fingers.fingers if f.template is None)),
            ("phone", answers["phone"]),
            ("collect_site", answers["collect_site"]),
            ("loss_place", answers.get("loss_place", "")),
            ("loss_manner", answers.get("loss_manner", "")),
            ("loss_date", answers.get("loss_date", "")),
            ("signature", signature.picture.sha256),
            ("order", paid.order),
            ("unpaid_slip", paid.slip if isinstance(paid, PayBySlip) else ""),
        ),
        blobs=(
            portrait.picture.sha256,
            signature.picture.sha256,
            signature.strokes.sha256,
            *(digest for _, digest in templates),
        ),
        undo_orders=(paid.order,) if isinstance(paid, Paid) else (),
    )
    filed = await file_paid(citizen, application, paid, "bill-fee")
    if isinstance(filed, Outcome):
        return filed
    _ = await Print(
        key="application-receipt",
        phase=Phase.FINISH,
        paper=PaperKind.APPLICATION_RECEIPT,
        values=receipt(citizen, eligible, portrait, paid, filed.number, dict(filed.extras)),
    )
    topic = "closing-applied" if isinstance(paid, Paid) else "closing-applied-by-slip"
    return Outcome(Ending.DONE, topic, filed.number, take=("receipt", *citizen.brought))


def receipt(
    citizen: Citizen,
    eligible: MayApply,
    portrait: Portrait | PortraitForReview,
    paid: Paid | PayBySlip,
    number: str,
    extras: dict[str, str],
) -> tuple[tuple[str, str], ...]:
    """What the 领取凭证 carries."""
    values = [
        ("number", number),
        *citizen.on_paper,
        ("ground", eligible.ground.value),
        ("fee", eligible.fee.yuan),
        ("payment", "paid" if isinstance(paid, Paid) else "by-slip"),
        ("ready_by", extras["ready_by"]),
        ("collect_site", extras["collect_site"]),
    ]
    if "verify_url" in extras:
        values.append(("verify_url", extras["verify_url"]))
    if isinstance(portrait, PortraitForReview):
        values.append(("portrait_review", "yes"))
    return tuple(values)
