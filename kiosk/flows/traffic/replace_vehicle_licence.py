"""JG07 行驶证补换领: a new vehicle licence for one that is lost or damaged."""

from __future__ import annotations

from kiosk.flows.common import come_in
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.steps import Choose, Phase
from kiosk.flows.traffic.applying import apply_for_document
from kiosk.people.traffic import TrafficMatter

MATTERS = (TrafficMatter.VEHICLE_LOSS, TrafficMatter.VEHICLE_DAMAGE)


async def replace_vehicle_licence(opening: Opening) -> Outcome:
    """JG07 行驶证补换领. Order 164 art. 52."""
    citizen = await come_in(opening, "JG07")
    if isinstance(citizen, Outcome):
        return citizen
    matter = await Choose(key="matter", phase=Phase.DETAILS, topic="choose-vehicle-matter", options=MATTERS)
    return await apply_for_document(citizen, matter)
