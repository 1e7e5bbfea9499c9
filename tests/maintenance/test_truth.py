"""How long a supply lasts: reckoned from the last count and what came out since."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from kiosk.counter.readiness import Board
from kiosk.counter.technician.truth import DeviceWord, Sources, Truth
from kiosk.screens.states import DeviceRow, ServiceOpen
from kiosk.times import BEIJING, VirtualClock
from kiosk.virtual import run_virtual

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=BEIJING)


@dataclass
class Counted:
    """The books of supplies."""

    after: str
    days: float
    used: int

    async def counted(self, supply: str) -> Mapping[str, str]:
        assert supply == "receipt-printer/paper"
        at = NOW - timedelta(days=self.days)
        return {"after": self.after, "at": at.isoformat()} if self.after else {}

    async def papers_since(self, device: str, since: datetime) -> int:
        assert (device, since) == ("receipt-printer", NOW - timedelta(days=self.days))
        return self.used


async def _nothing() -> None:
    return None


async def _paper(device: str) -> Mapping[str, str]:
    del device
    return {"paper": "full"}


def row(book: Counted) -> DeviceRow:
    board = Board(("receipt-printer",))
    board.put_device("receipt-printer", ServiceOpen.OPEN)
    sources = Sources(
        news=lambda: (DeviceWord("receipt-printer", "online", ""),),
        nudge=lambda device: None,
        look=_nothing,
        supplies=_paper,
        whole={"receipt-printer/paper": 320},
    )

    async def main() -> DeviceRow:
        await asyncio.sleep(0)
        (found,) = await Truth(sources, board, {}, book, VirtualClock()).rows()
        return found

    return run_virtual(main(), NOW)


@pytest.mark.parametrize(
    ("after", "days", "used", "left"),
    [("full", 4.0, 80, 12), ("half", 2.0, 80, 2), ("little", 4.0, 80, 0)],
)
def test_days_left_are_known_after_a_count_and_a_day_of_use(after: str, days: float, used: int, left: int) -> None:
    assert row(Counted(after, days, used)).left == (("paper", "full", left),)


@pytest.mark.parametrize(
    "book",
    [Counted("", 0, 0), Counted("full", 0.5, 40), Counted("full", 9.0, 0)],
    ids=["never", "too soon", "unused"],
)
def test_nothing_is_guessed(book: Counted) -> None:
    assert row(book).left == (("paper", "full", None),)
