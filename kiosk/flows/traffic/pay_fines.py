"""JG02 交通违法罚款缴纳: decided fines with what lateness added, one code each."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows.common import Citizen, ExpiredCard, identify, notify_and_ask_consent, pay
from kiosk.flows.effects import Bill, Paid, PaperKind, PayBySlip, Print
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import UnpaidFines
from kiosk.flows.steps import ChooseMany, LookUp, Phase, WithoutCard
from kiosk.people.money import Money
from kiosk.people.vehicle import Fine


async def pay_fines(opening: Opening) -> Outcome:
    """JG02 交通违法罚款缴纳. Road Traffic Safety Law art. 108, 109; order 157 art. 60."""
    consent = await notify_and_ask_consent("JG02")
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    return await fines_of(citizen)


async def fines_of(citizen: Citizen) -> Outcome:
    """Everything after the citizen is known. Whoever stops at one fine is shown no other code."""
    fines = await LookUp(key="fines", phase=Phase.DETAILS, query=UnpaidFines(citizen.number))
    if not fines:
        return Outcome(Ending.NOTHING_DUE, "closing-no-fines", take=citizen.brought)
    chosen = await ChooseMany(key="which-fines", phase=Phase.DETAILS, topic="choose-fines", options=fines)
    ended = await pay_one(citizen, chosen[0])
    for fine in chosen[1:]:
        if ended.ending is not Ending.DONE:
            break
        before, ended = ended, await pay_one(citizen, fine)
        ended = replace(ended, take=tuple(dict.fromkeys((*before.take, *ended.take))))
    return ended


async def pay_one(citizen: Citizen, fine: Fine) -> Outcome:
    """One fine, whole as it stands today."""
    match await pay_fine(citizen, fine.decision, fine.due):
        case Paid():
            return Outcome(Ending.DONE, "closing-fine-paid", fine.decision, take=("receipt", *citizen.brought))
        case PayBySlip(slip=slip):
            return Outcome(Ending.DONE, "closing-fine-by-slip", slip, take=("receipt", *citizen.brought))
        case Outcome() as ended:
            return ended


async def pay_fine(citizen: Citizen, decision: str, due: Money) -> Paid | PayBySlip | Outcome:
    """The code, and the receipt whose verification code leads to the record of the payment."""
    paid = await pay(citizen, Bill(f"fine:{decision}", citizen.number, due), "bill-fine")
    if isinstance(paid, Paid):
        _ = await Print(
            key="payment-receipt",
            phase=Phase.FINISH,
            paper=PaperKind.PAYMENT_RECEIPT,
            values=(
                ("number", paid.receipt),
                ("case_number", decision),
                *citizen.on_paper,
                ("order", paid.order),
                ("subject", "bill-fine"),
                ("amount", paid.amount.yuan),
                *((("verify_url", paid.verify_url),) if paid.verify_url else ()),
            ),
        )
    return paid
