"""The lock boards byte by byte."""

from __future__ import annotations

import pytest

from kiosk.people.synthetic import Situation
from kiosk.simulation.scene import Impossible
from kiosk.simulation.state import Board, Device, Polarity
from kiosk.simulation.virtual import VirtualWorld
from tests.simulation.bench import hand_on, in_world


def test_an_opened_lock_answers_11_and_the_queries_agree() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.LOCKER)
        assert await hand.ask("80 01 00 33 B2") == bytes.fromhex("80 01 00 00 00 33 B2")
        assert await hand.ask("80 01 01 33 B3") == bytes.fromhex("80 01 01 00 80")
        assert await hand.ask("8A 01 01 11 9B") == bytes.fromhex("8A 01 01 11 9B")
        assert await hand.ask("80 01 01 33 B3") == bytes.fromhex("80 01 01 11 91")
        assert await hand.ask("8A 01 12 11 88") == bytes.fromhex("8A 01 12 11 88")
        assert await hand.ask("80 01 00 33 B2") == bytes.fromhex("80 01 02 00 01 33 B1")
        world.call("door-close", board=1, compartment=1)
        assert await hand.ask("80 01 01 33 B3") == bytes.fromhex("80 01 01 00 80")
        assert await hand.ask("80 01 00 99 18") == bytes.fromhex("80 01 01 99 19")

    in_world(visit)


def test_the_other_wiring_reads_00_when_open() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.LOCKER)
        assert await hand.ask("80 01 00 33 B2") == bytes.fromhex("80 01 FF FF FF 33 4D")
        assert await hand.ask("8A 01 01 11 9B") == bytes.fromhex("8A 01 01 00 8A")
        assert await hand.ask("80 01 00 33 B2") == bytes.fromhex("80 01 FF FF FE 33 4C")

    in_world(visit, boards=(Board(polarity=Polarity.OPEN_READS_00),))


def test_wrong_checks_strange_addresses_and_locks_it_does_not_have_get_no_answer() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.LOCKER)
        assert await hand.ask("8A 01 01 11 9C") == b""
        assert await hand.ask("8A 02 01 11 98") == b""
        assert await hand.ask("8A 01 19 11 83") == b""
        assert await hand.ask("8A 01 01") == b""
        assert world.call("state")["compartments"][0]["pulses"] == 0
        assert await hand.ask("8A 01 01 11 9B") == bytes.fromhex("8A 01 01 11 9B")

    in_world(visit)


def test_several_boards_share_the_bus_and_one_may_report_by_itself() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.LOCKER)
        assert await hand.ask("8A 02 03 11 9A") == bytes.fromhex("8A 02 03 11 9A")
        world.call("door-close", board=2, compartment=3)
        assert await hand.hear_all() == bytes.fromhex("82 02 03 00 83")
        assert await hand.ask("80 02 00 33 B1") == bytes.fromhex("80 02 00 00 33 B1")

    in_world(visit, boards=(Board(), Board(address=2, ways=12, unsolicited=True)))


def test_a_stuck_bolt_answers_shut_and_the_pulse_counts() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("fault", device="locker", fault="stuck", board=1, compartment=2)
        hand = await hand_on(world, Device.LOCKER)
        assert await hand.ask("8A 01 02 11 98") == bytes.fromhex("8A 01 02 00 89")
        assert await hand.ask("8A 01 03 11 99") == bytes.fromhex("8A 01 03 11 99")
        states = world.call("state")["compartments"]
        assert [(c["door"], c["pulses"]) for c in states[1:3]] == [("closed", 1), ("open", 1)]

    in_world(visit)


def test_a_mute_board_opens_and_says_nothing_a_silent_one_does_neither() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.LOCKER)
        world.call("fault", device="locker", fault="mute", times=1)
        assert await hand.ask("8A 01 01 11 9B") == b""
        world.call("fault", device="locker", fault="silent", times=1)
        assert await hand.ask("8A 01 02 11 98") == b""
        assert await hand.ask("80 01 00 33 B2") == bytes.fromhex("80 01 00 00 01 33 B3")

    in_world(visit)


def test_a_broken_contact_reads_shut_though_the_door_is_open() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("fault", device="locker", fault="contact-broken")
        hand = await hand_on(world, Device.LOCKER)
        assert await hand.ask("8A 01 01 11 9B") == bytes.fromhex("8A 01 01 00 8A")
        assert world.call("state")["compartments"][0]["door"] == "open"

    in_world(visit)


def test_cards_move_only_through_open_doors_and_are_in_one_place() -> None:
    async def visit(world: VirtualWorld) -> None:
        person = world.call("person-arrives", situation=Situation.CARD_FINISHED_RENEWAL.value)["person"]
        new = person["new_card"]
        place = {"board": new["board"], "compartment": new["compartment"]}
        with pytest.raises(Impossible):
            world.call("take-out", **place)
        with pytest.raises(Impossible):
            world.call("lay-card", card="new")
        hand = await hand_on(world, Device.LOCKER)
        await hand.ask("8A 01 01 11 9B")
        assert world.call("take-out", **place)["cards"] == [new["item"]]
        with pytest.raises(Impossible):
            world.call("take-out", **place)
        own = f"own-{person['index']:04d}"
        assert world.call("put-in", **place, item="own")["card"] == own
        world.call("door-close", **place)
        with pytest.raises(Impossible):
            world.call("take-out", **place)
        assert world.call("state")["hand"] == [new["item"]]
        assert world.call("state")["compartments"][0]["contents"] == [own]
        world.call("lay-card", card="new")
        assert world.call("state")["reader"]["card"] == new["item"]

    in_world(visit)
