"""IPP messages: RFC 8010's encoding, every value a printer may send, and bytes that are none."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.page_printer.messages import (
    Collection,
    Group,
    MalformedIpp,
    Operation,
    Read,
    Tag,
    Value,
    request,
    response,
)
from tests.devices.ipp_bytes import asked, attribute

HEAD = b"\x02\x00\x00\x00\x00\x00\x00\x07"


def one(tag: int, data: bytes) -> Read:
    message = HEAD + b"\x04" + attribute(tag, "x", data) + b"\x03"
    (attributes,) = response(message).of(Group.PRINTER)
    (value,) = attributes["x"]
    return value


def test_a_request_is_written_as_the_standard_says() -> None:
    written = request(
        Operation.GET_JOB_ATTRIBUTES,
        5,
        operation_attributes={
            "attributes-charset": Value(Tag.CHARSET, ("utf-8",)),
            "job-id": Value(Tag.INTEGER, (-2,)),
            "requested-attributes": Value(Tag.KEYWORD, ("job-id", "job-state")),
        },
        job_attributes={"last-document": Value(Tag.BOOLEAN, (True,))},
    )
    assert written == (
        b"\x02\x00\x00\x09\x00\x00\x00\x05\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x21\x00\x06job-id\x00\x04\xff\xff\xff\xfe"
        b"\x44\x00\x14requested-attributes\x00\x06job-id\x44\x00\x00\x00\x09job-state"
        b"\x02\x22\x00\x0dlast-document\x00\x01\x01\x03"
    )


names = st.from_regex(r"[a-z]{1,12}", fullmatch=True)
texts = st.lists(st.text(max_size=20), min_size=1, max_size=3)


@given(st.dictionaries(names, texts, max_size=5), st.binary(max_size=50))
def test_whatever_is_written_is_read_back_by_another_hand(wishes: dict[str, list[str]], document: bytes) -> None:
    values = {name: Value(Tag.TEXT, tuple(these)) for name, these in wishes.items()}
    operation, found, rest = asked(request(Operation.PRINT_JOB, 1, operation_attributes=values) + document)
    assert (operation, rest) == (2, document)
    assert found == {name: [text.encode() for text in these] for name, these in wishes.items()}


@pytest.mark.parametrize(
    ("tag", "data", "value"),
    [
        (0x21, b"\xff\xff\xff\xff", -1),
        (0x23, b"\x00\x00\x00\x05", 5),
        (0x22, b"\x01", True),
        (0x22, b"\x00", False),
        (0x33, struct.pack(">ii", 1, 99), (1, 99)),
        (0x32, struct.pack(">iib", 600, 300, 3), (600, 300, 3)),
        (0x35, b"\x00\x02zh\x00\x06" + "打印".encode(), "打印"),
        (0x36, b"\x00\x02en\x00\x01a", "a"),
        (0x41, b"\xff", "\N{REPLACEMENT CHARACTER}"),
        (0x44, b"none", "none"),
        (0x10, b"", None),
        (0x13, b"", None),
        (0x30, b"octets", b"octets"),
        (0x31, bytes(11), bytes(11)),
    ],
)
def test_each_syntax_is_read_or_kept(tag: int, data: bytes, value: Read) -> None:
    assert one(tag, data) == value


def test_collections_are_read_with_their_members() -> None:
    member = attribute(0x4A, "", "size") + attribute(0x21, "", 7) + attribute(0x21, "", 8)
    nested = attribute(0x4A, "", "in") + attribute(0x34, "", b"") + member + attribute(0x37, "", b"")
    message = HEAD + b"\x04" + attribute(0x34, "media", b"") + nested + attribute(0x37, "", b"") + b"\x03"
    (attributes,) = response(message).of(Group.PRINTER)
    assert attributes["media"] == (Collection({"in": (Collection({"size": (7, 8)}),)}),)


def test_several_groups_and_values_keep_their_order() -> None:
    jobs = b"".join(b"\x02" + attribute(0x21, "job-id", n) + attribute(0x44, "r", "a", "b") for n in (3, 4))
    read = response(HEAD[:2] + b"\x00\x01\x00\x00\x00\x09" + b"\x01" + jobs + b"\x03ignored")
    assert (read.status, read.request_id, read.succeeded) == (1, 9, True)
    assert [job["job-id"] for job in read.of(Group.JOB)] == [(3,), (4,)]
    assert read.of(Group.JOB)[0]["r"] == ("a", "b")
    assert not response(HEAD[:2] + b"\x04\x06\x00\x00\x00\x09\x03").succeeded


deep = attribute(0x34, "x", b"") + (attribute(0x4A, "", "m") + attribute(0x34, "", b"")) * 20


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200",
        HEAD,
        HEAD + attribute(0x21, "early", 1) + b"\x03",
        HEAD + b"\x04" + attribute(0x21, "", 1) + b"\x03",
        HEAD + b"\x04\x21\x00\x01x\x00\x09\x00",
        HEAD + b"\x04" + attribute(0x21, "x", b"\x00") + b"\x03",
        HEAD + b"\x04" + attribute(0x22, "x", b"") + b"\x03",
        HEAD + b"\x04" + attribute(0x32, "x", b"") + b"\x03",
        HEAD + b"\x04" + deep,
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedIpp):
        response(data)


@given(st.binary(max_size=300))
def test_noise_is_a_message_or_refused(noise: bytes) -> None:
    try:
        read = response(b"\x02\x00" + noise)
    except MalformedIpp:
        return
    assert 0 <= read.status <= 0xFFFF


@given(st.integers(0, 90), st.integers(0, 255))
def test_a_changed_byte_is_a_message_or_refused(place: int, byte: int) -> None:
    good = HEAD + b"\x01" + attribute(0x47, "attributes-charset", "utf-8") + b"\x02" + attribute(0x21, "job-id", 1)
    data = bytearray(good + attribute(0x44, "job-state-reasons", "none") + b"\x03")
    data[place % len(data)] = byte
    try:
        assert response(bytes(data)).groups is not None
    except MalformedIpp as refused:
        assert str(refused)
