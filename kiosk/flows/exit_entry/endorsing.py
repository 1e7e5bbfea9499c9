"""CRJ01 出入境签注 and CRJ02 往来台湾再次签注: chosen and signed first, then the pass goes in for as long as it must.

Everything that can be said no to is said before the pass is inside; from then on every way leads to its return.
"""

from __future__ import annotations

import enum
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from kiosk.flows.common import Citizen, come_in, declare_and_sign, give, give_pending_slip, pay, refuse
from kiosk.flows.custody import pass_back, pass_back_and, take_pass_in
from kiosk.flows.effects import (
    Bill,
    Endorse,
    Filed,
    NotFiled,
    Paid,
    PaperKind,
    PassInside,
    PassTaken,
    PayBySlip,
    Pending,
)
from kiosk.flows.filing import filing, report
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayEndorseOn
from kiosk.flows.steps import AwaitApproval, Choose, LookUp, Phase, Section, ShowResult
from kiosk.people.exit_entry import (
    ApprovalState,
    Destination,
    EndorsementOffer,
    MayEndorsePass,
    TravelDocumentKind,
    endorsement_bill,
)
from kiosk.people.money import Money
from kiosk.people.records import Refusal

SUBJECT = "bill-endorsement"

ENDINGS = MappingProxyType(
    {
        "written": (Ending.DONE, "closing-pass-endorsed"),
        "at-window": (Ending.DONE, "closing-endorse-at-window"),
        "not-written": (Ending.REFUSED, "closing-endorse-not-written"),
        "spoiled": (Ending.NEEDS_A_PERSON, "closing-endorse-spoiled"),
        "unknown": (Ending.NEEDS_A_PERSON, "closing-endorse-spoiled"),
    }
)
"""By what became of the back of a pass that is in its owner's hand again."""


class Where(enum.Enum):
    """Which endorsements are wanted on a pass for two places."""

    HONG_KONG = "hong-kong"
    MACAO = "macao"
    BOTH = "both"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value

    @property
    def places(self) -> tuple[Destination, ...]:
        """Where these lead."""
        both = (Destination.HONG_KONG, Destination.MACAO)
        return both if self is Where.BOTH else (Destination(self.value),)


async def endorse_for_hong_kong_and_macao(opening: Opening) -> Outcome:
    """CRJ01 出入境签注. Exit and Entry Administration Law art. 10."""
    return await endorse(opening, "CRJ01", TravelDocumentKind.HK_MACAO_PASS)


async def endorse_for_taiwan(opening: Opening) -> Outcome:
    """CRJ02 往来台湾再次签注. Rules on travel to Taiwan art. 6 to 10."""
    return await endorse(opening, "CRJ02", TravelDocumentKind.TAIWAN_PASS)


async def endorse(opening: Opening, service: str, kind: TravelDocumentKind) -> Outcome:
    """Both services: they differ by the pass."""
    citizen = await come_in(opening, service)
    if isinstance(citizen, Outcome):
        return citizen
    may = await LookUp(key="may-endorse", phase=Phase.DETAILS, query=MayEndorseOn(citizen.number, kind))
    if isinstance(may, Refusal):
        return await refuse(may)
    chosen = await choose(may)
    shown = sections(may, chosen, opening.today)
    _ = await ShowResult(key="check", phase=Phase.CONFIRM, topic="result-endorse", sections=shown)
    signature = await declare_and_sign(citizen, "declare-endorse", "sign-endorse")
    if isinstance(signature, Outcome):
        return signature
    inside = await take_pass_in(citizen, may)
    if isinstance(inside, Outcome):
        return inside
    fee = Money.total(offer.fee for offer in chosen)
    paid = await pay(citizen, Bill(endorsement_bill(chosen), citizen.number, fee), SUBJECT)
    if isinstance(paid, Outcome):
        return await pass_back_and(citizen, inside, paid)
    wanted = (("kind", kind.value), ("document", may.document), ("offers", tuple(offer.id for offer in chosen)))
    request = filing(citizen, "endorsement-request", "endorsement-request", (*wanted, *paid.filed), signature)
    match await replace(request, undo_orders=paid.undone):
        case Pending(number=number):
            outcome = citizen.leaves(Ending.PENDING, "closing-endorse-pending", number, "receipt")
            ended = await pass_back_and(citizen, inside, outcome)
            await give_pending_slip(number, paid, SUBJECT)
            return ended
        case NotFiled(refusal=refusal):
            return await pass_back_and(citizen, inside, Outcome(Ending.REFUSED, "closing-refused", refusal=refusal))
        case Filed() as filed:
            return await write_and_give_back(citizen, may, inside, paid, filed)


async def choose(may: MayEndorsePass) -> tuple[EndorsementOffer, ...]:
    """Where to, then what for each place; what headquarters offers, and nothing else."""
    places = may.places
    if len(places) > 1:
        where = await Choose(key="where", phase=Phase.DETAILS, topic="choose-where", options=tuple(Where))
        places = where.places
    return tuple([await choose_for(may, place) for place in places])


async def choose_for(may: MayEndorsePass, place: Destination) -> EndorsementOffer:
    """签注种类 and 有效期 for one place."""
    key, topic = f"offer-{place.value}", f"choose-endorsement-{place.value}"
    return await Choose(key=key, phase=Phase.DETAILS, topic=topic, options=may.offers_for(place))


def sections(may: MayEndorsePass, chosen: tuple[EndorsementOffer, ...], today: date) -> tuple[Section, ...]:
    """What stays on the pass, what is written on it, what it costs."""
    stays = tuple(Section(f"travel-stays-{line.destination.value}", line.facts_on(today)) for line in may.left)
    new = tuple(Section(f"travel-new-{offer.destination.value}", offer.facts) for offer in chosen)
    return (Section("travel-pass", (("document_number", may.masked),)), *stays, *new)


async def write_and_give_back(
    citizen: Citizen, may: MayEndorsePass, inside: PassInside, paid: Paid | PayBySlip, filed: Filed
) -> Outcome:
    """Whatever became of the back, the pass goes back before anything is printed, and is named before all else."""
    back = await written(citizen, may, paid, filed)
    returned = await pass_back(citizen, inside)
    held = "" if isinstance(returned, PassTaken) else returned.custody
    became = (("outcome", back), ("place", returned.place), ("custody", inside.custody if held else ""))
    request = ("request", filed.number)
    ended = await report(citizen, "endorsement-ended", "endorsement-ended", request, *became)
    said = (("document_number", may.masked), ("outcome", f"endorse-{back}"), ("pass_place", f"pass-{returned.place}"))
    kept = (("custody", inside.custody),) if held else ()
    facts = (*said, *kept, ("fee", paid.amount.yuan), *filed.extras)
    await give(citizen, "endorsement-slip", PaperKind.ENDORSEMENT_SLIP, filed.number, *facts)
    if held:
        return citizen.leaves(Ending.NEEDS_A_PERSON, "closing-pass-held", held, "receipt")
    ending, topic = ENDINGS[back]
    if isinstance(ended, Pending) and back == "written":
        ending = Ending.PENDING
    return citizen.leaves(ending, topic, filed.number, "travel-pass", "receipt")


async def written(citizen: Citizen, may: MayEndorsePass, paid: Paid | PayBySlip, filed: Filed) -> str:
    """What became of the back of the pass, in headquarters' words."""
    if isinstance(paid, PayBySlip):
        return "at-window"
    who, case = citizen.number, filed.number
    approval = await AwaitApproval(
        key="approval", phase=Phase.FINISH, number=who, case=case, seconds=may.approval_seconds
    )
    if approval.state is not ApprovalState.APPROVED:
        return "at-window"
    return (await Endorse(key="endorse", phase=Phase.FINISH, number=who, case=case, lines=approval.lines)).back
