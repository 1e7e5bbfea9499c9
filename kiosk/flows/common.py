"""Stretches of procedure that services share: who is here, how a no is told, how a bill is paid.

Numbers of paragraphs: services.md has them as macros S2 to S7, S11 to S14.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from kiosk.flows.effects import (
    Bill,
    Filed,
    NotFiled,
    Paid,
    PaidElsewhere,
    PaperKind,
    Pay,
    PayBySlip,
    PaymentCancelled,
    PaymentExpired,
    Pending,
    Print,
    Submit,
    Unsettled,
)
from kiosk.flows.opening import Opening, SecondFactor
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import WhoIs
from kiosk.flows.steps import (
    AfterReading,
    CardNotRead,
    CardPresented,
    Claim,
    Consent,
    ConsentAnswer,
    Declare,
    EnterNumber,
    FactorResult,
    Field,
    FieldKind,
    LookUp,
    MatchFace,
    MatchFingerprint,
    NoCardHere,
    Notice,
    NotSigned,
    Phase,
    PresentCard,
    ShowResult,
    Sign,
    Signature,
    Tell,
    WithoutCard,
)
from kiosk.people.id_card import CardKind, masked_name
from kiosk.people.id_number import IdNumber
from kiosk.people.records import PersonOnFile, Refusal, RefusalCode

ADULT = 16
"""Age from which a citizen may act alone here (Resident Identity Card Law art. 7, 11; PIPL art. 31)."""


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who is here, verified. `name` is the card's, or the masked one where only a number was typed."""

    number: IdNumber
    name: str
    presented: CardPresented | None

    @property
    def masked(self) -> str:
        """The name as slips carry it."""
        return masked_name(self.name) if self.presented else self.name

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """The person as slips carry them."""
        return (("name_masked", self.masked), ("id_masked", self.number.masked))

    @property
    def brought(self) -> tuple[str, ...]:
        """What must not be left behind."""
        return ("id-card",) if self.presented else ()

    def leaves(self, ending: Ending, topic: str, number: str = "", *given: str) -> Outcome:
        """The end of this citizen's visit: what was `given` here is to be taken along, and what they brought."""
        return Outcome(ending, topic, number, take=(*given, *self.brought))


def one_of(name: str, options: tuple[str, ...]) -> Field:
    """A question answered from a list; an option's wording is named after both."""
    key = name.replace("_", "-")
    return Field(name, FieldKind.OPTION, tuple((option, f"{key}-{option}") for option in options))


async def give(citizen: Citizen, key: str, paper: PaperKind, number: str, *facts: tuple[str, str]) -> None:
    """A paper for the citizen: its number, who they are, and what it says."""
    _ = await paper_for(citizen, key, paper, number, *facts)


def paper_for(citizen: Citizen, key: str, paper: PaperKind, number: str, *facts: tuple[str, str]) -> Print:
    """The paper that `give` gives."""
    values = (("number", number), *citizen.on_paper, *facts)
    return Print(key=key, phase=Phase.FINISH, paper=paper, values=values)


async def refuse(refusal: Refusal) -> Outcome:
    """Tell a no in its four parts and end."""
    await Tell(key="refusal", phase=Phase.FINISH, refusal=refusal)
    return Outcome(Ending.REFUSED, "closing-refused", refusal=refusal)


async def notify_and_ask_consent(service: str) -> ConsentAnswer:
    """办事须知, then the separate consent for the face (PIPL art. 29)."""
    await notify(service, Phase.IDENTITY)
    return await ask_consent()


async def notify(service: str, phase: Phase) -> None:
    """办事须知 of one service."""
    await notify_of(f"notice-{service}", service, phase)


async def notify_of(topic: str, service: str, phase: Phase) -> None:
    """办事须知 of this topic, about one service."""
    await Notice(key="notice", phase=phase, topic=topic, service=service)


async def ask_consent() -> ConsentAnswer:
    """The separate consent for the face (PIPL art. 29)."""
    return await Consent(key="face-consent", phase=Phase.IDENTITY, topic="consent-face")


class ExpiredCard(enum.Enum):
    """Whether a card past its date still opens this service (E-ID-02)."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


async def come_in(opening: Opening, service: str) -> Citizen | Outcome:
    """办事须知, consent, a card that is valid, the factors: how most services begin."""
    consent = await notify_and_ask_consent(service)
    return await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)


async def identify(
    opening: Opening, consent: ConsentAnswer, without: WithoutCard, expired: ExpiredCard
) -> Citizen | Outcome:
    """By card, or by number where `without` allows it; then the factors."""
    shown = await PresentCard(key="card", phase=Phase.IDENTITY, without=without)
    match shown:
        case NoCardHere():
            return await identify_by_number(opening, consent)
        case CardNotRead(code=code):
            return Outcome(Ending.REFUSED, "closing-refused", refusal=Refusal(code))
        case CardPresented(card=card):
            if card.kind is not CardKind.RESIDENT:
                return await refuse(Refusal(RefusalCode.CARD_FOREIGN))
            number = card.identity(opening.today)
            if number.age_on(opening.today) < ADULT:
                return await refuse(Refusal(RefusalCode.UNDER_AGE))
            if expired is ExpiredCard.REFUSED and card.expired_on(opening.today):
                return await refuse(Refusal(RefusalCode.CARD_EXPIRED))
            citizen = Citizen(number, card.name, shown)
            return await verify(opening, consent, citizen, Claim(number, shown.photo, shown.fingers), None)


async def identify_by_number(opening: Opening, consent: ConsentAnswer) -> Citizen | Outcome:
    """无证: the number, the population library's masked name, then the factors against the library."""
    number = await EnterNumber(key="number", phase=Phase.IDENTITY)
    if number.age_on(opening.today) < ADULT:
        return await refuse(Refusal(RefusalCode.UNDER_AGE))
    person = await LookUp(key="who-is", phase=Phase.IDENTITY, query=WhoIs(number))
    citizen = Citizen(number, person.masked_name, None)
    return await verify(opening, consent, citizen, Claim(number, None, ()), person)


async def verify(
    opening: Opening, consent: ConsentAnswer, citizen: Citizen, claim: Claim, person: PersonOnFile | None
) -> Citizen | Outcome:
    """Face where agreed, then the fingerprint: a face alone releases and files nothing until liveness exists (33).

    A fingerprint alone does: it is the way on for whoever declines the camera (人脸办法 art. 10).
    """
    face = FactorResult.DECLINED
    if consent is ConsentAnswer.AGREE:
        face = await MatchFace(key="face", phase=Phase.IDENTITY, claim=claim, person=person)
        if face is FactorResult.MATCHED and opening.second_factor is SecondFactor.NOT_REQUIRED:
            return citizen
    finger = await MatchFingerprint(key="finger", phase=Phase.IDENTITY, claim=claim)
    match finger:
        case FactorResult.MATCHED:
            return citizen
        case FactorResult.MISSED | FactorResult.DECLINED | FactorResult.UNAVAILABLE:
            code = RefusalCode.FACE_NOT_MATCHED if face is FactorResult.MISSED else RefusalCode.FINGERPRINT_UNREADABLE
            return await refuse(Refusal(code))


async def pay(citizen: Citizen, bill: Bill, subject: str) -> Paid | PayBySlip | Outcome:
    """缴费. An unsettled order ends with a slip and its number, never with a second code (rule 13).

    Whoever has no smartphone gets a payment slip for bank or window. What is paid already is not paid again.
    """
    match await Pay(key="pay", phase=Phase.PAY, bill=bill):
        case Paid() as paid:
            return paid
        case PayBySlip() as slip:
            _ = await Print(
                key="payment-slip",
                phase=Phase.FINISH,
                paper=PaperKind.PAYMENT_SLIP,
                values=(
                    ("number", slip.slip),
                    ("order", slip.order),
                    *citizen.on_paper,
                    ("subject", subject),
                    ("amount", slip.amount.yuan),
                    ("due", slip.due),
                ),
            )
            return slip
        case PaymentCancelled(order=order) | PaymentExpired(order=order):
            return Outcome(Ending.LEFT_UNPAID, "closing-left-unpaid", order, take=citizen.brought)
        case PaidElsewhere(order=order):
            return Outcome(Ending.DONE, "closing-paid-elsewhere", order, take=citizen.brought)
        case Unsettled(order=order):
            _ = await Print(
                key="unsettled-slip",
                phase=Phase.FINISH,
                paper=PaperKind.UNSETTLED_SLIP,
                values=(("number", order), *citizen.on_paper, ("subject", subject), ("amount", bill.amount.yuan)),
            )
            return Outcome(Ending.UNSETTLED, "closing-unsettled", order, take=("receipt", *citizen.brought))


async def declare_and_sign(citizen: Citizen, declaration: str, paper: str) -> Signature | Outcome:
    """声明 and 签名, by their topics. Who does not sign has done nothing."""
    _ = await Declare(key="declaration", phase=Phase.CONFIRM, topic=declaration)
    return await sign(citizen, paper)


async def sign(citizen: Citizen, paper: str) -> Signature | Outcome:
    """签名 under the paper of this topic."""
    match await Sign(key="signature", phase=Phase.CONFIRM, topic=paper):
        case NotSigned():
            return Outcome(Ending.NOT_NOW, "closing-not-now", take=citizen.brought)
        case Signature() as signature:
            return signature


async def file(citizen: Citizen, filing: Submit) -> Filed | Outcome:
    """提交 of what costs nothing: not confirmed in time ends with a slip that says so, a no is told."""
    match await filing:
        case Filed() as filed:
            return filed
        case Pending(number=number):
            _ = await Print(
                key="pending-slip",
                phase=Phase.FINISH,
                paper=PaperKind.PENDING_SLIP,
                values=(("number", number), *citizen.on_paper, ("filing", filing.filing), ("status", "pending")),
            )
            return Outcome(Ending.PENDING, "closing-pending", number, take=("receipt", *citizen.brought))
        case NotFiled(refusal=refusal):
            return await refuse(refusal)


async def file_paid(citizen: Citizen, filing: Submit, paid: Paid | PayBySlip, subject: str) -> Filed | Outcome:
    """提交 of what was paid for: not confirmed in time ends with a slip that names the order."""
    match await filing:
        case Filed() as filed:
            return filed
        case Pending(number=number):
            await give_pending_slip(number, paid, subject)
            return citizen.leaves(Ending.PENDING, "closing-pending", number, "receipt")
        case NotFiled(refusal=refusal):
            return await refuse(refusal)


async def give_pending_slip(number: str, paid: Paid | PayBySlip, subject: str) -> None:
    """Names the order and the terminal's own number of what was paid for and is not confirmed yet."""
    _ = await Print(
        key="pending-slip",
        phase=Phase.FINISH,
        paper=PaperKind.UNSETTLED_SLIP,
        values=(
            ("number", paid.order),
            ("case_number", number),
            ("status", "pending"),
            ("subject", subject),
            ("amount", paid.amount.yuan),
        ),
    )


async def show_and_offer_paper(
    citizen: Citizen, shown: ShowResult, closing: str, number: str, slip: Print
) -> Outcome:
    """查询结果 to be read, and the slip for whoever wants it."""
    if await shown is AfterReading.ENOUGH:
        return citizen.leaves(Ending.DONE, closing, number)
    _ = await slip
    return citizen.leaves(Ending.DONE, closing, number, "receipt")
