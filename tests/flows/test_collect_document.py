"""CRJ07 出入境证件自助取证, as a table of step -> answer. What it shares with HZ02 is tested there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flows.effects import (
    Certainty,
    Filed,
    GivenBack,
    HandOverInDoubt,
    LeftOpen,
    NotFiled,
    NotOpened,
    Pending,
    Printed,
    TakeInInDoubt,
    TakeInRefused,
    Taken,
    TakenIn,
)
from kiosk.flows.exit_entry.collect_document import collect_document
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, ConsentAnswer, FactorResult, NewCardCheck, NotSigned, Signature
from kiosk.people.exit_entry import TravelDocumentKind
from kiosk.people.records import OldCard, Refusal, RefusalCode
from kiosk.people.travel_applications import FinishedTravelDocument
from tests.flows.tables import Table, blob, card, opening

WAITING = FinishedTravelDocument(
    "travel-7", "150226110100017", 1, 15, TravelDocumentKind.PASSPORT, date(2026, 11, 1), date(2036, 10, 31)
)
RENEWED = replace(WAITING, old_card=OldCard.DUE)
HELD = TakenIn("C-1", 1, 24)


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "finished-document": WAITING,
        "old-card": HELD,
        "old-card-filed": Filed("F-1"),
        "custody-slip": Printed(Certainty.SENSED),
        "signature": Signature(blob("s"), blob("p")),
        "new-card": Taken(Certainty.INFERRED),
        "new-card-check": NewCardCheck.UNREADABLE,
        "collected": Filed(WAITING.case_number),
        "collection-slip": Printed(Certainty.SENSED),
        "old-card-back": Taken(Certainty.INFERRED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_it_is_signed_for_taken_and_put_on_a_slip() -> None:
    table = visit()
    outcome = table.run(collect_document, opening("CRJ07"))
    order = ["finished-document", "signature", "new-card", "collected", "collection-slip"]
    assert [k for k in table.keys if k in order] == order
    assert "old-card" not in table.keys
    assert (outcome.ending, outcome.number, outcome.take) == (
        Ending.DONE,
        WAITING.case_number,
        ("new-document", "id-card", "receipt"),
    )
    assert outcome.details == ()
    assert table.step("collected").filing == "travel-collected"
    assert dict(table.step("collection-slip").values)["document"] == "passport"
    assert dict(table.step("collected").payload)["certainty"] == "inferred"


def test_what_still_lies_here_is_named_at_the_end() -> None:
    table = visit(finished_document=replace(WAITING, beside=("id-card", "taiwan-pass")))
    assert table.run(collect_document, opening("CRJ07")).details == (
        ("still-here", "id-card"),
        ("still-here", "taiwan-pass"),
    )


def test_what_its_chip_says_in_the_hand_makes_the_claim_a_sensed_one() -> None:
    table = visit(new_card_check=NewCardCheck.IT_IS_THE_NEW_CARD)
    outcome = table.run(collect_document, opening("CRJ07"))
    assert (outcome.ending, outcome.topic) == (Ending.DONE, "closing-collected")
    assert table.step("new-card-check").expected == WAITING
    assert dict(table.step("collected").payload)["certainty"] == "sensed"


@pytest.mark.parametrize("check", [NewCardCheck.NOT_SHOWN, NewCardCheck.UNREADABLE])
def test_without_it_the_claim_stays_what_the_door_says(check: NewCardCheck) -> None:
    table = visit(new_card_check=check)
    assert table.run(collect_document, opening("CRJ07")).topic == "closing-collected-unread"
    assert dict(table.step("collected").payload)["certainty"] == "inferred"


def test_what_a_dispenser_read_inside_and_saw_taken_is_not_tried_again() -> None:
    table = visit(new_card=Taken(Certainty.SENSED))
    assert table.run(collect_document, opening("CRJ07")).topic == "closing-collected"
    assert "new-card-check" not in table.keys
    assert dict(table.step("collected").payload)["certainty"] == "sensed"


def test_where_it_replaces_one_that_one_comes_first() -> None:
    table = visit(finished_document=RENEWED)
    table.run(collect_document, opening("CRJ07"))
    order = ["old-card", "custody-slip", "signature", "new-card"]
    assert [k for k in table.keys if k in order] == order
    assert table.step("old-card").document == "passport"


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (GivenBack(), Ending.NOT_NOW),
        (TakeInRefused("no-place"), Ending.NEEDS_A_PERSON),
        (TakeInInDoubt("C-1"), Ending.NEEDS_A_PERSON),
    ],
)
def test_without_the_old_one_the_new_one_stays(answer: object, ending: Ending) -> None:
    table = visit(finished_document=RENEWED, old_card=answer)
    assert table.run(collect_document, opening("CRJ07")).ending is ending
    assert "new-card" not in table.keys


def test_a_compartment_that_stayed_shut_gives_the_old_one_back() -> None:
    table = visit(finished_document=RENEWED, new_card=NotOpened("not-opened"))
    assert table.run(collect_document, opening("CRJ07")).topic == "closing-not-opened"
    back = table.step("old-card-back").card
    assert (back.item, back.board, back.compartment) == ("C-1", 1, 24)


def test_who_does_not_sign_gets_the_old_one_back() -> None:
    table = visit(finished_document=RENEWED, signature=NotSigned())
    assert table.run(collect_document, opening("CRJ07")).topic == "closing-given-back"
    assert "new-card" not in table.keys


@pytest.mark.parametrize(
    ("answer", "topic"), [(LeftOpen(), "closing-left-open"), (HandOverInDoubt(), "closing-document-in-doubt")]
)
def test_what_nobody_saw_taken_is_not_filed_as_collected(answer: object, topic: str) -> None:
    table = visit(new_card=answer)
    assert table.run(collect_document, opening("CRJ07")).topic == topic
    assert "collected" not in table.keys


def test_a_filing_on_its_way_is_said_on_the_slip() -> None:
    table = visit(collected=Pending("K-1"))
    assert table.run(collect_document, opening("CRJ07")).ending is Ending.PENDING
    assert dict(table.step("collection-slip").values)["status"] == "pending"


def test_a_filing_headquarters_refuses_is_a_persons_matter() -> None:
    refused = NotFiled(Refusal(RefusalCode.OTHER))
    assert visit(collected=refused).run(collect_document, opening("CRJ07")).ending is Ending.NEEDS_A_PERSON


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.NOTHING_TO_COLLECT,
        RefusalCode.NOT_YET_FINISHED,
        RefusalCode.AT_ANOTHER_SITE,
        RefusalCode.MANUAL_REVIEW,
        RefusalCode.OTHER,
    ],
)
def test_a_no_opens_nothing(code: RefusalCode) -> None:
    table = visit(finished_document=Refusal(code))
    assert table.run(collect_document, opening("CRJ07")).refusal == Refusal(code)
    assert not {"old-card", "signature", "new-card"} & set(table.keys)
