"""Who is here: which factors a visit asks for, and what leads on when one is missing."""

from __future__ import annotations

import pytest

from kiosk.flows.household.collect_id_card import collect_id_card
from kiosk.flows.opening import SecondFactor
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, CardNotRead, ConsentAnswer, FactorResult, NoCardHere
from kiosk.people.id_card import CardKind
from kiosk.people.id_number import IdNumber, check_character
from kiosk.people.records import CitizenKnown, PersonOnFile, Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, card, opening

NOTHING_THERE = Refusal(RefusalCode.NOTHING_TO_COLLECT)


def visit(**answers: object) -> Table:
    """Anything not given goes well, and headquarters has no card waiting."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "finished-card": NOTHING_THERE,
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_a_face_alone_is_not_enough_while_liveness_is_unknown() -> None:
    table = visit()
    table.run(collect_id_card, opening("HZ02"))
    assert table.keys[:5] == ["notice", "face-consent", "card", "face", "finger"]


def test_a_face_is_enough_where_the_station_says_so() -> None:
    table = visit()
    table.run(collect_id_card, opening("HZ02", SecondFactor.NOT_REQUIRED))
    assert "finger" not in table.keys


def test_declining_the_camera_leads_to_the_fingerprint() -> None:
    table = visit(face_consent=ConsentAnswer.DECLINE)
    table.run(collect_id_card, opening("HZ02"))
    assert "face" not in table.keys
    assert "finished-card" in table.keys


@pytest.mark.parametrize("face", [FactorResult.MISSED, FactorResult.UNAVAILABLE, FactorResult.DECLINED])
def test_a_face_that_did_not_help_leads_to_the_fingerprint(face: FactorResult) -> None:
    table = visit(face=face)
    table.run(collect_id_card, opening("HZ02"))
    assert "finished-card" in table.keys


@pytest.mark.parametrize("finger", [FactorResult.MISSED, FactorResult.UNAVAILABLE, FactorResult.DECLINED])
def test_without_a_fingerprint_nothing_of_the_citizen_is_looked_up(finger: FactorResult) -> None:
    table = visit(finger=finger)
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert "finished-card" not in table.keys
    assert outcome.ending is Ending.REFUSED


def test_a_face_missed_thrice_is_named_when_the_finger_fails_too() -> None:
    outcome = visit(face=FactorResult.MISSED, finger=FactorResult.MISSED).run(collect_id_card, opening("HZ02"))
    assert outcome.refusal == Refusal(RefusalCode.FACE_NOT_MATCHED)


def test_a_typed_number_shows_a_masked_name_before_the_face() -> None:
    person = PersonOnFile(CitizenKnown.FACE_AND_FINGERS, "测*甲")
    table = visit(card=NoCardHere(), number=IdNumber(NUMBER), who_is=person)
    table.run(collect_id_card, opening("HZ02"))
    assert table.keys[2:7] == ["card", "number", "who-is", "face", "finger"]
    assert table.step("face").person == person
    assert table.step("face").claim.photo is None


@pytest.mark.parametrize("code", [RefusalCode.CARD_UNREADABLE, RefusalCode.DEVICE])
def test_a_card_that_cannot_be_read_ends_told_once_and_asks_nothing_more(code: RefusalCode) -> None:
    table = visit(card=CardNotRead(code))
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert (outcome.ending, outcome.refusal) == (Ending.REFUSED, Refusal(code))
    assert table.keys == ["notice", "face-consent", "card"]


def test_a_child_is_sent_to_the_window_before_any_picture() -> None:
    head = "15020320151231001"
    table = visit(card=card(head + check_character(head)))
    outcome = table.run(collect_id_card, opening("HZ02"))
    assert outcome.refusal == Refusal(RefusalCode.UNDER_AGE)
    assert "face" not in table.keys


@pytest.mark.parametrize("kind", [k for k in CardKind if k is not CardKind.RESIDENT])
def test_a_card_that_is_no_resident_identity_card_is_told_so(kind: CardKind) -> None:
    outcome = visit(card=card(kind=kind)).run(collect_id_card, opening("HZ02"))
    assert outcome.refusal == Refusal(RefusalCode.CARD_FOREIGN)
