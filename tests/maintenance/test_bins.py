"""A bin holds documents of people: two empty it, each counts alone, and the books say what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from central.database import transaction
from central.model import Alarm, Settlement
from kiosk.commands.simulated_staff import of_role
from kiosk.counter.passes import IN_BIN
from kiosk.counter.ports import CustodyRecord
from kiosk.nights.night import Night, nightfall
from kiosk.people.staff import Role
from kiosk.simulation.citizen import Expect, tap
from kiosk.simulation.scripts.technician import sign_in, typed
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, trail, until_page

DAY = date(2026, 11, 22)
ATTENDANT, SECURITY = of_role(Role.ATTENDANT), of_role(Role.SECURITY)
BOTH = f"{ATTENDANT.number},{SECURITY.number}"
INSIDE = ("P-0A1B2C3D-1", "P-0A1B2C3E-1")


@dataclass
class Emptied:
    topic: str = ""
    trail: dict[str, str] = field(default_factory=dict[str, str])
    places: tuple[str, ...] = ()
    counted: str = ""
    seen: list[tuple[str, str, str, str]] = field(default_factory=list[tuple[str, str, str, str]])
    alarms: list[str] = field(default_factory=list[str])


def emptied(folder: Path, counts: Sequence[str]) -> Emptied:
    """Two passes lie in the writer's bin; an attendant and somebody of the security type these counts in turn."""
    told = Emptied()

    async def main() -> None:
        key = ScriptedKey()
        async with Night(folder, 7, DAY, key=key) as night:
            running = await night.start()
            store = running.built.store
            for number in INSIDE:
                await store.custody.record(CustodyRecord(number, "C", "travel-pass", 0, 0, IN_BIN), "")
            somebody = Somebody(night, ATTENDANT)
            await somebody.comes_in(key)
            await somebody.does(Expect("OverviewPage", tap("task-more")), Expect("RecordsPage", tap("open:MT13")))
            await until_page(night, "StaffCardPage")
            await Somebody(night, SECURITY).does(*sign_in(SECURITY.pin))
            await until_page(night, "RecordsPage")
            pages = [Expect("StaffKeyPage", typed(count, "bin-count")) for count in counts]
            picked = Expect("RecordsPage", tap("open:endorsement-writer"))
            await somebody.does(picked, Expect("MendPage", tap("done")), *pages)
            await until_page(night, "OverviewPage")
            told.topic = night.reports[-1].topic
            (told.trail,) = [row["details"] for row in await trail(night) if row["event"] == "bin-emptied"]
            told.places = tuple(document.place for document in await store.custody.all())
            told.counted = (await store.staff.counted("endorsement-writer/bin"))["after"]
            await night.empty_outbox()
            with transaction(night.headquarters.engine) as db:
                told.seen = [(row.subject, row.was, row.now, row.by) for row in db.query(Settlement).all()]
                told.alarms = [row.code for row in db.query(Alarm).all()]
            assert (night.troubles.seen, night.dead_ends) == ([], [])

    run_virtual(main(), nightfall(DAY))
    return told


def test_two_people_empty_a_bin_into_a_bag_and_the_count_agrees_with_the_books(tmp_path: Path) -> None:
    told = emptied(tmp_path, ("02", "02"))
    bag = told.trail["bag"]
    assert told.topic == "task-bin-agrees"
    assert told.trail == {
        "who": BOTH,
        "device": "endorsement-writer",
        "before": "2",
        "counted": "2",
        "after": "0",
        "bag": bag,
        "outcome": "agrees",
    }
    assert (told.places, told.counted) == ((f"bag:{bag}",) * 2, "0")
    assert told.seen == [(number, "bin:endorsement-writer", f"bag:{bag}", BOTH) for number in INSIDE]


@pytest.mark.parametrize(
    ("counts", "topic", "places", "after"),
    [
        (("02", "03", "03", "03"), "task-bin-differs", ("in-doubt",) * 2, "0"),
        (("01", "02") * 3, "task-uncounted", (IN_BIN,) * 2, "unknown"),
    ],
)
def test_counts_that_differ_are_counted_again_and_a_difference_is_never_smoothed_over(
    tmp_path: Path, counts: tuple[str, ...], topic: str, places: tuple[str, ...], after: str
) -> None:
    told = emptied(tmp_path, counts)
    assert (told.topic, told.places, told.counted) == (topic, places, after)
    assert ("document-missing" in told.alarms) == (topic == "task-bin-differs")
