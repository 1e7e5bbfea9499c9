"""HZ05 临时居民身份证申领: a temporary identity card while the real one is made."""

from __future__ import annotations

from kiosk.flows.common import Citizen, file_paid, identify_by_number, notify_and_ask_consent, pay, refuse, sign
from kiosk.flows.effects import Bill, Filed, Paid, PaperKind, PayBySlip, Print, Submit
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayApplyForTemporaryCard
from kiosk.flows.steps import LookUp, Phase, Portrait, PortraitForReview, Signature, TakePortrait
from kiosk.people.household import MayApplyTemporary
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.people.records import Refusal

SUBJECT = "bill-temporary-id-card"


async def temporary_id_card(opening: Opening) -> Outcome:
    """HZ05 临时居民身份证申领. Resident Identity Card Law art. 12; rules on temporary cards art. 2, 7, 9 to 13.

    No machine for these cards stands here: the window hands it out against the slip.
    """
    consent = await notify_and_ask_consent("HZ05")
    citizen = await identify_by_number(opening, consent)
    if isinstance(citizen, Outcome):
        return citizen
    eligible = await LookUp(key="may-apply", phase=Phase.DETAILS, query=MayApplyForTemporaryCard(citizen.number))
    if isinstance(eligible, Refusal):
        return await refuse(eligible)
    portrait = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=ID_CARD_PORTRAIT)
    signature = await sign(citizen, "sign-temporary")
    if isinstance(signature, Outcome):
        return signature
    paid = await pay(citizen, Bill(eligible.fee_reference, citizen.number, eligible.fee), SUBJECT)
    if isinstance(paid, Outcome):
        return paid
    filed = await file_paid(citizen, application(citizen, portrait, signature, paid), paid, SUBJECT)
    if isinstance(filed, Outcome):
        return filed
    _ = await Print(
        key="temporary-slip",
        phase=Phase.FINISH,
        paper=PaperKind.TEMPORARY_SLIP,
        values=slip(citizen, eligible, paid, filed),
    )
    return Outcome(Ending.DONE, "closing-temporary", filed.number, take=("receipt", *citizen.brought))


def application(
    citizen: Citizen, portrait: Portrait | PortraitForReview, signature: Signature, paid: Paid | PayBySlip
) -> Submit:
    """临时居民身份证申领."""
    return Submit(
        key="temporary-card",
        phase=Phase.FINISH,
        filing="temporary-card",
        payload=(
            ("number", citizen.number.text),
            ("portrait", portrait.picture.sha256),
            ("portrait_review", isinstance(portrait, PortraitForReview)),
            ("signature", signature.picture.sha256),
            ("order", paid.order),
            ("unpaid_slip", paid.slip if isinstance(paid, PayBySlip) else ""),
        ),
        blobs=(portrait.picture.sha256, signature.picture.sha256, signature.strokes.sha256),
        undo_orders=(paid.order,) if isinstance(paid, Paid) else (),
    )


def slip(
    citizen: Citizen, eligible: MayApplyTemporary, paid: Paid | PayBySlip, filed: Filed
) -> tuple[tuple[str, str], ...]:
    """领取单."""
    return (
        ("number", filed.number),
        *citizen.on_paper,
        ("case_number", eligible.case_number),
        ("fee", eligible.fee.yuan),
        ("payment", "paid" if isinstance(paid, Paid) else "by-slip"),
        *filed.extras,
    )
