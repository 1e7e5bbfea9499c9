"""Money, names, plates and cards as plain values."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.people.id_card import CardKind, IdCard, masked_name
from kiosk.people.id_number import Sex
from kiosk.people.money import Money
from kiosk.people.vehicle import Plate, PlateKind


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_amounts_add_up_in_fen(a: int, b: int) -> None:
    assert (Money(a) + Money(b)).fen == a + b


@pytest.mark.parametrize(("fen", "yuan"), [(2000, "20"), (1950, "19.50"), (5, "0.05"), (0, "0")])
def test_yuan_without_needless_zeros(fen: int, yuan: str) -> None:
    assert Money(fen).yuan == yuan


def test_nobody_owes_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="negative"):
        Money(-1)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王芳", "王*"), ("王小芳", "王*芳"), ("欧阳娜娜", "欧**娜"), ("𠮷㛃镕", "𠮷*镕"), ("王", "王")],
)
def test_names_are_masked_by_character(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (PlateKind.SMALL, "蒙B12345"),
        (PlateKind.SMALL, "蒙BY0089"),
        (PlateKind.SMALL_NEW_ENERGY, "蒙BD12345"),
        (PlateKind.LARGE_NEW_ENERGY, "蒙B12345D"),
    ],
)
def test_plates_of_their_kind(kind: PlateKind, number: str) -> None:
    assert Plate(kind, number).spaced == f"{number[:2]}·{number[2:]}"


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (PlateKind.SMALL, "蒙BI2345"),
        (PlateKind.SMALL, "蒙BD12345"),
        (PlateKind.SMALL_NEW_ENERGY, "蒙B12345"),
        (PlateKind.SMALL, "B12345"),
    ],
)
def test_plates_of_another_kind_are_refused(kind: PlateKind, number: str) -> None:
    with pytest.raises(ValueError, match="plate"):
        Plate(kind, number)


def card(valid_to: date | None) -> IdCard:
    """A synthetic card."""
    return IdCard(
        CardKind.RESIDENT, "测试甲", Sex.MALE, "汉", date(1990, 3, 7), "包头市", "150203199003070017", "分局",
        date(2010, 1, 1), valid_to,
    )  # fmt: skip


def test_the_last_day_is_still_valid_and_long_term_never_ends() -> None:
    assert not card(date(2026, 11, 22)).expired_on(date(2026, 11, 22))
    assert card(date(2026, 11, 21)).expired_on(date(2026, 11, 22))
    assert not card(None).expired_on(date(2099, 1, 1))


def test_a_card_says_nothing_of_its_holder_by_itself() -> None:
    assert repr(card(None)) == "IdCard(resident)"
