"""The second door: a card laid down without a word; what is waiting for its owner, and on into that service."""

from __future__ import annotations

import enum

from kiosk.flows.common import Citizen, ExpiredCard, ask_consent, identify, notify, refuse
from kiosk.flows.exit_entry.collect_document import collect_document_for
from kiosk.flows.household.apply_for_id_card import apply_for
from kiosk.flows.household.collect_id_card import collect_for
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import WaitingFor
from kiosk.flows.steps import Choose, LookUp, Phase, WithoutCard
from kiosk.flows.traffic.applying import apply_for_document
from kiosk.flows.traffic.handle_violations import violations_of
from kiosk.flows.traffic.pay_fines import fines_of
from kiosk.flows.traffic.renew_licence import renew_for
from kiosk.people.records import Ground, Refusal, RefusalCode, Waiting
from kiosk.people.traffic import TrafficMatter


class Procedure(enum.Enum):
    """A service this door leads on to."""

    COLLECT = "HZ02"
    COLLECT_DOCUMENT = "CRJ07"
    VIOLATIONS = "JG01"
    FINES = "JG02"
    LICENCE = "JG04"
    APPLY = "HZ01"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript: the service's code."""
        return self.value


class Way(enum.Enum):
    """What else may be answered."""

    OTHER = "other"
    ENOUGH = "enough"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


NEED_A_VALID_CARD = (Procedure.COLLECT_DOCUMENT, Procedure.VIOLATIONS, Procedure.FINES, Procedure.LICENCE)
"""What a card past its date does not open (E-ID-02)."""

GROUNDS_WITH_A_CARD = (Ground.RENEWAL, Ground.DAMAGE)
"""Whoever has laid their card down has not lost it."""


async def what_is_waiting(opening: Opening) -> Outcome:
    """Consent and factors once, then the choice; the chosen service goes on from there with the same citizen."""
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.ACCEPTED)
    if isinstance(citizen, Outcome):
        return citizen
    waiting = await LookUp(key="waiting", phase=Phase.DETAILS, query=WaitingFor(citizen.number))
    named = tuple(Procedure(one.option_id) for one in waiting)
    others = tuple(p for p in Procedure if p.value in opening.open_services and p not in named)
    if waiting:
        more = (Way.OTHER,) if others else (Way.ENOUGH,)
        chosen = await Choose(
            key="waiting-choice", phase=Phase.DETAILS, topic="choose-waiting", options=(*waiting, *more)
        )
        match chosen:
            case Waiting():
                return await go_on(opening, citizen, Procedure(chosen.option_id), chosen)
            case Way.ENOUGH:
                return Outcome(Ending.NOT_NOW, "closing-not-now", take=citizen.brought)
            case Way.OTHER:
                pass
    topic = "choose-other-service" if waiting else "choose-nothing-waiting"
    other = await Choose(key="other-choice", phase=Phase.DETAILS, topic=topic, options=(*others, Way.ENOUGH))
    if isinstance(other, Procedure):
        return await go_on(opening, citizen, other, None)
    if waiting:
        return Outcome(Ending.NOT_NOW, "closing-not-now", take=citizen.brought)
    return Outcome(Ending.NOTHING_DUE, "closing-nothing-waiting", take=citizen.brought)


async def go_on(opening: Opening, citizen: Citizen, procedure: Procedure, waiting: Waiting | None) -> Outcome:
    """办事须知 of the service, then its part after identification. What its own door refuses, this one does too."""
    if procedure.value not in opening.open_services:
        return await refuse(Refusal(RefusalCode.OTHER, (("reason", "not-now"),)))
    if procedure in NEED_A_VALID_CARD and expired(opening, citizen):
        return await refuse(Refusal(RefusalCode.CARD_EXPIRED))
    await notify(procedure.value, Phase.DETAILS)
    match procedure:
        case Procedure.COLLECT:
            return await collect_for(citizen)
        case Procedure.COLLECT_DOCUMENT:
            return await collect_document_for(citizen)
        case Procedure.VIOLATIONS:
            return await violations_of(citizen)
        case Procedure.FINES:
            return await fines_of(citizen)
        case Procedure.LICENCE:
            if waiting is Waiting.LICENCE_EXPIRES:
                return await apply_for_document(citizen, TrafficMatter.LICENCE_RENEWAL)
            return await renew_for(citizen)
        case Procedure.APPLY:
            if waiting is Waiting.CARD_EXPIRES:
                return await apply_for(citizen, Ground.RENEWAL)
            ground = await Choose(
                key="ground", phase=Phase.DETAILS, topic="choose-ground", options=GROUNDS_WITH_A_CARD
            )
            return await apply_for(citizen, ground)


def expired(opening: Opening, citizen: Citizen) -> bool:
    """Whether the card that was laid down is past its date."""
    return citizen.presented is not None and citizen.presented.card.expired_on(opening.today)
