"""Text records: four kinds of card told apart at byte 248, and nonsense refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.id_reader.ethnicity import ETHNICITIES, ethnicity
from kiosk.devices.id_reader.record import LAYOUTS, InvalidRecord, Item, RecordFault, parse_record
from kiosk.people.id_card import CardKind, IdCard
from kiosk.people.id_number import Sex
from tests.devices.cards import foreigner_2017, foreigner_2023, hmt, laid_out, resident

TODAY = date(2026, 11, 22)


def refused(record: bytes) -> RecordFault:
    with pytest.raises(InvalidRecord) as caught:
        parse_record(record, TODAY)
    return caught.value.fault


@pytest.mark.parametrize("kind", list(CardKind))
def test_each_layout_covers_the_record_without_gap_or_overlap(kind: CardKind) -> None:
    at = 0
    for place in sorted(LAYOUTS[kind], key=lambda place: place.offset):
        assert place.offset == at
        at += place.length
    assert at == 256


def test_a_residents_card() -> None:
    assert parse_record(resident(), TODAY) == IdCard(
        kind=CardKind.RESIDENT,
        name="王小芳",
        sex=Sex.FEMALE,
        ethnicity="蒙古",
        birth=date(1985, 6, 15),
        address="内蒙古自治区包头市昆都仑区试验街道1号",
        number="150207198506150028",
        authority="包头市公安局昆都仑分局",
        valid_from=date(2016, 1, 1),
        valid_to=date(2036, 1, 1),
    )


def test_a_residence_permit_of_hong_kong_macao_taiwan() -> None:
    card = parse_record(hmt(), TODAY)
    assert (card.kind, card.number, card.ethnicity) == (
        CardKind.HONG_KONG_MACAO_TAIWAN,
        "810000199706020014",
        "",
    )


def test_a_foreigners_card_of_2017_has_its_fields_elsewhere() -> None:
    card = parse_record(foreigner_2017(), TODAY)
    assert (card.kind, card.name, card.number) == (CardKind.FOREIGNER_2017, "TESTOVA, ANNA", "KAZ110090123105")
    assert (card.birth, card.authority, card.address) == (date(1990, 12, 31), "1500", "")


def test_a_foreigners_card_of_2023_keeps_a_long_name_whole() -> None:
    card = parse_record(foreigner_2023(), TODAY)
    assert card.name == "TESTERSON-VERY-LONG, ALEXANDER JOHN PAUL"
    assert (card.kind, card.authority, card.valid_to) == (CardKind.FOREIGNER_2023, "", date(2034, 1, 1))


def test_long_term_validity() -> None:
    assert parse_record(resident(valid_to="长期"), TODAY).valid_to is None


def test_padding_with_zeros_is_padding_too() -> None:
    assert parse_record(resident().replace(b" \0", b"\0\0"), TODAY).kind is CardKind.RESIDENT


def test_a_lower_case_x_is_read_as_x() -> None:
    card = parse_record(resident(birth="19491231", number="11010519491231002x"), TODAY)
    assert card.number == "11010519491231002X"


def test_rare_characters_survive() -> None:
    assert parse_record(resident(name="𠮷㛃镕"), TODAY).name == "𠮷㛃镕"


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (b"", RecordFault.SIZE),
        (resident(kind="Z"), RecordFault.KIND),
        (resident(name="王\n"), RecordFault.TEXT),
        (b"\x00\xd8" + resident()[2:], RecordFault.TEXT),
        (resident(name=""), RecordFault.NAME),
        (resident(sex="7"), RecordFault.SEX),
        (resident(birth="19850631"), RecordFault.BIRTH),
        (resident(birth="        "), RecordFault.BIRTH),
        (resident(birth="20261123"), RecordFault.BIRTH_IN_FUTURE),
        (resident(valid_from="00000000"), RecordFault.VALIDITY),
        (resident(valid_to="永远"), RecordFault.VALIDITY),
        (resident(valid_from="20300101", valid_to="20200101"), RecordFault.VALIDITY),
        (resident(valid_from="19800101"), RecordFault.VALIDITY),
        (resident(number="150207198506150029"), RecordFault.NUMBER),
        (resident(number="150207850615002"), RecordFault.NUMBER),
        (resident(number=""), RecordFault.NUMBER),
        (foreigner_2017("KAZ11009012310"), RecordFault.NUMBER),
    ],
)
def test_nonsense_is_refused_and_says_which(record: bytes, fault: RecordFault) -> None:
    assert refused(record) is fault


def test_a_refusal_never_repeats_the_text() -> None:
    with pytest.raises(InvalidRecord) as caught:
        parse_record(resident(number="150207198506150029"), TODAY)
    assert str(caught.value) == "number"


@given(st.binary(min_size=256, max_size=256))
def test_random_bytes_are_a_card_or_a_refusal(record: bytes) -> None:
    try:
        card = parse_record(record, TODAY)
    except InvalidRecord:
        return
    assert card.name


@given(st.sampled_from(sorted(CardKind, key=lambda k: k.value)), st.data())
def test_a_changed_byte_is_a_card_or_a_refusal(kind: CardKind, data: st.DataObject) -> None:
    records = {
        CardKind.RESIDENT: resident(),
        CardKind.HONG_KONG_MACAO_TAIWAN: hmt(),
        CardKind.FOREIGNER_2017: foreigner_2017(),
        CardKind.FOREIGNER_2023: foreigner_2023(),
    }
    record = bytearray(records[kind])
    record[data.draw(st.integers(0, 255))] = data.draw(st.integers(0, 255))
    try:
        assert parse_record(bytes(record), TODAY).name
    except InvalidRecord as invalid:
        assert invalid.fault in RecordFault


def test_the_peoples_of_the_standard() -> None:
    assert len(ETHNICITIES) == 58
    assert [ethnicity(code) for code in ("01", "05", "36", "46", "56", "97")] == [
        "汉",
        "维吾尔",
        "毛南",
        "德昂",
        "基诺",
        "其他",
    ]
    assert ethnicity("57") == ""


def test_items_named_in_no_layout_do_not_exist() -> None:
    assert {place.item for layout in LAYOUTS.values() for place in layout} == set(Item)


def test_laid_out_records_are_whole() -> None:
    assert len(laid_out()) == 256
