"""试读: which card lies on the reader after the compartment (rule 12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kiosk.counter.identity import compare_new_card
from kiosk.devices.id_reader.contract import CardRead
from kiosk.flows.steps import CheckNewCard, Phase
from kiosk.people.id_card import CardKind, IdCard
from kiosk.people.id_number import IdNumber, Sex
from kiosk.people.records import FinishedCard, Ground
from kiosk.screens.states import ReaderStage

NUMBER = IdNumber("150203199003070017")
NEW = FinishedCard(
    "card-7", "150226110100017", 1, 12, Ground.RENEWAL, date(2026, 11, 1), date(2046, 11, 1), "包头市公安局"
)
STEP = CheckNewCard(key="new-card-check", phase=Phase.FINISH, number=NUMBER, expected=NEW)
CARD = IdCard(
    CardKind.RESIDENT,
    "测试甲",
    Sex.MALE,
    "汉",
    date(1990, 3, 7),
    "包头市",
    NUMBER.text,
    NEW.authority,
    NEW.issue_date,
    NEW.valid_to,
)


def read(card: IdCard) -> CardRead:
    """What the reader gives."""
    return CardRead(card, bytes(1024), (), 0.1)


def test_the_new_card_is_known_by_number_dates_and_authority() -> None:
    assert compare_new_card(read(CARD), STEP) is None


def test_the_old_card_has_the_same_number_and_is_told_apart() -> None:
    old = replace(CARD, valid_from=date(2006, 11, 1), valid_to=date(2026, 11, 1))
    assert compare_new_card(read(old), STEP) is ReaderStage.OLD_CARD


def test_the_same_dates_from_another_office_are_not_the_new_card() -> None:
    assert compare_new_card(read(replace(CARD, authority="别处公安局")), STEP) is ReaderStage.OLD_CARD


def test_somebody_elses_card_is_told_so() -> None:
    assert compare_new_card(read(replace(CARD, number="150207198506150028")), STEP) is ReaderStage.OTHER_CARD


def test_a_small_x_on_the_card_is_the_same_number() -> None:
    number = IdNumber("11010519491231002X")
    step = replace(STEP, number=number)
    assert compare_new_card(read(replace(CARD, number="11010519491231002x")), step) is None
