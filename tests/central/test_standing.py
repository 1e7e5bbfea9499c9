"""JG06 as headquarters answers it."""

from __future__ import annotations

from kiosk.people.synthetic import Situation
from tests.central.office import Office, someone


def test_licence_vehicles_records_and_fines_come_together(office: Office) -> None:
    person = someone(Situation.VIOLATION_SEVERAL_VEHICLES)
    answer = office.look_up("standing-of", person)
    assert answer["licence"]["points"] == office.look_up("licence-of", person)["points"]
    assert [v["records"] for v in answer["vehicles"]] == [3, 3]
    assert all(v["inspect_by"] and v["insured_to"] for v in answer["vehicles"])
    assert (answer["points_limit"], answer["fines"]) == (12, 0)


def test_an_unpaid_fine_is_in_it_with_what_is_due_today(office: Office) -> None:
    answer = office.look_up("standing-of", someone(Situation.FINE_OVERDUE))
    assert (answer["fines"], answer["fines_due"]["fen"]) == (1, 130_00)


def test_a_licence_that_is_withheld_is_told_to_its_holder(office: Office) -> None:
    answer = office.look_up("standing-of", someone(Situation.LICENCE_WITHHELD))
    assert answer["licence"]["status"] == "withheld"


def test_nothing_on_file_is_an_answer(office: Office) -> None:
    answer = office.look_up("standing-of", someone(Situation.ORDINARY))
    assert (answer["licence"], answer["vehicles"], answer["fines"]) == (None, [], 0)
