"""A dispenser of named documents: out of its position, read inside, held out, seen taken or taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date
from typing import Any

import pytest

from kiosk.devices.dispenser.contract import AtInit, CardPlace, Held, PresentPermit, Stock, Taken
from kiosk.devices.dispenser.xfs4iot import INSIDE_READER, PositionsSettings, Xfs4iotDispenser
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health
from kiosk.people.id_card import IdCard
from kiosk.people.synthetic import PopulationKey, population
from kiosk.people.travel_document import ChipKey
from kiosk.simulation.makers import Fault, Kind
from kiosk.simulation.travel_chip import TravelChip
from kiosk.simulation.travel_files import PASSPORT, made_for
from tests.devices.farends import FixedClock
from tests.devices.makers import URL, House, house
from tests.devices.memory_cards import quiet_random
from tests.devices.virtual import run_virtual

PERSON = population(PopulationKey(7, date(2026, 11, 22))).people[0]
NUMBER, EXPIRY = "E70000001", date(2036, 10, 31)
FILES = made_for(PERSON, PASSPORT, NUMBER, EXPIRY)
KEY = ChipKey.of(NUMBER, f"{PERSON.card.birth:%y%m%d}", f"{EXPIRY:%y%m%d}")
OTHERS = ChipKey.of("E70000002", f"{PERSON.card.birth:%y%m%d}", f"{EXPIRY:%y%m%d}")


class Inside:
    """The security module at the reading place."""

    def __init__(self, card: IdCard) -> None:
        self.card = card
        self.state = DeviceState.ONLINE

    async def read(self, *, seconds: float, card_seen: Callable[[], None] | None = None) -> CardRead:
        del seconds, card_seen
        return CardRead(self.card, b"", (), 0.0)

    async def health(self) -> Health:
        return Health(self.state)

    async def close(self) -> None:
        """Nothing to close."""


def built(there: House, inside: Any = None) -> Xfs4iotDispenser:
    return Xfs4iotDispenser(
        lambda _port: there.line, inside, PositionsSettings(url=URL), FixedClock(), quiet_random()
    )


def loaded(body: Callable[[House], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        async with house(Kind.POSITIONS) as there:
            there.maker.inside.positions = {"3": "document-3", "12": "document-12"}
            there.maker.chip_of = lambda _document: TravelChip(FILES.information, FILES.files, quiet_random())
            await body(there)

    run_virtual(main())


async def fault(coming: Awaitable[object]) -> DeviceFault:
    with pytest.raises(DeviceFault) as caught:
        _ = await coming
    return caught.value


def test_a_document_is_fetched_by_its_position_proved_held_out_and_taken() -> None:
    async def body(there: House) -> None:
        dispenser = built(there)
        assert dispenser.capabilities.named_cards
        assert [await dispenser.holds(n) for n in (12, 4)] == [Held.PRESENT, Held.EMPTY]
        await dispenser.fetch(12)
        assert await dispenser.where() is CardPlace.TRANSPORT
        assert (await dispenser.holds(12), await dispenser.holds(3)) == (Held.EMPTY, Held.PRESENT)
        assert await dispenser.chip_number(KEY) == NUMBER
        await dispenser.present(PresentPermit("grant"))
        assert await dispenser.where() is CardPlace.EXIT
        _ = asyncio.get_running_loop().call_later(2.0, there.maker.take)
        assert await dispenser.taken(seconds=20) is Taken.TAKEN
        assert [item.document for item in there.maker.inside.hands] == ["document-12"]
        assert (
            await fault(dispenser.present(PresentPermit("grant")))
        ).completion is Completion.AUTHORISATION_REQUIRED

    loaded(body)


def test_what_opens_another_documents_chip_does_not_open_this_one() -> None:
    async def body(there: House) -> None:
        dispenser = built(there)
        await dispenser.fetch(3)
        assert (await fault(dispenser.chip_number(OTHERS))).code == "accessDenied"
        await dispenser.retain()
        assert (await dispenser.where(), await dispenser.retained()) == (CardPlace.NONE, 1)
        assert (await fault(dispenser.chip_number(KEY))).code == "noMedia"

    loaded(body)


def test_an_identity_card_is_read_by_the_module_inside_and_only_at_the_reading_place() -> None:
    async def body(there: House) -> None:
        dispenser = built(there, Inside(PERSON.card))
        assert (await fault(dispenser.identity_card())).code == "noMedia"
        await dispenser.fetch(3)
        assert (await dispenser.identity_card()).card.number == PERSON.number

    loaded(body)


def test_without_a_module_inside_no_identity_card_is_proved() -> None:
    async def body(there: House) -> None:
        dispenser = built(there)
        await dispenser.fetch(3)
        assert (await fault(dispenser.identity_card())).completion is Completion.UNSUPPORTED

    loaded(body)


def test_a_machine_whose_reader_inside_is_silent_is_not_used() -> None:
    async def body(there: House) -> None:
        inside = Inside(PERSON.card)
        dispenser = built(there, inside)
        assert (await dispenser.health()).code == ""
        inside.state = DeviceState.POWER_OFF
        assert (await dispenser.health()) == Health(
            DeviceState.POWER_OFF, INSIDE_READER, "the reader inside: powerOff"
        )

    loaded(body)


def test_an_empty_position_moves_nothing_whatever_was_counted_before() -> None:
    async def body(there: House) -> None:
        dispenser = built(there)
        assert await dispenser.holds(3) is Held.PRESENT
        _ = there.maker.draw(3)
        gone = await fault(dispenser.fetch(3))
        assert (gone.code, gone.acted) == ("empty", False)
        assert (await dispenser.status()).stacker is Stock.NOT_SUPPORTED

    loaded(body)


def test_two_documents_are_never_in_the_path() -> None:
    async def body(there: House) -> None:
        dispenser = built(there)
        await dispenser.fetch(3)
        assert (await fault(dispenser.fetch(12))).code == "occupied"
        assert there.maker.held(12) == "document-12"

    loaded(body)


def test_a_jam_is_told_and_cleared_into_the_bin() -> None:
    async def body(there: House) -> None:
        dispenser = built(there)
        there.maker.faults.append(Fault.JAM)
        assert (await fault(dispenser.fetch(3))).acted
        assert await dispenser.where() is CardPlace.JAMMED
        _ = await dispenser.init(AtInit.RETAIN)
        assert (await dispenser.where(), await dispenser.retained()) == (CardPlace.NONE, 1)

    loaded(body)


def test_a_service_that_dies_amid_a_movement_loses_nothing() -> None:
    async def body(there: House) -> None:
        dispenser = built(there)
        there.maker.faults.append(Fault.DIE_AMID)
        assert (await fault(dispenser.fetch(3))).acted
        there.start()
        assert await dispenser.where() is CardPlace.TRANSPORT
        assert await dispenser.chip_number(KEY) == NUMBER

    loaded(body)


def test_a_stack_of_cards_knows_no_positions() -> None:
    async def body(there: House) -> None:
        dispenser = built(there)
        assert (await fault(dispenser.stage())).completion is Completion.UNSUPPORTED
        assert (await fault(dispenser.init(AtInit.PRESENT))).completion is Completion.UNSUPPORTED

    loaded(body)
