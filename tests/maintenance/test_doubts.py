"""What is in doubt waits for two people who look; nothing is ever decided by a default."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from central.database import transaction
from central.model import Settlement
from kiosk.commands.simulated_staff import Simulated, of_role
from kiosk.nights.night import Night, nightfall
from kiosk.people.staff import Role
from kiosk.protocol.filings import DoubtSettled
from kiosk.screens.states import RecordsPage, RowMark
from kiosk.simulation.citizen import Expect, tap
from kiosk.simulation.scripts.technician import sign_in
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, trail, until_page

DAY = date(2026, 11, 22)
TECHNICIAN, SECURITY = of_role(Role.TECHNICIAN), of_role(Role.SECURITY)
KEY = "01KBQ7Q8RB3ZK0000000000000/print/receipt/1"
CASE = KEY.split("/", maxsplit=1)[0]


async def one_in_doubt(night: Night) -> None:
    """A slip of which nobody knows whether it came out, and something that no case knows of."""
    assert night.running is not None
    store = night.running.built.store
    await store.book.start_effect(
        case=CASE,
        service="HZ10",
        key=KEY,
        kind="print",
        digest="d",
        subject="",
        evidence={"device": "receipt-printer", "counter": "17"},
        lines=(),
        outbox=None,
    )
    await store.book.stage_effect(key=KEY, name="sent", evidence={"bytes": "402"}, certainty="sensed")
    letter = store.letters.report(case=CASE, key=KEY, kind="print", state="in_doubt", evidence={"counter": "unknown"})
    await store.book.close_case(case=CASE, how="in-doubt", outbox=(letter,))
    await store.audit.write("document-without-case", "", {"device": "dispenser", "result": "retained"})
    night.running.built.board.hold("receipt-printer", "parked-case")


def evening(tmp_path: Path, act: Callable[[Night, Somebody], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            idle = night.settings.maintenance.model_copy(update={"idle": 50.0})
            night.settings = night.settings.model_copy(update={"maintenance": idle})
            _ = await night.start()
            await one_in_doubt(night)
            somebody = Somebody(night, TECHNICIAN)
            await somebody.comes_in(key)
            await act(night, somebody)
            assert (night.troubles.seen, night.dead_ends) == ([], [])

    run_virtual(main(), nightfall(DAY))


async def with_a_second(night: Night, somebody: Somebody, who: Simulated = SECURITY) -> None:
    """To the list of doubts: the task, then the second person's card and PIN."""
    await somebody.does(Expect("OverviewPage", tap("task-more")), Expect("RecordsPage", tap("open:MT12")))
    await until_page(night, "StaffCardPage")
    await Somebody(night, who).does(*sign_in(who.pin))


async def page(night: Night, topic: str) -> RecordsPage:
    async with asyncio.timeout(60.0):
        while True:
            assert night.running is not None and night.running.stage.shown is not None
            state = night.running.stage.shown.state
            if isinstance(state, RecordsPage) and state.topic == topic:
                return state
            await asyncio.sleep(0.1)


def says(*verdicts: str) -> list[Expect]:
    return [Expect("RecordsPage", tap(f"open:{verdict}")) for verdict in verdicts]


async def ended(night: Night) -> str:
    await until_page(night, "OverviewPage")
    return night.reports[-1].topic


def test_each_waits_with_its_evidence_and_is_over_when_two_people_found_the_same(tmp_path: Path) -> None:
    async def act(night: Night, somebody: Somebody) -> None:
        assert night.running is not None
        await with_a_second(night, somebody)
        listed = await page(night, "doubts")
        found, slip = sorted(listed.rows, key=lambda row: row.label, reverse=True)
        assert (found.label, found.state, found.mark) == (
            "event-document-without-case",
            "doubt-document",
            RowMark.BAD,
        )
        assert (slip.label, slip.id) == ("effect-print", f"effect/{KEY}")
        assert {("device", "receipt-printer"), ("counter", "17"), ("stage 1", "sent (sensed)")} <= set(slip.said)
        await somebody.does(*says(f"effect/{KEY}"))
        first = await page(night, "doubt-asked")
        assert first.about == (("who", TECHNICIAN.number),)
        assert [row.id for row in first.rows if row.id] == ["done", "not-done", "not-sure"]
        await somebody.does(*says("done", "done"))
        assert await ended(night) == "task-doubt-settled"
        (told,) = [row["details"] for row in await trail(night) if row["event"] == "doubt-settled"]
        both = f"{TECHNICIAN.number},{SECURITY.number}"
        assert told == {"who": both, "doubt": f"effect/{KEY}", "before": "in-doubt", "after": "done"}
        assert [one.id.split("/")[0] for one in await night.running.built.store.doubts.open()] == ["document"]
        assert night.running.built.board.held("receipt-printer") == ()
        await night.empty_outbox()
        with transaction(night.headquarters.engine) as db:
            (row,) = db.query(Settlement).all()
            assert (row.subject, row.now, row.by) == (KEY, "done", both)

    evening(tmp_path, act)


def test_where_they_do_not_say_the_same_or_are_not_sure_it_stays_open(tmp_path: Path) -> None:
    async def act(night: Night, somebody: Somebody) -> None:
        assert night.running is not None
        for verdicts, topic in ((("done", "not-done"), "differ"), (("done", "not-sure"), "not-sure")):
            await with_a_second(night, somebody)
            _ = await page(night, "doubts")
            await somebody.does(*says(f"effect/{KEY}", *verdicts))
            assert await ended(night) == f"task-doubt-{topic}"
        assert len(await night.running.built.store.doubts.open()) == 2
        assert night.running.built.board.held("receipt-printer") == ("parked-case",)

    evening(tmp_path, act)


def test_who_walks_away_decides_nothing_and_one_alone_never_comes_so_far(tmp_path: Path) -> None:
    async def act(night: Night, somebody: Somebody) -> None:
        assert night.running is not None
        await with_a_second(night, somebody)
        _ = await page(night, "doubts")
        await somebody.does(*says(f"effect/{KEY}", "done"))
        await until_page(night, "StaffCardPage")
        assert night.reports[-1].topic == "task-doubt-left"
        await somebody.does(*sign_in(TECHNICIAN.pin))
        await until_page(night, "OverviewPage")
        await with_a_second(night, somebody, TECHNICIAN)
        await until_page(night, "OverviewPage")
        assert len(await night.running.built.store.doubts.open()) == 2
        assert [row for row in await trail(night) if row["event"] == "doubt-settled"] == []

    evening(tmp_path, act)


def test_the_books_take_no_word_of_one_person(tmp_path: Path) -> None:
    async def act(night: Night, somebody: Somebody) -> None:
        assert night.running is not None
        store = night.running.built.store
        doubt = (await store.doubts.open())[0]
        said = DoubtSettled(doubt=doubt.id, kind=doubt.kind, verdict="done", staff=("004170", "004170"))
        letter = store.letters.doubt_settled(settled=said)
        with pytest.raises(ValueError, match="two people"):
            _ = await store.doubts.settle(doubt, "done", ("004170", "004170"), letter)
        assert await store.doubts.settle(doubt, "done", ("004170", "004180"), letter)
        assert not await store.doubts.settle(doubt, "not-done", ("004170", "004180"), letter)
        assert (await store.doubts.found(doubt.id))["verdict"] == "done"

    evening(tmp_path, act)


def test_a_database_that_was_set_aside_is_one_of_them_until_two_people_saw_the_file(tmp_path: Path) -> None:
    async def act(night: Night, somebody: Somebody) -> None:
        assert night.running is not None
        file = "terminal.db.damaged-20261122T221500"
        for _ in range(2):
            await night.running.built.store.audit.write(
                "database-set-aside", "", {"reason": "quick_check failed", "file": file}
            )
        await with_a_second(night, somebody)
        rows = [row for row in (await page(night, "doubts")).rows if row.state == "doubt-database"]
        assert [(row.id, dict(row.said)["file"]) for row in rows] == [(f"database/{file}", file)]
        await somebody.does(*says(f"database/{file}", "kept-for-headquarters", "kept-for-headquarters"))
        assert await ended(night) == "task-doubt-settled"
        await night.empty_outbox()
        with transaction(night.headquarters.engine) as db:
            (row,) = db.query(Settlement).all()
            assert (row.kind, row.subject, row.now) == ("seen", f"database/{file}", "kept-for-headquarters")

    evening(tmp_path, act)
