"""HZ01 身份证补换领: apply for a new identity card, on renewal, damage or loss."""

from __future__ import annotations

from kiosk.flows.common import (
    Citizen,
    ExpiredCard,
    declare_and_sign,
    file_paid,
    give,
    identify,
    identify_by_number,
    notify_and_ask_consent,
    pay,
    refuse,
)
from kiosk.flows.effects import Bill, Paid, PaperKind
from kiosk.flows.filing import filing
from kiosk.flows.household.loss import loss_questions
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayApplyForCard
from kiosk.flows.steps import (
    Choose,
    EnrolFingers,
    Field,
    FieldKind,
    FillForm,
    FormAnswers,
    LookUp,
    Phase,
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
    signature = await declare_and_sign(citizen, topic, "sign-apply")
    if isinstance(signature, Outcome):
        return signature
    paid = await pay(citizen, Bill(eligible.fee_reference, citizen.number, eligible.fee), "bill-fee")
    if isinstance(paid, Outcome):
        return paid
    answers = dict(form.values)
    facts = (("phone", answers["phone"]), ("collect_site", answers["collect_site"]))
    lost = tuple((name, answers.get(name, "")) for name in ("loss_place", "loss_manner", "loss_date"))
    facts = (("ground", ground.value), *portrait.filed, *fingers.filed, *facts, *lost)
    enrolled = fingers.blobs
    application = filing(
        citizen, "application", "card-application", facts, signature, portrait=portrait, paid=paid, beside=enrolled
    )
    filed = await file_paid(citizen, application, paid, "bill-fee")
    if isinstance(filed, Outcome):
        return filed
    facts = (("ground", ground.value), ("fee", eligible.fee.yuan), *paid.on_paper)
    when_and_where = filed.told("ready_by", "collect_site", "verify_url")
    facts = (*facts, *when_and_where, *portrait.on_paper)
    await give(citizen, "application-receipt", PaperKind.APPLICATION_RECEIPT, filed.number, *facts)
    topic = "closing-applied" if isinstance(paid, Paid) else "closing-applied-by-slip"
    return citizen.leaves(Ending.DONE, topic, filed.number, "receipt")


def questions(eligible: MayApply, loss: FormAnswers | None) -> tuple[Field, ...]:
    """Only what headquarters does not know; for a loss also when, where and how, unless they have said so."""
    sites = Field("collect_site", FieldKind.OPTION, eligible.collect_sites)
    phone = Field("phone", FieldKind.MOBILE)
    if eligible.ground is not Ground.LOSS or loss is not None:
        return (phone, sites)
    return (*loss_questions(), phone, sites)
