"""HZ02 身份证取证, as a table of step -> answer."""

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
    NotFetched,
    NotFiled,
    NotOpened,
    NotPrinted,
    Pending,
    Printed,
    Retained,
    TakeInInDoubt,
    TakeInRefused,
    Taken,
    TakenIn,
)
from kiosk.flows.household.collect_id_card import collect_id_card
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, ConsentAnswer, FactorResult, NewCardCheck, NotSigned, Signature
from kiosk.people.records import FinishedCard, Ground, OldCard, Refusal, RefusalCode
from tests.flows.tables import Table, blob, card, opening

WAITING = FinishedCard(
    "card-7", "150226110100017", 1, 12, Ground.RENEWAL, date(2026, 11, 1), date(2046, 11, 1), "包头市公安局"
)
LOST = FinishedCard(
    "card-8", "150226110100025", 1, 13, Ground.LOSS, date(2026, 11, 1), date(2046, 11, 1), "包头市公安局"
)
HELD = TakenIn("C-1", 1, 20)


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "finished-card": WAITING,
        "old-card": HELD,
        "old-card-filed": Filed("F-1"),
        "custody-slip": Printed(Certainty.SENSED),
        "signature": Signature(blob("s"), blob("p")),
        "new-card": Taken(Certainty.INFERRED),
        "new-card-check": NewCardCheck.IT_IS_THE_NEW_CARD,
        "collected": Filed("F-2"),
        "collection-slip": Printed(Certainty.SENSED),
        "old-card-back": Taken(Certainty.INFERRED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_on_renewal_the_old_card_is_handed_in_before_the_new_one_comes_out() -> None:
    table = visit()
    outcome = table.run(collect_id_card, opening("HZ02"))
    order = ["old-card", "custody-slip", "signature", "new-card", "new-card-check", "collected", "collection-slip"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.number) == (Ending.DONE, WAITING.case_number)


def test_after_a_loss_there_is_no_old_card_to_hand_in() -> None:
    table = visit(finished_card=LOST)
    table.run(collect_id_card, opening("HZ02"))
    assert "old-card" not in table.keys


def test_an_old_card_that_is_held_already_is_not_asked_for_again() -> None:
    table = visit(finished_card=replace(WAITING, old_card=OldCard.HELD))
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert "old-card" not in table.keys
    assert outcome.ending is Ending.DONE


def test_the_new_card_on_the_reader_makes_the_claim_a_sensed_one() -> None:
    table = visit()
    table.run(collect_id_card, opening("HZ02"))
    assert dict(table.step("collected").payload)["certainty"] == "sensed"


@pytest.mark.parametrize("check", [NewCardCheck.NOT_SHOWN, NewCardCheck.UNREADABLE])
def test_a_door_alone_makes_it_an_inferred_one(check: NewCardCheck) -> None:
    table = visit(new_card_check=check)
    table.run(collect_id_card, opening("HZ02"))
    assert dict(table.step("collected").payload)["certainty"] == "inferred"


def test_a_door_left_open_with_the_card_shown_ends_with_the_card_collected() -> None:
    assert visit(new_card=LeftOpen()).run(collect_id_card, opening("HZ02")).ending is Ending.DONE


def test_a_door_left_open_and_no_card_shown_is_not_filed_as_collected() -> None:
    table = visit(new_card=LeftOpen(), new_card_check=NewCardCheck.NOT_SHOWN)
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert "collected" not in table.keys
    assert (outcome.ending, outcome.topic) == (Ending.NEEDS_A_PERSON, "closing-left-open")


def test_a_slip_that_did_not_print_does_not_undo_the_collection() -> None:
    outcome = visit(collection_slip=NotPrinted("paperOut")).run(collect_id_card, opening("HZ02"))
    assert outcome.ending is Ending.DONE


def test_a_compartment_that_stayed_shut_gives_the_old_card_back() -> None:
    table = visit(new_card=NotOpened("not-opened"))
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert table.step("old-card-back").card.item == HELD.custody
    assert outcome.ending is Ending.NEEDS_A_PERSON
    assert "collected" not in table.keys


@pytest.mark.parametrize(
    ("answer", "topic"),
    [
        (NotFetched("offline"), "closing-not-fetched"),
        (Retained("another-document"), "closing-document-retained"),
        (Retained("not-taken"), "closing-document-retained"),
    ],
)
def test_what_a_dispenser_does_not_hand_over_ends_with_a_person_and_the_old_card_back(
    answer: object, topic: str
) -> None:
    table = visit(new_card=answer)
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.NEEDS_A_PERSON, topic, WAITING.case_number)
    assert table.step("old-card-back").card.item == HELD.custody
    assert "collected" not in table.keys


def test_what_a_dispenser_saw_go_without_hearing_of_it_is_tried_on_the_reader() -> None:
    table = visit(new_card=Taken(Certainty.INFERRED))
    table.run(collect_id_card, opening("HZ02"))
    assert "new-card-check" in table.keys


def test_who_does_not_sign_gets_the_old_card_back() -> None:
    table = visit(signature=NotSigned())
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert "new-card" not in table.keys
    assert "old-card-back" in table.keys
    assert outcome.ending is Ending.NOT_NOW


def test_an_old_card_that_cannot_be_given_back_stays_held_and_is_named() -> None:
    table = visit(signature=NotSigned(), old_card_back=NotOpened("offline"))
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert (outcome.topic, outcome.number) == ("closing-old-card-held", HELD.custody)


@pytest.mark.parametrize("answer", [GivenBack(), TakeInRefused("offline"), TakeInInDoubt("C-1")])
def test_without_the_old_card_no_new_one_comes_out(answer: object) -> None:
    table = visit(old_card=answer)
    table.run(collect_id_card, opening("HZ02"))
    assert "new-card" not in table.keys


def test_a_compartment_in_doubt_is_nobodys_guess() -> None:
    table = visit(new_card=HandOverInDoubt())
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert outcome.ending is Ending.NEEDS_A_PERSON
    assert "collected" not in table.keys
    assert "old-card-back" not in table.keys


def test_headquarters_away_at_the_end_leaves_a_pending_slip() -> None:
    table = visit(collected=Pending("K-1"))
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert dict(table.step("collection-slip").values)["status"] == "pending"
    assert outcome.ending is Ending.PENDING


def test_a_filing_refused_after_the_card_left_needs_a_person() -> None:
    refused = NotFiled(Refusal(RefusalCode.OTHER))
    assert visit(collected=refused).run(collect_id_card, opening("HZ02")).ending is Ending.NEEDS_A_PERSON


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.NOTHING_TO_COLLECT,
        RefusalCode.NOT_YET_FINISHED,
        RefusalCode.AT_ANOTHER_SITE,
        RefusalCode.CARD_BLOCKED,
    ],
)
def test_headquarters_no_is_told_and_ends_the_visit(code: RefusalCode) -> None:
    table = visit(finished_card=Refusal(code))
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert table.step("refusal").refusal.code is code
    assert outcome.ending is Ending.REFUSED
