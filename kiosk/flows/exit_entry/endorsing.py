"""CRJ01 出入境签注 and CRJ02 往来台湾再次签注: chosen and signed first, then the pass goes in for as long as it must.

Everything that can be said no to is said before the pass is inside; from then on every way leads to its return.
"""

from __future__ import annotations

import enum

from kiosk.flows.common import Citizen, ExpiredCard, declare_and_sign, identify, notify_and_ask_consent, pay, refuse
from kiosk.flows.effects import (
    Bill,
    Endorse,
    Endorsed,
    EndorseInDoubt,
    Filed,
    NotEndorsed,
    NotFiled,
    Paid,
    PaperKind,
    PassInside,
    PassNotTaken,
    PassRetained,
    PassReturnInDoubt,
    PassStuck,
    PassTaken,
    PayBySlip,
    Pending,
    Print,
    ReturnPass,
    Spoiled,
    Submit,
    TakePass,
)
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayEndorseOn
from kiosk.flows.steps import AwaitApproval, Choose, LookUp, Phase, Section, ShowResult, Signature, WithoutCard
from kiosk.people.exit_entry import (
    ApprovalState,
    Destination,
    EndorsementOffer,
    MayEndorsePass,
    TravelDocumentKind,
    endorsement_bill,
    masked_document,
)
from kiosk.people.money import Money
from kiosk.people.records import Refusal

SUBJECT = "bill-endorsement"


class Where(enum.Enum):
    """Which endorsements are wanted on a pass for two places."""

    HONG_KONG = "hong-kong"
    MACAO = "macao"
    BOTH = "both"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


async def endorse_for_hong_kong_and_macao(opening: Opening) -> Outcome:
    """CRJ01 出入境签注. Exit and Entry Administration Law art. 10."""
    return await endorse(opening, "CRJ01", TravelDocumentKind.HK_MACAO_PASS)


async def endorse_for_taiwan(opening: Opening) -> Outcome:
    """CRJ02 往来台湾再次签注. Rules on travel to Taiwan art. 6 to 10."""
    return await endorse(opening, "CRJ02", TravelDocumentKind.TAIWAN_PASS)


async def endorse(opening: Opening, service: str, kind: TravelDocumentKind) -> Outcome:
    """Both services: they differ by the pass."""
    consent = await notify_and_ask_consent(service)
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    may = await LookUp(key="may-endorse", phase=Phase.DETAILS, query=MayEndorseOn(citizen.number, kind))
    if isinstance(may, Refusal):
        return await refuse(may)
    chosen = await choose(may)
    _ = await ShowResult(key="check", phase=Phase.CONFIRM, topic="result-endorse", sections=sections(may, chosen))
    signature = await declare_and_sign(citizen, "declare-endorse", "sign-endorse")
    if isinstance(signature, Outcome):
        return signature
    match await TakePass(
        key="pass",
        phase=Phase.PAY,
        number=citizen.number,
        document=may.document,
        opens=(f"{citizen.number.birth:%y%m%d}", f"{may.valid_to:%y%m%d}"),
    ):
        case PassInside(custody=custody):
            return await with_pass_inside(citizen, kind, may, chosen, signature, custody)
        case PassNotTaken(reason=reason):
            return Outcome(Ending.NOT_NOW, f"closing-pass-{told(reason)}", take=citizen.brought)
        case PassStuck(custody=custody):
            return Outcome(Ending.NEEDS_A_PERSON, "closing-pass-stuck", custody, take=citizen.brought)


def told(reason: str) -> str:
    """Why no pass is inside, as the closing page says it."""
    return reason if reason in ("another-pass", "unreadable", "retained") else "not-taken"


async def choose(may: MayEndorsePass) -> tuple[EndorsementOffer, ...]:
    """Where to, then what for each place; what headquarters offers, and nothing else."""
    places = tuple(d for d in Destination if any(offer.destination is d for offer in may.offers))
    if Destination.HONG_KONG in places and Destination.MACAO in places:
        where = await Choose(key="where", phase=Phase.DETAILS, topic="choose-where", options=tuple(Where))
        if where is not Where.BOTH:
            places = (Destination(where.value),)
    chosen: list[EndorsementOffer] = []
    for place in places:
        offers = tuple(offer for offer in may.offers if offer.destination is place)
        chosen.append(
            await Choose(
                key=f"offer-{place.value}",
                phase=Phase.DETAILS,
                topic=f"choose-endorsement-{place.value}",
                options=offers,
            )
        )
    return tuple(chosen)


def total(chosen: tuple[EndorsementOffer, ...]) -> Money:
    """Each place has its own fee."""
    amount = Money(0)
    for offer in chosen:
        amount = amount + offer.fee
    return amount


def sections(may: MayEndorsePass, chosen: tuple[EndorsementOffer, ...]) -> tuple[Section, ...]:
    """What stays on the pass, what is written on it, what it costs."""
    left = tuple(
        Section(
            f"travel-stays-{line.destination.value}",
            (
                ("endorsement_kind", line.kind.value),
                ("trips_left", "no-limit" if line.entries == 0 else str(line.entries - line.used)),
                ("valid_to", line.valid_to.isoformat()),
            ),
        )
        for line in may.left
    )
    new = tuple(
        Section(
            f"travel-new-{offer.destination.value}",
            (
                ("endorsement_kind", offer.kind.value),
                ("endorsement_months", str(offer.months)),
                ("endorsement_entries", str(offer.entries) if offer.entries else "no-limit"),
                ("amount", offer.fee.yuan),
            ),
        )
        for offer in chosen
    )
    pass_ = Section("travel-pass", (("document_number", masked_document(may.document)),))
    return (pass_, *left, *new)


async def with_pass_inside(
    citizen: Citizen,
    kind: TravelDocumentKind,
    may: MayEndorsePass,
    chosen: tuple[EndorsementOffer, ...],
    signature: Signature,
    custody: str,
) -> Outcome:
    """Paid, filed, approved, written, read back; whatever happens, the pass goes back before anything is printed."""
    paid = await pay(citizen, Bill(endorsement_bill(chosen), citizen.number, total(chosen)), SUBJECT)
    if isinstance(paid, Outcome):
        return await back_and(citizen, custody, paid)
    filed = await request(citizen, kind, may, chosen, signature, paid)
    match filed:
        case Pending(number=number):
            outcome = Outcome(Ending.PENDING, "closing-endorse-pending", number, take=("receipt", *citizen.brought))
            ended = await back_and(citizen, custody, outcome)
            _ = await Print(
                key="pending-slip",
                phase=Phase.FINISH,
                paper=PaperKind.UNSETTLED_SLIP,
                values=(
                    ("number", paid.order),
                    ("case_number", number),
                    ("status", "pending"),
                    ("subject", SUBJECT),
                    ("amount", paid.amount.yuan),
                ),
            )
            return ended
        case NotFiled(refusal=refusal):
            return await back_and(citizen, custody, Outcome(Ending.REFUSED, "closing-refused", refusal=refusal))
        case Filed():
            pass
    how = await approved_and_written(citizen, may, paid, filed)
    returned = await ReturnPass(key="pass-back", phase=Phase.FINISH, number=citizen.number, custody=custody)
    place = place_of(returned)
    ended = await Submit(
        key="endorsement-ended",
        phase=Phase.FINISH,
        filing="endorsement-ended",
        payload=(
            ("number", citizen.number.text),
            ("request", filed.number),
            ("outcome", how),
            ("place", place),
            ("custody", "" if isinstance(returned, PassTaken) else custody),
        ),
    )
    _ = await Print(
        key="endorsement-slip",
        phase=Phase.FINISH,
        paper=PaperKind.ENDORSEMENT_SLIP,
        values=(
            ("number", filed.number),
            *citizen.on_paper,
            ("document_number", masked_document(may.document)),
            ("outcome", f"endorse-{how}"),
            ("pass_place", f"pass-{place}"),
            *((("custody", custody),) if place != "given-back" else ()),
            ("fee", paid.amount.yuan),
            *filed.extras,
        ),
    )
    return closing(citizen, how, returned, filed.number, isinstance(ended, Pending))


async def approved_and_written(citizen: Citizen, may: MayEndorsePass, paid: Paid | PayBySlip, filed: Filed) -> str:
    """What became of the back of the pass, in headquarters' words."""
    if isinstance(paid, PayBySlip):
        return "at-window"
    approval = await AwaitApproval(
        key="approval", phase=Phase.FINISH, number=citizen.number, case=filed.number, seconds=may.approval_seconds
    )
    if approval.state is not ApprovalState.APPROVED:
        return "at-window"
    match await Endorse(
        key="endorse", phase=Phase.FINISH, number=citizen.number, case=filed.number, lines=approval.lines
    ):
        case Endorsed():
            return "written"
        case NotEndorsed():
            return "not-written"
        case Spoiled():
            return "spoiled"
        case EndorseInDoubt():
            return "unknown"


def place_of(returned: PassTaken | PassRetained | PassReturnInDoubt) -> str:
    """Where the pass is."""
    match returned:
        case PassTaken():
            return "given-back"
        case PassRetained():
            return "bin"
        case PassReturnInDoubt():
            return "in-doubt"


def closing(
    citizen: Citizen, how: str, returned: PassTaken | PassRetained | PassReturnInDoubt, number: str, pending: bool
) -> Outcome:
    """A pass that is not in its owner's hand comes before everything else."""
    take = ("receipt", *citizen.brought)
    if not isinstance(returned, PassTaken):
        return Outcome(Ending.NEEDS_A_PERSON, "closing-pass-held", returned.custody, take=take)
    match how:
        case "written":
            ending = Ending.PENDING if pending else Ending.DONE
            return Outcome(ending, "closing-pass-endorsed", number, take=("travel-pass", *take))
        case "at-window":
            return Outcome(Ending.DONE, "closing-endorse-at-window", number, take=("travel-pass", *take))
        case "not-written":
            return Outcome(Ending.REFUSED, "closing-endorse-not-written", number, take=("travel-pass", *take))
        case _:
            return Outcome(Ending.NEEDS_A_PERSON, "closing-endorse-spoiled", number, take=("travel-pass", *take))


async def back_and(citizen: Citizen, custody: str, outcome: Outcome) -> Outcome:
    """The pass first; if it cannot go back, that is what must be said."""
    returned = await ReturnPass(key="pass-back", phase=Phase.FINISH, number=citizen.number, custody=custody)
    if isinstance(returned, PassTaken):
        return outcome
    return Outcome(Ending.NEEDS_A_PERSON, "closing-pass-held", returned.custody, take=citizen.brought)


async def request(
    citizen: Citizen,
    kind: TravelDocumentKind,
    may: MayEndorsePass,
    chosen: tuple[EndorsementOffer, ...],
    signature: Signature,
    paid: Paid | PayBySlip,
) -> Filed | Pending | NotFiled:
    """签注申请."""
    return await Submit(
        key="endorsement-request",
        phase=Phase.FINISH,
        filing="endorsement-request",
        payload=(
            ("number", citizen.number.text),
            ("kind", kind.value),
            ("document", may.document),
            ("offers", tuple(offer.id for offer in chosen)),
            ("order", paid.order),
            ("unpaid_slip", paid.slip if isinstance(paid, PayBySlip) else ""),
            ("signature", signature.picture.sha256),
        ),
        blobs=(signature.picture.sha256, signature.strokes.sha256),
        undo_orders=(paid.order,) if isinstance(paid, Paid) else (),
    )
