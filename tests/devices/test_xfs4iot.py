"""Makers behind XFS4IoT services: what is inside is known at all times, and issued is what the sensor has said."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.devices.endorsement_writer.xfs4iot import WriterSettings, Xfs4iotEndorsementWriter
from kiosk.devices.licence_printer.xfs4iot import LicencePrinterSettings, Xfs4iotLicencePrinter
from kiosk.devices.lines import line_at
from kiosk.devices.making import HandOutPermit, Place, Stock, Taken, Verdict
from kiosk.devices.plate_printer.xfs4iot import PlatePrinterSettings, Xfs4iotPlatePrinter
from kiosk.devices.temporary_id_maker.xfs4iot import TemporaryIdMakerSettings, Xfs4iotTemporaryIdMaker
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Supply
from kiosk.devices.xfs4iot.machine import Machine
from kiosk.simulation.makers import Fault, Kind, Maker, Spot
from kiosk.simulation.xfs4iot import ATR, Running
from tests.devices.farends import FixedClock
from tests.devices.makers import ENDORSEMENTS, LICENCE, PLATE, TEMPORARY, URL, House, authority, house
from tests.devices.virtual import run_virtual

SPOTS = {
    Spot.EMPTY: Place.NONE,
    Spot.TRANSPORT: Place.TRANSPORT,
    Spot.EXIT: Place.EXIT,
    Spot.JAMMED: Place.JAMMED,
}


def passed_over() -> None:
    """Nobody is told of what the throat did not take."""


def licences(there: House, **changes: Any) -> Xfs4iotLicencePrinter:
    return Xfs4iotLicencePrinter(lambda _port: there.line, LicencePrinterSettings(url=URL, **changes))


def temporaries(there: House) -> Xfs4iotTemporaryIdMaker:
    return Xfs4iotTemporaryIdMaker(lambda _port: there.line, TemporaryIdMakerSettings(url=URL))


def plates(there: House) -> Xfs4iotPlatePrinter:
    return Xfs4iotPlatePrinter(lambda _port: there.line, PlatePrinterSettings(url=URL))


def writers(there: House) -> Xfs4iotEndorsementWriter:
    return Xfs4iotEndorsementWriter(lambda _port: there.line, WriterSettings(url=URL), FixedClock())


def on(kind: Kind, body: Callable[[House], Coroutine[Any, Any, None]], **changes: Any) -> None:
    async def main() -> None:
        async with house(kind, **changes) as there:
            await body(there)

    run_virtual(main())


async def fault(coming: Awaitable[object]) -> DeviceFault:
    with pytest.raises(DeviceFault) as caught:
        _ = await coming
    return caught.value


def later(seconds: float, what: Callable[[], object]) -> None:
    _ = asyncio.get_running_loop().call_later(seconds, what)


# -- as it should be --------------------------------------------------------------------------------


def test_a_licence_is_staged_printed_read_back_presented_and_taken() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        assert (await printer.status()).health.state is DeviceState.ONLINE
        await printer.stage()
        await printer.write(LICENCE)
        assert await printer.verify(LICENCE) is Verdict.SAME
        await printer.present(HandOutPermit("grant"))
        assert await printer.where() is Place.EXIT
        later(7, there.maker.take)
        assert await printer.taken(seconds=30) is Taken.TAKEN
        assert await printer.where() is Place.NONE
        (handed,) = there.maker.inside.hands
        assert handed.face["name"] == "王小芳"
        await printer.close()

    on(Kind.STACK, body)


def test_a_temporary_identity_card_likewise() -> None:
    async def body(there: House) -> None:
        maker = temporaries(there)
        await maker.stage()
        await maker.write(TEMPORARY)
        assert await maker.verify(TEMPORARY) is Verdict.SAME
        await maker.present(HandOutPermit("grant"))
        later(1, there.maker.take)
        assert await maker.taken(seconds=30) is Taken.TAKEN
        await maker.close()

    on(Kind.STACK, body)


def test_a_pass_is_taken_in_its_chip_answers_its_back_is_rewritten_and_it_is_given_out_again() -> None:
    async def body(there: House) -> None:
        writer = writers(there)
        refused: list[int] = []
        later(2, lambda: there.maker.offer(genuine=False, number=1))
        later(5, lambda: there.maker.offer(number=2))
        card = await writer.take_in(seconds=30, refused=lambda: refused.append(1))
        assert (card.atr, refused) == (ATR, [1])
        assert await writer.transmit(bytes.fromhex("00A4040C07A0000002471001")) == b"\x90\x00"
        assert await writer.transmit(bytes.fromhex("00B0000000")) == b"\x6a\x82"
        await writer.write(ENDORSEMENTS)
        assert await writer.verify(ENDORSEMENTS) is Verdict.SAME
        assert there.service is not None
        assert there.service.heard.count("Printer.PrintForm") == 2
        await writer.present(HandOutPermit("grant"))
        later(1, there.maker.take)
        assert await writer.taken(seconds=30) is Taken.TAKEN
        mine = there.maker.inside.hands[-1]
        assert (mine.number, mine.face["line2Kind"], "line1Kind" in mine.face) == (2, "澳门 L", True)
        await writer.close()

    on(Kind.VISITORS_CARD, body)


def test_a_plate_is_printed_from_its_source_and_what_nobody_takes_is_drawn_back() -> None:
    async def body(there: House) -> None:
        printer = plates(there)
        await printer.write(PLATE)
        assert await printer.verify(PLATE) is Verdict.SAME
        await printer.present(HandOutPermit("one"))
        later(1, there.maker.take)
        assert await printer.taken(seconds=30) is Taken.TAKEN
        await printer.write(PLATE)
        await printer.present(HandOutPermit("two"))
        later(20, there.maker.draw_back)
        assert await printer.taken(seconds=60) is Taken.RETAINED
        assert (await printer.status()).retained == 1
        await printer.write(PLATE)
        await printer.present(HandOutPermit("three"))
        assert await printer.taken(seconds=5) is Taken.LEFT
        await printer.retain()
        assert (await printer.status()).retained == 2
        await printer.close()

    on(Kind.SHEETS, body)


# -- what an item's place is believed by ---------------------------------------------------------------------


def test_only_the_sensors_event_says_taken() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        await printer.stage()
        await printer.present(HandOutPermit("grant"))
        there.maker.faults.append(Fault.EVENT_LOST)
        later(1, there.maker.take)
        assert await printer.taken(seconds=60) is Taken.GONE
        await printer.close()

    on(Kind.STACK, body)


@pytest.mark.parametrize(("meanwhile", "what"), [("take", Taken.GONE), ("draw_back", Taken.RETAINED)])
def test_what_left_the_exit_while_nobody_listened_is_told_by_the_bins_count(meanwhile: str, what: Taken) -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        await printer.stage()
        await printer.present(HandOutPermit("grant"))
        later(1, there.line.unplug)
        later(4, getattr(there.maker, meanwhile))
        later(20, there.line.plug)
        assert await printer.taken(seconds=60) is what
        await printer.close()

    on(Kind.STACK, body)


def test_a_machine_that_is_away_to_the_end_leaves_it_unknown() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        await printer.stage()
        await printer.present(HandOutPermit("grant"))
        later(1, there.line.unplug)
        assert await printer.taken(seconds=30) is Taken.UNKNOWN
        there.line.plug()
        assert await printer.where() is Place.EXIT
        assert await printer.taken(seconds=1) is Taken.LEFT
        await printer.retain()
        assert (await fault(printer.taken(seconds=1))).completion is Completion.SEQUENCE_ERROR
        await printer.close()

    on(Kind.STACK, body)


def test_a_permit_is_used_once_also_when_it_failed() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        assert (await fault(printer.present(HandOutPermit("grant")))).code == "noMedia"
        await printer.stage()
        there.maker.faults.append(Fault.STUCK_AT_EXIT)
        stuck = await fault(printer.present(HandOutPermit("grant")))
        assert (stuck.code, stuck.acted) == ("mediaUnverified", True)
        assert (await fault(printer.present(HandOutPermit("grant")))).completion is Completion.AUTHORISATION_REQUIRED
        await printer.present(HandOutPermit("another"))
        await printer.close()

    on(Kind.STACK, body)


@pytest.mark.parametrize("when", [Fault.CUT_BEFORE, Fault.CUT_AMID, Fault.CUT_AFTER, Fault.DIE_AMID])
@pytest.mark.parametrize("what", ["stage", "write", "present", "retain", "clear"])
def test_a_line_lost_in_a_command_and_a_service_that_dies_lose_nothing(what: str, when: Fault) -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        if what != "stage":
            await printer.stage()
        commands: dict[str, Callable[[], Awaitable[object]]] = {
            "stage": printer.stage,
            "write": lambda: printer.write(LICENCE),
            "present": lambda: printer.present(HandOutPermit("grant")),
            "retain": printer.retain,
            "clear": printer.clear,
        }
        there.maker.faults.append(when)
        lost = await fault(commands[what]())
        assert (lost.completion, lost.acted) == (Completion.DEVICE_NOT_READY, True)
        if there.service is None:
            assert (await fault(printer.where())).completion is Completion.DEVICE_NOT_READY
            assert (await printer.status()).place is Place.UNKNOWN
            there.start()
        # The machine still moves when it is asked: the answer waits until it stands.
        assert await printer.where() is SPOTS[there.maker.inside.spot]
        assert not there.maker.moving
        assert there.maker.whereabouts() == [1]
        if what == "write":
            assert await printer.verify(LICENCE) is Verdict.SAME
        assert (await printer.health()).state is DeviceState.ONLINE
        await printer.close()

    on(Kind.STACK, body, motion_seconds=8.0)


def test_a_pass_inside_is_known_after_the_service_died_and_goes_to_the_bin_or_its_owner() -> None:
    async def body(there: House) -> None:
        writer = writers(there)
        there.maker.offer(number=7)
        _ = await writer.take_in(seconds=10, refused=passed_over)
        there.die()
        assert (await writer.status()).place is Place.UNKNOWN
        there.start()
        assert await writer.where() is Place.TRANSPORT
        await writer.present(HandOutPermit("grant"))
        later(1, there.maker.take)
        assert await writer.taken(seconds=10) is Taken.TAKEN
        assert there.maker.whereabouts() == [7]
        await writer.close()

    on(Kind.VISITORS_CARD, body)


ACTS = ("stage", "write", "present", "taken", "retain", "clear", "take", "cut", "die")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.none() | st.sampled_from(Fault)), max_size=10))
def test_whatever_happens_every_item_is_in_one_place_and_the_driver_can_say_where(
    story: list[tuple[str, Fault | None]],
) -> None:
    async def body(there: House) -> None:
        printer = licences(there, move_seconds=5, print_seconds=5)
        for n, (act, wrong) in enumerate(story):
            if wrong is not None:
                there.maker.faults.append(wrong)
            await _act(printer, there, act, n)
            if there.service is None:
                there.start()
            there.maker.faults.clear()
        async with asyncio.timeout(300):
            assert await printer.where() is SPOTS[there.maker.inside.spot]
        assert there.maker.whereabouts() == list(range(1, there.maker.inside.made + 1))
        await printer.close()

    on(Kind.STACK, body, motion_seconds=2.0)


async def _act(printer: Xfs4iotLicencePrinter, there: House, act: str, n: int) -> None:
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "stage": printer.stage,
        "write": lambda: printer.write(LICENCE),
        "present": lambda: printer.present(HandOutPermit(f"grant {n}")),
        "taken": lambda: printer.taken(seconds=4),
        "retain": printer.retain,
        "clear": printer.clear,
    }
    match act:
        case "take":
            if there.maker.inside.spot is Spot.EXIT and there.maker.inside.item is not None:
                _ = there.maker.take()
        case "cut":
            there.line.unplug()
            there.line.plug()
        case "die":
            there.die()
        case _:
            try:
                async with asyncio.timeout(300):
                    _ = await acts[act]()
            except DeviceFault:
                return


# -- what goes wrong --------------------------------------------------------------------------------


def test_a_smudged_licence_is_different_and_is_retained_and_counted() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        await printer.stage()
        there.maker.faults.append(Fault.SMUDGE)
        await printer.write(LICENCE)
        assert await printer.verify(LICENCE) is Verdict.DIFFERENT
        await printer.retain()
        assert there.maker.inside.bin == [1]
        there.maker.faults.append(Fault.UNCOUNTED)
        await printer.stage()
        miscounted = await fault(printer.retain())
        assert (miscounted.code, miscounted.acted) == ("mediaUnverified", True)
        await printer.close()

    on(Kind.STACK, body)


@pytest.mark.parametrize("kind", [Kind.STACK, Kind.SHEETS])
def test_a_jam_closes_the_machine_until_it_is_cleared_into_the_bin(kind: Kind) -> None:
    async def body(there: House) -> None:
        machine: Machine = licences(there) if kind is Kind.STACK else plates(there)
        there.maker.faults.append(Fault.JAM)
        work = machine.stage() if isinstance(machine, Xfs4iotLicencePrinter) else plates(there).write(PLATE)
        jammed = await fault(work)
        assert jammed.code in ("mediaJam", "mediaJammed")
        assert jammed.acted
        assert await machine.where() is Place.JAMMED
        assert (await machine.health()).code == "mediaJam"
        assert (await fault(machine.present(HandOutPermit("grant")))).code == "mediaJam"
        await machine.clear()
        assert (await machine.health()).code == ""
        assert there.maker.inside.bin == [1]
        await machine.close()

    on(kind, body)


def test_supplies_are_told_low_then_out_before_anything_is_spoiled() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        there.maker.inside.blanks, there.maker.inside.prints_left = 3, 9
        status = await printer.status()
        assert (status.blanks, status.ribbon, status.health.code) == (Stock.LOW, Supply.LOW, "")
        await printer.stage()
        there.maker.inside.prints_left = 0
        assert (await fault(printer.write(LICENCE))).code == "inkOut"
        assert not (await fault(printer.write(LICENCE))).acted
        assert (await printer.health()).code == "inkOut"
        there.maker.inside.prints_left, there.maker.inside.bin_capacity = 100, 0
        there.maker.changed("staged")
        await asyncio.sleep(1)
        assert (await fault(printer.retain())).code == "retainBinFull"
        assert (await printer.health()).code == "retainBinFull"
        there.maker.inside.bin_capacity = 9
        there.maker.changed("staged")
        await asyncio.sleep(1)
        await printer.retain()
        there.maker.inside.blanks = 0
        there.maker.changed("retained")
        await asyncio.sleep(1)
        assert (await fault(printer.stage())).code == "empty"
        assert (await printer.health()).code == "empty"
        await printer.close()

    on(Kind.STACK, body)


def test_plates_run_out_of_sheets() -> None:
    async def body(there: House) -> None:
        printer = plates(there)
        there.maker.inside.blanks = 2
        assert (await printer.status()).blanks is Stock.LOW
        there.maker.inside.blanks = 0
        assert (await fault(printer.write(PLATE))).code == "empty"
        await printer.close()

    on(Kind.SHEETS, body)


def test_an_events_word_on_the_ribbon_is_heard_without_asking() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        there.maker.inside.prints_left = 1
        await printer.stage()
        await printer.write(LICENCE)
        presenting = asyncio.get_running_loop().create_task(printer.present(HandOutPermit("grant")))
        await asyncio.sleep(0.5)
        assert there.maker.moving
        assert (await printer.status()).ribbon is Supply.OUT
        assert there.maker.moving, "a machine that moves was not asked"
        await presenting
        await printer.close()

    on(Kind.STACK, body)


def test_a_machine_with_something_inside_takes_nothing_more() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        assert (await fault(printer.write(LICENCE))).code == "noMedia"
        assert (await fault(printer.retain())).code == "noMedia"
        await printer.stage()
        assert (await fault(printer.stage())).code == "occupied"
        await printer.present(HandOutPermit("grant"))
        assert (await fault(printer.write(LICENCE))).completion is Completion.SEQUENCE_ERROR
        assert (await fault(printer.verify(LICENCE))).completion is Completion.SEQUENCE_ERROR
        await printer.close()

    on(Kind.STACK, body)


def test_a_failed_second_half_of_a_rewriting_says_that_the_back_may_be_empty() -> None:
    async def body(there: House) -> None:
        writer = writers(there)
        there.maker.offer()
        _ = await writer.take_in(seconds=10, refused=passed_over)
        there.maker.inside.prints_left = 1
        broken = await fault(writer.write(ENDORSEMENTS))
        assert (broken.code, broken.acted) == ("inkOut", True)
        assert await writer.verify(ENDORSEMENTS) is Verdict.DIFFERENT
        await writer.close()

    on(Kind.VISITORS_CARD, body)


# -- the conversation --------------------------------------------------------------------------------


def test_nobody_who_holds_a_card_in_is_waited_for_to_the_deadline_and_no_longer() -> None:
    async def body(there: House) -> None:
        writer = writers(there)
        began = asyncio.get_running_loop().time()
        assert (await fault(writer.take_in(seconds=20, refused=passed_over))).completion is Completion.TIME_OUT
        assert asyncio.get_running_loop().time() - began < 25
        assert await writer.where() is Place.NONE
        await writer.close()

    on(Kind.VISITORS_CARD, body)


def test_waiting_for_a_card_can_be_given_up_and_the_slot_closes_again() -> None:
    async def body(there: House) -> None:
        writer = writers(there)
        waiting = asyncio.get_running_loop().create_task(writer.take_in(seconds=600, refused=passed_over))
        await asyncio.sleep(5)
        _ = waiting.cancel()
        _ = await asyncio.gather(waiting, return_exceptions=True)
        assert await writer.where() is Place.NONE
        there.maker.offer()
        await asyncio.sleep(30)
        assert there.maker.inside.item is None
        card = await writer.take_in(seconds=10, refused=passed_over)
        assert card.atr == ATR
        await writer.close()

    on(Kind.VISITORS_CARD, body)


def test_a_movement_that_was_given_up_is_let_end_before_the_next() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        staging = asyncio.get_running_loop().create_task(printer.stage())
        await asyncio.sleep(1)
        _ = staging.cancel()
        _ = await asyncio.gather(staging, return_exceptions=True)
        assert there.maker.moving
        assert await printer.where() is Place.TRANSPORT
        assert not there.maker.moving
        await printer.close()

    on(Kind.STACK, body, motion_seconds=6.0)


def test_a_service_that_refuses_says_that_nothing_moved() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        there.maker.faults.append(Fault.REFUSE)
        refused = await fault(printer.stage())
        assert (refused.completion, refused.code, refused.acted) == (
            Completion.DEVICE_NOT_READY,
            "tooManyRequests",
            False,
        )
        await printer.stage()
        await printer.close()

    on(Kind.STACK, body)


@pytest.mark.parametrize("odd", [Fault.DOUBLE_COMPLETION, Fault.NONSENSE])
def test_what_nobody_asked_for_and_what_is_no_message_is_passed_over(odd: Fault) -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        there.maker.faults.append(odd)
        await printer.stage()
        await printer.write(LICENCE)
        assert await printer.where() is Place.TRANSPORT
        await printer.close()

    on(Kind.STACK, body)


def test_a_service_that_forgets_to_acknowledge_is_believed_when_it_completes() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        there.maker.faults.append(Fault.NO_ACKNOWLEDGE)
        await printer.stage()
        await printer.close()

    on(Kind.STACK, body, motion_seconds=0.5)


def test_a_service_that_hangs_is_cancelled_then_dropped_and_the_caller_is_told_in_time() -> None:
    async def body(there: House) -> None:
        printer = licences(there, move_seconds=10)
        there.maker.faults.append(Fault.HANG)
        hung = await fault(printer.stage())
        assert (hung.completion, hung.acted) == (Completion.TIME_OUT, True)
        assert (await printer.health()).state is DeviceState.ONLINE
        await printer.close()

    on(Kind.STACK, body)


@pytest.mark.parametrize("changes", [{"serial": "SIM-0002"}])
def test_another_machine_at_the_address_is_noticed_before_it_moves_anything(changes: dict[str, str]) -> None:
    async def body(there: House) -> None:
        printer = licences(there, serial="SIM-0001")
        assert (await printer.health()).code == "wrongDevice"
        assert (await fault(printer.stage())).code == "wrongDevice"
        assert there.service is not None
        assert there.service.heard == []
        await printer.close()

    on(Kind.STACK, body, **changes)


def test_a_printer_without_a_card_path_is_no_licence_printer() -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        assert (await printer.health()).code == "wrongDevice"
        await printer.close()

    on(Kind.SHEETS, body)


def test_nothing_on_an_item_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def body(there: House) -> None:
        printer = licences(there)
        await printer.stage()
        there.maker.faults += [Fault.NONSENSE, Fault.JAM]
        said = await fault(printer.write(LICENCE))
        assert "王" not in f"{said} {LICENCE} {ENDORSEMENTS} {PLATE} {TEMPORARY} {LICENCE.face()}"
        await printer.close()

    with caplog.at_level(logging.DEBUG):
        on(Kind.STACK, body)
    assert "王" not in caplog.text
    assert "150102199003071234" not in caplog.text


# -- on a real network --------------------------------------------------------------------------------


def on_localhost(body: Callable[[Running], Coroutine[Any, Any, None]], tls: ssl.SSLContext | None = None) -> None:
    async def main() -> None:
        running = Running(Maker(Kind.STACK), tls)
        await running.start()
        try:
            async with asyncio.timeout(60):
                await body(running)
        finally:
            await running.stop()

    asyncio.run(main())


def real(url: str, **changes: Any) -> Xfs4iotLicencePrinter:
    return Xfs4iotLicencePrinter(lambda port: line_at(port, 0), LicencePrinterSettings(url=url, **changes))


def test_over_a_real_websocket_a_licence_is_made_the_service_crashes_and_it_is_taken() -> None:
    async def body(running: Running) -> None:
        printer = real(running.uri)
        await printer.stage()
        await printer.write(LICENCE)
        running.maker.faults.append(Fault.DIE_AMID)
        assert (await fault(printer.present(HandOutPermit("one")))).acted
        assert (await printer.health()).state is DeviceState.POWER_OFF
        await running.stop()
        await running.start()
        assert await printer.where() is Place.EXIT
        await printer.present(HandOutPermit("two"))
        later(0, running.maker.take)
        assert await printer.taken(seconds=20) is Taken.TAKEN
        await printer.close()

    on_localhost(body)


def test_a_service_is_found_at_its_publishers_or_not_at_all() -> None:
    async def body(running: Running) -> None:
        printer = real(running.publisher, service="maker")
        assert await printer.where() is Place.NONE
        await printer.close()
        for wrong in (real(running.publisher, service="other"), real(running.publisher + "/nothing")):
            assert (await wrong.health()).state is DeviceState.POWER_OFF
            await wrong.close()

    on_localhost(body)


def test_over_tls_only_the_right_authority_is_believed(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "other").mkdir()
    mine, other = authority(tmp_path / "mine"), authority(tmp_path / "other")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(mine.certificate, mine.key)

    async def body(running: Running) -> None:
        printer = real(running.uri, ca=str(mine.ca))
        await printer.stage()
        assert await printer.where() is Place.TRANSPORT
        await printer.close()
        for untrusted in ({"ca": str(other.ca)}, {}, {"ca": str(tmp_path / "none.pem")}):
            stranger = real(running.uri, **untrusted)
            assert (await stranger.health()).state is DeviceState.POWER_OFF
            await stranger.close()
        plain = real(running.uri.replace("wss://", "ws://"))
        assert (await plain.health()).state is DeviceState.POWER_OFF
        await plain.close()

    on_localhost(body, context)


def test_a_service_that_is_killed_forgets_nothing_that_is_inside(tmp_path: Path) -> None:
    """kill -9 of the service's process, the machine's own memory on disk; then another process on the same port."""
    state = tmp_path / "machine.json"

    async def started(port: int) -> tuple[asyncio.subprocess.Process, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "kiosk.simulation.xfs4iot", "stack", "--state", str(state), "--port", str(port)),
            *("--motion-seconds", "0.05"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        said = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        return process, said["service"]

    async def main() -> None:
        process, uri = await started(0)
        printer = real(uri)
        await printer.stage()
        await printer.write(LICENCE)
        process.kill()
        _ = await process.wait()
        assert (await printer.health()).state is DeviceState.POWER_OFF
        again, same = await started(int(uri.split(":")[2].split("/")[0]))
        assert same == uri
        assert await printer.where() is Place.TRANSPORT
        assert await printer.verify(LICENCE) is Verdict.SAME
        await printer.present(HandOutPermit("grant"))
        assert again.stdin is not None
        again.stdin.write(b"take\n")
        assert await printer.taken(seconds=20) is Taken.TAKEN
        await printer.close()
        again.stdin.close()
        _ = await asyncio.wait_for(again.wait(), 20)

    asyncio.run(main())
