"""HZ02 身份证取证: a finished identity card leaves the cabinet."""

from __future__ import annotations

from kiosk.flows.collecting import collect
from kiosk.flows.common import Citizen, ExpiredCard, identify, notify_and_ask_consent, refuse
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.queries import CardToCollect
from kiosk.flows.steps import LookUp, Phase, WithoutCard
from kiosk.people.records import Refusal


async def collect_id_card(opening: Opening) -> Outcome:
    """HZ02 身份证取证. Resident Identity Card Law art. 8 and 11: on renewal the old card is handed in."""
    consent = await notify_and_ask_consent("HZ02")
    citizen = await identify(opening, consent, WithoutCard.OFFERED, ExpiredCard.ACCEPTED)
    if isinstance(citizen, Outcome):
        return citizen
    return await collect_for(citizen)


async def collect_for(citizen: Citizen) -> Outcome:
    """Everything after the citizen is known."""
    card = await LookUp(key="finished-card", phase=Phase.DETAILS, query=CardToCollect(citizen.number))
    if isinstance(card, Refusal):
        return await refuse(card)
    return await collect(citizen, card)
