"""Ways a visit can go otherwise: the record has them for every service, and a few are gone again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.commands.cases import NoSuchCase, listed, plan_of
from kiosk.flows.outcome import Ending
from kiosk.nights.cases import missing, page, play, wrong
from kiosk.nights.ends import recorded
from kiosk.nights.offered import offered
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.ways import EVERYWHERE, WAYS, possible

DOCS = Path(__file__).parents[2] / "docs"
ENDINGS = {ending.value for ending in Ending}
"""Whoever leaves a page, or stands before it until it goes, has not been told anything."""
GONE_AGAIN = (
    ("HZ01", "paid-not-confirmed"),
    ("HZ01", "other-province"),
    ("JG02", "dotted-name"),
    ("HZ02", "stranger"),
)


@pytest.mark.parametrize("code", offered())
def test_everybody_gets_through_or_is_told_a_next_step(code: str) -> None:
    own, script = SCRIPTS[code]
    everybody = {name for name in EVERYWHERE if possible(WAYS[name], script) and WAYS[name].situation != own}
    assert everybody <= set(recorded()[code])
    assert all(recorded()[code][name].ending for name in everybody)


@pytest.mark.parametrize("code", offered())
def test_every_way_that_can_be_gone_is_on_record_and_comes_to_a_named_end(code: str) -> None:
    """`kiosk matrix --cases --missing` goes what is not on record."""
    ways = recorded()[code]
    assert missing(code, recorded()) == []
    assert {name for name, case in ways.items() if case.ending not in ENDINGS} == set()
    assert {name for name, case in ways.items() if case.ending == "refused" and not case.code} == set()


def test_the_page_is_that_of_the_record() -> None:
    assert (DOCS / "cases.md").read_text("utf-8") == page(recorded())


@pytest.mark.parametrize(("code", "name"), GONE_AGAIN)
def test_a_way_gone_again_ends_as_recorded(code: str, name: str) -> None:
    lived = play(code, WAYS[name])
    assert wrong(WAYS[name], lived) == []
    case = recorded()[code][name]
    assert (lived.ending, lived.code, lived.topic) == (case.ending, case.code, case.topic)


def test_the_list_of_cases_is_data_and_each_of_them_has_a_plan() -> None:
    found = listed("HZ01")
    assert json.loads(json.dumps(found)) == found
    assert {"stranger", "under-16", "id-reader:silent", "headquarters:down@pay"} <= {one["case"] for one in found}
    assert [one["case"] for one in found if plan_of("HZ01", one["case"]).name != one["case"]] == []
    assert not any(one["case"].startswith(("locker:", "dispenser:")) for one in found)
    assert plan_of("HZ02", "dispenser:jam@hand-over").profile == "pick-up"


def test_a_case_that_the_service_does_not_have_is_said_with_what_to_do() -> None:
    with pytest.raises(NoSuchCase, match="--case list"):
        plan_of("JG01", "locker:stuck")
