"""The second door: when a card laid down on the attract page begins a visit by itself."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.counter.ports import Readiness, ServiceEntry
from kiosk.devices.id_reader.contract import CardRead
from kiosk.flows.catalogue import PHASES, WAITING
from kiosk.flows.opening import SecondFactor
from kiosk.flows.steps import DeviceClass
from kiosk.people.id_card import CardKind
from kiosk.people.silence import Remains
from kiosk.screens.states import ServiceOpen

SECOND_DOOR = ServiceEntry(
    code=WAITING, minutes=3, phases=PHASES[WAITING], frequent=False, facts=(), needs=(), remains=Remains.NOTHING
)
"""What the chrome shows until a service is chosen; no list of services names it."""


def second_door_opens(
    card: CardRead, readiness: Readiness, factors: SecondFactor, open_services: Sequence[str]
) -> bool:
    """Whether its owner can be verified now and has anywhere to go on to."""
    if card.card.kind is not CardKind.RESIDENT or not open_services:
        return False
    if readiness.headquarters() is not ServiceOpen.OPEN:
        return False
    return any(readiness.device(device.value) is ServiceOpen.OPEN for device in _suffices(factors))


def _suffices(factors: SecondFactor) -> tuple[DeviceClass, ...]:
    """Any of these alone identifies a citizen (rule 33)."""
    match factors:
        case SecondFactor.REQUIRED:
            return (DeviceClass.FINGERPRINT,)
        case SecondFactor.NOT_REQUIRED:
            return (DeviceClass.FINGERPRINT, DeviceClass.CAMERA)
