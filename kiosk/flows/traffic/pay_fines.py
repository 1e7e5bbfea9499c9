"""JG02 交通违法罚款缴纳: decided fines with what lateness added, one code each."""

from __future__ import annotations

import enum
from dataclasses import replace

from kiosk.flows.common import Citizen, come_in, pay
from kiosk.flows.effects import Bill, Paid, PaperKind, PayBySlip, Print
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import UnpaidFines
from kiosk.flows.steps import Choose, ChooseMany, LookUp, Phase
from kiosk.people.money import Money
from kiosk.people.vehicle import Fine


class WhenToPay(enum.Enum):
    """The offer after a decision."""

    NOW = "now"
    LATER = "later"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


async def pay_fines(opening: Opening) -> Outcome:
    """JG02 交通违法罚款缴纳. Road Traffic Safety Law art. 108, 109; order 157 art. 60."""
    citizen = await come_in(opening, "JG02")
    if isinstance(citizen, Outcome):
        return citizen
    return await fines_of(citizen)


async def fines_of(citizen: Citizen) -> Outcome:
    """Everything after the citizen is known. Whoever stops at one fine is shown no other code."""
    fines = await LookUp(key="fines", phase=Phase.DETAILS, query=UnpaidFines(citizen.number))
    if not fines:
        return citizen.leaves(Ending.NOTHING_DUE, "closing-no-fines")
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
            return citizen.leaves(Ending.DONE, "closing-fine-paid", fine.decision, "receipt")
        case PayBySlip(slip=slip):
            return citizen.leaves(Ending.DONE, "closing-fine-by-slip", slip, "receipt")
        case Outcome() as ended:
            return ended


async def pay_now_or_later(citizen: Citizen, decision: str, fine: Money, done: Outcome) -> Outcome:
    """From a decision straight on, if wished: it is `done` either way."""
    if fine.fen == 0:
        return done
    when = await Choose(key="pay-when", phase=Phase.PAY, topic="choose-pay-when", options=tuple(WhenToPay))
    if when is WhenToPay.LATER:
        return done
    match await pay_fine(citizen, decision, fine):
        case Paid():
            return replace(done, topic="closing-paid")
        case PayBySlip():
            return done
        case Outcome() as ended:
            return replace(ended, take=done.take)


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
