"""The driver pcsc against the real smart card service with its virtual reader, and a card of ours on it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager

import pytest

from kiosk.devices.cli import run
from kiosk.devices.document_reader.cards import Service, Slot
from kiosk.devices.document_reader.pcsc import Pcsc, PcscSettings
from kiosk.devices.document_reader.service import PcscCards
from kiosk.devices.words import DeviceFault, DeviceState
from kiosk.people.travel_document import ChipKey, parse_mrz
from kiosk.simulation.alone.run import simulate
from kiosk.simulation.pcscd import MISSING, PcscService, pcsc_service
from kiosk.simulation.travel_chip import Meddling, Quirks, TravelChip, VirtualReader
from kiosk.simulation.travel_files import PASS, PASSPORT, document_of, person_of
from tests.devices.farends import FixedClock
from tests.devices.memory_cards import chip_with, key_of, small_document
from tests.devices.test_document_codecs import CHIP_KEY, CHIP_NONCE, EF_COM, EXCHANGES, KEY, OWN_KEY, OWN_NONCE

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}")

SMALL = small_document()
EVERY = "KIOSK_EVERY_BYTE"
LONG_SECONDS = 20.0
"""For conditions that hold within a second on an idle machine."""


@pytest.fixture
def service() -> Generator[PcscService]:
    with pcsc_service() as running:
        yield running


def numbers() -> Callable[[int], bytes]:
    count = iter(range(1, 1000))
    return lambda size: next(count).to_bytes(size, "big")


@asynccontextmanager
async def watched(reader: str = "") -> AsyncGenerator[tuple[Pcsc, PcscCards]]:
    """A driver that has seen both slots of the virtual reader empty."""
    cards = PcscCards()
    driver = Pcsc(cards, PcscSettings(reader=reader), FixedClock(), numbers())
    try:
        await until(cards, lambda slots: list(slots.values()) == [Slot.EMPTY] * 2)
        yield driver, cards
    finally:
        await driver.close()


async def until(cards: PcscCards, condition: Callable[[dict[str, Slot]], bool]) -> None:
    sight = await cards.look()
    try:
        async with asyncio.timeout(LONG_SECONDS):
            while not (sight.service is Service.UP and condition(sight.slots)):
                sight = await cards.changed(sight, 1)
    except TimeoutError:
        raise AssertionError(f"still {sight}") from None


async def state(driver: Pcsc, wanted: DeviceState) -> str:
    """Until health says so; its detail."""
    async with asyncio.timeout(LONG_SECONDS):
        while (health := await driver.health()).state is not wanted:
            await asyncio.sleep(0.005)
    return health.detail


async def laid(
    cards: PcscCards, port: int, chip: TravelChip, at: int = 0, meddling: Meddling | None = None
) -> VirtualReader:
    """A card that has been seen. `meddling` happens at the command `at`."""
    before = (await cards.look()).slots
    assert Slot.CARD not in list(before.values())[:1]
    card = VirtualReader(port, chip, lambda number: meddling if meddling and number == at else Meddling.NOTHING)
    await until(cards, lambda slots: Slot.CARD in slots.values())
    return card


async def empty(cards: PcscCards) -> None:
    await until(cards, lambda slots: set(slots.values()) == {Slot.EMPTY})


def live(body: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        async with asyncio.timeout(60):
            await body()

    asyncio.run(within())


@pytest.mark.parametrize("kind", [PASS, PASSPORT])
def test_a_whole_document_through_the_real_service(
    service: PcscService, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    document, person = document_of(kind, 5), person_of(5)

    async def body() -> None:
        async with watched() as (driver, cards):
            # Laid down while it is awaited.
            seen: list[str] = []
            running = asyncio.create_task(
                driver.read(key_of(document), seconds=LONG_SECONDS, document_seen=lambda: seen.append("seen"))
            )
            card = await laid(cards, service.port, TravelChip(document.information, document.files))
            read = await running
            assert seen == ["seen"]
            assert read.mrz.chip_key == key_of(document)
            assert read.details is not None and read.details.name == person.card.name
            assert read.portrait is not None and document.files[0x0102].endswith(read.portrait.picture)
            assert read.exchanges == len(card.commands)
            # Still lying there, it is read again: the session before has left nothing behind.
            again = await driver.read(key_of(document), seconds=LONG_SECONDS)
            assert (again.mrz, again.portrait) == (read.mrz, read.portrait)
            card.take_away()
            await empty(cards)

    with caplog.at_level(logging.DEBUG):
        live(body)
    personal = (document.zone, key_of(document).number, person.card.name, person.card.number, document.information)
    assert not any(secret in caplog.text for secret in personal)


def test_the_worked_example_of_appendix_d_byte_for_byte(service: PcscService) -> None:
    """The reader's random numbers and the chip's are the example's: so must every byte be that passes."""

    async def body() -> None:
        chips, ours = iter((CHIP_NONCE, CHIP_KEY)), iter((OWN_NONCE, OWN_KEY))
        cards = PcscCards()
        driver = Pcsc(cards, PcscSettings(), FixedClock(), lambda _size: next(ours))
        await until(cards, lambda slots: bool(slots))
        card = await laid(
            cards, service.port, TravelChip(KEY.information, {0x011E: EF_COM}, lambda size: next(chips, bytes(size)))
        )
        with pytest.raises(DeviceFault, match="invalidMedia"):
            # The example's document has nothing but EF.COM.
            await driver.read(KEY, seconds=LONG_SECONDS)
        assert card.commands[: len(EXCHANGES)] == [bytes.fromhex(sent) for _, sent, _ in EXCHANGES]
        assert card.answers[: len(EXCHANGES)] == [bytes.fromhex(answer) for _, _, answer in EXCHANGES]
        card.take_away()
        await empty(cards)
        await driver.close()

    live(body)


def test_a_wrong_zone_and_a_wrong_mac(service: PcscService) -> None:
    async def body() -> None:
        async with watched() as (driver, cards):
            card = await laid(cards, service.port, chip_with(SMALL))
            with pytest.raises(DeviceFault, match="commandErrorCode:accessDenied"):
                await driver.read(ChipKey.of("X99999999", "900307", "301231"), seconds=LONG_SECONDS)
            assert (await driver.read(key_of(SMALL), seconds=LONG_SECONDS)).exchanges
            card.take_away()
            await empty(cards)
            card = await laid(cards, service.port, chip_with(SMALL, Quirks(spoil_mac=True)))
            with pytest.raises(DeviceFault, match="commandErrorCode:securityFail"):
                await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
            card.take_away()
            await empty(cards)

    live(body)


def test_torn_out_at_every_command(service: PcscService) -> None:
    """Before the answer, in the middle of it and behind it in turn; each time it is laid down again afterwards.

    Every third command, or each of them with KIOSK_EVERY_BYTE=1: the service takes half a second to see a card go.
    """

    async def body() -> None:
        async with watched() as (driver, cards):
            card = await laid(cards, service.port, chip_with(SMALL))
            last = (await driver.read(key_of(SMALL), seconds=LONG_SECONDS)).exchanges
            card.take_away()
            ways = (Meddling.TEAR_BEFORE, Meddling.TEAR_INSIDE, Meddling.TEAR_AFTER)
            step = 1 if os.environ.get(EVERY) else 3
            for nth, at in enumerate(range(1, last, step), start=2):
                await empty(cards)
                card = await laid(cards, service.port, chip_with(SMALL), at, ways[nth % 3])
                with pytest.raises(DeviceFault, match="commandErrorCode:mediaLost"):
                    await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
                card.wait()
                assert (await driver.health()).state is DeviceState.ONLINE
            await empty(cards)
            card = await laid(cards, service.port, chip_with(SMALL))
            assert (await driver.read(key_of(SMALL), seconds=LONG_SECONDS)).exchanges == last
            card.take_away()
            await empty(cards)

    live(body)


def test_back_before_the_service_missed_it(service: PcscService) -> None:
    """A card that slips and lies there again at once, sooner than the service looks, is read."""

    async def body() -> None:
        async with watched() as (driver, cards):
            for at in (1, 5):
                card = await laid(cards, service.port, chip_with(SMALL), at, Meddling.TEAR_BEFORE)
                with pytest.raises(DeviceFault, match="commandErrorCode:mediaLost"):
                    await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
                card.wait()
                again = VirtualReader(service.port, chip_with(SMALL))
                assert (await driver.read(key_of(SMALL), seconds=LONG_SECONDS)).exchanges
                again.take_away()
                await empty(cards)

    live(body)


def test_two_cards_at_once(service: PcscService) -> None:
    async def body() -> None:
        async with watched() as (driver, cards):
            first = await laid(cards, service.port, chip_with(SMALL))
            second = VirtualReader(service.port + 1, chip_with(SMALL))
            await until(cards, lambda slots: list(slots.values()) == [Slot.CARD] * 2)
            with pytest.raises(DeviceFault, match="commandErrorCode:cardCollision"):
                await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
            one = Pcsc(cards, PcscSettings(reader="00 01"), FixedClock(), numbers())
            assert (await one.read(key_of(SMALL), seconds=LONG_SECONDS)).exchanges == len(second.commands)
            assert first.commands == []
            first.take_away()
            second.take_away()
            await empty(cards)

    live(body)


def test_a_card_that_hangs(service: PcscService, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is given up, the reader is not usable until the card is taken away, and then it is."""
    monkeypatch.setattr("kiosk.devices.document_reader.chip.ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("kiosk.devices.document_reader.chip.Chip._ask.__defaults__", (0.3,), raising=False)

    async def body() -> None:
        async with watched() as (driver, cards):
            card = await laid(cards, service.port, chip_with(SMALL), 5, Meddling.HANG)
            with pytest.raises(DeviceFault, match="deviceNotReady"):
                await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
            assert await state(driver, DeviceState.POWER_OFF) == "a chip fell silent and keeps the reader"
            card.take_away()
            await state(driver, DeviceState.ONLINE)
            await empty(cards)
            card = await laid(cards, service.port, chip_with(SMALL))
            await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
            card.take_away()
            await empty(cards)

    live(body)


def test_given_up_in_the_middle(service: PcscService) -> None:
    async def body() -> None:
        async with watched() as (driver, cards):
            card = await laid(cards, service.port, chip_with(SMALL), 4, Meddling.HANG)
            running = asyncio.create_task(driver.read(key_of(SMALL), seconds=LONG_SECONDS))
            async with asyncio.timeout(LONG_SECONDS):
                while len(card.commands) < 4:
                    await asyncio.sleep(0.005)
            began = asyncio.get_running_loop().time()
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            assert asyncio.get_running_loop().time() - began < 5
            card.take_away()
            await empty(cards)
            card = await laid(cards, service.port, chip_with(SMALL))
            await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
            card.take_away()
            await empty(cards)

    live(body)


def test_the_simulator_alone_lays_a_pass_down_and_says_what_opens_it(service: PcscService) -> None:
    async def body() -> None:
        async with watched() as (driver, cards):
            zones: list[str] = []
            playing = asyncio.create_task(
                simulate(
                    "document-reader", "pcsc", pty="", tcp=service.port, say=lambda _at, zone: zones.append(zone)
                )
            )
            await until(cards, lambda slots: Slot.CARD in slots.values())
            read = await driver.read(parse_mrz(zones[0]).chip_key, seconds=LONG_SECONDS)
            assert read.mrz.chip_key == parse_mrz(zones[0]).chip_key
            playing.cancel()
            await empty(cards)

    live(body)


def test_the_service_dies_and_comes_back(service: PcscService) -> None:
    """While idle, while a document is awaited and while one is read; and back without its reader at first."""

    async def body() -> None:
        async with watched() as (driver, cards):
            service.kill()
            assert await state(driver, DeviceState.POWER_OFF)
            with pytest.raises(DeviceFault, match="deviceNotReady"):
                await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
            service.start(readers=False)
            async with asyncio.timeout(LONG_SECONDS):
                while (await driver.health()).detail != "no such reader is connected":
                    await asyncio.sleep(0.005)
            service.end()
            service.start()
            await state(driver, DeviceState.ONLINE)

            waiting = asyncio.create_task(driver.read(key_of(SMALL), seconds=LONG_SECONDS))
            await asyncio.sleep(0)
            service.kill()
            with pytest.raises(DeviceFault, match="deviceNotReady"):
                await waiting
            service.start()
            await state(driver, DeviceState.ONLINE)

            await empty(cards)
            card = await laid(cards, service.port, chip_with(SMALL), 6, Meddling.HANG)
            reading = asyncio.create_task(driver.read(key_of(SMALL), seconds=LONG_SECONDS))
            async with asyncio.timeout(LONG_SECONDS):
                while len(card.commands) < 6:
                    await asyncio.sleep(0.005)
            service.kill()
            with pytest.raises(DeviceFault, match="deviceNotReady"):
                await reading
            card.wait()
            service.start()
            await empty(cards)
            card = await laid(cards, service.port, chip_with(SMALL))
            await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
            card.take_away()
            await empty(cards)

    live(body)


def test_a_service_that_hangs_is_noticed_and_does_not_hold_the_end_up(
    service: PcscService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.devices.document_reader.service.SILENT_SECONDS", 1.5)
    monkeypatch.setattr("kiosk.devices.document_reader.service.CLOSE_SECONDS", 0.2)

    async def body() -> None:
        async with watched() as (driver, _cards):
            service.hang()
            try:
                assert await state(driver, DeviceState.POWER_OFF) == "the smart card service is silent"
                with pytest.raises(DeviceFault, match="deviceNotReady"):
                    await driver.read(key_of(SMALL), seconds=LONG_SECONDS)
            finally:
                service.go_on()
            await state(driver, DeviceState.ONLINE)

    live(body)


def test_from_a_shell(service: PcscService, capsys: pytest.CaptureFixture[str]) -> None:
    document, person = document_of(PASSPORT, 9), person_of(9)
    card = VirtualReader(service.port, TravelChip(document.information, document.files))
    lines = f"{document.zone[:44]}/{document.zone[44:]}"
    common = ["document-reader", "read", "--driver", "pcsc", "--json", "--seconds", "30"]
    try:
        assert run([*common, "--mrz", lines]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert (answer["layout"], answer["portrait"], answer["signature"]) == ("td3", "image/jpeg", "present")
        assert person.card.name not in str(answer) and key_of(document).number not in str(answer)
        assert run([*common, "--show", "--mrz", lines]) == 0
        assert json.loads(capsys.readouterr().out)["name"] == person.card.name
        other = document_of(PASSPORT, 10).zone
        assert run([*common, "--mrz", other]) == 2
        assert json.loads(capsys.readouterr().out) == {"error": "commandErrorCode", "code": "accessDenied"}
        assert run([*common, "--mrz", "x" * 88]) == 64
        assert run(common) == 64
        assert run(["document-reader", "health", "--driver", "pcsc", "--set", "reader=nobody's"]) == 3
    finally:
        card.take_away()
