"""JG10 as headquarters decides it."""

from __future__ import annotations

import pytest

from kiosk.people.synthetic import Situation
from tests.central.office import Office, someone


@pytest.mark.parametrize(
    ("situation", "kind", "report"),
    [(Situation.REVIEW_DUE, "points-review", False), (Situation.SENIOR_DRIVER, "medical-review", True)],
)
def test_a_review_is_put_on_file_once(office: Office, situation: Situation, kind: str, report: bool) -> None:
    person = someone(situation)
    due = office.look_up("may-review", person)
    assert (due["kind"], bool(due["report"])) == (kind, report)
    payload = {"number": person.number, "review": kind, "report": due["report"], "signature": office.blob()}
    reply = office.file("licence-review", payload)
    assert reply["status"] == "accepted"
    assert office.people("GET", f"/v/{reply['number']}").status == 200
    again = office.look_up("may-review", person)
    assert (again["code"], dict(again["details"])["reason"]) == ("E-CASE-04", "no-review")
    assert office.file("licence-review", payload)["refusal"]["code"] == "E-CASE-04"


@pytest.mark.parametrize(
    ("situation", "code", "reason"),
    [
        (Situation.REVIEW_NO_STUDY, "E-HUM-01", "study"),
        (Situation.SENIOR_NO_REPORT, "E-MED-01", ""),
        (Situation.NO_VIOLATIONS, "E-CASE-04", "no-review"),
        (Situation.LICENCE_WITHHELD, "E-LIC-01", "application"),
        (Situation.ORDINARY, "E-LIC-01", "application"),
        (Situation.UNDER_16, "E-AGE-01", ""),
    ],
)
def test_a_no_has_its_code(office: Office, situation: Situation, code: str, reason: str) -> None:
    answer = office.look_up("may-review", someone(situation))
    assert (answer["code"], dict(answer["details"]).get("reason", "")) == (code, reason)


def test_after_thirty_days_people_decide(office: Office) -> None:
    person = someone(Situation.REVIEW_DUE)
    office.clock.forward(days=20)
    assert office.look_up("may-review", person)["tag"] == "may-review"
    office.clock.forward(days=1)
    assert dict(office.look_up("may-review", person)["details"])["reason"] == "review-late"
