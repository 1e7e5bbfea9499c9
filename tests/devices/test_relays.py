"""Relays, and the doors and lights on them: off unless wanted, told again after every opening, never asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.door.contact import Contact, ContactSays, FileContact, NoContact, contact_state
from kiosk.devices.door.contract import DoorEvent, DoorState
from kiosk.devices.door.relay_lcus import DoorSettings, RelayDoor
from kiosk.devices.door.watching import Watching
from kiosk.devices.lights.contract import FlashRate, Light
from kiosk.devices.lights.relay_lcus import LightsSettings, RelayLights
from kiosk.devices.lines import MemoryLine
from kiosk.devices.relays.lcus import RelayBoard, Switch, switch_request
from kiosk.devices.transport import Transport, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from tests.devices.farends import FixedClock, played, read_exactly
from tests.devices.virtual import run_virtual

T = TypeVar("T")


@dataclass
class Relays:
    """What each relay is, and when it was switched."""

    on: dict[int, bool] = field(default_factory=dict[int, bool])
    told: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    async def __call__(self, far: Transport) -> None:
        while True:
            head, channel, state, check = await read_exactly(far, 4)
            assert (head, check) == (0xA0, (head + channel + state) & 0xFF)
            self.told.append((channel, state))
            self.on[channel] = bool(state)
            with suppress(TransportLost):
                # Some boards answer, also when nobody listens any more.
                await far.write(b"\xa0\x01\x00\xa1")


class Inline:
    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return


@pytest.mark.parametrize(
    ("channel", "state", "wire"),
    [(1, Switch.ON, "A00101A2"), (1, Switch.OFF, "A00100A1"), (2, Switch.ON, "A00201A3")],
)
def test_requests_are_the_protocols_own_bytes(channel: int, state: Switch, wire: str) -> None:
    assert switch_request(channel, state) == bytes.fromhex(wire)


@pytest.mark.parametrize("channel", [0, 9, -1])
def test_a_channel_that_is_not_there_is_not_switched(channel: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 8"):
        switch_request(channel, Switch.ON)


Body = Callable[[MemoryLine, Relays], Coroutine[Any, Any, None]]


def on(body: Body) -> None:
    async def main() -> None:
        relays = Relays()
        async with played(relays) as line:
            await body(line, relays)

    run_virtual(main())


def test_a_board_is_told_everything_after_every_opening() -> None:
    async def body(line: MemoryLine, relays: Relays) -> None:
        board = RelayBoard(line, (1, 3))
        await board.switch(3, Switch.ON)
        await asyncio.sleep(0)
        assert relays.told == [(1, 0), (3, 1)]
        await board.switch(1, Switch.ON)
        await asyncio.sleep(0)
        assert relays.told[2:] == [(1, 1)]
        line.unplug()
        with pytest.raises(TransportLost):
            await board.switch(1, Switch.OFF)
        line.plug()
        await board.refresh()
        await asyncio.sleep(0)
        assert relays.told[3:] == [(1, 0), (3, 1)]
        await board.close()
        await asyncio.sleep(0)
        assert relays.on == {1: False, 3: False}
        line.unplug()
        await board.close()

    on(body)


def test_a_line_that_takes_nothing_is_lost() -> None:
    class Stuck:
        async def read(self, most: int) -> bytes:
            raise AssertionError("a board is never asked")

        async def write(self, data: bytes) -> None:
            await asyncio.sleep(99)

        def drop_input(self) -> int:
            return 0

        async def close(self) -> None:
            return

    class Line:
        name = "stuck"

        async def open(self) -> Transport:
            return Stuck()

    async def main() -> None:
        with pytest.raises(TransportLost):
            await RelayBoard(Line(), (1,)).switch(1, Switch.ON)

    run_virtual(main())


def door_on(line: MemoryLine, contact: Contact | None = None, **changes: Any) -> RelayDoor:
    there = DoorSettings(port="here", channel=2, contact="yes" if contact else "", **changes)
    return RelayDoor(RelayBoard(line, (2,)), contact or NoContact(), there, FixedClock())


def test_a_door_is_released_for_its_time_and_then_locked() -> None:
    async def body(line: MemoryLine, relays: Relays) -> None:
        door = door_on(line, release_seconds=4)
        releasing = asyncio.get_running_loop().create_task(door.release())
        await asyncio.sleep(3.9)
        assert relays.on[2]
        assert (await door.health()).state is DeviceState.ONLINE
        await releasing
        await asyncio.sleep(0)
        assert not relays.on[2]
        await door.close()

    on(body)


def test_a_release_given_up_locks_at_once() -> None:
    async def body(line: MemoryLine, relays: Relays) -> None:
        door = door_on(line)
        releasing = asyncio.get_running_loop().create_task(door.release())
        await asyncio.sleep(1)
        releasing.cancel()
        await asyncio.gather(releasing, return_exceptions=True)
        await asyncio.sleep(0)
        assert not relays.on[2]

    on(body)


def test_a_line_lost_amid_a_release_is_locked_when_it_is_back() -> None:
    async def body(line: MemoryLine, relays: Relays) -> None:
        door = door_on(line)
        asyncio.get_running_loop().call_later(1, line.unplug)
        await door.release()
        assert relays.on[2]
        assert (await door.health()).state is DeviceState.POWER_OFF
        line.plug()
        assert (await door.health()).state is DeviceState.ONLINE
        await asyncio.sleep(0)
        assert not relays.on[2]
        line.unplug()
        with pytest.raises(DeviceFault) as caught:
            await door.release()
        assert (caught.value.completion, caught.value.acted) == (Completion.DEVICE_NOT_READY, True)

    on(body)


def test_where_a_door_is_and_what_happens_to_it(tmp_path: Path) -> None:
    there = tmp_path / "value"

    async def body(line: MemoryLine, relays: Relays) -> None:
        contact = FileContact(there, ContactSays.ONE_WHEN_CLOSED, Inline())
        door = door_on(line, contact, release_seconds=2, held_seconds=10)
        assert await door.state() is DoorState.UNKNOWN
        assert (await door.health()).state is DeviceState.HARDWARE_ERROR
        events: list[DoorEvent] = []
        there.write_text("1\n")
        watching = asyncio.get_running_loop().create_task(door.watch(events.append))
        await asyncio.sleep(1)
        assert events == [DoorEvent.CLOSED]
        assert (await door.health()).state is DeviceState.ONLINE
        releasing = asyncio.get_running_loop().create_task(door.release())
        await asyncio.sleep(1)
        there.write_text("0\n")
        await asyncio.sleep(1)
        assert events[1:] == [DoorEvent.OPENED]
        await asyncio.sleep(20)
        assert events[2:] == [DoorEvent.HELD]
        there.write_text("1\n")
        await asyncio.sleep(1)
        there.write_text("0\n")
        await asyncio.sleep(1)
        assert events[3:] == [DoorEvent.CLOSED, DoorEvent.FORCED]
        watching.cancel()
        await asyncio.gather(watching, releasing, return_exceptions=True)
        assert door.capabilities.senses
        await door.close()

    on(body)


def test_a_door_without_a_contact_says_so() -> None:
    async def body(line: MemoryLine, relays: Relays) -> None:
        door = door_on(line)
        assert await door.state() is DoorState.NOT_SUPPORTED
        assert not door.capabilities.senses
        assert (await door.health()).detail == "no contact; the relay does not answer"
        watching = Watching(10, 1)
        assert [watching.look(DoorState.NOT_SUPPORTED, t) for t in range(5)] == [()] * 5

    on(body)


def test_a_door_found_open_at_the_start_was_not_forced_and_bouncing_is_nothing() -> None:
    watching = Watching(10, 1)
    assert [e for t in range(3) for e in watching.look(DoorState.OPEN, t)] == [DoorEvent.OPENED]
    bounce = [DoorState.CLOSED, DoorState.OPEN, DoorState.CLOSED, DoorState.CLOSED, DoorState.OPEN, DoorState.UNKNOWN]
    assert [e for s in bounce for e in watching.look(s, 3.0)] == []


@given(st.lists(st.sampled_from(DoorState), max_size=60))
def test_a_door_never_opens_twice_without_closing(states: list[DoorState]) -> None:
    watching = Watching(5, 1)
    events = [e for at, s in enumerate(states) for e in watching.look(s, float(at))]
    turns = [e in (DoorEvent.OPENED, DoorEvent.FORCED) for e in events if e is not DoorEvent.HELD]
    assert all(a != b for a, b in pairwise(turns))


@given(st.binary(max_size=10), st.sampled_from(ContactSays))
def test_whatever_a_contacts_file_holds_a_door_is_closed_only_by_its_digit(raw: bytes, says: ContactSays) -> None:
    if contact_state(raw, says) is DoorState.CLOSED:
        assert raw.strip(b"\r\n ") == says.value.encode()


def test_both_wirings_of_a_contact() -> None:
    assert contact_state(b"0\n", ContactSays.ZERO_WHEN_CLOSED) is DoorState.CLOSED
    assert contact_state(b"0\n", ContactSays.ONE_WHEN_CLOSED) is DoorState.OPEN


CHANNELS = '{"statusGood": 1, "statusBad": 2}'


def lights_on(line: MemoryLine, **changes: Any) -> RelayLights:
    settings = LightsSettings.model_validate({"port": "here", "channels": CHANNELS, **changes})
    return RelayLights(RelayBoard(line, tuple(settings.channels.values())), settings)


def test_lights_are_what_they_were_set_to_also_after_their_line_was_away() -> None:
    async def body(line: MemoryLine, relays: Relays) -> None:
        lights = lights_on(line)
        await lights.set(Light.STATUS_GOOD, FlashRate.CONTINUOUS)
        await asyncio.sleep(0)
        assert relays.on == {1: True, 2: False}
        line.unplug()
        with pytest.raises(DeviceFault) as caught:
            await lights.set(Light.STATUS_BAD, FlashRate.CONTINUOUS)
        assert caught.value.completion is Completion.DEVICE_NOT_READY
        assert (await lights.health()).state is DeviceState.POWER_OFF
        line.plug()
        assert (await lights.health()).state is DeviceState.ONLINE
        await asyncio.sleep(0)
        assert relays.on == {1: True, 2: True}
        with pytest.raises(DeviceFault) as caught:
            await lights.set(Light.SCANNER, FlashRate.OFF)
        assert caught.value.code == "invalidLight"
        await lights.close()
        await asyncio.sleep(0)
        assert relays.on == {1: False, 2: False}

    on(body)


def test_a_mechanical_relay_is_spared_flashing_and_a_solid_one_flashes() -> None:
    async def body(line: MemoryLine, relays: Relays) -> None:
        lights = lights_on(line)
        await lights.set(Light.STATUS_BAD, FlashRate.QUICK)
        await asyncio.sleep(10)
        assert [state for channel, state in relays.told if channel == 2] == [1]
        assert FlashRate.QUICK not in lights.capabilities.rates
        solid = lights_on(line, relays="solid-state")
        assert solid.capabilities.rates == frozenset(FlashRate)
        relays.told.clear()
        await solid.set(Light.STATUS_BAD, FlashRate.SLOW)
        await asyncio.sleep(4.5)
        assert [state for channel, state in relays.told if channel == 2] == [1, 0, 1, 0, 1]
        line.unplug()
        await asyncio.sleep(3)
        line.plug()
        relays.told.clear()
        await asyncio.sleep(2.1)
        assert relays.told
        await solid.set(Light.STATUS_BAD, FlashRate.OFF)
        await asyncio.sleep(5)
        assert not relays.on[2]
        await solid.set(Light.STATUS_BAD, FlashRate.MEDIUM)
        await solid.close()

    on(body)


@pytest.mark.parametrize("channels", ['{"scanner": 1, "statusBad": 1}', '{"scanner": 9}', "{}"])
def test_channels_are_checked(channels: str) -> None:
    with pytest.raises(ValueError, match=r"channel|at least 1"):
        LightsSettings.model_validate({"port": "x", "channels": channels})
