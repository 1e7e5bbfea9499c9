"""Two hands, one protocol: the terminal's drivers and the world's simulators understand each other."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.devices.fingerprint.simulated import SimulatedSensor
from kiosk.devices.id_reader.sam_v import SamV, SamVSettings
from kiosk.devices.locker.contract import Compartment, DoorState, OpenPermit
from kiosk.devices.locker.frames import FeedbackPolarity
from kiosk.devices.locker.lock_8a import BoardSettings, Lock8A, Lock8ASettings
from kiosk.devices.page_printer.ipp import IppPrinter, IppSettings
from kiosk.devices.page_printer.posting import IppPost, PostFailed
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult
from kiosk.devices.receipt_printer.escpos import EscPosPrinter, EscPosSettings
from kiosk.devices.words import DeviceFault, DeviceState, Supply
from kiosk.people.synthetic import Finger, Situation
from kiosk.simulation.scene import Impossible
from kiosk.simulation.state import Board, Device, Polarity
from kiosk.simulation.virtual import VirtualWorld
from kiosk.times import InlineWorker, VirtualClock
from tests.simulation.bench import in_world

PDF = b"%PDF-1.7\n1 0 obj <</Type /Page>>\n%%EOF"
WAIT = 60.0


def reader_on(world: VirtualWorld) -> SamV:
    return SamV(world.line(Device.ID_READER), SamVSettings(port="memory"), VirtualClock())


def printer_on(world: VirtualWorld) -> EscPosPrinter:
    return EscPosPrinter(world.line(Device.RECEIPT_PRINTER), EscPosSettings(port="memory"))


def page_printer_on(world: VirtualWorld) -> IppPrinter:
    def post(what: IppPost) -> bytes:
        try:
            return world.ipp(what.body)
        except Impossible as why:
            raise PostFailed(str(why), sent="unplugged" not in str(why)) from None

    return IppPrinter(IppSettings(uri="ipp://printer.invalid/ipp/print"), post, InlineWorker(), VirtualClock())


@pytest.mark.parametrize(
    "situation",
    [
        Situation.ORDINARY,
        Situation.RARE_NAME,
        Situation.LONG_TERM,
        Situation.HONG_KONG_MACAO_TAIWAN,
        Situation.FOREIGNER_2017,
        Situation.FOREIGNER_2023,
        Situation.FACE_ONLY,
    ],
)
def test_every_kind_of_card_arrives_as_it_was_meant(situation: Situation) -> None:
    async def visit(world: VirtualWorld) -> None:
        for person in world.scene.people.all_of(situation):
            world.call("person-arrives", citizen=person.index)
            world.call("lay-card")
            read = await reader_on(world).read(seconds=WAIT)
            card = person.card
            assert (read.card.kind, read.card.number) == (card.kind, card.number)
            assert (read.card.birth, read.card.valid_from, read.card.valid_to) == (
                card.birth,
                card.valid_from,
                card.valid_to,
            )
            assert read.card.name in (card.name, person.extras.english_name)
            if situation in (Situation.ORDINARY, Situation.RARE_NAME, Situation.LONG_TERM):
                assert read.card == card
            assert read.photo == person.photo()
            assert read.fingers == tuple(person.template(finger) for finger in person.fingers)
            world.call("take-card")

    in_world(visit)


@pytest.mark.parametrize(
    ("card", "code"), [("foreign", "invalidMedia"), ("counterfeit", "securityFail"), ("damaged", "mediaLost")]
)
def test_a_card_that_is_none_has_the_contract_s_word(card: str, code: str) -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("person-arrives", citizen=200)
        world.call("lay-card", card=card)
        with pytest.raises(DeviceFault) as fault:
            await reader_on(world).read(seconds=WAIT)
        assert fault.value.code == code

    in_world(visit)


def test_a_reader_knows_its_module_and_when_it_is_gone() -> None:
    async def visit(world: VirtualWorld) -> None:
        reader = reader_on(world)
        assert "20120101" in await reader.sam_id()
        assert (await reader.health()).state is DeviceState.ONLINE
        world.call("unplug", device="id-reader")
        assert (await reader.health()).state is DeviceState.POWER_OFF
        world.call("plug", device="id-reader")
        async with asyncio.timeout(WAIT):
            while (await reader.health()).state is not DeviceState.ONLINE:
                await asyncio.sleep(1)
        world.call("fault", device="id-reader", fault="self-test")
        assert (await reader.health()).state is DeviceState.HARDWARE_ERROR

    in_world(visit)


@pytest.mark.parametrize(
    ("world_s", "driver_s"),
    [
        (Polarity.OPEN_READS_11, FeedbackPolarity.ZERO_IS_CLOSED),
        (Polarity.OPEN_READS_00, FeedbackPolarity.ZERO_IS_OPEN),
    ],
)
def test_both_wirings_agree_on_what_is_open(world_s: Polarity, driver_s: FeedbackPolarity) -> None:
    async def visit(world: VirtualWorld) -> None:
        board = BoardSettings(address=1, ways=24, feedback_polarity=driver_s)
        locker = Lock8A(world.line(Device.LOCKER), Lock8ASettings(port="memory", boards=(board,)))
        place = Compartment(1, 7)
        assert await locker.door(place) is DoorState.CLOSED
        assert await locker.open(OpenPermit("one", place)) is DoorState.OPEN
        doors = await locker.doors(1)
        assert [lock for lock, state in doors.items() if state is DoorState.OPEN] == [7]
        world.call("door-close", compartment=7)
        assert await locker.door(place) is DoorState.CLOSED
        world.call("fault", device="locker", fault="stuck")
        assert await locker.open(OpenPermit("two", place)) is DoorState.CLOSED
        world.call("clear", device="locker")
        world.call("fault", device="locker", fault="silent")
        assert await locker.open(OpenPermit("three", place)) is DoorState.UNKNOWN
        world.call("clear", device="locker")
        world.call("fault", device="locker", fault="mute", times=1)
        assert await locker.open(OpenPermit("four", place)) is DoorState.OPEN
        assert world.call("state")["compartments"][6]["pulses"] == 3

    in_world(visit, boards=(Board(polarity=world_s),))


def test_a_receipt_is_printed_when_the_printer_says_so() -> None:
    async def visit(world: VirtualWorld) -> None:
        printer = printer_on(world)
        job = bytes.fromhex("1B 40 1C 26") + "领证凭条\n".encode("gb18030") + bytes.fromhex("1D 56 42 00")
        assert (await printer.status()).paper is Supply.FULL
        assert await printer.print(job) == PrintReport(PrintResult.PRINTED)
        world.call("fault", device="receipt-printer", fault="paper-out")
        assert await printer.print(job) == PrintReport(PrintResult.NOT_PRINTED, "paperOut")
        assert (await printer.status()).paper is Supply.OUT
        world.call("clear", device="receipt-printer")
        world.call("fault", device="receipt-printer", fault="silent")
        assert (await printer.status()).health.state is DeviceState.POWER_OFF
        world.call("clear", device="receipt-printer")
        assert await printer.print(job) == PrintReport(PrintResult.PRINTED)
        assert len(world.call("papers")["papers"]) == 2

    in_world(visit)


@pytest.mark.parametrize("request_number", range(8))
def test_a_page_is_printed_at_most_once_whichever_answer_is_lost(request_number: int) -> None:
    async def visit(world: VirtualWorld) -> None:
        printer = page_printer_on(world)
        assert await printer.print(PDF, job_name="a/1", seconds=WAIT) == PrintReport(PrintResult.PRINTED)
        world.call("fault", device="page-printer", fault="drop-answer", after=request_number)
        report = await printer.print(PDF, job_name="a/2", seconds=WAIT)
        await asyncio.sleep(WAIT)
        printed = [paper["name"] for paper in world.call("papers")["papers"]]
        if report.result is PrintResult.PRINTED:
            assert printed == ["a/1", "a/2"]
        elif report.result is PrintResult.NOT_PRINTED:
            assert printed == ["a/1"]
        else:
            assert printed in (["a/1"], ["a/1", "a/2"])

    in_world(visit)


def test_a_page_printer_out_of_paper_says_so() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("fault", device="page-printer", fault="media-empty")
        assert (await page_printer_on(world).status()).paper is Supply.OUT
        world.call("clear", device="page-printer")
        assert (await page_printer_on(world).status()).paper is not Supply.OUT

    in_world(visit)


def test_a_finger_is_captured_and_matched_in_the_sensor() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("person-arrives", citizen=200)
        sensor = SimulatedSensor(world.line(Device.FINGERPRINT))
        world.call("touch-finger", finger="right-thumb")
        touch = await sensor.capture(seconds=WAIT)
        person = world.scene.require_visitor()
        assert await sensor.match(touch.features, person.template(Finger.RIGHT_THUMB)) is True
        assert await sensor.match(touch.features, person.template(Finger.LEFT_THUMB)) is False
        with pytest.raises(DeviceFault):
            await sensor.capture(seconds=1.0)

    in_world(visit)
