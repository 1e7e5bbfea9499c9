"""Codes from strangers: where one ends, what is refused, and that nothing shown breaks anything."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.scanner.contract import Code
from kiosk.devices.scanner.framing import LONGEST, Framing, Gm65, Gm65Answers, Refused, Text, gm65_request


def ended(*chunks: bytes) -> Text | Refused:
    framing = Framing()
    for chunk in chunks:
        framing.feed(chunk)
    return framing.end()


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""])
def test_a_code_with_any_ending_is_its_text(end: bytes) -> None:
    assert ended(b"134567890", b"123456789" + end) == Text("134567890123456789")


def test_chinese_text_is_text() -> None:
    assert ended("编号 20261122-07\r".encode()) == Text("编号 20261122-07")


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (b"\r", Refused.EMPTY),
        (b"123\r456\r", Refused.SEVERAL),
        (b"123\n456", Refused.SEVERAL),
        (b"\xff\xfe\r", Refused.NOT_TEXT),
        ("身份".encode("gb18030") + b"\r", Refused.NOT_TEXT),
        (b"\xc0\xaf\r", Refused.NOT_TEXT),
        (b"12\x0034\r", Refused.CONTROL),
        (b"\x1b[2J\r", Refused.CONTROL),
        (b"\x1d\r", Refused.CONTROL),
        (b"12\t34\r", Refused.CONTROL),
        (b"\x7e\x00\x08\x01\x00\x02\x01\xab\xcd\r", Refused.NOT_TEXT),
        ("12\u202e34\r".encode(), Refused.CONTROL),
        ("12\u200b34\r".encode(), Refused.CONTROL),
        ("12\ufeff34\r".encode(), Refused.CONTROL),
        ("12\u202834\r".encode(), Refused.CONTROL),
        ("12\u008534\r".encode(), Refused.CONTROL),
        ("12\u3000\u00a034\r".encode(), Refused.CONTROL),
        ("\ue000\r".encode(), Refused.CONTROL),
        (b"9" * (LONGEST + 1) + b"\r", Refused.TOO_LONG),
        (b"9" * 100_000, Refused.TOO_LONG),
        (b"9" + b"\r" * 5000, Refused.TOO_LONG),
    ],
)
def test_what_is_refused_and_why(shown: bytes, why: Refused) -> None:
    assert ended(shown) is why


def test_the_longest_code_is_taken() -> None:
    assert ended(b"9" * LONGEST + b"\r\n") == Text("9" * LONGEST)


@given(st.lists(st.binary(max_size=300), max_size=40))
def test_whatever_is_shown_is_printable_text_or_refused(chunks: list[bytes]) -> None:
    framing = Framing()
    for chunk in chunks:
        framing.feed(chunk)
        assert len(framing.__dict__["_bytes"]) <= LONGEST + 3
    said = framing.end()
    assert not framing.begun
    if isinstance(said, Text):
        assert said.text.encode() in b"".join(chunks)
        assert all(c == " " or unicodedata.category(c)[0] in "LMNPS" for c in said.text)


@given(st.text(max_size=60))
def test_every_text_is_taken_whole_or_refused(text: str) -> None:
    said = ended(text.encode("utf-8", "surrogatepass") + b"\r")
    assert isinstance(said, Refused) or said.text == text


def test_codes_do_not_show_themselves() -> None:
    assert "secret" not in repr(Text("secret")) + repr(Code("secret"))


def test_what_a_gm65_is_told_is_the_protocols_own_bytes() -> None:
    assert gm65_request(Gm65.LOOK) == bytes.fromhex("7E000801000201ABCD")
    assert gm65_request(Gm65.REST) == bytes.fromhex("7E000801000200ABCD")


ANSWER = bytes.fromhex("02000001003331")


@given(st.integers(0, 3), st.text("0123456789", max_size=20), st.lists(st.integers(0, 60), max_size=5))
def test_answers_before_a_code_are_taken_out_of_it(count: int, code: str, cuts: list[int]) -> None:
    stream = ANSWER * count + code.encode()
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    answers, said, found = 0, Gm65Answers(), b""
    for i in range(len(edges) - 1):
        more, rest = said.feed(stream[edges[i] : edges[i + 1]])
        answers += more
        found += rest
    assert (answers, found) == (count, code.encode())


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_no_noise_breaks_the_taking_out(noise: list[bytes]) -> None:
    said = Gm65Answers()
    for chunk in noise:
        answers, rest = said.feed(chunk)
        assert answers >= 0
        assert rest == b"" or chunk.endswith(rest) or rest.endswith(chunk)
