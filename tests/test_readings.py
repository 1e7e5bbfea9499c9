"""What the heartbeat tells of supplies and of the machine: in numbers where there are any, left out where not."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any, cast

from central.desks.desk import Desk
from central.model import TerminalRow
from kiosk.nights.night import Night, nightfall
from kiosk.readings import Readings, of_this_machine
from kiosk.times import InlineWorker
from kiosk.virtual import run_virtual
from tests.visits.nights import DAY, a_night


def zone(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir()
    (folder / name / "temp").write_text(text)


def test_the_hottest_zone_counts_and_what_cannot_be_read_does_not(tmp_path: Path) -> None:
    for name, text in (("thermal_zone0", "41500"), ("thermal_zone1", "63499"), ("thermal_zone2", "-274000")):
        zone(tmp_path, name, text)
    zone(tmp_path, "thermal_zone3", "none")
    zone(tmp_path, "cooling_device0", "99000")
    found = of_this_machine(tmp_path, tmp_path)
    assert found["temperature"] == "63 °C" and found["disk"].endswith(" GB")
    assert "temperature" not in of_this_machine(tmp_path, tmp_path / "nothing")


def beat(desk: Desk) -> dict[str, Any]:
    row = desk.db.get(TerminalRow, "KDL-001")
    return {} if row is None else json.loads(row.heartbeat)


def test_supplies_go_up_with_the_heartbeat() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        built = night.running.built

        async def told() -> dict[str, dict[str, str]]:
            await built.readings.look()
            _ = await built.link.beat()
            devices = night.headquarters.by_a_person(beat)["devices"]
            return {device["device"]: device["supplies"] for device in devices if device["supplies"]}

        first = await told()
        assert first["receipt-printer"] == {"paper": "full"} and first["ups"]["battery"].endswith(" %")
        night.street.call("fault", device="receipt-printer", fault="paper-out")
        assert (await told())["receipt-printer"] == {"paper": "out"}

    a_night(scene)


def test_nothing_is_asked_while_somebody_is_served() -> None:
    asked: list[str] = []
    busy = [True]

    async def supplies(device: str) -> dict[str, str]:
        asked.append(device)
        return {"paper": "full", "toner": "unknown"}

    async def scene() -> None:
        readings = Readings(
            desk=cast("Any", None),
            ups=cast("Any", None),
            supplies=supplies,
            machine=lambda: {"temperature": "40 °C"},
            worker=InlineWorker(),
            busy=lambda: busy[0],
            devices=lambda: ("receipt-printer",),
            tell=lambda: None,
        )
        asking = asyncio.ensure_future(readings.run())
        await asyncio.sleep(590.0)
        assert asked == [] and readings.of("receipt-printer") == {}
        busy[0] = False
        await asyncio.sleep(30.0)
        assert asked == ["receipt-printer"] and readings.of_the_machine() == {"temperature": "40 °C"}
        assert readings.of("receipt-printer") == {"paper": "full"}
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking

    run_virtual(scene(), nightfall(DAY))
