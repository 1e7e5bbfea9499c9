"""Devices of the world without a world: a scene of their own, in which one person comes by again and again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.people.synthetic import Finger, PopulationKey
from kiosk.simulation.camera import CameraServer
from kiosk.simulation.escpos import Operation
from kiosk.simulation.fingerprint import Fingerprint
from kiosk.simulation.id_reader import IdReader
from kiosk.simulation.locker import Locker
from kiosk.simulation.page_printer import MemorySpool, PagePrinter, PagePrinterServer
from kiosk.simulation.receipt_printer import ReceiptPrinter
from kiosk.simulation.scene import OWN, Scene
from kiosk.simulation.state import Device, Job, MemoryStore, WorldState
from kiosk.simulation.timing import Timing
from kiosk.simulation.together import together
from kiosk.simulation.travel_chip import TravelChip, chip_of
from kiosk.simulation.travel_files import document_of
from kiosk.simulation.wires import Wire

SEED = 1
AS_OF = date(2026, 1, 1)
CARD_LIES_SECONDS = 4.0
CARD_AWAY_SECONDS = 1.0
TOUCH_SECONDS = 1.0


class NoPapers:
    """What is printed falls on the floor."""

    async def receipt(self, operations: tuple[Operation, ...]) -> None:
        """Nothing is kept."""

    async def page(self, pdf: bytes, job: Job) -> None:
        """Nothing is kept."""


def scene() -> Scene:
    """A world with nobody in it yet."""
    key = PopulationKey(SEED, AS_OF)
    return Scene(WorldState(seed=key.seed, as_of=key.as_of), MemoryStore())


def _rng(device: Device) -> random.Random:
    return random.Random(f"{SEED} {device.value}")


async def id_reader(wire: Wire) -> None:
    """Somebody lays a card on it for four seconds, takes it away for one, and so on."""
    here = scene()
    person = next(one for one in here.people.people if one.holds_card and one.chip_answers)
    here.person_arrives(person)

    async def lay() -> None:
        while True:
            here.lay_card(OWN)
            await asyncio.sleep(CARD_LIES_SECONDS)
            here.take_card()
            await asyncio.sleep(CARD_AWAY_SECONDS)

    reader = IdReader(here, Timing(), _rng(Device.ID_READER))
    await together(reader_answers=reader.run(wire), cards_come_and_go=lay())


async def fingerprint(wire: Wire) -> None:
    """Somebody lays a finger on it every second."""
    here = scene()
    person = here.people.people[0]

    async def touch() -> None:
        while True:
            here.touch_finger(Finger.RIGHT_THUMB, person)
            await asyncio.sleep(TOUCH_SECONDS)

    sensor = Fingerprint(here, Timing(), _rng(Device.FINGERPRINT))
    await together(sensor_answers=sensor.run(wire), fingers_come_and_go=touch())


async def lock_8a(wire: Wire) -> None:
    """One board of 24 compartments at address 1; an opened door is shut again by nobody."""
    await Locker(scene(), Timing(), _rng(Device.LOCKER)).run(wire)


async def receipt_printer(wire: Wire) -> None:
    """A printer with a full roll."""
    await ReceiptPrinter(scene(), Timing(), _rng(Device.RECEIPT_PRINTER), NoPapers()).run(wire)


async def page_printer(listen: Callable[..., Coroutine[Any, Any, None]]) -> None:
    """An IPP printer with paper and toner; `listen` is given what serves one connection."""
    here = scene()
    printer = PagePrinter(here, Timing(), _rng(Device.PAGE_PRINTER), NoPapers(), MemorySpool())
    await together(printer_prints=printer.run(), printer_listens=listen(PagePrinterServer(here, printer).serve))


async def camera(listen: Callable[..., Coroutine[Any, Any, None]]) -> None:
    """Motion JPEG of one drawn person who stands there, looking into it."""
    here = scene()
    here.person_arrives(here.people.people[0])
    await listen(CameraServer(here).serve)


@dataclass(frozen=True, slots=True)
class Laid:
    """A document to be laid on a virtual reader, and the zone that opens its chip."""

    zone: str
    chip: TravelChip


def travel_document() -> Laid:
    """The pass of a synthetic person."""
    document = document_of("pass", 0)
    return Laid(document.zone, chip_of(document))
