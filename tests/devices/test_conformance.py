"""Every driver on a line keeps the rules of conformance.py."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Generator, Mapping
from functools import cache
from typing import Any, TypeVar

import pytest

from kiosk.devices.classes import DeviceClass
from kiosk.devices.dispenser.contract import PresentPermit
from kiosk.devices.dispenser.crt_591 import Crt591, Crt591Settings
from kiosk.devices.document_reader.pcsc import Pcsc, PcscSettings
from kiosk.devices.door.contact import NoContact
from kiosk.devices.door.relay_lcus import DoorSettings, RelayDoor
from kiosk.devices.endorsement_writer.xfs4iot import WriterSettings, Xfs4iotEndorsementWriter
from kiosk.devices.exam_booth.contract import Ear, Tone
from kiosk.devices.exam_booth.simulated import SimulatedBooth
from kiosk.devices.fingerprint.simulated import SimulatedSensor
from kiosk.devices.id_reader.sam_v import SamV, SamVSettings
from kiosk.devices.intake.crt_310 import Crt310, Crt310Settings
from kiosk.devices.licence_printer.xfs4iot import LicencePrinterSettings, Xfs4iotLicencePrinter
from kiosk.devices.lights.contract import FlashRate, Light
from kiosk.devices.lights.relay_lcus import LightsSettings, RelayLights
from kiosk.devices.locker.contract import Compartment, OpenPermit
from kiosk.devices.locker.kerong_cu16 import KerongCu16
from kiosk.devices.locker.lock_8a import Lock8A
from kiosk.devices.making import HandOutPermit
from kiosk.devices.plate_printer.xfs4iot import PlatePrinterSettings, Xfs4iotPlatePrinter
from kiosk.devices.presence.ld2410 import Ld2410
from kiosk.devices.receipt_printer.escpos import EscPosPrinter, EscPosSettings
from kiosk.devices.relays.lcus import RelayBoard
from kiosk.devices.scanner.serial_scanner import SerialScanner, SerialScannerSettings, Told
from kiosk.devices.supervisor import LONGEST_RETRY_SECONDS
from kiosk.devices.temporary_id_maker.xfs4iot import TemporaryIdMakerSettings, Xfs4iotTemporaryIdMaker
from kiosk.devices.transport import Line, Transport
from kiosk.devices.ups.nut import Nut, NutSettings
from kiosk.simulation.exam_booth import Booth
from kiosk.simulation.makers import Item, Kind, Maker, Spot
from kiosk.simulation.travel_files import person_of
from tests.devices import conformance as rules
from tests.devices.conformance import Subject
from tests.devices.dispensers import Unit
from tests.devices.farends import FixedClock, Player
from tests.devices.makers import ENDORSEMENTS, LICENCE, TEMPORARY, URL, player
from tests.devices.memory_cards import LineCards, card_on_a_line, key_of, quiet_random, small_document
from tests.devices.motor_readers import INSIDE, Motor
from tests.devices.test_escpos import Paper
from tests.devices.test_exam_booth import far as booth_far
from tests.devices.test_fingerprint import FINGER, A, B, Sensor
from tests.devices.test_inputs import button, key
from tests.devices.test_inputs import far as board_far
from tests.devices.test_kerong_cu16 import Cabinet
from tests.devices.test_kerong_cu16 import settings as kerong_settings
from tests.devices.test_lock_8a import ALL, ALL_SHUT, ASK, IS_OPEN, OPENED, PULSE, THIRD, Boards
from tests.devices.test_lock_8a import settings as lock_8a_settings
from tests.devices.test_presence import report
from tests.devices.test_relays import Relays
from tests.devices.test_sam_v import RESET, SAM_ID, a_card, frame
from tests.devices.test_serial_scanner import Shows
from tests.devices.test_ups import Server

T = TypeVar("T")

PASS = small_document()


class Inline:
    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return


def card_reader() -> Player:
    card = a_card()
    card.answers[SAM_ID] = [frame("000090", bytes.fromhex("050001002502330140E20100B168DE3A"))]
    card.answers[RESET] = [frame("000090")]
    return card


def shows() -> Player:
    return Shows(tuple((0.4 * n, b"SECRET-4711\r") for n in range(1, 20)))


def radar() -> Player:
    async def reports(far: Transport) -> None:
        while True:
            await far.write(report(3, 100, 120))
            await asyncio.sleep(0.1)

    return reports


async def give_back(intake: Any) -> object:
    return await intake.give_back(seconds=1)


async def hand_out(dispenser: Any) -> object:
    await dispenser.present(PresentPermit("grant"))
    return await dispenser.taken(seconds=1)


def door(line: Line) -> RelayDoor:
    settings = DoorSettings(port="here", release_seconds=1)
    return RelayDoor(RelayBoard(line, (1,)), NoContact(), settings, FixedClock())


def lights(line: Line) -> RelayLights:
    settings = LightsSettings(port="here", channels={Light.SCANNER: 1})
    return RelayLights(RelayBoard(line, (1,)), settings)


def scanner(told: Told) -> Callable[[Line], SerialScanner]:
    return lambda line: SerialScanner(line, SerialScannerSettings(port="here", trigger=told))


def loaded(maker: Maker) -> None:
    maker.inside.item, maker.inside.spot, maker.inside.made = Item(1), Spot.TRANSPORT, 1


async def out(machine: Any) -> object:
    await machine.present(HandOutPermit("grant"))
    return await machine.taken(seconds=1)


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        DeviceClass.ID_READER,
        "sam-v",
        lambda line: SamV(line, SamVSettings(port="here"), FixedClock()),
        card_reader,
        {"read": lambda d: d.read(seconds=5), "sam-id": lambda d: d.sam_id(), "reset": lambda d: d.reset()},
        secrets=("王小芳", "150207198506150028"),
    ),
    Subject(
        DeviceClass.DOCUMENT_READER,
        "pcsc",
        lambda line: Pcsc(LineCards(line), PcscSettings(), FixedClock(), quiet_random()),
        card_on_a_line,
        {"read": lambda d: d.read(key_of(PASS), seconds=5)},
        secrets=(PASS.zone[2:11], person_of(0).card.name, person_of(0).card.number),
    ),
    Subject(
        DeviceClass.FINGERPRINT,
        "simulated",
        lambda line: SimulatedSensor(line),
        lambda: Sensor({"CAPTURE": [FINGER], "MATCH": [b"MATCH yes\n"], "STATUS": [b"STATUS ok\n"]}),
        {"capture": lambda d: d.capture(seconds=5), "match": lambda d: d.match(A, B)},
        secrets=(A.hex(),),
    ),
    Subject(
        DeviceClass.LOCKER,
        "lock-8a",
        lambda line: Lock8A(line, lock_8a_settings()),
        lambda: Boards({PULSE: [OPENED], ASK: [IS_OPEN], ALL: [ALL_SHUT]}),
        {
            "open": lambda d: d.open(OpenPermit("grant", THIRD)),
            "door": lambda d: d.door(THIRD),
            "doors": lambda d: d.doors(1),
        },
    ),
    Subject(
        DeviceClass.LOCKER,
        "kerong-cu16",
        lambda line: KerongCu16(line, kerong_settings()),
        Cabinet,
        {
            "open": lambda d: d.open(OpenPermit("grant", THIRD)),
            "doors": lambda d: d.doors(1),
            "item": lambda d: d.item(Compartment(1, 3)),
        },
    ),
    Subject(
        DeviceClass.RECEIPT_PRINTER,
        "escpos",
        lambda line: EscPosPrinter(line, EscPosSettings(port="here")),
        Paper,
        {"print": lambda d: d.print("王小芳\n".encode("gb18030")), "status": lambda d: d.status()},
        secrets=("王小芳",),
    ),
    Subject(
        DeviceClass.DISPENSER,
        "crt-591",
        lambda line: Crt591([line], Crt591Settings(port="here", baud=9600)),
        Unit,
        {"stage": lambda d: d.stage(), "version": lambda d: d.version(), "serial": lambda d: d.serial()},
        secrets=("SN-00042",),
    ),
    Subject(
        DeviceClass.DISPENSER,
        "crt-591-loaded",
        lambda line: Crt591([line], Crt591Settings(port="here", baud=9600)),
        lambda: Unit(place=b"2"),
        {"present": hand_out, "retain": lambda d: d.retain(), "retained": lambda d: d.retained()},
    ),
    Subject(
        DeviceClass.SCANNER,
        "serial-scanner",
        scanner(Told.NOTHING),
        shows,
        {"scan": lambda d: d.scan(seconds=5)},
        secrets=("SECRET",),
        answers=False,
    ),
    Subject(
        DeviceClass.SCANNER,
        "serial-scanner-gm65",
        scanner(Told.GM65),
        shows,
        {"scan": lambda d: d.scan(seconds=5)},
        secrets=("SECRET",),
    ),
    Subject(
        DeviceClass.INTAKE,
        "crt-310",
        lambda line: Crt310(line, Crt310Settings(port="here"), Inline()),
        lambda: Motor(card=INSIDE),
        {"keep": lambda d: d.keep(), "give-back": give_back, "where": lambda d: d.where()},
    ),
    Subject(DeviceClass.DOOR, "relay-lcus", door, Relays, {"release": lambda d: d.release()}, answers=False),
    Subject(
        DeviceClass.LIGHTS,
        "relay-lcus",
        lights,
        Relays,
        {"set": lambda d: d.set(Light.SCANNER, FlashRate.CONTINUOUS)},
        answers=False,
    ),
    Subject(DeviceClass.PRESENCE, "ld2410", lambda line: Ld2410(line), radar, {"look": lambda d: d.look()}),
    Subject(
        DeviceClass.UPS,
        "nut",
        lambda line: Nut(line, NutSettings(ups="kiosk")),
        Server,
        {"status": lambda d: d.status()},
    ),
    Subject(DeviceClass.HELP_BUTTON, "input-board", button, board_far, {"state": lambda d: d.state()}),
    Subject(DeviceClass.KEY_SWITCH, "input-board", key, board_far, {"position": lambda d: d.position()}),
    Subject(
        DeviceClass.EXAM_BOOTH,
        "simulated",
        lambda line: SimulatedBooth(line, FixedClock()),
        lambda: booth_far(Booth()),
        {
            "height": lambda d: d.height(),
            "noise": lambda d: d.noise(),
            "play": lambda d: d.play(Tone(Ear.LEFT, 1000, 40, 0.5)),
        },
        secrets=("1726",),
    ),
    Subject(
        DeviceClass.ENDORSEMENT_WRITER,
        "xfs4iot",
        lambda line: Xfs4iotEndorsementWriter(lambda _port: line, WriterSettings(url=URL), FixedClock()),
        lambda: player(Kind.VISITORS_CARD, loaded),
        {"write": lambda d: d.write(ENDORSEMENTS), "out": out},
        secrets=("香港",),
    ),
    Subject(
        DeviceClass.LICENCE_PRINTER,
        "xfs4iot",
        lambda line: Xfs4iotLicencePrinter(lambda _port: line, LicencePrinterSettings(url=URL)),
        lambda: player(Kind.STACK, loaded),
        {"write": lambda d: d.write(LICENCE)},
        secrets=("王小芳",),
    ),
    Subject(
        DeviceClass.PLATE_PRINTER,
        "xfs4iot",
        lambda line: Xfs4iotPlatePrinter(lambda _port: line, PlatePrinterSettings(url=URL)),
        lambda: player(Kind.SHEETS),
        {"clear": lambda d: d.clear()},
        secrets=("王小芳",),
    ),
    Subject(
        DeviceClass.TEMPORARY_ID_MAKER,
        "xfs4iot",
        lambda line: Xfs4iotTemporaryIdMaker(lambda _port: line, TemporaryIdMakerSettings(url=URL)),
        lambda: player(Kind.STACK),
        {"stage": lambda d: d.stage()},
        secrets=(TEMPORARY.name,),
    ),
)

COMMANDS = [pytest.param(s, c, id=f"{s}-{c}") for s in SUBJECTS for c in s.commands]
every = pytest.mark.parametrize("subject", SUBJECTS, ids=str)
every_command = pytest.mark.parametrize(("subject", "command"), COMMANDS)


@cache
def sizes(name: str) -> Mapping[str, int]:
    (subject,) = (s for s in SUBJECTS if str(s) == name)
    return rules.commands_succeed_on_a_sound_line(subject)


class Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def records(request: pytest.FixtureRequest) -> Generator[list[logging.LogRecord]]:
    """Everything the drivers log in a test; afterwards none of it may name a person."""
    keeper = Records()
    room = logging.getLogger("kiosk.devices")
    level = room.level
    room.addHandler(keeper)
    room.setLevel(logging.DEBUG)
    heard: list[logging.LogRecord] = keeper.records
    yield heard
    room.removeHandler(keeper)
    room.setLevel(level)
    subject = request.node.callspec.params["subject"]
    assert isinstance(subject, Subject)
    for record in heard:
        assert not any(secret in record.getMessage() for secret in subject.secrets)


@every
def test_commands_succeed_on_a_sound_line(subject: Subject) -> None:
    assert all(size > 0 for size in sizes(str(subject)).values())


@every
def test_status_is_a_value(subject: Subject) -> None:
    rules.status_is_a_value(subject)


@every
def test_capabilities_are_static(subject: Subject) -> None:
    rules.capabilities_are_static(subject)


@every_command
def test_unplugged_at_every_byte_it_stays_usable(subject: Subject, command: str) -> None:
    cuts = rules.unplugged_at_every_byte_it_stays_usable(subject, command, sizes(str(subject)))
    assert cuts == len(rules.some_of(sizes(str(subject))[command]))


@every_command
def test_given_up_at_every_byte_it_stays_usable(subject: Subject, command: str) -> None:
    rules.cancelled_at_every_byte_it_stays_usable(subject, command, sizes(str(subject)))


@every
def test_one_command_at_a_time(subject: Subject) -> None:
    rules.one_command_at_a_time(subject)


@every
def test_down_and_back_are_logged_once(subject: Subject, records: list[logging.LogRecord]) -> None:
    rules.down_and_back_are_logged_once(subject, records)


@every
def test_after_every_connect_the_device_is_asked(subject: Subject) -> None:
    rules.after_every_connect_the_device_is_asked(subject)


@every
def test_absent_it_is_looked_for_ever_more_rarely(subject: Subject) -> None:
    waited = rules.absent_it_is_looked_for_ever_more_rarely(subject)
    assert max(waited) <= LONGEST_RETRY_SECONDS * 1.25


@every
def test_a_stranger_is_noticed(subject: Subject) -> None:
    assert bool(rules.a_stranger_is_noticed(subject)) is subject.answers
