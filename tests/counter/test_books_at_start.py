"""At start the cabinet is held against the books (rule 10)."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.counter.ports import CustodyRecord
from kiosk.flows.effects import EffectState
from kiosk.flows.recovery import RecoveredCase, SettledEffect
from kiosk.flows.steps import StepKind
from kiosk.nights.night import Night
from kiosk.screens.states import ServiceOpen
from tests.visits.nights import a_night

NUMBER = "150203199003070017"


async def places(night: Night) -> dict[str, str]:
    assert night.running is not None
    return {d.custody: d.place for d in await night.running.built.store.custody.all()}


def test_a_document_still_expected_after_recovery_is_in_doubt_and_rings() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        built = night.running.built
        await built.store.custody.record(CustodyRecord("C-1", "CASE", "id-card", 1, 20, "expected"), NUMBER)
        await built.compare_with_books()
        assert (await places(night))["C-1"] == "in-doubt"
        assert "alarm-database" in built.board.alarms()

    a_night(scene)


def test_a_board_that_cannot_feel_leaves_what_is_booked_where_it_is() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        built = night.running.built
        await built.store.custody.record(CustodyRecord("C-2", "CASE", "id-card", 1, 21, "compartment-1-21"), NUMBER)
        await built.compare_with_books()
        assert (await places(night))["C-2"] == "compartment-1-21"
        assert not built.board.alarms()

    a_night(scene)


@pytest.mark.parametrize(
    ("kind", "device"),
    [(StepKind.HAND_OVER, "locker"), (StepKind.TAKE_IN, "locker"), (StepKind.PRINT, "receipt-printer")],
)
def test_a_case_nobody_could_recover_keeps_its_device_closed_and_the_terminal_open(
    kind: StepKind, device: str
) -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        built = night.running.built
        doubt = SettledEffect("CASE", "CASE/step/1", kind, EffectState.STARTED, EffectState.IN_DOUBT, "")
        built.park(RecoveredCase("CASE", "HZ02", (doubt,), "three recoveries did not come to an end", closed=True))
        assert built.board.device(device) is ServiceOpen.CLOSED
        assert built.board.device("id-reader") is ServiceOpen.OPEN
        assert built.board.out_of_service() == ""

    a_night(scene)


def test_a_case_that_recovered_closes_nothing() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        built = night.running.built
        built.park(RecoveredCase("CASE", "HZ02", (), "", closed=True))
        assert built.board.device("locker") is ServiceOpen.OPEN

    a_night(scene)


@pytest.mark.parametrize("booked", [False, True])
def test_a_pass_of_no_case_in_the_writer_goes_into_its_bin_and_rings(booked: bool) -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        if booked:
            row = CustodyRecord("P-1", "CASE", "travel-pass", 0, 0, "in-doubt")
            await night.running.built.store.custody.record(row, NUMBER)
        _ = await night.kill()
        night.street.call("leave-pass", situation="endorsement-due")
        built = (await night.start()).built
        await asyncio.sleep(60)
        held = night.street.call("state")["writer"]
        found = [place for number, place in (await places(night)).items() if number.startswith("P-FOUND-")]
        if booked:
            assert (held["spot"], held["bin"], found) == ("transport", 0, [])
            return
        assert (held["spot"], held["bin"], found) == ("empty", 1, ["endorsement-bin"])
        assert "alarm-found" in built.board.alarms()

    a_night(scene)
