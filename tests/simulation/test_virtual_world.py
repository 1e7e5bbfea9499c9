"""The world on one virtual loop: equal seeds, equal bytes; killed and back as it was."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys

from kiosk.people.synthetic import Situation
from kiosk.simulation.state import Device, MemoryStore, Network
from kiosk.simulation.virtual import VirtualWorld
from tests.simulation.bench import Hand, hand_on, in_world

FIND = "AA AA AA 96 69 00 03 20 01 22"
SELECT = "AA AA AA 96 69 00 03 20 02 21"
READ = "AA AA AA 96 69 00 03 30 10 23"


async def a_visit(world: VirtualWorld, wire: list[tuple[float, bytes]]) -> None:
    """Everything a citizen does at the hardware, with the time of every answer."""

    def heard(data: bytes) -> None:
        wire.append((asyncio.get_running_loop().time(), data))

    async def ask(hand: Hand, request: bytes | str) -> None:
        heard(await hand.ask(request))

    world.call("person-arrives", situation=Situation.CARD_FINISHED_RENEWAL.value, nth=2)
    world.call("lay-card")
    reader = await hand_on(world, Device.ID_READER)
    for request in (FIND, SELECT, READ):
        await ask(reader, request)
    world.call("touch-finger", finger="right-thumb")
    await ask(await hand_on(world, Device.FINGERPRINT), b"CAPTURE 5000\n")
    await ask(await hand_on(world, Device.LOCKER), "8A 01 03 11 99")
    world.call("take-out", compartment=3)
    world.call("door-close", compartment=3)
    printer = await hand_on(world, Device.RECEIPT_PRINTER)
    await printer.say("领证凭条\n".encode("gb18030") + bytes.fromhex("1D 56 42 00 1D 72 01"))
    heard(await printer.hear(1))
    heard(world.frame())


def digest(seed: int) -> str:
    wire: list[tuple[float, bytes]] = []
    store = MemoryStore()
    in_world(lambda world: a_visit(world, wire), seed=seed, store=store)
    return hashlib.sha256(repr((wire, store.text)).encode()).hexdigest()


def test_equal_seeds_give_equal_bytes_at_equal_times() -> None:
    assert digest(1) == digest(1)
    assert digest(1) != digest(2)


def test_equal_seeds_give_equal_bytes_under_another_hash_seed() -> None:
    program = "from tests.simulation.test_virtual_world import digest; print(digest(1))"
    results = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert results == {digest(1) + "\n"}


def test_a_world_from_the_same_store_goes_on_where_it_was() -> None:
    store = MemoryStore()

    async def before(world: VirtualWorld) -> None:
        world.call("person-arrives", citizen=100)
        world.call("lay-card")
        world.call("fault", device="receipt-printer", fault="paper-out")
        await (await hand_on(world, Device.LOCKER)).ask("8A 01 05 11 9F")

    async def after(world: VirtualWorld) -> None:
        state = world.call("state")
        assert state["reader"]["card"] == "own-0100"
        assert state["compartments"][4]["door"] == "open"
        assert await (await hand_on(world, Device.RECEIPT_PRINTER)).ask(bytes([0x10, 4, 4])) == b"\x7e"

    in_world(before, store=store)
    in_world(after, seed=55, store=store)


def test_the_network_is_a_value_under_the_virtual_clock() -> None:
    async def visit(world: VirtualWorld) -> None:
        assert world.network is Network.UP
        world.call("network", state="drop-after-request")
        assert world.network is Network.DROP_AFTER_REQUEST
        world.call("unplug", device="headquarters")
        assert world.network is Network.DOWN
        world.call("clear", device="headquarters")
        assert world.network is Network.UP

    in_world(visit)
