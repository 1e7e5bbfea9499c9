"""What the attract page is told about devices, the line and the whole terminal."""

from __future__ import annotations

import asyncio

from kiosk.counter.readiness import Board
from kiosk.screens.states import ServiceOpen


def test_a_device_is_being_checked_until_something_is_known() -> None:
    assert Board(("locker",)).device("locker") is ServiceOpen.CHECKING


def test_a_device_this_machine_does_not_have_is_closed() -> None:
    assert Board(()).device("dispenser") is ServiceOpen.CLOSED


def test_a_device_that_is_held_stays_closed_until_every_reason_is_over() -> None:
    board = Board(("locker",))
    board.put_device("locker", ServiceOpen.OPEN)
    board.hold("locker", "door-open")
    board.hold("locker", "parked-case")
    board.let_go("locker", "door-open")
    assert board.device("locker") is ServiceOpen.CLOSED
    board.let_go("locker", "parked-case")
    assert board.device("locker") is ServiceOpen.OPEN


def test_the_first_reason_to_close_everything_is_the_one_told() -> None:
    board = Board(())
    board.close_all("clock")
    board.close_all("disk")
    board.open_again("clock")
    assert board.out_of_service() == "disk"
    board.open_again("disk")
    assert board.out_of_service() == ""


def test_an_alarm_is_told_once_and_cleared() -> None:
    board = Board(())
    board.raise_alarm("alarm-offline")
    board.raise_alarm("alarm-offline")
    assert board.alarms() == ("alarm-offline",)
    board.clear_alarm("alarm-offline")
    assert board.alarms() == ()


def test_a_change_missed_is_told_at_once_and_only_once() -> None:
    async def story() -> bool:
        board = Board(("locker",))
        board.put_device("locker", ServiceOpen.OPEN)
        board.put_device("locker", ServiceOpen.OPEN)
        await asyncio.wait_for(board.changed(), 1)
        waiting = asyncio.ensure_future(board.changed())
        await asyncio.sleep(0)
        still = not waiting.done()
        board.put_unconfirmed(unconfirmed=True)
        await asyncio.wait_for(waiting, 1)
        return still and not board.effects_open()

    assert asyncio.run(story())
