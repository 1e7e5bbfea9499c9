"""What closes a service or the whole terminal, says so to everybody, and opens it again."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from central.database import transaction
from central.model import Alarm
from kiosk.nights.night import Night, in_virtual_time
from kiosk.screens.states import ServiceOpen
from kiosk.simulation.citizen import play
from tests.visits.nights import a_night, script_of, visitor


class Usage(NamedTuple):
    """What the system says of a disk."""

    total: int
    used: int
    free: int


def tile(night: Night, code: str) -> tuple[ServiceOpen, str]:
    assert night.running is not None
    return next((t.open, t.why) for t in night.running.built.duty.tiles() if t.code == code)


def shown(night: Night) -> str:
    assert night.running is not None
    assert night.running.stage.shown is not None
    return night.running.stage.shown.view.identity


def alarms(night: Night) -> tuple[str, ...]:
    assert night.running is not None
    return night.running.built.board.alarms()


async def until_quiet(night: Night) -> None:
    async with asyncio.timeout(900):
        while shown(night) != "Attract":
            await asyncio.sleep(1)


def test_a_door_left_open_closes_the_cabinet_is_named_and_reaches_headquarters() -> None:
    async def scene(night: Night) -> None:
        situation, script = script_of("HZ02")
        someone = visitor(night, situation)
        before = script[: [expect.page for expect in script].index("TakePage")]
        await in_virtual_time(play(someone.citizen, before))
        hands = someone.running.hands
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "TakePage", "the door"))
        opened = next(c for c in someone.call("state")["compartments"] if c["door"] == "open")
        place = {"board": opened["board"], "compartment": opened["compartment"]}
        someone.call("take-out", **place)
        someone.call("person-leaves")
        await until_quiet(night)
        await asyncio.sleep(15)
        assert tile(night, "HZ02") == (ServiceOpen.CLOSED, "closed-locker")
        assert tile(night, "JG01")[0] is ServiceOpen.OPEN
        assert any(alarm.startswith("alarm-door-open:") for alarm in alarms(night))
        with transaction(night.headquarters.engine) as db:
            rung = set(db.scalars(select(Alarm.code)))
        assert set(alarms(night)) <= rung
        someone.call("door-close", **place)
        await asyncio.sleep(15)
        assert tile(night, "HZ02")[0] is ServiceOpen.OPEN
        assert not alarms(night)

    a_night(scene)


def test_a_full_disk_is_a_page_and_an_alarm_until_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    free = [10**12]

    def usage(path: Path) -> Usage:
        del path
        return Usage(10**12, 10**12 - free[0], free[0])

    monkeypatch.setattr(shutil, "disk_usage", usage)

    async def scene(night: Night) -> None:
        assert shown(night) == "Attract"
        free[0] = 0
        await asyncio.sleep(120)
        assert shown(night) == "OutOfService/out-disk"
        assert "alarm-disk" in alarms(night)
        free[0] = 10**12
        await asyncio.sleep(120)
        assert shown(night) == "Attract"
        assert "alarm-disk" not in alarms(night)

    a_night(scene)


def test_after_a_damaged_database_services_wait_for_headquarters_ledger() -> None:
    async def scene(night: Night) -> None:
        await night.kill()
        database = night.folder / f"start-{night.starts:03d}" / "terminal" / "terminal.db"
        database.write_bytes(b"no database" * 1000)
        for beside in ("-wal", "-shm"):
            database.with_name(database.name + beside).unlink(missing_ok=True)
        starting = asyncio.create_task(night.start())
        async with asyncio.timeout(60):
            while night.running is None or not night.running.built.board.alarms():
                await asyncio.sleep(0.05)
        assert "alarm-database" in alarms(night)
        assert {tile(night, code) for code in ("HZ01", "HZ02", "JG01")} == {
            (ServiceOpen.CLOSED, "closed-effects-unconfirmed")
        }
        running = await starting
        rows = await running.built.store.audit.rows_after(0, 100)
        events = [json.loads(row.text)["event"] for row in rows]
        assert events.index("database-set-aside") < events.index("ledger-confirmed")
        assert tile(night, "HZ02")[0] is ServiceOpen.OPEN
        assert "alarm-database" not in alarms(night)
        assert list(database.parent.glob("terminal.db.damaged-*"))

    a_night(scene)
