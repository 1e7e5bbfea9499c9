"""The conversation with an intake: the entry is shut, a card is in one place, and what is kept is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kiosk.devices.intake.contract import CardAt, Counts, GivenBack
from kiosk.devices.intake.crt_310 import Crt310, Crt310Settings
from kiosk.devices.lines import MemoryLine
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from tests.devices.farends import played
from tests.devices.motor_readers import (
    FRONT,
    GONE_REAR,
    INSIDE,
    NONE,
    REAR,
    Misbehave,
    Motor,
    damaged,
    no_answer,
    not_done,
    refuses,
)
from tests.devices.virtual import run_virtual

T = TypeVar("T")
SHUT, OPEN, KEEP, OFFER = b"\x2f\x31\x31", b"\x2f\x33\x31", b"\x32\x33", b"\x32\x31"


class Inline:
    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return


Test = Callable[[Crt310, Motor, MemoryLine], Coroutine[Any, Any, None]]


def on(motor: Motor, test: Test, tally: str = "") -> None:
    async def main() -> None:
        async with played(motor) as line:
            intake = Crt310(line, Crt310Settings(port="here", tally=tally), Inline())
            await test(intake, motor, line)
            await intake.close()

    run_virtual(main())


async def refused(coming: Coroutine[Any, Any, Any]) -> tuple[Completion, str, bool]:
    with pytest.raises(DeviceFault) as caught:
        await coming
    return caught.value.completion, caught.value.code, caught.value.acted


def later(seconds: float, call: Callable[[], object]) -> None:
    asyncio.get_running_loop().call_later(seconds, call)


def test_a_card_is_taken_in_and_kept_and_counted() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        later(2, motor.put_in)
        await intake.take_in(seconds=10)
        assert await intake.where() is CardAt.TRANSPORT
        assert not (await intake.status()).entry_open
        await intake.keep()
        assert await intake.where() is CardAt.NONE
        assert (motor.kept, await intake.counts()) == (1, Counts(1, 0))

    on(Motor(), test)


def test_the_entry_is_shut_when_nobody_put_anything_in() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        assert (await refused(intake.take_in(seconds=3)))[0] is Completion.TIME_OUT
        assert motor.entry == b"\x4e"

    on(Motor(), test)


def test_the_entry_is_shut_when_waiting_is_given_up() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        waiting = asyncio.get_running_loop().create_task(intake.take_in(seconds=60))
        await asyncio.sleep(5)
        assert motor.entry != b"\x4e"
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert motor.entry == b"\x4e"

    on(Motor(), test)


def test_the_entry_stands_shut_from_the_start_and_after_the_readers_power_cut() -> None:
    async def test(intake: Crt310, motor: Motor, line: MemoryLine) -> None:
        assert not (await intake.status()).entry_open
        motor.entry = b"\x4a"
        assert not (await intake.status()).entry_open
        line.unplug()
        motor.entry = b"\x4a"
        assert (await intake.status()).health.state is DeviceState.POWER_OFF
        line.plug()
        assert not (await intake.status()).entry_open

    on(Motor(), test)


def test_a_card_that_slips_in_while_the_entry_shuts_is_taken_in() -> None:
    async def slips(motor: Motor, far: Transport, command: bytes) -> None:
        motor.put_in()
        await motor.carry_out(far, command)

    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        await intake.take_in(seconds=1)
        assert await intake.where() is CardAt.TRANSPORT

    on(Motor(script={SHUT: [None, slips]}), test)


def test_a_card_of_a_wrong_length_is_put_out_again() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        later(1, lambda: motor.put_in(b"\x47"))
        assert await refused(intake.take_in(seconds=10)) == (Completion.COMMAND_ERROR, "invalidMedia", True)
        assert motor.card == FRONT

    on(Motor(), test)


@pytest.mark.parametrize(("card", "code"), [(INSIDE, "occupied"), (b"\x01", "mediaUnverified")])
def test_nothing_more_is_taken_in_while_something_may_be_there(card: bytes, code: str) -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        assert await refused(intake.take_in(seconds=5)) == (Completion.COMMAND_ERROR, code, False)
        assert OPEN not in motor.done

    on(Motor(card=card), test)


def test_a_card_is_given_back() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        later(3, lambda: setattr(motor, "card", NONE))
        assert await intake.give_back(seconds=10) is GivenBack.TAKEN

    on(Motor(card=INSIDE), test)


def test_a_card_nobody_takes_back_is_drawn_in_again() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        assert await intake.give_back(seconds=2) is GivenBack.LEFT
        assert motor.card == INSIDE

    on(Motor(card=INSIDE), test)


def test_a_card_that_does_not_come_in_again_is_unknown() -> None:
    async def test(intake: Crt310, _motor: Motor, _line: MemoryLine) -> None:
        assert await intake.give_back(seconds=1) is GivenBack.UNKNOWN

    on(Motor(card=INSIDE, script={b"\x32\x2e": [not_done]}), test)


def test_a_card_that_stays_inside_was_not_offered() -> None:
    async def test(intake: Crt310, _motor: Motor, _line: MemoryLine) -> None:
        assert await refused(intake.give_back(seconds=1)) == (Completion.COMMAND_ERROR, "mediaUnverified", True)

    on(Motor(card=INSIDE, script={OFFER: [not_done]}), test)


@pytest.mark.parametrize("wrong", [no_answer, damaged])
@pytest.mark.parametrize("command", [KEEP, OFFER])
def test_after_a_movement_without_an_answer_the_sensors_decide(wrong: Misbehave, command: bytes) -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        if command == OFFER:
            assert await intake.give_back(seconds=1) is GivenBack.LEFT
        await intake.keep()
        assert (motor.kept, await intake.counts()) == (1, Counts(1, 0))
        assert motor.done.count(command) == 1

    on(Motor(card=INSIDE, script={command: [wrong]}), test)


def test_a_card_told_to_go_and_still_there_is_neither_counted_nor_given_back() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        assert await refused(intake.keep()) == (Completion.COMMAND_ERROR, "mediaUnverified", True)
        assert await refused(intake.give_back(seconds=1)) == (Completion.SEQUENCE_ERROR, "", False)
        assert (await intake.counts()).kept == 0
        await intake.keep()
        assert (motor.kept, await intake.counts()) == (1, Counts(1, 0))

    on(Motor(card=INSIDE, script={KEEP: [not_done]}), test)


def test_a_light_barrier_that_still_sees_it_is_believed() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        async def stuck(motor: Motor, far: Transport, command: bytes) -> None:
            from tests.devices.test_intake_frames import framed

            await far.write(framed(command + b"0000100"))

        motor.script[b"\x31\x2f"] = [stuck]
        assert (await refused(intake.keep()))[1] == "mediaUnverified"

    on(Motor(card=REAR), test)


def test_without_light_barriers_a_kept_card_counts_as_unconfirmed() -> None:
    async def test(intake: Crt310, _motor: Motor, _line: MemoryLine) -> None:
        await intake.keep()
        assert await intake.counts() == Counts(1, 1)

    on(Motor(card=INSIDE, barriers=False), test)


def test_a_line_lost_while_a_card_is_kept_is_settled_when_it_is_back() -> None:
    lines: list[MemoryLine] = []

    async def cut(motor: Motor, far: Transport, command: bytes) -> None:
        motor.does(command)
        lines[0].unplug()

    async def test(intake: Crt310, motor: Motor, line: MemoryLine) -> None:
        lines.append(line)
        assert await refused(intake.keep()) == (Completion.DEVICE_NOT_READY, "", True)
        assert (await intake.counts()).kept == 0
        line.plug()
        assert (await intake.health()).state is DeviceState.ONLINE
        assert (motor.kept, await intake.counts()) == (1, Counts(1, 0))

    on(Motor(card=INSIDE, script={KEEP: [cut]}), test)


def test_there_must_be_a_card_to_keep_or_to_give_back() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        for coming in (intake.keep(), intake.give_back(seconds=1)):
            assert await refused(coming) == (Completion.COMMAND_ERROR, "noMedia", False)
        motor.card = b"\x00"
        assert (await refused(intake.keep()))[1] == "mediaUnverified"

    on(Motor(card=GONE_REAR), test)


def test_a_command_nobody_hears_has_surely_not_acted() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        await intake.where()
        motor.unheard = 2
        assert await intake.where() is CardAt.TRANSPORT

        async def deaf(there: Motor, far: Transport, command: bytes) -> None:
            there.unheard = 3
            await there.carry_out(far, command)

        motor.script[b"\x31\x30"] = [*[None] * (motor.done.count(b"\x31\x30") + 1), deaf]
        assert await refused(intake.keep()) == (Completion.DEVICE_NOT_READY, "", False)
        assert motor.card == INSIDE

    on(Motor(card=INSIDE), test)


def test_a_silent_reader_is_without_power_and_its_entry_is_shut_when_it_is_back() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        motor.unheard = 6
        assert (await intake.status()).health.detail == "silent"
        assert (await intake.status()).health.state is DeviceState.ONLINE
        assert motor.entry == b"\x4e"
        assert b"\x04" in motor.words

    on(Motor(), test)


def test_a_reader_that_falls_silent_while_a_card_is_awaited() -> None:
    async def test(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        later(1, lambda: setattr(motor, "unheard", 99))
        assert await refused(intake.take_in(seconds=5)) == (Completion.DEVICE_NOT_READY, "", True)
        motor.unheard = 0
        assert not (await intake.status()).entry_open

    on(Motor(), test)


def test_what_the_reader_refuses_is_told() -> None:
    async def test(intake: Crt310, _motor: Motor, _line: MemoryLine) -> None:
        assert await refused(intake.keep()) == (Completion.COMMAND_ERROR, "invalidMedia", False)
        assert (await intake.health()).state is DeviceState.ONLINE

    on(Motor(card=INSIDE, script={KEEP: [refuses(6)]}), test)

    async def off(intake: Crt310, _motor: Motor, _line: MemoryLine) -> None:
        assert (await intake.health()).state is DeviceState.HARDWARE_ERROR

    on(Motor(script={b"\x31\x30": [refuses(7)] * 3}), off)


def test_while_a_card_is_awaited_status_is_what_was_last_seen() -> None:
    async def test(intake: Crt310, _motor: Motor, _line: MemoryLine) -> None:
        waiting = asyncio.get_running_loop().create_task(intake.take_in(seconds=3))
        await asyncio.sleep(1)
        assert (await intake.status()).entry_open
        await asyncio.gather(waiting, return_exceptions=True)
        assert intake.capabilities.gives_back

    on(Motor(), test)


def test_the_count_survives_a_restart_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    there = tmp_path / "tally"

    async def keep(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
        await intake.keep()

    on(Motor(card=INSIDE), keep, str(there))
    on(Motor(card=INSIDE), keep, str(there))

    async def look(intake: Crt310, _motor: Motor, _line: MemoryLine) -> None:
        assert await intake.counts() == Counts(2, 0)

    on(Motor(), look, str(there))
    for damage in (b"", b"[]", b'{"kept": -1, "unconfirmed": 0}', b'{"kept": "2", "unconfirmed": 0}', b"\xff"):
        there.write_bytes(damage)

        async def told(intake: Crt310, motor: Motor, _line: MemoryLine) -> None:
            assert (await refused(intake.counts()))[0] is Completion.HARDWARE_ERROR
            await intake.keep()
            assert motor.kept == 1

        on(Motor(card=INSIDE), told, str(there))
        assert there.read_bytes() == damage
