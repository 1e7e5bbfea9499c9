"""Getting out never depends on the program: fire, a power cut and the handle free the door whatever it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.door.contact import ContactSays, FileContact, FileFireInput, FireSays
from kiosk.devices.door.contract import FREED, Door, DoorEvent, DoorState, FireState
from kiosk.devices.door.relay_lcus import DoorSettings, RelayDoor
from kiosk.devices.door.watching import Watching
from kiosk.devices.lines import MemoryLine, line_at
from kiosk.devices.relays.lcus import RelayBoard
from kiosk.devices.words import DeviceState
from kiosk.simulation.door import DoorBoard, Loop, Magnet
from kiosk.simulation.wires import PtyPort, WireGone
from tests.devices.farends import FixedClock
from tests.devices.virtual import run_virtual

T = TypeVar("T")


class Inline:
    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return


@pytest.mark.parametrize(("relay", "part"), list(product(Loop, ("mains", "fire", "handle"))))
def test_fire_power_loss_and_the_handle_free_the_door_whatever_the_relay_does(relay: Loop, part: str) -> None:
    magnet = Magnet(relay=relay)
    setattr(magnet, part, Loop.OPEN)
    assert magnet.free


def test_there_is_no_command_that_holds_a_door() -> None:
    commands = {name for name in vars(Door) if not name.startswith("_")}
    assert commands == {"capabilities", "release", "state", "watch", "health", "close"}


def test_on_a_real_line_the_relay_lets_in_for_its_time_and_a_cut_line_holds_nobody_in(tmp_path: Path) -> None:
    async def until(true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.01)

    async def main() -> None:
        board, port = DoorBoard(), PtyPort(tmp_path / "door")

        async def serve() -> None:
            try:
                await board.run(port.plug())
            except WireGone:
                return

        serving = asyncio.get_running_loop().create_task(serve())
        await until((tmp_path / "door").is_symlink)
        settings = DoorSettings(port=str(tmp_path / "door"), release_seconds=0.3)
        door = RelayDoor(RelayBoard(line_at(settings.port, 9600), (1,)), _Shut(), settings, FixedClock())
        assert (await door.health()).state is DeviceState.ONLINE
        await until(lambda: bool(board.told))
        assert not board.magnet.free
        releasing = asyncio.get_running_loop().create_task(door.release())
        await until(lambda: board.magnet.free)
        await releasing
        await until(lambda: not board.magnet.free)
        assert board.told[-2:] == [(1, 1), (1, 0)]
        port.unplug()
        await serving
        assert (await door.health()).state is DeviceState.POWER_OFF
        assert not board.magnet.free
        board.magnet.handle = Loop.OPEN
        assert board.magnet.free
        await door.close()

    asyncio.run(main())


class _Shut:
    async def read(self) -> DoorState:
        return DoorState.CLOSED

    async def close(self) -> None:
        return


def test_what_fire_opens_is_neither_forced_nor_held_and_the_service_closes(tmp_path: Path) -> None:
    contact, fire = tmp_path / "contact", tmp_path / "fire"
    contact.write_text("1\n")
    fire.write_text("1\n")

    async def main() -> None:
        settings = DoorSettings(port="here", contact=str(contact), fire=str(fire), held_seconds=10)
        line = MemoryLine("door", lambda far: None)
        door = RelayDoor(
            RelayBoard(line, (1,)),
            FileContact(contact, ContactSays.ONE_WHEN_CLOSED, Inline()),
            settings,
            FixedClock(),
            FileFireInput(fire, FireSays.ONE_WHEN_QUIET, Inline()),
        )
        assert door.capabilities.hears_fire
        events: list[DoorEvent] = []
        watching = asyncio.get_running_loop().create_task(door.watch(events.append))
        await asyncio.sleep(1)
        assert (await door.health()).code == ""
        fire.write_text("0\n")
        contact.write_text("0\n")
        await asyncio.sleep(60)
        assert events == [DoorEvent.CLOSED, DoorEvent.FREED, DoorEvent.OPENED]
        assert (await door.health()).code == FREED
        fire.write_text("1\n")
        await asyncio.sleep(5)
        assert events[3:] == []
        await asyncio.sleep(6)
        assert events[3:] == [DoorEvent.HELD]
        fire.unlink()
        assert (await door.health()).state is DeviceState.HARDWARE_ERROR
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await door.close()

    run_virtual(main())


@pytest.mark.parametrize(
    ("raw", "says", "state"),
    [
        ("1\n", FireSays.ONE_WHEN_QUIET, FireState.QUIET),
        ("0\n", FireSays.ONE_WHEN_QUIET, FireState.ALARM),
        ("0", FireSays.ZERO_WHEN_QUIET, FireState.QUIET),
        ("", FireSays.ONE_WHEN_QUIET, FireState.UNKNOWN),
        ("10", FireSays.ONE_WHEN_QUIET, FireState.UNKNOWN),
    ],
)
def test_what_a_fire_inputs_file_says(tmp_path: Path, raw: str, says: FireSays, state: FireState) -> None:
    (tmp_path / "fire").write_text(raw)
    assert run_virtual(FileFireInput(tmp_path / "fire", says, Inline()).read()) is state


@given(st.lists(st.tuples(st.sampled_from(FireState), st.sampled_from(DoorState)), max_size=60))
def test_while_fire_stands_nobody_is_accused(looks: list[tuple[FireState, DoorState]]) -> None:
    watching = Watching(5, 1)
    for at, (fire, state) in enumerate(looks):
        watching.fire(fire, float(at))
        events = watching.look(state, float(at))
        if fire is FireState.ALARM:
            assert not {DoorEvent.FORCED, DoorEvent.HELD} & set(events)
