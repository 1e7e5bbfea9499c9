"""Identity numbers: GB 11643 with the vectors of its neighbours, and every way to be wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.people.id_number import (
    IdNumber,
    InvalidIdNumber,
    NumberFamily,
    NumberFault,
    Sex,
    check_character,
)

TODAY = date(2026, 11, 22)


def _first_seventeen(region: str, day: date, serial: int) -> str:
    return f"{region}{day:%Y%m%d}{serial:03d}"


NUMBERS = st.builds(
    _first_seventeen,
    st.sampled_from(["150202", "150203", "150207", "150221", "110105"]),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("11010519491231002X", NumberFamily.RESIDENT),
        ("150203199003070017", NumberFamily.RESIDENT),
        ("150207198506150028", NumberFamily.RESIDENT),
        ("810000199706020014", NumberFamily.HONG_KONG_MACAO_TAIWAN),
        ("830000199706020042", NumberFamily.HONG_KONG_MACAO_TAIWAN),
        ("911124198108030024", NumberFamily.FOREIGNER),
        ("932682198501010017", NumberFamily.FOREIGNER),
    ],
)
def test_known_numbers_are_accepted_and_told_apart(text: str, family: NumberFamily) -> None:
    assert IdNumber.parse(text, TODAY).family is family


@given(NUMBERS)
def test_every_number_with_its_check_character_is_accepted(head: str) -> None:
    number = IdNumber.parse(head + check_character(head), TODAY)
    assert number.region == head[:6]
    assert f"{number.birth:%Y%m%d}" == head[6:14]
    assert number.sex is (Sex.MALE if int(head[16]) % 2 else Sex.FEMALE)


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_never_accepted(head: str, place: int, off: int) -> None:
    right = head + check_character(head)
    wrong = right[:place] + str((int(right[place]) + off) % 10) + right[place + 1 :]
    with pytest.raises(InvalidIdNumber):
        IdNumber.parse(wrong, TODAY)


def test_a_lower_case_x_is_meant_as_x() -> None:
    assert IdNumber.parse("11010519491231002x", TODAY).text.endswith("X")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("150203900307001", NumberFault.FIFTEEN_DIGITS),
        ("1502031990030700", NumberFault.LENGTH),
        ("", NumberFault.LENGTH),
        ("15020319900307001A", NumberFault.CHARACTERS),
        ("１50203199003070017", NumberFault.CHARACTERS),
        ("150203199013070017", NumberFault.BIRTH_DATE),
        ("150203199002300017", NumberFault.BIRTH_DATE),
        ("150203203003070017", NumberFault.BIRTH_IN_FUTURE),
        ("150203199003070018", NumberFault.CHECK_DIGIT),
    ],
)
def test_each_fault_is_named(text: str, fault: NumberFault) -> None:
    with pytest.raises(InvalidIdNumber) as wrong:
        IdNumber.parse(text, TODAY)
    assert wrong.value.fault is fault


def test_an_error_never_carries_the_number() -> None:
    with pytest.raises(InvalidIdNumber) as wrong:
        IdNumber.parse("150203199003070018", TODAY)
    assert "1502" not in str(wrong.value)


def test_what_is_shown_of_a_number_is_masked() -> None:
    number = IdNumber.parse("150203199003070017", TODAY)
    assert number.masked == "150203********0017"
    assert "19900307" not in repr(number)


def test_the_birthday_itself_counts() -> None:
    number = IdNumber.parse("150203199003070017", TODAY)
    assert [number.age_on(date(2006, 3, d)) for d in (6, 7)] == [15, 16]
