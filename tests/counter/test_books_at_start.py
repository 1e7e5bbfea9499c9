"""At start the cabinet is held against the books (rule 10)."""

from __future__ import annotations

from kiosk.counter.ports import CustodyRecord
from kiosk.nights.night import Night
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
