"""A technician's evening from the key to the machine handed back, with what citizens and headquarters are told."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from central.database import transaction
from central.model import FilingRow, TerminalRow
from kiosk.commands.simulated_staff import of_role
from kiosk.devices.key_switch.contract import KeyPosition
from kiosk.nights.night import Night, nightfall
from kiosk.people.staff import Role
from kiosk.protocol.messages import FilingKind, Heartbeat
from kiosk.screens.states import OutOfService, OverviewPage
from kiosk.simulation.citizen import Expect
from kiosk.simulation.scripts.technician import HAND_BACK, PAPER, hold_corners, sign_in
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, trail, until_page

DAY = date(2026, 11, 22)
TECHNICIAN = of_role(Role.TECHNICIAN)


def heartbeat(night: Night) -> Heartbeat:
    with transaction(night.headquarters.engine) as db:
        row = db.get(TerminalRow, "KDL-001")
        assert row is not None
        return Heartbeat.model_validate_json(row.heartbeat)


def summaries(night: Night) -> list[dict[str, Any]]:
    with transaction(night.headquarters.engine) as db:
        rows = db.query(FilingRow).all()
        return [json.loads(row.payload) for row in rows if row.kind is FilingKind.MAINTENANCE]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Paper is out; a technician comes by key, changes it and hands the machine back."""
    told: dict[str, Any] = {}

    async def main(folder: Path) -> None:
        key = ScriptedKey()
        async with Night(folder, 7, DAY, key=key) as night:
            running = await night.start()
            night.street.call("fault", device="receipt-printer", fault="paper-out")
            await asyncio.sleep(5.0)
            told["closed before"] = [t.code for t in running.built.duty.tiles() if t.open.value == "closed"]
            key.to(KeyPosition.MAINTENANCE)
            await until_page(night, "StaffCardPage")
            somebody = Somebody(night, TECHNICIAN)
            await somebody.does(*sign_in(TECHNICIAN.pin))
            await until_page(night, "OverviewPage")
            await asyncio.sleep(5.0)
            shown = running.stage.shown
            assert shown is not None
            told["overview"] = shown.state
            told["during"] = heartbeat(night)
            somebody.taps.clear()
            await somebody.does(*PAPER)
            told["taps for paper"] = list(somebody.taps)
            await until_page(night, "OverviewPage")
            assert running.stage.shown is not None
            told["after the task"] = running.stage.shown.state
            await somebody.does(*HAND_BACK)
            key.to(KeyPosition.RUN)
            await night.ready()
            await asyncio.sleep(5.0)
            told["after"] = heartbeat(night)
            await night.empty_outbox()
            told["summary"] = summaries(night)
            told["papers"] = [paper["text"] for paper in night.street.call("papers")["papers"]]
            told["trail"] = await trail(night)
            told["reports"] = [(r.service, r.ending, r.topic) for r in night.reports]
            told["troubles"] = night.troubles.seen
            told["counted"] = dict(await running.built.store.staff.counted("receipt-printer/paper"))
            told["dead ends"] = night.dead_ends

    run_virtual(main(tmp_path_factory.mktemp("evening")), nightfall(DAY))
    return told


def events(told: dict[str, Any], event: str) -> list[dict[str, str]]:
    return [row["details"] for row in told["trail"] if row["event"] == event]


def test_the_evening_has_no_troubles(evening: dict[str, Any]) -> None:
    assert (evening["troubles"], evening["dead ends"]) == ([], [])
    assert evening["reports"] == [("MT02", "done", "task-seen"), ("MT06", "done", "task-handed-back")]


def test_the_overview_says_what_to_do_first_since_when_and_what_it_closes(evening: dict[str, Any]) -> None:
    page = evening["overview"]
    assert isinstance(page, OverviewPage)
    row = page.rows[0]
    assert (page.first, row.device, row.defect) == (
        "receipt-printer",
        "receipt-printer",
        "defect-receipt-printer-paperOut",
    )
    assert row.since is not None and row.left == (("paper", "out", None),)
    assert set(row.closes) == set(evening["closed before"])


def test_overview_and_headquarters_are_told_the_same(evening: dict[str, Any]) -> None:
    page, beat = evening["overview"], evening["during"]
    out = {row.device for row in page.rows if row.standing.value == "out"}
    assert out == {d.device for d in beat.devices if d.code or d.state not in ("online", "deviceBusy")}
    assert {row.device for row in page.rows} == {d.device for d in beat.devices}


def test_headquarters_knows_since_when_a_technician_has_the_machine(evening: dict[str, Any]) -> None:
    assert evening["during"].maintenance_since == evening["overview"].since
    assert evening["during"].services_open == ()
    assert evening["after"].maintenance_since is None


def test_paper_takes_six_taps_or_fewer_from_the_overview(evening: dict[str, Any]) -> None:
    assert evening["taps for paper"] == ["device:receipt-printer", "choose:full", "yes"]


def test_the_exchange_is_counted_before_and_after_by_whom_and_why(evening: dict[str, Any]) -> None:
    exchanged = {
        "who": "004170",
        "device": "receipt-printer",
        "supply": "paper",
        "before": "out",
        "after": "full",
        "why": "paperOut",
        "certainty": "sensed",
    }
    assert events(evening, "supply-exchanged") == [exchanged]
    assert (evening["counted"]["after"], evening["counted"]["by"]) == ("full", "004170")


def test_every_act_is_in_the_audit_trail_in_order(evening: dict[str, Any]) -> None:
    mine = ("maintenance", "staff", "supply")
    rows = [(row["event"], row["details"]) for row in evening["trail"] if row["event"].startswith(mine)]
    assert [event for event, _ in rows] == [
        "maintenance-asked",
        "staff-try",
        "maintenance-entered",
        "maintenance-task",
        "supply-exchanged",
        "maintenance-task",
        "maintenance-task",
        "maintenance-task",
        "maintenance-left",
    ]
    assert rows[2][1] == {"who": "004170", "role": "technician", "way": "card", "before": "enterPending"}
    assert rows[-1][1]["stays-out"] == ""
    assert TECHNICIAN.pin not in json.dumps(evening["trail"])


def test_the_summary_goes_to_headquarters_and_onto_paper(evening: dict[str, Any]) -> None:
    (told,) = evening["summary"]
    assert (told["staff"], told["stays_out"]) == (["004170"], [])
    assert told["done"] == ["MT02 receipt-printer/paper/paperOut done", "MT06 done"]
    assert told["since"] == evening["overview"].since.isoformat()
    slip = evening["papers"][-1]
    assert all(said in slip for said in ("004170", "MT02", "OK "))


def test_the_self_test_takes_a_minute_or_less(evening: dict[str, Any]) -> None:
    assert float(events(evening, "maintenance-left")[0]["self-test"]) <= 60.0


def test_the_corners_lead_to_the_sign_in_and_a_stranger_gets_no_further(tmp_path: Path) -> None:
    async def main() -> tuple[list[str], list[str], bool]:
        async with Night(tmp_path, 7, DAY, key=ScriptedKey()) as night:
            running = await night.start()
            stranger = Somebody(night, of_role(Role.ATTENDANT))
            await stranger.does(
                Expect("Attract", hold_corners), *sign_in("70418362"), Expect("StaffKeyPage", _give_up)
            )
            await night.ready()
            outcomes = [r["details"]["outcome"] for r in await trail(night) if r["event"] == "staff-try"]
            return stranger.pages, outcomes, running.built.mode.since is None

    pages, outcomes, never_closed = run_virtual(main(), nightfall(DAY))
    assert pages == ["Attract", "StaffCardPage", "StaffKeyPage", "StaffKeyPage"]
    assert (outcomes, never_closed) == (["wrong"], True)


def _give_up(citizen: Any, sight: Any) -> Any:
    del sight
    yield from citizen.touch("give-up")


def test_after_a_power_cut_nobody_is_served_until_the_machine_was_handed_back(tmp_path: Path) -> None:
    async def main() -> tuple[object, bool]:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            _ = await night.start()
            key.to(KeyPosition.MAINTENANCE)
            await until_page(night, "StaffCardPage")
            somebody = Somebody(night, TECHNICIAN)
            await somebody.does(*sign_in(TECHNICIAN.pin))
            await until_page(night, "OverviewPage")
            _ = await night.kill()
            key.to(KeyPosition.RUN)
            starting = asyncio.ensure_future(night.start())
            await until_page(night, "OutOfService")
            assert night.running is not None and night.running.stage.shown is not None
            closed = night.running.stage.shown.state
            key.to(KeyPosition.MAINTENANCE)
            await until_page(night, "StaffCardPage")
            await somebody.does(*sign_in(TECHNICIAN.pin), *HAND_BACK)
            running = await starting
            return closed, running.built.mode.since is None

    closed, handed_back = run_virtual(main(), nightfall(DAY))
    assert (closed, handed_back) == (OutOfService("maintenance"), True)
