"""The files of a travel document's chip, sound and spoilt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.document_reader.contract import PortraitFormat
from kiosk.devices.document_reader.groups import File, InvalidGroup, details, portrait, signed, tags_listed, zone
from kiosk.people.travel_document import MrzLayout
from kiosk.simulation.travel_files import COM, DG1, DG2, DG11, PASS, PASSPORT, SOD, document_of, person_of, tlv
from tests.devices.memory_cards import face_file

DECODERS: dict[File, Callable[[bytes], object]] = {
    File.COM: tags_listed,
    File.DG1: zone,
    File.DG2: portrait,
    File.DG11: details,
}
FILES = {File.COM: COM, File.DG1: DG1, File.DG2: DG2, File.DG11: DG11}
JPEG = b"\xff\xd8\xff\xe0picture"
SOUND: dict[int, bytes] = {**document_of(PASS, 3).files, DG2: face_file(JPEG)}


def dg1(text: str) -> bytes:
    return tlv(0x61, tlv(0x5F1F, text.encode()))


def test_the_groups_that_are_there() -> None:
    assert tags_listed(SOUND[COM]) == {0x61, 0x75, 0x6B}


def test_the_zone_of_a_pass_and_of_a_passport() -> None:
    for kind, layout in ((PASS, MrzLayout.PASS_LINE), (PASSPORT, MrzLayout.TD3)):
        document = document_of(kind, 3)
        found = zone(document.files[DG1])
        assert found.layout is layout
        assert found.chip_key.information == document.information


@pytest.mark.parametrize(
    "data",
    [
        b"",
        dg1(""),
        dg1("CSC123456788<3012316<9003071"),
        dg1("\nCSC123456788<3012316<9003071<0"),
        dg1("CXC123456788<3012316<9003071<0"),
        dg1("CSC123456788<3012316<9003071<0" + "<" * 200),
        tlv(0x61, tlv(0x5F1F, b"\xff" * 88)),
        tlv(0x61, tlv(0x5F20, b"A")),
        tlv(0x62, tlv(0x5F1F, b"A" * 88)),
    ],
)
def test_no_zone(data: bytes) -> None:
    with pytest.raises(InvalidGroup, match="DG1"):
        zone(data)


def test_the_portrait() -> None:
    found = portrait(face_file(JPEG))
    assert (found.format, found.width, found.height, found.picture) == (PortraitFormat.JPEG, 0x66, 0x7E, JPEG)
    box, raw = b"\x00\x00\x00\x0cjP  \r\n\x87\n...", b"\xff\x4f\xff\x51..."
    for picture in (box, raw):
        assert portrait(face_file(picture, 1)).format is PortraitFormat.JPEG_2000
    drawn = portrait(document_of(PASS, 3).files[DG2])
    assert drawn.picture.startswith(b"\xff\xd8") and drawn.picture.endswith(b"\xff\xd9")
    assert repr(found) == "Portrait(image/jpeg, 11 bytes)"


@pytest.mark.parametrize(("picture", "form"), [(b"", 0), (b"GIF8", 0), (JPEG, 1), (JPEG, 2)])
def test_a_picture_of_another_kind_than_it_says(picture: bytes, form: int) -> None:
    with pytest.raises(InvalidGroup, match="DG2"):
        portrait(face_file(picture, form))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, b"X"),
        (5, b"9"),
        (8, b"\xff"),
        (12, b"\0\0"),
        (14, b"\0\0\0\x20"),
        (14, b"\xff\xff\xff\xff"),
        (18, b"\xff"),
    ],
)
def test_a_face_record_that_does_not_hold_together(place: int, value: bytes) -> None:
    data = face_file(JPEG)
    at = data.index(b"FAC\0") + place
    with pytest.raises(InvalidGroup, match="DG2"):
        portrait(data[:at] + value + data[at + len(value) :])


@pytest.mark.parametrize("block", [b"", b"FAC\x00010\x00", b"FAC\x00010\x00" + bytes(20)])
def test_a_face_record_that_is_cut_short(block: bytes) -> None:
    for template in (tlv(0x5F2E, block), b""):
        with pytest.raises(InvalidGroup, match="DG2"):
            portrait(tlv(0x75, tlv(0x7F61, tlv(0x02, b"\x01") + tlv(0x7F60, template))))


def test_the_details() -> None:
    person, found = person_of(3), details(SOUND[DG11])
    assert (found.name, found.number, found.birth) == (person.card.name, person.card.number, person.card.birth)
    assert (found.birthplace, found.address) == ("", "")
    assert person.card.name not in repr(found)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (bytes.fromhex("19900307"), date(1990, 3, 7)),
        (b"19900307", date(1990, 3, 7)),
        (b"19900000", None),
        (b"1990", None),
        (b"", None),
        (bytes.fromhex("1990AB07"), None),
        ("１９９００３０７".encode(), None),
    ],
)
def test_a_day_in_either_spelling(value: bytes, day: date | None) -> None:
    assert details(tlv(0x6B, tlv(0x5F2B, value))).birth == day


def test_details_in_no_known_script() -> None:
    with pytest.raises(InvalidGroup, match="DG11"):
        details(tlv(0x6B, tlv(0x5F0E, b"\xff\xfe")))


def test_a_security_object_is_known_by_its_tag() -> None:
    assert signed(SOUND[SOD][:4])
    assert not signed(b"") and not signed(b"\x61\x00")


@pytest.mark.parametrize("file", DECODERS, ids=lambda f: f.name)
def test_every_truncation_is_refused(file: File) -> None:
    data = SOUND[FILES[file]]
    for end in range(len(data)):
        with pytest.raises(InvalidGroup, match=file.name):
            DECODERS[file](data[:end])


@pytest.mark.parametrize("file", DECODERS, ids=lambda f: f.name)
@given(noise=st.binary(min_size=1, max_size=4), place=st.integers(0, 400), rest=st.binary(max_size=20))
def test_any_damage_is_read_or_refused(file: File, noise: bytes, place: int, rest: bytes) -> None:
    data = SOUND[FILES[file]]
    at = place % len(data)
    for damaged in (data[:at] + noise + data[at + len(noise) :], noise + rest, data[:at] + rest):
        try:
            DECODERS[file](damaged)
        except InvalidGroup as refused:
            assert refused.file is file
