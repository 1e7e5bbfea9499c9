"""Machine-readable zones: the worked examples of ICAO 9303, and passes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.people.travel_document import (
    ChipKey,
    InvalidMrz,
    MrzFault,
    MrzLayout,
    check_digit,
    parse_mrz,
)

TODAY = date(2026, 11, 22)
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
LONG = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
PASS = "CSC123456788<3012316<9003071<0"
ENTRY = "CRC123456788<<<3012316F9003071" + "<" * 60
EXAMPLES = (TD3, TD2, TD1, LONG, PASS, ENTRY)


def fault_of(text: str) -> MrzFault:
    with pytest.raises(InvalidMrz) as refused:
        parse_mrz(text)
    assert str(refused.value) == refused.value.fault.value
    return refused.value.fault


def test_the_passport_of_part_4() -> None:
    zone = parse_mrz(TD3)
    assert (zone.layout, zone.code, zone.issuer, zone.nationality) == (MrzLayout.TD3, "P", "UTO", "UTO")
    assert (zone.surname, zone.given_names, zone.sex) == ("ERIKSSON", "ANNA MARIA", "F")
    assert (zone.number, zone.birth, zone.expiry, zone.optional) == ("L898902C3", "740812", "120415", "ZE184226B")
    assert zone.chip_key.information == "L898902C3674081221204159"


def test_the_cards_of_parts_5_and_6() -> None:
    one, two = parse_mrz(TD1), parse_mrz(TD2)
    assert (one.layout, two.layout) == (MrzLayout.TD1, MrzLayout.TD2)
    assert one.number == two.number == "D23145890"
    assert (one.surname, one.given_names) == (two.surname, two.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert one.chip_key == two.chip_key


def test_a_number_of_more_than_nine_goes_on_in_the_optional_data() -> None:
    """ICAO 9303 part 11, appendix D.2: the second example."""
    zone = parse_mrz(LONG)
    assert (zone.number, zone.optional, zone.surname) == ("D23145890734", "", "STEVENSON")
    assert zone.chip_key.information == "D23145890734934071279507122"


def test_the_one_line_of_a_pass() -> None:
    zone = parse_mrz(PASS)
    assert (zone.layout, zone.code, zone.number) == (MrzLayout.PASS_LINE, "CS", "C12345678")
    assert zone.chip_key.information == "C12345678890030713012316"
    assert parse_mrz("CD" + PASS[2:]).code == "CD"


def test_an_entry_permit_has_everything_numbered_in_its_first_line() -> None:
    zone = parse_mrz(ENTRY)
    assert (zone.layout, zone.sex) == (MrzLayout.ENTRY_PERMIT, "F")
    assert zone.chip_key == parse_mrz(PASS).chip_key


def test_the_last_digit_of_a_pass_is_not_judged() -> None:
    assert {parse_mrz(PASS[:-1] + last).number for last in "0123456789"} == {"C12345678"}


@pytest.mark.parametrize(
    ("example", "places"),
    [
        (TD3, {54: "9", 64: "9", 72: "8", 87: "5", 88: "9"}),
        (TD2, {46: "9", 56: "9", 64: "8", 72: "9"}),
        (TD1, {14: "9", 37: "9", 45: "8", 60: "9"}),
        (PASS, {11: "9", 19: "9", 27: "9"}),
        (ENTRY, {11: "9", 21: "9", 29: "9"}),
    ],
)
def test_every_check_digit_is_verified(example: str, places: dict[int, str]) -> None:
    for place, other in places.items():
        assert fault_of(example[:place] + other + example[place + 1 :]).value.endswith("check")


def test_every_digit_of_number_birth_and_expiry_is_covered() -> None:
    for example in EXAMPLES:
        key = parse_mrz(example).chip_key
        for part in (key.number[:9], key.birth, key.expiry):
            start = example.index(part)
            for place in range(start, start + len(part)):
                other = "8" if example[place] != "8" else "7"
                with pytest.raises(InvalidMrz):
                    parse_mrz(example[:place] + other + example[place + 1 :])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", MrzFault.LENGTH),
        ("A" * 31, MrzFault.LENGTH),
        ("é" * 30, MrzFault.CHARACTERS),
        (PASS.lower(), MrzFault.CHARACTERS),
        ("XX" + PASS[2:], MrzFault.LAYOUT),
        (PASS[:12] + "A" + PASS[13:], MrzFault.LAYOUT),
        ("CS<<<<<<<<<0<3012316<9003071<0", MrzFault.NUMBER),
        ("CSC123456788<30123A0<9003071<0", MrzFault.EXPIRY),
        ("CSC123456788<3012316<90A3070<0", MrzFault.BIRTH),
        (LONG.replace("<7349<", "<<<<<<"), MrzFault.COMPOSITE_CHECK),
        ("I<UTOD23145890<9<<<<<<<<<<<<<<" + "3407127M9507122UTO<<<<<<<<<<<0" + "<" * 30, MrzFault.NUMBER_CHECK),
        (TD3.replace("ZE184226B<<<<<10", "ZE184226B<<<<<20"), MrzFault.OPTIONAL_CHECK),
    ],
)
def test_what_is_no_zone_says_why_and_not_what(text: str, fault: MrzFault) -> None:
    if fault is MrzFault.NUMBER_CHECK:
        text = text[:59] + check_digit(text[5:30] + text[30:37] + text[38:45] + text[48:59]) + text[60:]
    assert fault_of(text) is fault


def test_a_passport_without_optional_data_may_fill_its_digit() -> None:
    body = TD3[45:].replace("ZE184226B<<<<<1", "<" * 15)[:43]
    composite = check_digit(body[:10] + body[13:20] + body[21:43])
    assert parse_mrz(TD3[:45] + body + composite).optional == ""


def test_a_check_digit_is_of_the_alphabet_only() -> None:
    assert check_digit("AB2134<<<") == "5"
    with pytest.raises(InvalidMrz):
        check_digit("a")


def test_years_of_two_digits() -> None:
    zone = parse_mrz(TD3)
    assert zone.born(TODAY) == date(1974, 8, 12)
    assert zone.expires(TODAY) == date(2012, 4, 15)
    assert parse_mrz(LONG).born(TODAY) == date(1934, 7, 12)
    assert parse_mrz(LONG).expires(TODAY) == date(1995, 7, 12)


def test_days_that_do_not_exist_are_not_made_up() -> None:
    unknown = "CSC123456788<3002316<90<<<<9<0"
    line = unknown[:19] + check_digit("300231") + "<90<<<<" + check_digit("90<<<<") + "<0"
    zone = parse_mrz(line)
    assert (zone.born(TODAY), zone.expires(TODAY)) == (None, None)


@pytest.mark.parametrize(
    ("number", "birth", "expiry", "fault"),
    [
        ("", "900307", "301231", MrzFault.NUMBER),
        ("A<", "900307", "301231", MrzFault.NUMBER),
        ("A" * 23, "900307", "301231", MrzFault.NUMBER),
        ("A1", "9003", "301231", MrzFault.BIRTH),
        ("A1", "900307", "30123x", MrzFault.EXPIRY),
    ],
)
def test_a_key_is_well_formed(number: str, birth: str, expiry: str, fault: MrzFault) -> None:
    with pytest.raises(InvalidMrz) as refused:
        ChipKey.of(number, birth, expiry)
    assert refused.value.fault is fault
    assert ChipKey.of("A1", "90<<<<", "301231").information == "A1<<<<<<<" + check_digit("A1") + "90<<<<33012316"


def test_nothing_of_a_zone_is_in_its_repr() -> None:
    assert "ERIKSSON" not in repr(parse_mrz(TD3)) and "L898" not in repr(parse_mrz(TD3).chip_key)


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<\n é", max_size=100) | st.text(max_size=100))
def test_any_text_is_a_zone_or_an_invalid_one(text: str) -> None:
    try:
        zone = parse_mrz(text)
    except InvalidMrz as refused:
        assert refused.fault in MrzFault
    else:
        assert ChipKey.of(zone.number, zone.birth, zone.expiry) == zone.chip_key


@given(
    st.sampled_from(EXAMPLES),
    st.integers(0, 90),
    st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<", min_size=1, max_size=3),
)
def test_any_damaged_zone_is_a_zone_or_an_invalid_one(example: str, place: int, noise: str) -> None:
    try:
        zone = parse_mrz(example[:place] + noise + example[place + len(noise) :])
    except InvalidMrz:
        return
    assert zone.chip_key.information[:9] == zone.number.ljust(9, "<")[:9]
    for read in (zone.born, zone.expires):
        assert isinstance(read(TODAY), date | None)
