"""HZ04 as headquarters answers it: the newest application, its stage, and where the card will be."""

from __future__ import annotations

import pytest

from kiosk.people.synthetic import Situation
from tests.central.office import Office, someone


@pytest.mark.parametrize(
    ("situation", "stage", "here"),
    [
        (Situation.CARD_BEING_MADE, "production", False),
        (Situation.RENEWAL_CASE_OPEN, "review", False),
        (Situation.CARD_AT_ANOTHER_SITE, "to-collect", False),
        (Situation.CARD_FINISHED_RENEWAL, "to-collect", True),
    ],
)
def test_the_stage_and_the_place_are_told(office: Office, situation: Situation, stage: str, here: bool) -> None:
    answer = office.look_up("progress-of-card", someone(situation))
    assert (answer["stage"], answer["here"]) == (stage, here)
    assert answer["applied_on"] <= answer["since"]
    assert answer["site"] and answer["address"]


def test_a_finished_card_elsewhere_names_that_place(office: Office) -> None:
    assert (
        office.look_up("progress-of-card", someone(Situation.CARD_AT_ANOTHER_SITE))["site"] == "昆都仑区分局户籍大厅"
    )


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (Situation.ORDINARY, "E-CASE-03"),
        (Situation.CARD_BLOCKED, "E-COL-04"),
        (Situation.UNDER_16, "E-AGE-01"),
        (Situation.FOREIGNER_2023, "E-CASE-03"),
    ],
)
def test_a_no_has_a_code_and_a_next_step(office: Office, situation: Situation, code: str) -> None:
    answer = office.look_up("progress-of-card", someone(situation))
    assert answer["code"] == code
    assert answer["details"]


def test_time_moves_the_card_on(office: Office) -> None:
    person = someone(Situation.CARD_BEING_MADE)
    seen: set[str] = set()
    for _ in range(90):
        office.clock.forward(hours=24)
        seen.add(office.look_up("progress-of-card", person)["stage"])
    assert {"production", "inspection", "stocked"} <= seen
