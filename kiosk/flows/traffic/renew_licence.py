"""JG04 驾驶证自助换领: on expiry, with a medical report on file, or for one that is damaged."""

from __future__ import annotations

from kiosk.flows.common import Citizen, come_in
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.steps import Choose, Phase
from kiosk.flows.traffic.applying import apply_for_document
from kiosk.people.traffic import TrafficMatter

MATTERS = (TrafficMatter.LICENCE_RENEWAL, TrafficMatter.LICENCE_DAMAGE)


async def renew_licence(opening: Opening) -> Outcome:
    """JG04 驾驶证自助换领. Order 162 art. 62, 63, 66, 68, 85."""
    citizen = await come_in(opening, "JG04")
    if isinstance(citizen, Outcome):
        return citizen
    return await renew_for(citizen)


async def renew_for(citizen: Citizen) -> Outcome:
    """Everything after the citizen is known."""
    matter = await Choose(key="matter", phase=Phase.DETAILS, topic="choose-licence-matter", options=MATTERS)
    return await apply_for_document(citizen, matter)
