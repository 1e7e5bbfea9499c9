"""Cases that a restart could not settle are tried again between visits, and say nothing over anybody's page."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from kiosk.nights.kills import DAY
from kiosk.nights.many import in_order
from kiosk.nights.night import Night, in_virtual_time, nightfall
from kiosk.nights.truths import untrue
from kiosk.simulation.citizen import play
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.virtual import run_virtual
from tests.visits.nights import until_page, visitor


@pytest.mark.parametrize("service", ["HZ01", "JG01"])
def test_a_payment_cut_off_while_headquarters_is_away_is_settled_when_it_is_back(
    service: str, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with Night(tmp_path, 7, DAY) as night:
            _ = await night.start()
            someone = visitor(night, SCRIPTS[service][0])
            await in_virtual_time(play(someone.citizen, until_page(service, "PayPage")))
            hands = someone.running.hands
            await in_virtual_time(someone.citizen.until(lambda: hands.code().startswith("http"), "a code"))
            someone.call("pay", url=hands.code())
            night.street.call("network", state="down")
            await night.kill()
            someone.call("person-leaves")
            starting = asyncio.ensure_future(night.start())
            await asyncio.sleep(60.0)
            assert night.running is not None
            assert await night.running.built.store.book.open_cases(), "given up although nobody could be asked"
            assert night.running.hands.look().kind == "Attract"
            night.street.call("network", state="up")
            _ = await starting
            await in_order(night)
            assert untrue(night) == []
            payments = night.ledger()["payments"]
            assert [p["taken_fen"] - p["refunded_fen"] - p["fen"] * bool(p["used_by"]) for p in payments] == [0]

    run_virtual(scene(), nightfall(DAY))
    shutil.rmtree(tmp_path, ignore_errors=True)
