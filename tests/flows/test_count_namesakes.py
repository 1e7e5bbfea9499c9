"""HZ10 重名查询, as a table of step -> answer."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.flows.household.count_namesakes import count_namesakes
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, AfterReading
from kiosk.people.names import Namesakes, PersonName, SexAsked
from kiosk.people.records import Refusal, RefusalCode
from tests.flows.tables import Table, opening

FOUND = Namesakes(290_000, 5_100, 310, date(2026, 11, 21))


def visit(**answers: object) -> Table:
    usual: dict[str, object] = {
        "name": PersonName("王伟"),
        "sex": SexAsked.ANY,
        "namesakes": FOUND,
        "shown": AfterReading.ENOUGH,
        "refusal": Acknowledged.READ,
    }
    return Table(usual | answers)


@pytest.mark.parametrize("sex", list(SexAsked))
def test_a_name_and_a_sex_are_asked_for_and_only_numbers_are_shown(sex: SexAsked) -> None:
    table = visit(sex=sex)
    outcome = table.run(count_namesakes, opening("HZ10"))
    assert (outcome.ending, outcome.topic, outcome.take) == (Ending.DONE, "closing-namesakes", ())
    assert table.keys == ["name", "sex", "namesakes", "shown"]
    assert table.step("namesakes").query.sex is sex
    facts = dict(table.step("shown").sections[0].facts)
    assert facts == {
        "name_asked": "王伟",
        "sex_asked": sex.value,
        "namesakes_nation": "290000",
        "namesakes_province": "5100",
        "namesakes_city": "310",
        "counted_on": "2026-11-21",
    }


def test_a_name_nobody_bears_is_said() -> None:
    table = visit(namesakes=Namesakes(0, 0, 0, date(2026, 11, 21)))
    table.run(count_namesakes, opening("HZ10"))
    assert table.step("shown").topic == "result-namesakes-none"


def test_a_terminal_that_has_asked_enough_today_is_told_so() -> None:
    refusal = Refusal(RefusalCode.ASKED_ENOUGH)
    table = visit(namesakes=refusal)
    outcome = table.run(count_namesakes, opening("HZ10"))
    assert (outcome.ending, outcome.refusal) == (Ending.REFUSED, refusal)
    assert "shown" not in table.keys


def test_no_step_of_it_changes_anything() -> None:
    table = visit()
    table.run(count_namesakes, opening("HZ10"))
    assert not any(step.is_effect for step in table.asked)
