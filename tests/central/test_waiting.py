"""What headquarters says is waiting for whoever laid their card down."""

from __future__ import annotations

import pytest

from kiosk.people.synthetic import Situation
from tests.central.office import Office, someone


@pytest.mark.parametrize(
    ("situation", "kinds"),
    [
        (Situation.CARD_FINISHED_RENEWAL, ["card-finished"]),
        (Situation.CARD_FINISHED_LOSS, ["card-finished"]),
        (Situation.TRAVEL_FINISHED, ["document-finished"]),
        (Situation.BOTH_FINISHED, ["card-finished", "document-finished"]),
        (Situation.TRAVEL_AT_ANOTHER_SITE, []),
        (Situation.VIOLATION_SIMPLE, ["violations"]),
        (Situation.VIOLATION_SEVERAL_VEHICLES, ["violations"]),
        (Situation.RENEWAL_DUE, ["card-expires"]),
        (Situation.RENEWAL_EXPIRED, ["card-expires"]),
        (Situation.ORDINARY, []),
        (Situation.NO_VIOLATIONS, []),
        (Situation.RENEWAL_TOO_EARLY, []),
        (Situation.RENEWAL_CASE_OPEN, []),
        (Situation.CARD_BEING_MADE, []),
        (Situation.CARD_AT_ANOTHER_SITE, []),
        (Situation.CARD_BLOCKED, []),
        (Situation.UNDER_16, []),
    ],
)
def test_only_what_this_terminal_can_do_for_them_is_waiting(
    office: Office, situation: Situation, kinds: list[str]
) -> None:
    assert office.look_up("waiting-for", someone(situation)) == kinds


def test_several_things_wait_in_a_fixed_order(office: Office) -> None:
    assert office.look_up("waiting-for", someone(Situation.RARE_NAME)) == ["violations", "card-expires"]


def test_what_was_dealt_with_waits_no_more(office: Office) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    for violation in office.violations(person):
        office.file("violation-decided", office.decided(person, violation))
    assert office.look_up("waiting-for", person) == ["fines"]
    for fine in office.look_up("unpaid-fines", person):
        _ = office.pay(office.order(person, f"fine:{fine['decision']}", fine["due"]["fen"]))
    assert office.look_up("waiting-for", person) == []


def test_what_lies_here_beside_the_document_that_is_collected_is_named(office: Office) -> None:
    both = someone(Situation.BOTH_FINISHED)
    assert office.look_up("card-to-collect", both)["beside"] == ["passport"]
    assert office.look_up("travel-to-collect", both)["beside"] == ["id-card"]
    assert office.look_up("card-to-collect", someone(Situation.CARD_FINISHED_RENEWAL))["beside"] == []
    assert office.look_up("travel-to-collect", someone(Situation.TRAVEL_FINISHED))["beside"] == []
