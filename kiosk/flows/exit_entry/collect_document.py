"""CRJ07 出入境证件自助取证: a finished passport or pass leaves the cabinet."""

from __future__ import annotations

from kiosk.flows.collecting import collect
from kiosk.flows.common import Citizen, ExpiredCard, identify, notify_and_ask_consent, refuse
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.queries import TravelDocumentToCollect
from kiosk.flows.steps import LookUp, Phase, WithoutCard
from kiosk.people.records import Refusal


async def collect_document(opening: Opening) -> Outcome:
    """CRJ07 出入境证件自助取证. Where it replaces one, that one is handed in first."""
    consent = await notify_and_ask_consent("CRJ07")
    citizen = await identify(opening, consent, WithoutCard.OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    return await collect_document_for(citizen)


async def collect_document_for(citizen: Citizen) -> Outcome:
    """Everything after the citizen is known."""
    finished = await LookUp(
        key="finished-document", phase=Phase.DETAILS, query=TravelDocumentToCollect(citizen.number)
    )
    if isinstance(finished, Refusal):
        return await refuse(finished)
    return await collect(citizen, finished)
