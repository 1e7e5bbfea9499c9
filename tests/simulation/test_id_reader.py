"""The reader byte by byte, against the literals of the published protocol."""

from __future__ import annotations

import asyncio
import struct

import pytest

from kiosk.devices.transport import TransportLost
from kiosk.people.synthetic import Finger, PopulationKey, Situation, population, same_finger
from kiosk.simulation.id_reader import text_record
from kiosk.simulation.state import Device
from kiosk.simulation.virtual import VirtualWorld
from tests.simulation.bench import DAY, Hand, hand_on, in_world

FIND = "AA AA AA 96 69 00 03 20 01 22"
SELECT = "AA AA AA 96 69 00 03 20 02 21"
READ = "AA AA AA 96 69 00 03 30 01 32"
READ_WITH_FINGERS = "AA AA AA 96 69 00 03 30 10 23"
NEW_ADDRESS = "AA AA AA 96 69 00 03 30 03 30"
FOUND = bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
NO_CARD = bytes.fromhex("AA AA AA 96 69 00 04 00 00 80 84")
SELECTED = bytes.fromhex("AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C")
SELECT_FAILED = bytes.fromhex("AA AA AA 96 69 00 04 00 00 81 85")
OK = bytes.fromhex("AA AA AA 96 69 00 04 00 00 90 94")
READ_FAILED = bytes.fromhex("AA AA AA 96 69 00 04 00 00 41 45")
SELF_TEST = bytes.fromhex("AA AA AA 96 69 00 04 00 00 60 64")
SAM_ID = bytes.fromhex("AA AA AA 96 69 00 14 00 00 90 05 00 01 00 25 02 33 01 40 E2 01 00 B1 68 DE 3A 0B")


def reply(sw3: int) -> bytes:
    return bytes.fromhex("AA AA AA 96 69 00 04 00 00") + bytes([sw3, 4 ^ sw3])


async def arrive_and_lay(world: VirtualWorld, situation: Situation = Situation.ORDINARY, card: str = "own") -> Hand:
    world.call("person-arrives", situation=situation.value)
    world.call("lay-card", card=card)
    return await hand_on(world, Device.ID_READER)


async def found_and_selected(hand: Hand) -> None:
    assert await hand.ask(FIND) == FOUND
    assert await hand.ask(SELECT) == SELECTED


def test_it_answers_housekeeping_as_published() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.ID_READER)
        assert await hand.ask("AA AA AA 96 69 00 03 10 FF EC") == OK
        assert await hand.ask("AA AA AA 96 69 00 03 11 FF ED") == OK
        assert await hand.ask("AA AA AA 96 69 00 03 12 FF EE") == SAM_ID
        assert await hand.ask("AA AA AA 96 69 00 03 60 00 63") == OK
        assert await hand.ask("AA AA AA 96 69 00 04 61 FF 50 CA") == OK
        assert await hand.ask(FIND) == NO_CARD

    in_world(visit)


def test_a_card_is_found_selected_read_and_not_found_again_until_it_left() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world)
        await found_and_selected(hand)
        answer = await hand.ask(READ)
        assert len(answer) == 1295
        assert answer[:14] == bytes.fromhex("AA AA AA 96 69 05 08 00 00 90 01 00 04 00")
        person = world.scene.require_visitor()
        assert answer[14:270].decode("utf-16-le")[:15].strip() == person.card.name
        assert answer[270:1294] == b"KIOSK-SIM-PHOTO\0" + person.face.encode() + bytes(1004)
        assert await hand.ask(FIND) == NO_CARD
        world.call("take-card")
        assert await hand.ask(FIND) == NO_CARD
        world.call("lay-card")
        assert await hand.ask(FIND) == FOUND

    in_world(visit)


def test_fingerprints_come_as_a_third_blob_and_match_a_live_touch() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world)
        await found_and_selected(hand)
        answer = await hand.ask(READ_WITH_FINGERS)
        assert len(answer) == 2321
        assert answer[:16] == bytes.fromhex("AA AA AA 96 69 09 0A 00 00 90 01 00 04 00 04 00")
        right, left = answer[1296:1808], answer[1808:2320]
        person = world.scene.require_visitor()
        assert same_finger(right, person.touch(Finger.RIGHT_THUMB, "9"))
        assert same_finger(left, person.touch(Finger.LEFT_THUMB, "9"))

    in_world(visit)


def test_a_card_without_fingerprints_answers_1297_bytes() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world, Situation.FACE_ONLY)
        await found_and_selected(hand)
        answer = await hand.ask(READ_WITH_FINGERS)
        assert len(answer) == 1297
        assert answer[10:16] == bytes.fromhex("01 00 04 00 00 00")

    in_world(visit)


def test_reading_needs_finding_and_selecting_first() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world)
        assert await hand.ask(READ) == reply(0x34)
        assert await hand.ask(SELECT) == SELECT_FAILED
        assert await hand.ask(FIND) == FOUND
        assert await hand.ask(READ) == READ_FAILED

    in_world(visit)


def test_a_second_address_is_no_such_item_and_only_asked_of_a_selected_card() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world)
        assert await hand.ask(NEW_ADDRESS) == reply(0x34)
        await found_and_selected(hand)
        assert await hand.ask(NEW_ADDRESS) == reply(0x91)
        await hand.ask(READ)
        assert await hand.ask(NEW_ADDRESS) == reply(0x91)

    in_world(visit)


@pytest.mark.parametrize(("card", "sw3"), [("foreign", 0x40), ("counterfeit", 0x32), ("damaged", 0x41)])
def test_a_card_that_is_none_says_so_once_and_must_leave(card: str, sw3: int) -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world, card=card)
        await found_and_selected(hand)
        assert await hand.ask(READ) == reply(sw3)
        assert await hand.ask(FIND) == NO_CARD

    in_world(visit)


def test_a_card_pulled_while_it_is_read_fails_the_reading() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world)
        await found_and_selected(hand)
        await hand.say(READ)
        assert await hand.hear_all(0.2) == b""
        world.call("take-card")
        assert await hand.hear_all() == READ_FAILED
        assert world.call("state")["hand"] == [f"own-{world.scene.require_visitor().index:04d}"]

    in_world(visit)


def test_a_card_pulled_by_a_fault_is_41_or_silence() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world)
        world.call("fault", device="id-reader", fault="card-pulled")
        await found_and_selected(hand)
        assert await hand.ask(READ) == READ_FAILED
        world.call("fault", device="id-reader", fault="card-pulled-silent")
        world.call("lay-card")
        await found_and_selected(hand)
        assert await hand.ask(READ) == b""
        world.call("lay-card")
        await found_and_selected(hand)
        assert len(await hand.ask(READ)) == 1295

    in_world(visit)


def test_frames_it_cannot_take_get_the_published_codes() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.ID_READER)
        assert await hand.ask("AA AA AA 96 69 00 03 20 01 23") == reply(0x10)
        assert await hand.ask("AA AA AA 96 69 00 03 77 01 75") == reply(0x21)
        assert await hand.ask("AA AA AA 96 69 00 03 20") == reply(0x11)
        assert await hand.ask("AA AA AA 96 69 7F FF 20") == reply(0x11)
        assert await hand.ask("00 55 AA AA " + FIND) == NO_CARD

    in_world(visit)


def test_a_request_in_pieces_is_one_request() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.ID_READER)
        for byte in bytes.fromhex(FIND):
            await hand.say(bytes([byte]))
        assert await hand.hear_all() == NO_CARD

    in_world(visit)


def test_a_failed_self_test_answers_60_to_everything_until_it_is_repaired() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.ID_READER)
        world.call("fault", device="id-reader", fault="self-test")
        assert await hand.ask(FIND) == SELF_TEST
        assert await hand.ask("AA AA AA 96 69 00 03 11 FF ED") == SELF_TEST
        world.call("clear", device="id-reader")
        assert await hand.ask(FIND) == NO_CARD

    in_world(visit)


def test_faults_of_the_line_tear_change_double_and_delay_answers() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.ID_READER)

        async def with_fault(fault: str, **more: object) -> bytes:
            world.call("fault", device="id-reader", fault=fault, **more)
            return await hand.ask(FIND)

        assert await with_fault("torn", bytes=4) == NO_CARD[:4]
        assert await with_fault("corrupt", bytes=9) == NO_CARD[:9] + bytes([0x80 ^ 0x40]) + NO_CARD[10:]
        assert await with_fault("doubled") == NO_CARD * 2
        assert (await with_fault("noise")).endswith(NO_CARD)
        assert await with_fault("late", seconds=8) == NO_CARD
        assert await with_fault("silent", times=1) == b""
        assert await with_fault("mute", times=1) == b""
        assert await with_fault("module-timeout") == bytes.fromhex("AA AA AA 96 69 00 05 05 05 05 05")
        assert await with_fault("fragmented") == NO_CARD

    in_world(visit)


def test_a_fault_can_wait_for_its_turn_in_the_middle_of_a_conversation() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world)
        world.call("fault", device="id-reader", fault="torn", after=2, bytes=600)
        await found_and_selected(hand)
        assert len(await hand.ask(READ)) == 600

    in_world(visit)


def test_unplugged_in_mid_answer_it_comes_back_and_has_forgotten_its_selection() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world)
        await found_and_selected(hand)
        world.call("fault", device="id-reader", fault="unplug", bytes=700)
        await hand.say(READ)
        assert len(await hand.hear(700)) == 700
        with pytest.raises(TransportLost):
            await hand.hear(1)
        with pytest.raises(TransportLost):
            await world.line(Device.ID_READER).open()
        world.call("plug", device="id-reader")
        await hand_when_plugged(world)
        again = await hand_on(world, Device.ID_READER)
        assert await again.ask(READ) == reply(0x34)

    in_world(visit)


async def hand_when_plugged(world: VirtualWorld) -> None:
    async with asyncio.timeout(5):
        while not world.line(Device.ID_READER).plugged:
            await asyncio.sleep(0.01)


def test_pulled_and_put_back_at_once_it_still_answers() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.ID_READER)
        world.call("unplug", device="id-reader")
        world.call("plug", device="id-reader")
        with pytest.raises(TransportLost):
            await hand.say(FIND)
        await hand_when_plugged(world)
        assert await (await hand_on(world, Device.ID_READER)).ask(FIND) == NO_CARD

    in_world(visit)


@pytest.mark.parametrize(
    ("situation", "letter"),
    [
        (Situation.ORDINARY, " "),
        (Situation.LONG_TERM, " "),
        (Situation.RARE_NAME, " "),
        (Situation.HONG_KONG_MACAO_TAIWAN, "J"),
        (Situation.FOREIGNER_2017, "I"),
        (Situation.FOREIGNER_2023, "Y"),
    ],
)
def test_the_four_kinds_have_256_bytes_and_their_letter_at_248(situation: Situation, letter: str) -> None:
    for person in population(PopulationKey(3, DAY)).all_of(situation):
        record = text_record(person.card, person.extras)
        assert len(record) == 256
        assert record[248:250].decode("utf-16-le") == letter


def test_fields_lie_where_the_published_tables_say() -> None:
    people = population(PopulationKey(3, DAY))

    def at(record: bytes, offset: int, length: int) -> str:
        return record[offset : offset + length].decode("utf-16-le").rstrip()

    person = people.find(Situation.LONG_TERM)
    record = text_record(person.card, person.extras)
    assert at(record, 0, 30) == person.card.name
    assert at(record, 30, 2) == person.card.sex.value
    assert at(record, 36, 16) == f"{person.card.birth:%Y%m%d}"
    assert at(record, 52, 70) == person.card.address
    assert at(record, 122, 36) == person.number
    assert at(record, 158, 30) == person.card.authority
    assert at(record, 188, 16) == f"{person.card.valid_from:%Y%m%d}"
    assert at(record, 204, 16) == "长期"
    assert at(record, 220, 36) == ""
    permit = people.find(Situation.HONG_KONG_MACAO_TAIWAN)
    record = text_record(permit.card, permit.extras)
    assert at(record, 220, 18) == permit.extras.travel_permit
    assert at(record, 238, 4) == "01"
    old = people.find(Situation.FOREIGNER_2017)
    record = text_record(old.card, old.extras)
    assert at(record, 0, 120) == old.extras.english_name
    assert at(record, 122, 30) == old.number
    assert at(record, 152, 6) == old.extras.nationality
    assert at(record, 158, 30) == old.card.name
    assert at(record, 220, 16) == f"{old.card.birth:%Y%m%d}"
    new = people.find(Situation.FOREIGNER_2023)
    record = text_record(new.card, new.extras)
    assert at(record, 52, 70) == new.extras.english_name
    assert at(record, 122, 36) == new.number
    assert at(record, 242, 6) == new.extras.nationality


def test_every_frame_checks_out() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await arrive_and_lay(world, Situation.RARE_NAME)
        for request in (FIND, SELECT, READ_WITH_FINGERS):
            answer = await hand.ask(request)
            assert struct.unpack_from(">H", answer, 5)[0] == len(answer) - 7
            check = 0
            for byte in answer[5:]:
                check ^= byte
            assert check == 0

    in_world(visit)
