"""A set from being published to being in force or taken back, on one terminal under the virtual clock."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from central.configuration.repository import Repository
from kiosk.backend.exchange import Rejected
from kiosk.configuration import shelf as shelf_module
from kiosk.configuration.keeper import Keeper
from kiosk.configuration.shelf import Shelf
from kiosk.configuration.standing import TRIES_CUT_SHORT, Standing
from kiosk.protocol.configuration import SetReport, SetStage
from kiosk.protocol.messages import Problem
from kiosk.settings.model import Settings
from tests.configuration.repository import KEYS, Clock, Hall, Machine, Office, Published, virtually

CLOSED = {"services": {"HZ10": {"enabled": False}}}


class PowerCut(BaseException):
    """The process is gone."""


@dataclass
class Night:
    machine: Machine
    hall: Hall
    office: Office
    keeper: Keeper

    def stages(self) -> list[tuple[int, SetStage]]:
        return [(report.number, report.stage) for report in self.office.heard]


def night(
    tmp_path: Path, act: Callable[[Night], Coroutine[Any, Any, None]], published: Published | None = None
) -> Night:
    """One terminal that stands idle, with set 1 published and assigned, unless `act` has it otherwise."""
    if published is None:
        published = Published()
        published.publish(1, settings=CLOSED)
    machine = Machine(tmp_path, published)
    made: list[Night] = []

    async def main() -> None:
        hall, office = Hall(), Office(number=1)
        hall.busy.set()
        made.append(Night(machine, hall, office, machine.keeper(hall, office)))
        made[0].keeper.start()
        await act(made[0])

    virtually(main())
    return made[0]


async def once(at: Night) -> None:
    await at.keeper.once()


def hz10(settings: Settings) -> bool:
    return settings.service("HZ10").enabled


def test_published_verified_tried_told_and_kept(tmp_path: Path) -> None:
    told_while: list[int] = []

    async def act(at: Night) -> None:
        at.office.on_report = lambda report: told_while.append(at.keeper.standing.in_force)
        await at.keeper.once()

    made = night(tmp_path, act)
    assert [hz10(settings) for settings in made.hall.in_force] == [False]
    assert made.stages() == [(1, SetStage.HEALTHY), (1, SetStage.IN_FORCE)]
    assert told_while == [0, 1], "headquarters knew of it before it was final"
    assert hz10(made.keeper.start()) is False, "and it holds after a restart"


def test_only_between_visits(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        at.hall.busy.clear()
        task = asyncio.create_task(at.keeper.once())
        await asyncio.sleep(600)
        assert at.hall.in_force == [] and at.keeper.standing.trial == 0
        at.hall.busy.set()
        await task

    assert night(tmp_path, act).keeper.standing.in_force == 1


@pytest.mark.parametrize("after", [0.0, 15.0])
def test_falling_health_takes_it_back_within_ten_seconds(tmp_path: Path, after: float) -> None:
    back: list[float] = []

    async def act(at: Night) -> None:
        at.hall.falls_ill = lambda settings, passed: "locker" if not hz10(settings) and passed >= after else ""
        began = asyncio.get_running_loop().time()
        await at.keeper.once()
        back.append(asyncio.get_running_loop().time() - began - after)

    made = night(tmp_path, act)
    assert [hz10(settings) for settings in made.hall.in_force] == [False, True]
    assert back[0] <= 10.0
    assert made.stages() == [(1, SetStage.REVERTED)] and made.office.heard[0].why == "health: locker"
    assert not made.keeper.standing.wants(1), "and it is not tried again"


def test_a_set_with_which_a_service_cannot_be_begun_is_taken_back_before_anybody_meets_it(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        at.hall.cannot_begin = lambda settings: () if hz10(settings) else ("HZ01: nobody carries out notice",)
        await at.keeper.once()

    made = night(tmp_path, act)
    assert [hz10(settings) for settings in made.hall.in_force] == [False, True]
    assert made.stages() == [(1, SetStage.REVERTED)]
    assert made.office.heard[0].why == "visit: HZ01: nobody carries out notice"


def test_what_was_ill_before_is_not_the_sets_fault(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        at.hall.falls_ill = lambda settings, passed: "page-printer"
        at.hall.in_force.append(at.keeper.start())
        await at.keeper.once()

    assert night(tmp_path, act).keeper.standing.in_force == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeouts": {"idle": -1.0}},
        {"services": {"HZ10": {"law": ["no-such-law"]}}},
        {"headquarters": {"address": "https://elsewhere"}},
        {"terminal": {"name": "KDL-002"}},
        {"no-such-table": {}},
    ],
)
def test_a_set_is_judged_as_a_whole_before_anything_of_it_is_used(tmp_path: Path, wrong: dict[str, Any]) -> None:
    published = Published()
    published.publish(1, settings={**CLOSED, **wrong})
    made = night(tmp_path, once, published)
    assert made.hall.in_force == [] and made.stages() == [(1, SetStage.REFUSED)]
    assert made.office.heard[0].why.startswith("settings: ")


def test_fleet_group_and_terminal(tmp_path: Path) -> None:
    """The terminal's own over its group's over the fleet's; other groups and terminals are not ours."""
    published = Published()
    published.publish(
        1,
        settings={"timeouts": {"idle": 41.0, "rating": 41.0, "closing": 41.0}, "fees": {}},
        groups=[
            {"name": "ours", "terminals": ["KDL-001"], "settings": {"timeouts": {"rating": 42.0, "closing": 42.0}}},
            {"name": "theirs", "terminals": ["KDL-002"], "settings": {"timeouts": {"idle": 49.0}}},
        ],
        terminals={"KDL-001": {"timeouts": {"closing": 43.0}}, "KDL-003": {"timeouts": {"idle": 49.0}}},
    )
    timeouts = night(tmp_path, once, published).hall.in_force[0].timeouts
    assert (timeouts.idle, timeouts.rating, timeouts.closing) == (41.0, 42.0, 43.0)


def test_a_set_that_cuts_the_line_is_taken_back(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        def line_dies(settings: Settings, passed: float) -> str:
            at.office.away = not hz10(settings)
            return ""

        at.hall.falls_ill = line_dies
        await at.keeper.once()
        assert at.keeper.standing.in_force == 0
        at.office.away = False
        await at.keeper.once()

    made = night(tmp_path, act)
    assert made.stages() == [(1, SetStage.REVERTED)] and made.office.heard[0].why == "headquarters-unreachable"


def test_headquarters_may_say_no_at_the_last_moment(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        def no(report: SetReport) -> None:
            if report.stage is SetStage.HEALTHY:
                raise Rejected(Problem(code="paused", detail=""), 409)

        at.office.on_report = no
        await at.keeper.once()

    made = night(tmp_path, act)
    assert made.keeper.standing.in_force == 0 and [hz10(s) for s in made.hall.in_force] == [False, True]


def test_a_line_that_is_down_changes_nothing(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        at.office.away = True
        await at.keeper.once()

    made = night(tmp_path, act)
    assert made.hall.in_force == [] and made.keeper.standing == Standing()


def test_what_cannot_be_trusted_is_told_and_may_still_come(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        at.machine.line.replaced["metadata/timestamp.json"] = b"{}"
        for _ in range(3):
            await at.keeper.once()
        assert at.hall.in_force == [] and at.keeper.alarms()
        at.machine.line.replaced.clear()
        await at.keeper.once()

    made = night(tmp_path, act)
    assert made.stages() == [(1, SetStage.UNTRUSTED), (1, SetStage.HEALTHY), (1, SetStage.IN_FORCE)]


def test_a_clock_ahead_changes_nothing(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        keeper = at.machine.keeper(at.hall, at.office, Clock(ahead=timedelta(days=4000)))
        keeper.start()
        await keeper.once()
        assert keeper.standing == Standing()

    assert night(tmp_path, act).hall.in_force == []


def test_asked_every_minute_and_at_once_when_told(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        at.office.number = 0
        task = asyncio.create_task(at.keeper.run())
        await asyncio.sleep(30)
        at.office.number = 1
        at.keeper.look_now()
        await asyncio.sleep(45)
        assert at.keeper.standing.in_force == 1
        at.machine.published.publish(2, settings={})
        at.office.number = 2
        await asyncio.sleep(120)
        assert at.keeper.standing.in_force == 2
        task.cancel()

    night(tmp_path, act)


def test_idle_asking_is_two_small_requests_an_hour(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        await at.keeper.once()
        at.machine.line.requests.clear()
        for _ in range(50):
            await at.keeper.once()
            await asyncio.sleep(60)
        requests = at.machine.line.requests
        assert [path for path, _ in requests] == ["metadata/2.root.json", "metadata/timestamp.json"]
        assert sum(size for _, size in requests) < 10_000

    night(tmp_path, act)


def test_a_server_that_withholds_what_is_new_is_noticed_and_changes_nothing(tmp_path: Path) -> None:
    async def act(at: Night) -> None:
        await at.keeper.once()
        await asyncio.sleep(4 * 24 * 3600)
        await at.keeper.once()
        assert at.keeper.stale == "ExpiredMetadataError" and at.keeper.standing.in_force == 1
        Repository(at.machine.published.files, KEYS, Clock().now()).refresh()
        await at.keeper.once()
        assert at.keeper.stale == ""

    night(tmp_path, act)


def test_the_last_good_set_survives_a_power_cut_at_every_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set 1 is in force, set 2 is tried, and the power goes before each durable write in turn."""
    published = Published()
    published.publish(1, settings=CLOSED)
    published.publish(2, settings={"timeouts": {"rating": 33.0}})
    first = tmp_path / "first"
    night(first, once, published)
    write = shelf_module.write_synced
    cuts = 0
    for boundary in range(40):
        folder = tmp_path / str(boundary)
        machine = Machine(folder, published)
        shutil.copytree(first / "configuration", folder / "configuration", symlinks=True)
        left = [boundary]

        def cut(file: Path, content: bytes, left: list[int] = left) -> None:
            if left[0] == 0:
                raise PowerCut
            left[0] -= 1
            write(file, content)

        async def one(machine: Machine = machine) -> None:
            hall = Hall()
            hall.busy.set()
            keeper = machine.keeper(hall, Office(number=2))
            assert hz10(keeper.start()) is False
            await keeper.once()

        monkeypatch.setattr(shelf_module, "write_synced", cut)
        try:
            virtually(one())
            break
        except PowerCut:
            cuts += 1
        finally:
            monkeypatch.setattr(shelf_module, "write_synced", write)
        before = Shelf(folder / "configuration").standing()
        hall = Hall()
        settings = machine.keeper(hall, Office()).start()
        assert hz10(settings) is (before.in_force == 2), "set 1, or set 2 once it was final"
    assert cuts >= 4


def test_a_set_whose_trial_is_cut_short_again_and_again_is_given_up() -> None:
    standing = Standing(in_force=1)
    for _ in range(TRIES_CUT_SHORT):
        assert standing.wants(2)
        standing = standing.try_out(2).after_start()
        assert standing.in_force == 1 and standing.trial == 0
    assert not standing.wants(2)


def test_without_anything_pushed_the_stations_own_settings_hold(tmp_path: Path) -> None:
    machine = Machine(tmp_path, Published())
    hall = Hall()
    assert hz10(machine.keeper(hall, Office()).start()) is True


def test_a_set_that_cannot_be_read_any_more_gives_way_to_the_stations_own(tmp_path: Path) -> None:
    made = night(tmp_path, once)
    (tmp_path / "configuration" / "sets" / "1" / "set.json").write_bytes(b"{")
    keeper = made.machine.keeper(Hall(), Office())
    assert hz10(keeper.start()) is True and keeper.standing.in_force == 0
