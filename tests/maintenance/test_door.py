"""The way in at the zone's door: by its key and by the corners of its page, as at every other machine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kiosk.commands.simulated import Machine
from kiosk.commands.simulated_staff import of_role
from kiosk.devices.key_switch.contract import KeyPosition
from kiosk.nights.night import Night, nightfall
from kiosk.people.staff import Role
from kiosk.screens.states import DoorPage, EntryStage, OverviewPage
from kiosk.simulation.citizen import Expect
from kiosk.simulation.scripts.technician import HAND_BACK, hold_corners, sign_in
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, shown, trail, until_page

DAY = date(2026, 11, 22)
TECHNICIAN = of_role(Role.TECHNICIAN)


def test_the_door_has_a_way_in_by_its_key_and_by_the_corners_of_its_page(tmp_path: Path) -> None:
    told: dict[str, Any] = {}

    async def main() -> None:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, machine=Machine("door"), key=key) as night:
            running = await night.start()
            somebody = Somebody(night, TECHNICIAN)
            await somebody.comes_in(key)
            told["overview"] = shown(night)
            told["resting"] = running.built.at_rest()
            await somebody.does(*HAND_BACK)
            key.to(KeyPosition.RUN)
            await night.ready()
            told["between"] = shown(night)
            await somebody.does(Expect("DoorPage", hold_corners), *sign_in(TECHNICIAN.pin))
            await until_page(night, "OverviewPage")
            await somebody.does(*HAND_BACK)
            await night.ready()
            told["after"] = shown(night)
            mine = ("maintenance-asked", "maintenance-left")
            told["ways"] = [row["event"] for row in await trail(night) if row["event"] in mine]
            told["troubles"] = (night.troubles.seen, night.dead_ends)

    run_virtual(main(), nightfall(DAY))
    page = told["overview"]
    assert isinstance(page, OverviewPage)
    assert {"id-reader", "door"} <= {row.device for row in page.rows}
    assert not told["resting"], "nobody is let in meanwhile"
    assert told["between"] == told["after"] == DoorPage(EntryStage.WAITING)
    assert told["ways"] == ["maintenance-asked", "maintenance-left", "maintenance-left"]
    assert told["troubles"] == ([], [])
