"""What each class can be asked from a shell beyond what every device can; a class without an entry has just that."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.devices.classes import DeviceClass
from kiosk.devices.shell import custody, documents, exam_booth, identity, makers, printers, surroundings
from kiosk.devices.shell.words import Command, capabilities, health, status

EVERY: Mapping[str, Command] = {
    "health": Command(health),
    "status": Command(status),
    "capabilities": Command(capabilities),
}

OWN: Mapping[DeviceClass, Mapping[str, Command]] = {
    DeviceClass.ID_READER: identity.ID_READER,
    DeviceClass.DOCUMENT_READER: documents.DOCUMENT_READER,
    DeviceClass.FINGERPRINT: identity.FINGERPRINT,
    DeviceClass.SCANNER: identity.SCANNER,
    DeviceClass.LOCKER: custody.LOCKER,
    DeviceClass.DISPENSER: custody.DISPENSER,
    DeviceClass.INTAKE: custody.INTAKE,
    DeviceClass.RECEIPT_PRINTER: printers.RECEIPT_PRINTER,
    DeviceClass.PAGE_PRINTER: printers.PAGE_PRINTER,
    DeviceClass.DOOR: surroundings.DOOR,
    DeviceClass.LIGHTS: surroundings.LIGHTS,
    DeviceClass.PRESENCE: surroundings.PRESENCE,
    DeviceClass.HELP_BUTTON: surroundings.HELP_BUTTON,
    DeviceClass.KEY_SWITCH: surroundings.KEY_SWITCH,
    DeviceClass.AUDIO: surroundings.AUDIO,
    DeviceClass.EXAM_BOOTH: exam_booth.EXAM_BOOTH,
    DeviceClass.ENDORSEMENT_WRITER: makers.HANDS_OUT,
    DeviceClass.LICENCE_PRINTER: makers.MAKES_ITEMS,
    DeviceClass.TEMPORARY_ID_MAKER: makers.MAKES_ITEMS,
    DeviceClass.PLATE_PRINTER: makers.HANDS_OUT,
}


def commands_of(device: DeviceClass) -> Mapping[str, Command]:
    """All commands of a class by name."""
    return {**EVERY, **OWN.get(device, {})}
