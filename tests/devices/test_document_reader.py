"""The driver pcsc with readers in memory, on the virtual clock: every failure by its name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.devices.document_reader.cards import Service, Slot
from kiosk.devices.document_reader.chip import ANSWER_SECONDS
from kiosk.devices.document_reader.contract import DocumentRead, PortraitFormat, Signature
from kiosk.devices.document_reader.pcsc import CONNECT_SECONDS, READ_SECONDS, Pcsc, PcscSettings
from kiosk.devices.drivers import DOCUMENT_READERS, InvalidSettings, Tools
from kiosk.devices.lines import line_at
from kiosk.devices.words import DeviceFault, DeviceState
from kiosk.people.travel_document import ChipKey, MrzLayout
from kiosk.simulation.travel_chip import Meddling, Quirks, Status, TravelChip
from kiosk.simulation.travel_files import (
    COM,
    DG1,
    DG2,
    DG11,
    PASS,
    PASSPORT,
    SOD,
    TravelDocument,
    document_of,
    person_of,
    tlv,
)
from kiosk.times import InlineWorker
from tests.devices.farends import FixedClock
from tests.devices.memory_cards import READER, MemoryCards, chip_with, face_file, key_of, quiet_random, small_document
from tests.devices.virtual import run_virtual

SMALL = small_document()
OTHER_READER = "Memory Contact 00 01"


def driver(cards: MemoryCards, **settings: Any) -> Pcsc:
    return Pcsc(cards, PcscSettings(**settings), FixedClock(), quiet_random())


def reading(
    document: TravelDocument = SMALL,
    *,
    chip: TravelChip | Slot | None = None,
    key: ChipKey | None = None,
    meddle: Callable[[int], Meddling] = lambda _number: Meddling.NOTHING,
    **settings: Any,
) -> DocumentRead:
    async def read() -> DocumentRead:
        cards = MemoryCards({READER: chip or chip_with(document)}, meddle=meddle)
        found = await driver(cards, **settings).read(key or key_of(document), seconds=5)
        assert cards.open == 0
        return found

    return run_virtual(read())


def fault(run: Callable[[], object]) -> str:
    with pytest.raises(DeviceFault) as raised:
        run()
    assert not raised.value.acted
    return str(raised.value)


def changed(document: TravelDocument, number: int, data: bytes | None) -> TravelDocument:
    files = {n: d for n, d in document.files.items() if n != number}
    return TravelDocument(document.zone, document.information, files if data is None else {**files, number: data})


def exchanges_of(document: TravelDocument) -> int:
    return reading(document).exchanges


# -- readings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "layout"), [(PASS, MrzLayout.PASS_LINE), (PASSPORT, MrzLayout.TD3)])
def test_a_whole_document(kind: str, layout: MrzLayout) -> None:
    document, person = document_of(kind, 5), person_of(5)
    read = reading(document)
    assert (read.mrz.layout, read.mrz.chip_key) == (layout, key_of(document))
    assert read.details is not None and read.details.name == person.card.name
    assert read.details.number == person.card.number
    assert read.portrait is not None and read.portrait.format is PortraitFormat.JPEG
    assert document.files[DG2].endswith(read.portrait.picture)
    assert read.signature is Signature.PRESENT
    assert person.card.name not in repr(read) and read.mrz.number not in repr(read)


def test_the_wires_time_and_ours_are_told_apart() -> None:
    read = reading()
    assert read.wire_seconds == pytest.approx(0.01 * read.exchanges)
    assert read.own_seconds == pytest.approx(0)


def test_files_beyond_32_kib_are_read_to_their_end() -> None:
    document = document_of(PASS, 0, "cast")
    assert len(document.files[DG2]) > 0x8000 + 0xDF
    read = reading(document)
    assert read.portrait is not None and document.files[DG2].endswith(read.portrait.picture)


@pytest.mark.parametrize("chunk", [16, 100, 223])
def test_any_chunk_reads_the_same(chunk: int) -> None:
    document = document_of(PASS, 0)
    assert reading(document, chunk=chunk).portrait == reading(document).portrait
    assert reading(document, chip=chip_with(document, Quirks(at_most=chunk))).portrait == reading(document).portrait


@pytest.mark.parametrize("chunk", [0, 15, 224, 256])
def test_a_chunk_that_does_not_fit_is_no_setting(chunk: int) -> None:
    tools = Tools(FixedClock(), line_at, InlineWorker, lambda _order: b"", MemoryCards)
    with pytest.raises(InvalidSettings, match="chunk"):
        DOCUMENT_READERS.make("pcsc", {"chunk": chunk}, tools)
    assert isinstance(DOCUMENT_READERS.make("pcsc", {"reader": "PICC"}, tools), Pcsc)


def test_what_the_chip_does_not_list_is_none() -> None:
    listed = tlv(0x60, tlv(0x5C, b"\x61"))
    read = reading(changed(changed(SMALL, COM, listed), SOD, None))
    assert (read.portrait, read.details, read.signature) == (None, None, Signature.ABSENT)


def test_without_a_list_every_group_is_asked_for() -> None:
    read = reading(changed(SMALL, COM, None))
    assert read.portrait is not None and read.details is not None
    assert reading(changed(changed(SMALL, COM, None), DG11, None)).details is None


def test_a_document_laid_down_later_is_waited_for_and_announced_once() -> None:
    async def later() -> tuple[DocumentRead, list[str]]:
        cards = MemoryCards({READER: Slot.EMPTY})
        seen: list[str] = []
        running = asyncio.create_task(
            driver(cards).read(key_of(SMALL), seconds=30, document_seen=lambda: seen.append("seen"))
        )
        await asyncio.sleep(20)
        assert seen == []
        cards.put(READER, chip_with(SMALL))
        return await running, seen

    read, seen = run_virtual(later())
    assert read.mrz.layout is MrzLayout.PASS_LINE
    assert seen == ["seen"]


def test_the_wait_for_a_person_does_not_hurry_the_chip() -> None:
    async def slow() -> None:
        cards = MemoryCards({READER: chip_with(SMALL)})
        await driver(cards).read(key_of(SMALL), seconds=0.02)

    run_virtual(slow())


def test_two_readings_follow_each_other() -> None:
    async def both() -> None:
        cards = MemoryCards({READER: chip_with(SMALL)})
        reader = driver(cards)
        ends = await asyncio.gather(*(reader.read(key_of(SMALL), seconds=5) for _ in range(3)))
        assert len({id(end) for end in ends}) == 3
        assert cards.open == 0

    run_virtual(both())


# -- failures --------------------------------------------------------------------------------------------------------


def test_nobody_comes() -> None:
    assert fault(lambda: reading(chip=Slot.EMPTY)) == "timeOut"


def test_a_chip_that_does_not_wake_up() -> None:
    assert fault(lambda: reading(chip=Slot.MUTE)) == "commandErrorCode:atrNotObtained"


def test_two_cards_at_once() -> None:
    async def two() -> None:
        cards = MemoryCards({READER: chip_with(SMALL), OTHER_READER: chip_with(SMALL)})
        with pytest.raises(DeviceFault) as raised:
            await driver(cards).read(key_of(SMALL), seconds=5)
        assert raised.value.code == "cardCollision"
        assert cards.commands == []
        assert (await driver(cards, reader="PICC").read(key_of(SMALL), seconds=5)).exchanges

    run_virtual(two())


@pytest.mark.parametrize("status", [None, Status.WRONG_KEY, Status.NOT_SATISFIED, Status.WRONG_PROTECTION, 0x63C2])
def test_a_wrong_zone(status: int | None) -> None:
    chip = chip_with(SMALL, Quirks(refuse_with=status))
    key = ChipKey.of("X99999999", "900307", "301231")
    assert fault(lambda: reading(chip=chip, key=key)) == "commandErrorCode:accessDenied"


def test_the_chip_of_another_document_with_the_same_key() -> None:
    """DG1 speaks of somebody else than the zone that opened the chip."""
    other = changed(SMALL, DG1, document_of(PASS, 7).files[DG1])
    assert fault(lambda: reading(other)) == "commandErrorCode:securityFail"


def test_a_card_without_the_application() -> None:
    chip = TravelChip(SMALL.information, {})
    chip.answer = lambda apdu: bytes.fromhex("6A82")
    assert fault(lambda: reading(chip=chip)) == "commandErrorCode:invalidMedia"


@pytest.mark.parametrize(
    ("ins", "answer", "word"),
    [
        (0x84, "6D00", "unsupportedCommand:protocolNotSupported"),
        (0x84, "0102039000", "unsupportedCommand:protocolNotSupported"),
        (0x84, "90", "commandErrorCode:mediaLost"),
        (0x82, "6D00", "unsupportedCommand:protocolNotSupported"),
        (0x82, "6F00", "commandErrorCode:invalidMedia"),
        (0x82, "9000", "commandErrorCode:securityFail"),
    ],
)
def test_a_chip_that_answers_otherwise(ins: int, answer: str, word: str) -> None:
    chip = chip_with(SMALL)
    ordinary = chip.answer
    chip.answer = lambda apdu: bytes.fromhex(answer) if apdu[1] == ins else ordinary(apdu)
    assert fault(lambda: reading(chip=chip)) == word


def test_a_chip_whose_macs_are_wrong() -> None:
    assert fault(lambda: reading(chip=chip_with(SMALL, Quirks(spoil_mac=True)))) == "commandErrorCode:securityFail"


def test_a_mac_that_goes_wrong_at_any_later_answer() -> None:
    for at in range(4, exchanges_of(SMALL) + 1):
        chip = chip_with(SMALL)
        ordinary, count = chip.answer, iter(range(1, 100))

        def spoilt(apdu: bytes, at: int = at, ordinary: Any = ordinary, count: Any = count) -> bytes:
            answer = ordinary(apdu)
            return answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:] if next(count) == at else answer

        chip.answer = spoilt
        assert fault(lambda chip=chip: reading(chip=chip)) == "commandErrorCode:securityFail"


@pytest.mark.parametrize("meddling", [Meddling.TEAR_BEFORE, Meddling.TEAR_INSIDE, Meddling.TEAR_AFTER])
def test_torn_out_at_every_command_and_laid_down_again(meddling: Meddling) -> None:
    last = exchanges_of(SMALL)

    async def torn(at: int) -> None:
        cards = MemoryCards({READER: chip_with(SMALL)})
        cards.meddle = lambda number: meddling if number == at else Meddling.NOTHING
        reader = driver(cards)
        if meddling is Meddling.TEAR_AFTER and at == last:
            await reader.read(key_of(SMALL), seconds=5)
        else:
            with pytest.raises(DeviceFault) as raised:
                await reader.read(key_of(SMALL), seconds=5)
            assert str(raised.value) == "commandErrorCode:mediaLost"
        assert cards.open == 0
        assert (await reader.health()).state is DeviceState.ONLINE
        cards.put(READER, chip_with(SMALL))
        assert (await reader.read(key_of(SMALL), seconds=5)).exchanges == last

    for at in range(1, last + 1):
        run_virtual(torn(at))


def test_a_card_that_hangs_at_every_command_keeps_its_reader_until_it_is_taken_away() -> None:
    async def hang(at: int) -> None:
        cards = MemoryCards({READER: chip_with(SMALL)})
        cards.meddle = lambda number: Meddling.HANG if number == at else Meddling.NOTHING
        reader, loop = driver(cards), asyncio.get_running_loop()
        began = loop.time()
        with pytest.raises(DeviceFault) as raised:
            await reader.read(key_of(SMALL), seconds=5)
        assert str(raised.value) == "deviceNotReady"
        assert ANSWER_SECONDS <= loop.time() - began < READ_SECONDS
        health = await reader.health()
        assert (health.state, health.detail) == (DeviceState.POWER_OFF, "a chip fell silent and keeps the reader")
        with pytest.raises(DeviceFault, match="deviceNotReady"):
            await reader.read(key_of(SMALL), seconds=5)
        cards.put(READER, chip_with(SMALL))
        assert (await reader.health()).state is DeviceState.ONLINE
        await reader.read(key_of(SMALL), seconds=5)

    for at in range(1, exchanges_of(SMALL) + 1):
        run_virtual(hang(at))


def test_a_chip_that_is_ever_so_slow_ends_too() -> None:
    async def slow() -> None:
        cards = MemoryCards({READER: chip_with(document_of(PASS, 0, "cast"))})
        reader, loop = driver(cards, chunk=16), asyncio.get_running_loop()
        began = loop.time()
        with pytest.raises(DeviceFault, match="deviceNotReady"):
            await reader.read(key_of(document_of(PASS, 0)), seconds=5)
        assert loop.time() - began == pytest.approx(READ_SECONDS, abs=0.1)
        assert (await reader.health()).state is DeviceState.ONLINE

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kiosk.devices.document_reader.pcsc.READ_SECONDS", 2.0)
        patch.setitem(globals(), "READ_SECONDS", 2.0)
        run_virtual(slow())


def test_another_programs_reader_is_waited_for_and_given_up() -> None:
    async def busy() -> None:
        cards = MemoryCards({READER: chip_with(SMALL)}, busy=True)
        loop = asyncio.get_running_loop()
        began = loop.time()
        with pytest.raises(DeviceFault, match="deviceNotReady"):
            await driver(cards).read(key_of(SMALL), seconds=60)
        assert loop.time() - began == pytest.approx(CONNECT_SECONDS)

    run_virtual(busy())


@pytest.mark.parametrize("file", [COM, DG1, DG2, DG11])
def test_a_truncated_group(file: int) -> None:
    data = SMALL.files[file]
    for end in (0, 1, 3, 4, 5, len(data) // 2, len(data) - 1):
        assert fault(lambda end=end: reading(changed(SMALL, file, data[:end]))) == "commandErrorCode:invalidMedia"


@pytest.mark.parametrize("file", [COM, DG1, DG2, DG11])
@pytest.mark.parametrize("length", ["84FFFFFFFF", "83FFFFFF", "82FFFF", "80", "FF"])
def test_a_group_that_claims_to_be_huge(file: int, length: str) -> None:
    """It is not believed, and not read: a handful of commands, whatever it says."""
    data = SMALL.files[file][:1] + bytes.fromhex(length) + bytes(70_000)

    async def read() -> None:
        cards = MemoryCards({READER: chip_with(changed(SMALL, file, data))})
        with pytest.raises(DeviceFault, match="commandErrorCode:invalidMedia"):
            await driver(cards).read(key_of(SMALL), seconds=5)
        assert len(cards.commands) < 20

    run_virtual(read())


@pytest.mark.parametrize("file", [DG1, DG2, DG11])
def test_a_group_that_is_listed_and_not_there(file: int) -> None:
    assert fault(lambda: reading(changed(SMALL, file, None))) == "commandErrorCode:invalidMedia"


def test_no_group_of_the_zone_at_all() -> None:
    assert fault(lambda: reading(changed(changed(SMALL, COM, None), DG1, None))) == "commandErrorCode:invalidMedia"


@pytest.mark.parametrize("picture", [b"", b"GIF89a"])
def test_a_portrait_that_makes_no_sense(picture: bytes) -> None:
    assert fault(lambda: reading(changed(SMALL, DG2, face_file(picture)))) == "commandErrorCode:invalidMedia"


def test_a_chip_that_gives_more_than_was_asked_for() -> None:
    chip = chip_with(SMALL)
    chip.piece = lambda offset, wanted: (bytes(wanted + 1), Status.OK)
    assert fault(lambda: reading(chip=chip)) == "commandErrorCode:invalidMedia"


def test_a_chip_that_refuses_to_be_read() -> None:
    chip = chip_with(SMALL)
    chip.piece = lambda offset, wanted: (b"", Status.NOT_SATISFIED)
    assert fault(lambda: reading(chip=chip)) == "commandErrorCode:invalidMedia"


def answering(chip: TravelChip, instruction: int, answer: tuple[bytes, Status]) -> None:
    """From now on the chip gives one instruction the same answer, whatever it is asked."""
    ordinary = chip.read

    def read(ins: int, p1: int, p2: int, data: bytes, wanted: int) -> tuple[bytes, Status]:
        return answer if ins == instruction else ordinary(ins, p1, p2, data, wanted)

    chip.read = read


def test_a_file_that_may_not_be_selected() -> None:
    chip = chip_with(SMALL)
    answering(chip, 0xA4, (b"", Status.NOT_SATISFIED))
    assert fault(lambda: reading(chip=chip)) == "commandErrorCode:invalidMedia"


def test_beyond_32_kib_nonsense_is_refused_too() -> None:
    document = document_of(PASS, 0, "cast")
    chip = chip_with(document)
    answering(chip, 0xB1, (b"\x53\x05", Status.OK))
    assert fault(lambda: reading(document, chip=chip)) == "commandErrorCode:invalidMedia"


def test_given_up_while_waiting_and_while_reading() -> None:
    async def given_up(after: float, card: TravelChip | Slot) -> None:
        cards = MemoryCards({READER: card})
        reader = driver(cards)
        running = asyncio.create_task(reader.read(key_of(SMALL), seconds=60))
        await asyncio.sleep(after)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert cards.open == 0
        cards.put(READER, chip_with(SMALL))
        await reader.read(key_of(SMALL), seconds=5)

    run_virtual(given_up(3, Slot.EMPTY))
    for number in range(exchanges_of(SMALL)):
        run_virtual(given_up(0.01 * number + 0.005, chip_with(SMALL)))


# -- health ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "readers", "state", "detail"),
    [
        (Service.STARTING, {}, DeviceState.STARTING, ""),
        (Service.DOWN, {}, DeviceState.POWER_OFF, "away"),
        (Service.UP, {}, DeviceState.POWER_OFF, "no such reader is connected"),
        (Service.UP, {OTHER_READER: Slot.EMPTY}, DeviceState.POWER_OFF, "no such reader is connected"),
        (Service.UP, {READER: Slot.EMPTY}, DeviceState.ONLINE, ""),
        (Service.UP, {READER: Slot.MUTE}, DeviceState.ONLINE, ""),
    ],
)
def test_health(service: Service, readers: dict[str, Any], state: DeviceState, detail: str) -> None:
    async def ask() -> None:
        cards = MemoryCards(dict(readers), service=service)
        reader = driver(cards, reader="PICC")
        health = await reader.health()
        assert (health.state, health.code, health.detail) == (state, "", detail)
        if state is DeviceState.POWER_OFF:
            with pytest.raises(DeviceFault, match="deviceNotReady"):
                await reader.read(key_of(SMALL), seconds=5)
        await reader.close()
        assert cards.closed

    run_virtual(ask())


def test_a_reader_that_goes_away_while_a_document_is_awaited_and_one_that_starts() -> None:
    async def gone() -> None:
        cards = MemoryCards({READER: Slot.EMPTY})
        running = asyncio.create_task(driver(cards).read(key_of(SMALL), seconds=60))
        await asyncio.sleep(1)
        cards.cards.clear()
        cards.news.set()
        with pytest.raises(DeviceFault, match="deviceNotReady"):
            await running

    async def starting() -> None:
        cards = MemoryCards({READER: chip_with(SMALL)}, service=Service.STARTING)
        running = asyncio.create_task(driver(cards).read(key_of(SMALL), seconds=60))
        await asyncio.sleep(1)
        cards.service = Service.UP
        cards.news.set()
        await running

    run_virtual(gone())
    run_virtual(starting())


def test_a_reader_lost_between_sight_and_touch() -> None:
    async def lost() -> None:
        cards = MemoryCards({READER: chip_with(SMALL)})
        with pytest.raises(DeviceFault, match="deviceNotReady"):
            await driver(cards).read(key_of(SMALL), seconds=5, document_seen=cards.cards.clear)
        cards.put(READER, chip_with(SMALL))
        with pytest.raises(DeviceFault, match="atrNotObtained"):
            await driver(cards).read(key_of(SMALL), seconds=5, document_seen=lambda: cards.put(READER, Slot.MUTE))

    run_virtual(lost())
