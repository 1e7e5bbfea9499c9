"""The conversation with Kerong boards: one pulse for one permit, the hook's word, and what lies inside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

from kiosk.devices.lines import MemoryLine
from kiosk.devices.locker.contract import Compartment, DoorState, ItemState, OpenPermit
from kiosk.devices.locker.kerong_cu16 import KerongCu16, KerongSettings
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from tests.devices.farends import played, read_exactly
from tests.devices.test_kerong_frames import answer
from tests.devices.virtual import run_virtual

THIRD = Compartment(1, 3)


@dataclass
class Cabinet:
    """Boards with all doors shut. `deaf`: how many questions go unheard; `springs`: seconds until a door opens."""

    boards: tuple[int, ...] = (0,)
    deaf: int = 0
    springs: float | None = 0.05
    hooks: int = 0xFFFF
    items: int = 0b100
    pulses: list[int] = field(default_factory=list[int])
    asked: int = 0
    before: bytes = b""

    async def __call__(self, far: Transport) -> None:
        while True:
            request = await read_exactly(far, 5)
            assert (request[0], request[3], request[4]) == (0x02, 0x03, sum(request[:4]) & 0xFF)
            board, lock = request[1] >> 4, request[1] & 0xF
            if request[2] == 0x31:
                self.pulses.append(request[1])
                if self.springs is not None:
                    asyncio.get_running_loop().call_later(self.springs, self.spring, lock)
                continue
            self.asked += 1
            if self.asked > self.deaf and board in self.boards:
                await far.write(self.before + answer(board, self.hooks, self.items))

    def spring(self, lock: int) -> None:
        self.hooks &= ~(1 << lock)


def settings(boards: int = 1, **changes: Any) -> KerongSettings:
    return KerongSettings.model_validate(
        {"port": "here", "boards": [{"address": n + 1, "infrared": "fitted", **changes} for n in range(boards)]}
    )


Test = Callable[[KerongCu16, MemoryLine], Coroutine[Any, Any, None]]


def on(cabinet: Cabinet, test: Test, boards: int = 1, **changes: Any) -> None:
    async def main() -> None:
        async with played(cabinet) as line:
            locker = KerongCu16(line, settings(boards, **changes))
            await test(locker, line)
            await locker.close()

    run_virtual(main())


def permit(grant: str = "grant", compartment: Compartment = THIRD) -> OpenPermit:
    return OpenPermit(grant, compartment)


async def refused(coming: Coroutine[Any, Any, Any]) -> tuple[Completion, bool]:
    with pytest.raises(DeviceFault) as caught:
        await coming
    return caught.value.completion, caught.value.acted


def test_a_door_is_open_when_its_hook_says_so() -> None:
    cabinet = Cabinet(springs=0.6)

    async def test(locker: KerongCu16, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.OPEN
        assert cabinet.pulses == [0x02]
        assert await locker.door(THIRD) is DoorState.OPEN
        assert await locker.door(Compartment(1, 4)) is DoorState.CLOSED
        assert [n for n, door in (await locker.doors(1)).items() if door is DoorState.OPEN] == [3]

    on(cabinet, test)


def test_a_door_that_stays_shut_is_told_and_not_pulsed_again() -> None:
    cabinet = Cabinet(springs=None)

    async def test(locker: KerongCu16, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.CLOSED
        assert len(cabinet.pulses) == 1

    on(cabinet, test)


def test_a_board_that_falls_silent_after_the_pulse_leaves_the_door_unknown() -> None:
    cabinet = Cabinet(deaf=99)

    async def test(locker: KerongCu16, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.UNKNOWN
        assert len(cabinet.pulses) == 1
        assert (await locker.health()).state is DeviceState.POWER_OFF

    on(cabinet, test)


def test_a_permit_opens_once_and_is_not_spent_when_nothing_could_be_sent() -> None:
    async def test(locker: KerongCu16, line: MemoryLine) -> None:
        line.unplug()
        assert await refused(locker.open(permit())) == (Completion.DEVICE_NOT_READY, False)
        line.plug()
        assert await locker.open(permit()) is DoorState.OPEN
        assert await refused(locker.open(permit())) == (Completion.AUTHORISATION_REQUIRED, False)

    on(Cabinet(), test)


def test_a_cable_pulled_between_opening_the_line_and_the_pulse_leaves_the_permit_spent() -> None:
    async def test(locker: KerongCu16, line: MemoryLine) -> None:
        await locker.door(THIRD)
        line.unplug()
        assert await locker.open(permit()) is DoorState.UNKNOWN
        line.plug()
        assert await refused(locker.open(permit())) == (Completion.AUTHORISATION_REQUIRED, False)

    on(Cabinet(), test)


def test_what_lies_in_a_compartment() -> None:
    async def test(locker: KerongCu16, line: MemoryLine) -> None:
        assert await locker.item(THIRD) is ItemState.PRESENT
        assert await locker.item(Compartment(1, 4)) is ItemState.NOT_PRESENT
        line.unplug()
        assert await refused(locker.item(THIRD)) == (Completion.DEVICE_NOT_READY, False)

    on(Cabinet(), test)


def test_without_light_barriers_nothing_is_claimed() -> None:
    cabinet = Cabinet()

    async def test(locker: KerongCu16, _line: MemoryLine) -> None:
        assert await locker.item(THIRD) is ItemState.NOT_SUPPORTED
        assert cabinet.asked == 0

    on(cabinet, test, infrared="not-fitted")


@pytest.mark.parametrize("compartment", [Compartment(1, 0), Compartment(1, 13), Compartment(2, 1)])
def test_a_compartment_that_is_not_there_is_refused_before_anything_is_sent(compartment: Compartment) -> None:
    cabinet = Cabinet()

    async def test(locker: KerongCu16, _line: MemoryLine) -> None:
        for asking in (
            locker.open(permit(compartment=compartment)),
            locker.door(compartment),
            locker.item(compartment),
        ):
            assert await refused(asking) == (Completion.INVALID_DATA, False)
        assert await refused(locker.doors(9)) == (Completion.INVALID_DATA, False)
        assert (cabinet.asked, cabinet.pulses) == (0, [])

    on(cabinet, test, ways=12)


def test_a_question_lost_once_is_asked_again_and_silence_is_told() -> None:
    async def test(locker: KerongCu16, _line: MemoryLine) -> None:
        assert await locker.door(THIRD) is DoorState.CLOSED

    on(Cabinet(deaf=1), test)

    async def silent(locker: KerongCu16, _line: MemoryLine) -> None:
        assert await refused(locker.door(THIRD)) == (Completion.DEVICE_NOT_READY, False)

    on(Cabinet(deaf=9), silent)


def test_another_boards_answer_is_passed_over() -> None:
    async def test(locker: KerongCu16, _line: MemoryLine) -> None:
        assert await locker.door(THIRD) is DoorState.CLOSED

    on(Cabinet(before=answer(5, 0, 0)), test)


def test_health_names_the_boards_that_are_silent() -> None:
    async def test(locker: KerongCu16, line: MemoryLine) -> None:
        one_silent = await locker.health()
        assert (one_silent.state, one_silent.detail) == (DeviceState.HARDWARE_ERROR, "silent boards: 2")
        line.unplug()
        assert (await locker.health()).state is DeviceState.POWER_OFF

    on(Cabinet(), test, boards=2)

    async def both(locker: KerongCu16, _line: MemoryLine) -> None:
        opening = asyncio.get_running_loop().create_task(locker.open(permit()))
        await asyncio.sleep(0)
        assert (await locker.health()).state is DeviceState.STARTING
        await opening
        assert (await locker.health()).state is DeviceState.ONLINE

    on(Cabinet(boards=(0, 1)), both, boards=2)


def test_settings_are_checked_and_may_be_text() -> None:
    board = '{"address": 1, "infrared": "fitted"}'
    assert KerongSettings.model_validate({"port": "x", "boards": f"[{board}]"}).boards[0].ways == 16
    with pytest.raises(ValueError, match="same address"):
        KerongSettings.model_validate({"port": "x", "boards": f"[{board}, {board}]"})
