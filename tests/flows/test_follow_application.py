"""HZ04 身份证办理进度查询, as a table of step -> answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Printed
from kiosk.flows.household.follow_application import course, follow_application
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, AfterReading, ConsentAnswer, FactorResult, NoCardHere, OnPaper
from kiosk.people.household import CardProgress
from kiosk.people.id_number import IdNumber
from kiosk.people.records import CitizenKnown, Ground, PersonOnFile, Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, card, opening

MADE = CardProgress(
    case_number="1502261108000197",
    ground=Ground.RENEWAL,
    stage="production",
    applied_on=date(2026, 11, 8),
    since=date(2026, 11, 14),
    ready_by=date(2027, 1, 7),
    site="昆都仑区",
    address="钢铁大街",
    here=False,
)


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "number": IdNumber(NUMBER),
        "who-is": PersonOnFile(CitizenKnown.FACE_AND_FINGERS, "测*甲"),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "progress": MADE,
        "shown": AfterReading.ENOUGH,
        "progress-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_what_is_known_is_asked_for_only_once_they_are_surely_they() -> None:
    table = visit()
    outcome = table.run(follow_application, opening("HZ04"))
    assert table.keys == ["face-consent", "card", "face", "finger", "progress", "shown"]
    assert (outcome.ending, outcome.number, outcome.take) == (Ending.DONE, MADE.case_number, ("id-card",))


def test_paper_comes_only_when_it_is_asked_for() -> None:
    table = visit(shown=AfterReading.PRINT)
    outcome = table.run(follow_application, opening("HZ04"))
    assert table.step("shown").on_paper is OnPaper.OFFERED
    assert ("stage", "production") in table.step("progress-slip").values
    assert NUMBER not in str(table.step("progress-slip").values)
    assert outcome.take == ("receipt", "id-card")


def test_without_a_card_the_number_will_do() -> None:
    table = visit(card=NoCardHere())
    outcome = table.run(follow_application, opening("HZ04"))
    assert "number" in table.keys
    assert (outcome.ending, outcome.take) == (Ending.DONE, ())


def test_without_an_application_the_way_to_one_is_named() -> None:
    table = visit(progress=Refusal(RefusalCode.NO_APPLICATION, (("service", "HZ01"),)))
    outcome = table.run(follow_application, opening("HZ04"))
    assert (outcome.ending, table.keys[-1]) == (Ending.REFUSED, "refusal")
    assert "shown" not in table.keys


def test_a_card_in_this_machine_can_be_had_now() -> None:
    table = visit(progress=replace(MADE, stage="to-collect", here=True))
    table.run(follow_application, opening("HZ04"))
    assert table.step("shown").topic == "result-progress-here"
    assert "ready_by" not in dict(table.step("shown").sections[0].facts)


@pytest.mark.parametrize(
    ("stage", "reached", "stages"),
    [
        ("awaiting-payment", 0, 7),
        ("accepted", 0, 6),
        ("review", 1, 6),
        ("production", 3, 6),
        ("inspection", 3, 6),
        ("stocked", 3, 6),
        ("to-collect", 4, 6),
        ("collected", 5, 6),
        ("void", 1, 2),
    ],
)
def test_every_stage_of_headquarters_has_its_place_in_the_course(stage: str, reached: int, stages: int) -> None:
    shown = course(replace(MADE, stage=stage))
    assert (shown.reached, len(shown.stages)) == (reached, stages)
    assert shown.stages[0][1] in ("2026-11-08", "2026-11-14")
