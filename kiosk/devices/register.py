"""Every device class of this terminal with its drivers and its contract: the one table a new class is entered in.

The shell's commands, the conformance suite, isolation and traces find a class here. What a class can do beyond what
every device can (health, status, capabilities) stands in `kiosk.devices.shell.table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.devices import drivers
from kiosk.devices.audio.contract import Audio
from kiosk.devices.classes import DeviceClass
from kiosk.devices.dispenser.contract import Dispenser
from kiosk.devices.document_reader.contract import DocumentReader
from kiosk.devices.door.contract import Door
from kiosk.devices.drivers import Catalogue
from kiosk.devices.endorsement_writer.contract import EndorsementWriter
from kiosk.devices.exam_booth.contract import ExamBooth
from kiosk.devices.fingerprint.contract import FingerprintSensor
from kiosk.devices.help_button.contract import HelpButton
from kiosk.devices.id_reader.contract import IdReader
from kiosk.devices.intake.contract import Intake
from kiosk.devices.key_switch.contract import KeySwitch
from kiosk.devices.licence_printer.contract import LicencePrinter
from kiosk.devices.lights.contract import Lights
from kiosk.devices.locker.contract import Locker
from kiosk.devices.page_printer.contract import PagePrinter
from kiosk.devices.plate_printer.contract import PlatePrinter
from kiosk.devices.presence.contract import PresenceSensor
from kiosk.devices.receipt_printer.contract import ReceiptPrinter
from kiosk.devices.scanner.contract import Scanner
from kiosk.devices.supervisor import Driver
from kiosk.devices.temporary_id_maker.contract import TemporaryIdMaker
from kiosk.devices.ups.contract import Ups


@dataclass(frozen=True, slots=True)
class Registered:
    """One class. `contract` is its Protocol: what every driver of it can be asked."""

    catalogue: Catalogue[Driver]
    contract: type[Any]

    @property
    def device(self) -> DeviceClass:
        """Its name."""
        return self.catalogue.device


REGISTER: Mapping[DeviceClass, Registered] = {
    one.device: one
    for one in (
        Registered(drivers.ID_READERS, IdReader),
        Registered(drivers.DOCUMENT_READERS, DocumentReader),
        Registered(drivers.FINGERPRINT_SENSORS, FingerprintSensor),
        Registered(drivers.LOCKERS, Locker),
        Registered(drivers.RECEIPT_PRINTERS, ReceiptPrinter),
        Registered(drivers.PAGE_PRINTERS, PagePrinter),
        Registered(drivers.DISPENSERS, Dispenser),
        Registered(drivers.SCANNERS, Scanner),
        Registered(drivers.INTAKES, Intake),
        Registered(drivers.DOORS, Door),
        Registered(drivers.LIGHTS, Lights),
        Registered(drivers.PRESENCE_SENSORS, PresenceSensor),
        Registered(drivers.SUPPLIES, Ups),
        Registered(drivers.HELP_BUTTONS, HelpButton),
        Registered(drivers.KEY_SWITCHES, KeySwitch),
        Registered(drivers.AUDIO, Audio),
        Registered(drivers.EXAM_BOOTHS, ExamBooth),
        Registered(drivers.ENDORSEMENT_WRITERS, EndorsementWriter),
        Registered(drivers.LICENCE_PRINTERS, LicencePrinter),
        Registered(drivers.PLATE_PRINTERS, PlatePrinter),
        Registered(drivers.TEMPORARY_ID_MAKERS, TemporaryIdMaker),
    )
}
