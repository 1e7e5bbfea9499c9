"""What happens round a session: a visit under way, nobody touching anything, roles, and power cuts in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands.simulated_staff import of_role
from kiosk.devices.key_switch.contract import KeyPosition
from kiosk.maintenance.catalogue import REPAIR, TASKS
from kiosk.nights.night import Night, in_virtual_time, nightfall
from kiosk.nights.somebody import steps_up
from kiosk.people.staff import Role
from kiosk.screens.states import OverviewPage, StaffCardPage, StaffStage
from kiosk.simulation.citizen import Expect, play, tap
from kiosk.simulation.scripts.household import SCRIPTS
from kiosk.simulation.scripts.technician import HAND_BACK, sign_in, wrong
from kiosk.simulation.state import Device, FaultKind
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, shown, trail, until_page

DAY = date(2026, 11, 22)
TECHNICIAN = of_role(Role.TECHNICIAN)
ATTENDANT = of_role(Role.ATTENDANT)
LOADER = of_role(Role.LOADER)
BESIDE = of_role(Role.LOADER, 1)


def events(rows: list[dict[str, Any]], event: str) -> list[dict[str, str]]:
    return [row["details"] for row in rows if row["event"] == event]


def test_a_visit_under_way_goes_on_to_its_end_and_nobody_new_is_served(tmp_path: Path) -> None:
    async def main() -> tuple[list[tuple[str, str]], str, list[str]]:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            running = await night.start()
            script = SCRIPTS["HZ04"][1]
            citizen = steps_up(night, "HZ04")
            await in_virtual_time(play(citizen, script[:3]))
            key.to(KeyPosition.MAINTENANCE)
            await asyncio.sleep(5.0)
            during = running.built.mode.mode.value
            await in_virtual_time(play(citizen, script[3:]))
            await until_page(night, "StaffCardPage")
            seen = [row["event"] for row in await trail(night)]
            asked = [event for event in seen if event in ("maintenance-asked", "visit-ended")]
            return [(r.service, r.ending) for r in night.reports], during, asked

    reports, during, asked = run_virtual(main(), nightfall(DAY))
    assert (reports, during) == ([("HZ04", "done")], "enterPending")
    assert asked == ["maintenance-asked", "visit-ended"]


def test_turning_the_key_back_without_signing_in_serves_citizens_again(tmp_path: Path) -> None:
    async def main() -> str:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            running = await night.start()
            key.to(KeyPosition.MAINTENANCE)
            await until_page(night, "StaffCardPage")
            key.to(KeyPosition.RUN)
            await night.ready()
            return running.built.mode.mode.value

    assert run_virtual(main(), nightfall(DAY)) == "inactive"


def test_five_minutes_without_a_touch_lock_and_another_attendant_does_not_unlock(tmp_path: Path) -> None:
    async def main() -> tuple[float, list[dict[str, Any]]]:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            _ = await night.start()
            technician = Somebody(night, TECHNICIAN)
            await technician.comes_in(key)
            began = night.clock.monotonic()
            await until_page(night, "StaffCardPage", 600.0)
            rested = night.clock.monotonic() - began
            assert shown(night) == StaffCardPage(StaffStage.LOCKED)
            attendant = Somebody(night, ATTENDANT)
            await attendant.does(*sign_in(ATTENDANT.pin))
            await until_page(night, "StaffCardPage")
            await technician.does(*sign_in(TECHNICIAN.pin), *HAND_BACK)
            key.to(KeyPosition.RUN)
            await night.ready()
            return rested, await trail(night)

    rested, rows = run_virtual(main(), nightfall(DAY))
    assert 299.0 <= rested <= 302.0
    assert events(rows, "maintenance-locked") == [{"who": "004170", "why": "timed-out"}]
    assert events(rows, "maintenance-unlocked") == [{"who": "004170", "way": "card"}]


LONGEST = 60.0
"""Instead of twelve hours, which would be long on any clock."""


def shorter(night: Night, **seconds: float) -> None:
    """The same rules with shorter waits, from the next start on."""
    maintenance = night.settings.maintenance.model_copy(update=seconds)
    night.settings = night.settings.model_copy(update={"maintenance": maintenance})


def test_the_longest_session_is_over_however_busy_and_twelve_hours_as_delivered(tmp_path: Path) -> None:
    async def main() -> tuple[float, list[dict[str, Any]]]:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            assert night.settings.maintenance.longest == 12 * 3600.0
            shorter(night, longest=LONGEST)
            running = await night.start()
            await Somebody(night, TECHNICIAN).comes_in(key)
            began = night.clock.monotonic()
            while running.hands.look().kind == "OverviewPage":
                running.hands.tap("theme")
                await asyncio.sleep(20.0)
            return night.clock.monotonic() - began, await trail(night)

    lasted, rows = run_virtual(main(), nightfall(DAY))
    assert LONGEST - 20.0 <= lasted <= LONGEST + 20.0
    assert events(rows, "maintenance-locked") == [{"who": "004170", "why": "longest"}]


def test_a_task_is_for_its_roles_only(tmp_path: Path) -> None:
    async def main() -> tuple[str, list[str]]:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            _ = await night.start()
            loader = Somebody(night, LOADER)
            await loader.comes_in(key)
            await loader.does(Expect("OverviewPage", tap("device:receipt-printer")))
            await asyncio.sleep(1.0)
            page = shown(night)
            assert isinstance(page, OverviewPage)
            return page.said, [report.service for report in night.reports]

    assert run_virtual(main(), nightfall(DAY)) == ("task-not-yours", [])


def test_a_task_for_two_begins_with_a_second_person_who_signs_in_for_that_task_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = replace(TASKS[REPAIR], roles=(Role.LOADER,), people=2)
    monkeypatch.setattr("kiosk.app.TASKS", {**TASKS, REPAIR: two})
    tap_it = Expect("OverviewPage", tap("device:ups"))

    async def main() -> tuple[list[str], list[tuple[str, str]], list[dict[str, Any]]]:
        said: list[str] = []
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            _ = await night.start()
            first = Somebody(night, LOADER)
            await first.comes_in(key)
            for second in (LOADER, ATTENDANT, BESIDE, BESIDE):
                await first.does(tap_it)
                await until_page(night, "StaffCardPage")
                assert shown(night) == StaffCardPage(StaffStage.SECOND)
                await Somebody(night, second).does(*sign_in(second.pin))
                await until_page(night, "OverviewPage")
                page = shown(night)
                assert isinstance(page, OverviewPage)
                assert page.staff == (LOADER.number,)
                said.append(page.said)
            reports = [(report.service, report.ending) for report in night.reports]
            return said, reports, await trail(night)

    said, reports, rows = run_virtual(main(), nightfall(DAY))
    assert said == ["task-needs-two", "task-needs-two", "task-works", "task-works"]
    assert reports == [(REPAIR, "done")] * 2
    pair = f"{LOADER.number},{BESIDE.number}"
    assert [row["who"] for row in events(rows, "maintenance-task")] == [pair] * 4
    assert [row["who"] for row in events(rows, "maintenance-not-joined")] == [LOADER.number, ATTENDANT.number]


def test_it_works_without_headquarters_and_what_stays_out_is_said(tmp_path: Path) -> None:
    async def main() -> list[dict[str, Any]]:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            _ = await night.start()
            night.street.call("network", state="down")
            technician = Somebody(night, TECHNICIAN)
            await technician.comes_in(key)
            await technician.does(Expect("OverviewPage", wrong(Device.FINGERPRINT, FaultKind.SILENT)))
            await asyncio.sleep(10.0)
            await technician.does(*HAND_BACK)
            key.to(KeyPosition.RUN)
            await until_page(night, "Attract")
            return await trail(night)

    left = events(run_virtual(main(), nightfall(DAY)), "maintenance-left")
    assert [set(row["stays-out"].split(",")) for row in left] == [{"fingerprint", "headquarters"}]


@pytest.mark.parametrize("how", ["left alone", "power cut"])
def test_an_exchange_that_was_broken_off_is_uncounted_until_somebody_counts(tmp_path: Path, how: str) -> None:
    async def main() -> tuple[str, str, list[dict[str, Any]]]:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key) as night:
            shorter(night, idle=60.0)
            running = await night.start()
            night.street.call("fault", device="receipt-printer", fault="paper-out")
            technician = Somebody(night, TECHNICIAN)
            await technician.comes_in(key)
            await asyncio.sleep(5.0)
            await technician.does(Expect("OverviewPage", tap("device:receipt-printer")))
            await until_page(night, "MendPage")
            if how == "power cut":
                _ = await night.kill()
                night.street.call("clear", device="receipt-printer", fault="paper-out")
                starting = asyncio.ensure_future(night.start())
                await until_page(night, "StaffCardPage", 600.0)
                assert night.running is not None
                running = night.running
            else:
                await until_page(night, "StaffCardPage", 90.0)
                night.street.call("clear", device="receipt-printer", fault="paper-out")
                starting = asyncio.ensure_future(asyncio.sleep(0))
            counted = dict(await running.built.store.staff.counted("receipt-printer/paper"))
            findings = {f.what: f.verdict for f in await running.built.workshop.examine()}
            starting.cancel()
            return counted["after"], findings["counts"], await trail(night)

    after, counts, rows = run_virtual(main(), nightfall(DAY))
    assert (after, counts) == ("unknown", "fails")
    assert [row["after"] for row in events(rows, "supply-exchanged")] == ["unknown"]
    assert [row["state"] for row in events(rows, "effect-ended")][-1] == "in_doubt"
