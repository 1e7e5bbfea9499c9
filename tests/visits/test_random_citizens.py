"""Random citizens: random taps among what a page offers, leave, back, help, silence, walking away, faults."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.nights.many import Tally, one_visit
from kiosk.nights.night import Night, nightfall
from kiosk.people.synthetic import Situation
from kiosk.simulation.wanderer import Temper
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)
WILD = Temper(
    leave=0.08,
    back=0.12,
    help=0.05,
    idle=0.05,
    walk_away=0.03,
    anything=0.25,
    language=0.08,
    aside=0.25,
    mischief=0.08,
)
WANTS = (
    ("HZ02", Situation.CARD_FINISHED_RENEWAL),
    ("HZ02", Situation.CARD_FINISHED_LOSS),
    ("HZ01", Situation.RENEWAL_DUE),
    ("HZ01", Situation.CARD_LOST),
    ("JG01", Situation.VIOLATION_SIMPLE),
    ("JG01", Situation.VIOLATION_SEVERAL_VEHICLES),
    ("JG02", Situation.FINE_UNPAID),
)


@settings(max_examples=4, deadline=None, suppress_health_check=cast("list[HealthCheck]", list(HealthCheck)))
@given(
    seed=st.integers(0, 2**32),
    language=st.sampled_from(["zh-CN", "en"]),
    wants=st.lists(st.sampled_from(WANTS), min_size=1, max_size=4),
)
def test_whatever_citizens_do_the_page_finds_its_way_home_and_all_stays_true(
    seed: int, language: str, wants: list[tuple[str, Situation]]
) -> None:
    tally = Tally()

    async def whole() -> None:
        with tempfile.TemporaryDirectory(prefix="wild-") as folder:
            async with Night(Path(folder), seed % 1_000, DAY, language) as night:
                _ = await night.start()
                chance = random.Random(seed)
                for service, situation in wants:
                    await one_visit(night, service, situation, chance, WILD, tally)
                await asyncio.sleep(0)

    run_virtual(whole(), nightfall(DAY))
    assert tally.visits == len(wants)
    assert Counter(tally.services) == Counter(service for service, _ in wants)
