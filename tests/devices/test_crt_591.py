"""The conversation with a dispenser: nothing is issued that the sensors did not see go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.dispenser.contract import AtInit, CardPlace, PresentPermit, Stock, Taken
from kiosk.devices.dispenser.crt_591 import Crt591, Crt591Settings
from kiosk.devices.lines import MemoryLine, SerialLine
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from tests.devices.dispensers import (
    EOT,
    NAK,
    Misbehave,
    Unit,
    acked_only,
    damaged,
    doubled,
    framed,
    garbled,
    late_ack,
    refuses,
    silent,
    slow,
    torn,
    very_late,
    without_ack,
    without_moving,
)
from tests.devices.farends import played, pty_played
from tests.devices.virtual import run_virtual

Test = Callable[[Crt591, Unit, MemoryLine], Coroutine[Any, Any, None]]


def on(test: Test, unit: Unit | None = None) -> None:
    there = unit or Unit()

    async def main() -> None:
        async with played(there) as line:
            dispenser = Crt591([line], Crt591Settings(port="here", baud=9600))
            await test(dispenser, there, line)
            await dispenser.close()

    run_virtual(main())


PERMIT = PresentPermit("grant")


async def refused(coming: Coroutine[Any, Any, Any]) -> tuple[Completion, str, bool]:
    with pytest.raises(DeviceFault) as caught:
        await coming
    return caught.value.completion, caught.value.code, caught.value.acted


def test_a_card_is_staged_presented_and_taken() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.stage()
        assert (await dispenser.status()).card is CardPlace.TRANSPORT
        await dispenser.present(PERMIT)
        asyncio.get_running_loop().call_later(2.0, lambda: setattr(unit, "place", b"0"))
        assert await dispenser.taken(seconds=10) is Taken.TAKEN
        assert unit.fed == 1

    on(test)


def test_a_card_nobody_takes_goes_into_the_bin_and_is_counted() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.stage()
        await dispenser.present(PERMIT)
        assert await dispenser.taken(seconds=3) is Taken.LEFT
        await dispenser.retain()
        assert await dispenser.retained() == 8
        assert (await dispenser.status()).card is CardPlace.NONE

    on(test)


def test_a_hand_that_makes_the_sensor_flicker_has_not_taken_the_card() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.stage()
        await dispenser.present(PERMIT)
        looks = 0

        async def flicker(there: Unit, far: Transport, command: bytes) -> None:
            nonlocal looks
            looks += 1
            there.place = b"0" if looks % 2 else b"1"
            await far.write(b"\x06")
            await there.carry_out(far, command)

        unit.script[b"10"] = [*[None] * unit.asked.count(b"10"), *[flicker] * 40]
        assert await dispenser.taken(seconds=2) is Taken.LEFT

    on(test)


def test_a_quick_hand_at_the_gate_is_seen_in_the_reply_itself() -> None:
    async def snatched(unit: Unit, far: Transport, command: bytes) -> None:
        await far.write(b"\x06")
        await unit.carry_out(far, command)
        unit.place = b"0"

    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        await dispenser.stage()
        await dispenser.present(PERMIT)
        assert await dispenser.taken(seconds=5) is Taken.TAKEN

    on(test, Unit(script={b"20": [snatched]}))


def test_nothing_is_taken_that_was_not_presented() -> None:
    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert await refused(dispenser.taken(seconds=1)) == (Completion.SEQUENCE_ERROR, "", False)

    on(test)


def test_a_unit_that_lost_its_power_cannot_say_who_has_the_card() -> None:
    async def test(dispenser: Crt591, unit: Unit, line: MemoryLine) -> None:
        await dispenser.stage()
        await dispenser.present(PERMIT)
        line.unplug()
        unit.place, unit.needs_init = b"0", True
        asyncio.get_running_loop().call_later(1.0, line.plug)
        assert await dispenser.taken(seconds=10) is Taken.UNKNOWN
        assert unit.asked.count(b"03") == 1

    on(test)


def test_a_line_that_flaps_while_the_unit_keeps_its_power_hides_nothing() -> None:
    async def test(dispenser: Crt591, unit: Unit, line: MemoryLine) -> None:
        await dispenser.stage()
        await dispenser.present(PERMIT)
        line.unplug()
        asyncio.get_running_loop().call_later(1.0, line.plug)
        asyncio.get_running_loop().call_later(2.0, lambda: setattr(unit, "place", b"0"))
        assert await dispenser.taken(seconds=20) is Taken.TAKEN

    on(test)


def test_a_line_that_stays_away_leaves_it_unknown() -> None:
    async def test(dispenser: Crt591, _unit: Unit, line: MemoryLine) -> None:
        await dispenser.stage()
        await dispenser.present(PERMIT)
        line.unplug()
        assert await dispenser.taken(seconds=2) is Taken.UNKNOWN
        assert (await dispenser.health()).state is DeviceState.POWER_OFF

    on(test)


def test_a_permit_hands_out_one_card() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        assert await refused(dispenser.present(PERMIT)) == (Completion.COMMAND_ERROR, "noMedia", False)
        await dispenser.stage()
        await dispenser.present(PERMIT)
        assert await refused(dispenser.present(PERMIT)) == (Completion.AUTHORISATION_REQUIRED, "", False)
        assert unit.asked.count(b"20") == 1

    on(test)


@pytest.mark.parametrize(
    ("place", "cards", "code"),
    [(b"1", 5, "occupied"), (b"2", 5, "occupied"), (b"?", 5, "mediaUnverified"), (b"0", 0, "empty")],
)
def test_nothing_is_fed_that_could_not_be_read(place: bytes, cards: int, code: str) -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        assert await refused(dispenser.stage()) == (Completion.COMMAND_ERROR, code, False)
        assert b"22" not in unit.asked

    on(test, Unit(place=place, cards=cards))


def test_a_card_at_an_unknown_place_is_not_presented() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        assert (await refused(dispenser.present(PERMIT)))[1] == "mediaUnverified"
        assert b"20" not in unit.asked

    on(test, Unit(place=b"9"))


@pytest.mark.parametrize(
    "script", [{b"22": [without_moving(b"020")]}, {b"22": [None], b"10": [None, None, silent] * 3}]
)
def test_a_unit_that_says_done_and_whose_sensors_do_not_is_not_believed(
    script: dict[bytes, list[Misbehave | None]],
) -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        unit.on = True
        if b"10" in script:
            unit.script[b"10"] = [None, None, None, silent, silent, silent]
        _completion, _code, acted = await refused(dispenser.stage())
        assert acted

    on(test, Unit(script=dict(script)))


def test_a_card_that_was_said_to_be_at_the_gate_and_is_not_is_unverified() -> None:
    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert await refused(dispenser.present(PERMIT)) == (Completion.COMMAND_ERROR, "mediaUnverified", True)
        assert await refused(dispenser.taken(seconds=1)) == (Completion.SEQUENCE_ERROR, "", False)

    on(test, Unit(place=b"2", script={b"20": [without_moving(b"220")]}))


def test_a_card_seen_at_the_gate_a_moment_later_is_presented() -> None:
    async def settles(unit: Unit, far: Transport, command: bytes) -> None:
        await without_moving(b"220")(unit, far, command)
        unit.place = b"1"

    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        await dispenser.present(PERMIT)
        assert await dispenser.taken(seconds=1) is Taken.LEFT

    on(test, Unit(place=b"2", script={b"20": [settles]}))


@pytest.mark.parametrize(
    "changes",
    [{"bin_full": b"1"}, {"bin_full": b"?"}, {"sensors": b"0" * 9}, {"script": {b"11": [refuses(b"03")] * 9}}],
)
def test_nothing_goes_into_a_bin_that_is_full_or_not_known_to_have_room(changes: dict[str, Any]) -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        for coming in (dispenser.retain(), dispenser.init(AtInit.RETAIN)):
            assert await refused(coming) == (Completion.COMMAND_ERROR, "retainBinFull", False)
        assert not {b"23", b"01"} & set(unit.asked)
        assert (await dispenser.health()).code == "retainBinFull"

    on(test, Unit(place=b"1", **changes))


def test_there_must_be_a_card_to_retain() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        assert (await refused(dispenser.retain()))[1] == "noMedia"
        assert b"23" not in unit.asked

    on(test)


def test_a_card_that_left_and_was_not_counted_is_unverified() -> None:
    async def pulled_out(unit: Unit, far: Transport, command: bytes) -> None:
        unit.place = b"0"
        await without_moving(b"020")(unit, far, command)

    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert await refused(dispenser.retain()) == (Completion.COMMAND_ERROR, "mediaUnverified", True)

    on(test, Unit(place=b"1", script={b"23": [pulled_out]}))


def test_a_unit_that_does_not_count_is_believed_by_its_sensors() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.retain()
        assert unit.place == b"0"
        assert (await refused(dispenser.retained()))[0] is Completion.UNSUPPORTED

    on(test, Unit(place=b"1", count=False))


@pytest.mark.parametrize(
    ("how", "place"),
    [(AtInit.LEAVE, CardPlace.TRANSPORT), (AtInit.PRESENT, CardPlace.EXIT), (AtInit.RETAIN, CardPlace.NONE)],
)
def test_initialising_does_with_a_card_what_is_asked(how: AtInit, place: CardPlace) -> None:
    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert await dispenser.init(how) == "CRT-591-M001"
        assert (await dispenser.status()).card is place

    on(test, Unit(place=b"2"))


def test_a_unit_fresh_from_power_on_is_initialised_with_its_card_left_alone() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        status = await dispenser.status()
        assert (status.health.state, status.card) == (DeviceState.ONLINE, CardPlace.TRANSPORT)
        assert [c for c in unit.asked if c[:1] == b"0"] == [b"03"]

    on(test, Unit(place=b"2", needs_init=True))


def test_a_unit_that_asks_for_it_amid_a_command_is_initialised_before_the_next() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.status()
        unit.needs_init = True
        assert await refused(dispenser.stage()) == (Completion.DEVICE_NOT_READY, "", False)
        await dispenser.stage()
        assert unit.fed == 1

    on(test)


def test_a_unit_that_refuses_to_be_initialised_is_told() -> None:
    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert (await refused(dispenser.stage()))[1] == "mediaJam"

    on(test, Unit(needs_init=True, script={b"03": [refuses(b"10")]}))


@pytest.mark.parametrize("wrong", [silent, garbled, without_ack, late_ack, damaged, torn, doubled])
def test_a_question_gets_through_whatever_happens_to_one_frame(wrong: Misbehave) -> None:
    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert await dispenser.version() == "V1.02"
        assert await dispenser.version() == "V1.02"
        assert await dispenser.serial() == "SN-00042"

    on(test, Unit(script={b"\xa40": [wrong, wrong]}))


@pytest.mark.parametrize(
    "wrong", [silent, garbled, without_ack, late_ack, damaged, torn, doubled, very_late(1.4), slow(12)]
)
@pytest.mark.parametrize("command", [b"22", b"20", b"23"])
def test_a_movement_happens_once_whatever_happens_to_one_frame(wrong: Misbehave, command: bytes) -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.stage()
        await dispenser.present(PERMIT)
        await dispenser.retain()
        assert (unit.fed, unit.binned) == (1, 8)
        assert (await dispenser.health()).state is DeviceState.ONLINE

    on(test, Unit(script={command: [wrong]}))


def test_a_unit_too_busy_to_answer_is_waited_for_and_not_told_twice() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.stage()
        assert unit.asked.count(b"22") == 1

    async def busy(unit: Unit, far: Transport, command: bytes) -> None:
        await asyncio.sleep(1.5)
        await far.write(b"\x06")
        await asyncio.sleep(8)
        await unit.carry_out(far, command)

    on(test, Unit(script={b"22": [busy]}))


def test_an_order_nobody_answers_may_have_been_carried_out() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.status()
        unit.on = False
        assert await refused(dispenser.stage()) == (Completion.DEVICE_NOT_READY, "", False)
        unit.on = True
        await dispenser.status()
        unit.script[b"22"] = [silent] * 5
        assert await refused(dispenser.stage()) == (Completion.DEVICE_NOT_READY, "", True)

    on(test)


def test_a_reply_that_stays_damaged_is_given_up() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        assert (await refused(dispenser.version()))[0] is Completion.DEVICE_NOT_READY
        assert unit.words.count(NAK) == 3

    async def hopeless(unit: Unit, far: Transport, command: bytes) -> None:
        await far.write(b"\x06")
        unit.last = framed(b"P" + command + b"020")[:-1] + b"\x00"
        await far.write(unit.last)

    on(test, Unit(script={b"\xa40": [hopeless]}))


def test_a_command_acknowledged_and_never_answered_is_called_off() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        assert (await refused(dispenser.version()))[0] is Completion.DEVICE_NOT_READY
        assert EOT not in unit.words
        assert await dispenser.version() == "V1.02"
        assert EOT in unit.words

    on(test, Unit(script={b"\xa40": [acked_only]}))


def test_a_movement_given_up_by_its_caller_goes_on_to_its_end() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        await dispenser.status()
        staging = asyncio.get_running_loop().create_task(dispenser.stage())
        await asyncio.sleep(1)
        staging.cancel()
        await asyncio.gather(staging, return_exceptions=True)
        assert (await dispenser.status()).card is CardPlace.TRANSPORT
        assert EOT not in unit.words

    on(test, Unit(script={b"22": [slow(5)]}))


def test_a_movement_given_up_that_never_ends_is_called_off() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        assert (await refused(dispenser.stage()))[2]
        assert (await dispenser.status()).card is CardPlace.NONE
        assert EOT in unit.words

    on(test, Unit(script={b"22": [acked_only]}))


def test_a_jam_closes_the_dispenser_until_something_moves_again() -> None:
    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert await refused(dispenser.stage()) == (Completion.COMMAND_ERROR, "mediaJam", True)
        assert (await dispenser.health()).code == "mediaJam"
        await dispenser.init(AtInit.LEAVE)
        assert (await dispenser.health()).code == ""

    on(test, Unit(script={b"22": [refuses(b"10")]}))


def test_a_broken_motor_is_a_hardware_error() -> None:
    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert (await refused(dispenser.stage()))[0] is Completion.HARDWARE_ERROR
        health = await dispenser.health()
        assert (health.state, health.detail) == (DeviceState.HARDWARE_ERROR, "motor error")

    on(test, Unit(script={b"22": [refuses(b"51")]}))


def test_supplies_are_told_and_an_empty_stacker_closes_it() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        status = await dispenser.status()
        assert (status.stacker, status.bin, status.health.code) == (Stock.LOW, Stock.OK, "")
        assert status.health.detail == "stacker low"
        unit.cards = 0
        assert (await dispenser.health()).code == "empty"

    on(test, Unit(cards=2))


def test_another_unit_on_the_line_is_not_taken_for_this_one() -> None:
    async def stranger(unit: Unit, far: Transport, command: bytes) -> None:
        await far.write(b"\x06" + framed(b"P" + command + b"020", 5))
        await asyncio.sleep(0.1)
        await unit.carry_out(far, command)

    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        assert await dispenser.version() == "V1.02"

    on(test, Unit(script={b"\xa40": [stranger]}))


def test_while_a_command_runs_status_is_what_was_last_seen() -> None:
    async def test(dispenser: Crt591, _unit: Unit, _line: MemoryLine) -> None:
        before = await dispenser.status()
        staging = asyncio.get_running_loop().create_task(dispenser.stage())
        await asyncio.sleep(0.5)
        assert await dispenser.status() == before
        await staging

    on(test, Unit(script={b"22": [slow(3)]}))


def test_what_it_can_do_is_known_without_asking() -> None:
    async def test(dispenser: Crt591, unit: Unit, _line: MemoryLine) -> None:
        can = dispenser.capabilities
        assert (can.retains, can.named_cards, can.reads_chips) == (True, False, False)
        assert unit.asked == []

    on(test)


def test_the_rate_is_found_in_the_documents_order_and_remembered() -> None:
    async def deaf(far: Transport) -> None:
        while True:
            await far.read(100)

    async def main() -> None:
        unit = Unit()
        opened: list[int] = []

        async def right(far: Transport) -> None:
            opened.append(2)
            await unit(far)

        async with played(deaf) as a, played(deaf) as b, played(right) as c, played(deaf) as d:
            dispenser = Crt591([a, b, c, d], Crt591Settings(port="here"))
            assert (await dispenser.health()).state is DeviceState.ONLINE
            c.unplug()
            assert (await dispenser.health()).state is DeviceState.POWER_OFF
            c.plug()
            assert (await dispenser.health()).state is DeviceState.ONLINE
            assert opened == [2, 2]

    run_virtual(main())


def test_a_unit_that_takes_its_rate_from_the_first_init_is_found() -> None:
    async def main() -> None:
        unit = Unit(script={b"10": [silent, silent]})
        async with played(unit) as line:
            dispenser = Crt591([line], Crt591Settings(port="here", baud=9600))
            assert (await dispenser.health()).state is DeviceState.ONLINE
            assert unit.asked[:3] == [b"10", b"10", b"03"]

    run_virtual(main())


def test_rates_are_tried_in_the_documents_order() -> None:
    assert Crt591Settings(port="x").rates == (115200, 9600, 38400, 19200, 57600)
    assert Crt591Settings(port="x", baud=19200).rates == (19200,)


def test_a_unit_silent_at_every_rate_is_without_power_and_nobody_hangs() -> None:
    async def main() -> None:
        unit = Unit(on=False)
        async with played(unit) as a, played(unit) as b:
            dispenser = Crt591([a, b], Crt591Settings(port="here"))
            async with asyncio.timeout(20):
                assert (await dispenser.health()).detail == "silent"
                assert (await refused(dispenser.stage()))[0] is Completion.DEVICE_NOT_READY

    run_virtual(main())


def test_over_a_real_pty(tmp_path: Path) -> None:
    async def main() -> None:
        async with asyncio.timeout(20), pty_played(tmp_path / "port", Unit()):
            dispenser = Crt591([SerialLine(str(tmp_path / "port"), 9600)], Crt591Settings(port="x", baud=9600))
            await dispenser.stage()
            await dispenser.present(PERMIT)
            assert await dispenser.taken(seconds=0.5) is Taken.LEFT
            await dispenser.retain()
            await dispenser.close()

    asyncio.run(main())
