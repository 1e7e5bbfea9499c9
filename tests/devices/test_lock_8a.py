"""The conversation with lock boards: one pulse for one permit, and the truth about the door afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.lines import MemoryLine, SerialLine
from kiosk.devices.locker.contract import Compartment, DoorState, ItemState, OpenPermit
from kiosk.devices.locker.frames import FeedbackPolarity
from kiosk.devices.locker.lock_8a import Lock8A, Lock8ASettings
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from tests.devices.farends import Pty, played, pty_played, read_exactly
from tests.devices.virtual import run_virtual

Act = Callable[[Transport], Awaitable[None]]
Answer = bytes | None | Act


def framed(*body: int) -> bytes:
    return bytes([*body, reduce(lambda a, b: a ^ b, body)])


PULSE = "8a010311"
ASK = "80010333"
ALL = "80010033"
SECOND_ALL = "80020033"
OPENED, STILL_SHUT = framed(0x8A, 1, 3, 0x11), framed(0x8A, 1, 3, 0x00)
IS_OPEN, IS_SHUT = framed(0x80, 1, 3, 0x11), framed(0x80, 1, 3, 0x00)
ALL_SHUT = framed(0x80, 1, 0, 0, 0, 0x33)
THIRD = Compartment(1, 3)


@dataclass
class Boards:
    """Answers by request, in turn; the last goes on. None is silence."""

    answers: dict[str, Sequence[Answer]]
    asked: list[str] = field(default_factory=list[str])

    async def __call__(self, far: Transport) -> None:
        while True:
            request = await read_exactly(far, 5)
            assert reduce(lambda a, b: a ^ b, request) == 0
            key = request[:4].hex()
            turn = self.asked.count(key)
            self.asked.append(key)
            choices = self.answers.get(key, [None])
            answer = choices[min(turn, len(choices) - 1)]
            if answer is None:
                continue
            if isinstance(answer, bytes):
                await asyncio.sleep(0.1)
                await far.write(answer)
            else:
                await answer(far)


def settings(*, polarity: FeedbackPolarity = FeedbackPolarity.ZERO_IS_CLOSED, boards: int = 1) -> Lock8ASettings:
    return Lock8ASettings.model_validate(
        {
            "port": "here",
            "boards": [{"address": n, "ways": 24, "feedback_polarity": polarity} for n in range(1, boards + 1)],
        }
    )


def on(far: Boards, test: Callable[[Lock8A, MemoryLine], Coroutine[Any, Any, None]], **changes: Any) -> None:
    async def main() -> None:
        async with played(far) as line:
            await test(Lock8A(line, settings(**changes)), line)

    run_virtual(main())


def permit(grant: str = "grant", compartment: Compartment = THIRD) -> OpenPermit:
    return OpenPermit(grant, compartment)


def test_a_pulse_answered_open_is_open() -> None:
    boards = Boards({PULSE: [OPENED]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.OPEN
        assert boards.asked == [PULSE]

    on(boards, test)


def test_the_other_wiring_reads_the_same_byte_the_other_way() -> None:
    boards = Boards({PULSE: [STILL_SHUT]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.OPEN

    on(boards, test, polarity=FeedbackPolarity.ZERO_IS_OPEN)


def test_a_door_that_springs_open_a_moment_later_is_open() -> None:
    boards = Boards({PULSE: [STILL_SHUT], ASK: [IS_OPEN]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.OPEN
        assert boards.asked == [PULSE, ASK]

    on(boards, test)


def test_a_door_that_stays_shut_is_told_and_not_pulsed_again() -> None:
    boards = Boards({PULSE: [STILL_SHUT], ASK: [IS_SHUT]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.CLOSED
        assert boards.asked.count(PULSE) == 1

    on(boards, test)


@pytest.mark.parametrize(
    ("door", "state"), [(IS_OPEN, DoorState.OPEN), (IS_SHUT, DoorState.CLOSED), (None, DoorState.UNKNOWN)]
)
def test_after_silence_the_door_is_asked_and_never_pulsed_again(door: bytes | None, state: DoorState) -> None:
    boards = Boards({PULSE: [None], ASK: [door]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is state
        assert boards.asked.count(PULSE) == 1

    on(boards, test)


def test_an_answer_with_a_wrong_check_byte_counts_as_silence() -> None:
    boards = Boards({PULSE: [OPENED[:-1] + b"\x00"], ASK: [IS_OPEN]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.OPEN
        assert boards.asked == [PULSE, ASK]

    on(boards, test)


def test_answers_about_other_doors_and_reports_of_changes_are_passed_over() -> None:
    other = framed(0x8A, 1, 4, 0x11)
    unasked = framed(0x82, 1, 3, 0x11)
    boards = Boards({PULSE: [b"\x8a\x01" + unasked + other + STILL_SHUT], ASK: [unasked + IS_SHUT]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.open(permit()) is DoorState.CLOSED

    on(boards, test)


def test_a_permit_opens_once() -> None:
    boards = Boards({PULSE: [OPENED]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        await locker.open(permit())
        with pytest.raises(DeviceFault) as caught:
            await locker.open(permit())
        assert (caught.value.completion, caught.value.acted) == (Completion.AUTHORISATION_REQUIRED, False)
        assert await locker.open(permit("another")) is DoorState.OPEN
        assert boards.asked.count(PULSE) == 2

    on(boards, test)


def test_a_permit_is_not_spent_when_nothing_could_be_sent() -> None:
    boards = Boards({PULSE: [OPENED]})

    async def test(locker: Lock8A, line: MemoryLine) -> None:
        line.unplug()
        with pytest.raises(DeviceFault) as caught:
            await locker.open(permit())
        assert (caught.value.completion, caught.value.acted) == (Completion.DEVICE_NOT_READY, False)
        line.plug()
        assert await locker.open(permit()) is DoorState.OPEN

    on(boards, test)


def test_a_cable_pulled_at_the_pulse_leaves_the_permit_spent_and_the_door_is_asked_when_it_is_back() -> None:
    lines: list[MemoryLine] = []

    async def pull(_far: Transport) -> None:
        lines[0].unplug()
        asyncio.get_running_loop().call_later(1.0, lines[0].plug)

    boards = Boards({PULSE: [pull], ASK: [IS_OPEN]})

    async def test(locker: Lock8A, line: MemoryLine) -> None:
        lines.append(line)
        assert await locker.open(permit()) is DoorState.OPEN
        assert boards.asked == [PULSE, ASK]
        with pytest.raises(DeviceFault):
            await locker.open(permit())

    on(boards, test)


def test_a_cable_pulled_at_the_pulse_that_stays_out_leaves_the_door_unknown() -> None:
    lines: list[MemoryLine] = []

    async def pull(_far: Transport) -> None:
        lines[0].unplug()

    async def test(locker: Lock8A, line: MemoryLine) -> None:
        lines.append(line)
        assert await locker.open(permit()) is DoorState.UNKNOWN
        assert (await locker.health()).state is DeviceState.POWER_OFF

    on(Boards({PULSE: [pull]}), test)


@pytest.mark.parametrize("compartment", [Compartment(1, 0), Compartment(1, 25), Compartment(9, 1)])
def test_a_compartment_that_is_not_there_is_refused_before_anything_is_sent(compartment: Compartment) -> None:
    boards = Boards({})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        for asking in (locker.open(permit(compartment=compartment)), locker.door(compartment)):
            with pytest.raises(DeviceFault) as caught:
                await asking
            assert (caught.value.completion, caught.value.acted) == (Completion.INVALID_DATA, False)
        assert boards.asked == []

    on(boards, test)


def test_one_door_and_all_doors_and_the_address() -> None:
    boards = Boards(
        {
            ASK: [None, IS_OPEN],
            ALL: [framed(0x80, 1, 0x80, 0, 0x04, 0x33)],
            "80010099": [framed(0x80, 1, 7, 0x99)],
        }
    )

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.door(THIRD) is DoorState.OPEN
        doors = await locker.doors(1)
        assert len(doors) == 24
        assert [lock for lock, state in doors.items() if state is DoorState.OPEN] == [3, 24]
        assert await locker.address() == 7
        with pytest.raises(DeviceFault):
            await locker.doors(5)

    on(boards, test)


def test_a_silent_board_is_not_ready_and_nobody_hangs() -> None:
    async def test(locker: Lock8A, line: MemoryLine) -> None:
        for asking in (locker.door(THIRD), locker.doors(1), locker.address()):
            with pytest.raises(DeviceFault) as caught:
                await asking
            assert caught.value.completion is Completion.DEVICE_NOT_READY
        line.unplug()
        with pytest.raises(DeviceFault):
            await locker.door(THIRD)

    on(Boards({}), test)


def test_health_names_the_boards_that_are_silent() -> None:
    second = framed(0x80, 2, 0, 0, 0, 0x33)
    boards = Boards({ALL: [ALL_SHUT, None, None, None, None], SECOND_ALL: [second, second, None]})

    async def test(locker: Lock8A, line: MemoryLine) -> None:
        assert (await locker.health()).state is DeviceState.ONLINE
        one_silent = await locker.health()
        assert (one_silent.state, one_silent.detail) == (DeviceState.HARDWARE_ERROR, "silent boards: 1")
        assert (await locker.health()).state is DeviceState.POWER_OFF
        line.unplug()
        assert (await locker.health()).state is DeviceState.POWER_OFF

    on(boards, test, boards=2)


def test_conversations_never_overlap_on_the_bus() -> None:
    boards = Boards({PULSE: [OPENED], ASK: [IS_OPEN], ALL: [ALL_SHUT]})

    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        results = await asyncio.gather(
            locker.open(permit("a")), locker.door(THIRD), locker.doors(1), locker.open(permit("b")), locker.health()
        )
        assert results[0] is results[1] is results[3] is DoorState.OPEN
        assert results[4].state in (DeviceState.STARTING, DeviceState.ONLINE)

    on(boards, test)


def test_two_boards_of_one_address_are_refused() -> None:
    board = {"address": 1, "ways": 8, "feedback_polarity": "zero-is-open"}
    with pytest.raises(ValueError, match="same address"):
        Lock8ASettings.model_validate({"port": "x", "boards": [board, board]})


def test_boards_may_be_written_as_text() -> None:
    text = '[{"address": 2, "ways": 12, "feedback_polarity": "zero-is-open"}]'
    assert Lock8ASettings.model_validate({"port": "x", "boards": text}).boards[0].ways == 12


def test_over_a_real_pty_a_bus_pulled_out_comes_back(tmp_path: Path) -> None:
    async def main() -> None:
        async with asyncio.timeout(20):
            pty = Pty(tmp_path / "bus")
            locker = Lock8A(SerialLine(str(tmp_path / "bus"), 9600), settings())
            opening = asyncio.get_running_loop().create_task(locker.open(permit()))
            assert (await read_exactly(pty.far, 5)).hex().startswith(PULSE)
            pty.unplug()
            async with pty_played(tmp_path / "bus", Boards({ASK: [IS_OPEN], ALL: [ALL_SHUT]})):
                assert await opening is DoorState.OPEN
                assert (await locker.health()).state is DeviceState.ONLINE
                await locker.close()

    asyncio.run(main())


def test_what_lies_in_a_compartment_cannot_be_felt() -> None:
    async def test(locker: Lock8A, _line: MemoryLine) -> None:
        assert await locker.item(THIRD) is ItemState.NOT_SUPPORTED
        with pytest.raises(DeviceFault):
            await locker.item(Compartment(1, 99))

    on(Boards({}), test)
