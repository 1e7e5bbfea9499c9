"""The record of faults and services is whole, and what it says is what happens: a few cells are played again."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.nights.matrix import CANNOT, Matrix, can_occur, cell, needs_of, page, play
from kiosk.nights.offered import catalogue, offered
from kiosk.nights.troubles import troubles

DOCS = Path(__file__).parents[2] / "docs"
RECORD = Matrix.parse((DOCS / "matrix.json").read_text("utf-8"))
PLAYED_AGAIN = (
    ("HZ02", "locker:stuck"),
    ("HZ04", "fingerprint:corrupt"),
    ("HZ01", "headquarters:drop-after-request@pay"),
    ("CRJ01", "endorsement-writer:jam@endorse"),
)


def test_the_page_is_that_of_the_record_and_names_every_service_and_every_fault() -> None:
    """`kiosk matrix --missing --out docs/matrix.md` plays what is not on record yet."""
    text = (DOCS / "matrix.md").read_text("utf-8")
    assert text == page(RECORD)
    assert [service.code for service in catalogue() if service.code not in text] == []
    assert [t.name for t in troubles() if t.name not in RECORD.faults] == []
    assert [name for name in RECORD.faults if name.partition(":")[2] not in text] == []


@pytest.mark.parametrize("code", offered())
def test_a_service_that_is_offered_was_played_with_every_fault(code: str) -> None:
    assert sorted(RECORD.cells[code]) == sorted(RECORD.faults)
    assert not {"did not come to it", "no visit"}.intersection(RECORD.cells[code].values())


def test_after_no_visit_anything_was_lost_or_kept_for_nothing() -> None:
    assert RECORD.wrong == []


@pytest.mark.parametrize(("code", "fault"), PLAYED_AGAIN)
def test_a_cell_played_again_says_the_same(code: str, fault: str) -> None:
    (trouble,) = (t for t in troubles() if t.name == fault)
    needs = needs_of(code)
    assert can_occur(trouble, needs)
    lived = play(code, trouble, needs)
    assert lived.wrong == []
    assert cell(lived) == RECORD.cells[code][fault]


def test_what_cannot_occur_is_computed_from_needs() -> None:
    needs = needs_of("HZ03")
    assert "locker" not in needs.devices
    for trouble in troubles():
        assert (RECORD.cells["HZ03"][trouble.name] == CANNOT) is not can_occur(trouble, needs)
