"""JG05 驾驶证遗失补领: a new driving licence for one that is lost."""

from __future__ import annotations

from kiosk.flows.common import come_in
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.traffic.applying import apply_for_document
from kiosk.people.traffic import TrafficMatter


async def replace_lost_licence(opening: Opening) -> Outcome:
    """JG05 驾驶证遗失补领. Order 162 art. 69: the lost one becomes void; not while it is withheld."""
    citizen = await come_in(opening, "JG05")
    if isinstance(citizen, Outcome):
        return citizen
    return await apply_for_document(citizen, TrafficMatter.LICENCE_LOSS)
