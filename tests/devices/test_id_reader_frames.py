"""The SAM-V frame codec: literal frames of the protocol, and whatever a bad line can do to them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.id_reader.frames import (
    LONGEST,
    PREAMBLE,
    Answer,
    Command,
    Damage,
    Decoder,
    blobs,
    request,
    sam_number,
)

FOUND = bytes.fromhex("AAAAAA96690008 00009F 00000000 97")
NO_CARD = bytes.fromhex("AAAAAA96690004 000080 84")
OK = bytes.fromhex("AAAAAA96690004 000090 94")


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (Command.RESET, "AA AA AA 96 69 00 03 10 FF EC"),
        (Command.STATUS, "AA AA AA 96 69 00 03 11 FF ED"),
        (Command.SAM_ID, "AA AA AA 96 69 00 03 12 FF EE"),
        (Command.FIND, "AA AA AA 96 69 00 03 20 01 22"),
        (Command.SELECT, "AA AA AA 96 69 00 03 20 02 21"),
        (Command.READ_BASE, "AA AA AA 96 69 00 03 30 01 32"),
        (Command.READ_NEW_ADDRESS, "AA AA AA 96 69 00 03 30 03 30"),
        (Command.READ_BASE_AND_FINGERS, "AA AA AA 96 69 00 03 30 10 23"),
    ],
)
def test_requests_are_the_protocols_own_bytes(command: Command, frame: str) -> None:
    assert request(command) == bytes.fromhex(frame)


def test_a_request_may_carry_data() -> None:
    assert request(Command.STATUS, b"\x50") == bytes.fromhex("AAAAAA9669 0004 11FF 50 BA")


def test_answers_are_taken_apart() -> None:
    assert Decoder().feed(FOUND) == (Answer(0, 0, 0x9F, bytes(4)),)
    assert repr(Answer(0, 0, 0x90, b"secret")) == "Answer(sw3=90, 6 bytes)"


answers = st.builds(
    Answer, st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=300)
).filter(lambda a: not (len(a.data) == 1 and (a.sw1, a.sw2, a.sw3, a.data[0]) == (5, 5, 5, 5)))


def framed(answer: Answer) -> bytes:
    body = bytes([answer.sw1, answer.sw2, answer.sw3]) + answer.data
    checked = (len(body) + 1).to_bytes(2, "big") + body
    check = 0
    for byte in checked:
        check ^= byte
    return b"\xaa\xaa\xaa\x96\x69" + checked + bytes([check])


def in_pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


@given(st.lists(answers, min_size=1, max_size=4), st.lists(st.integers(0, 2000), max_size=12))
def test_any_fragmentation_yields_the_same_answers(sent: list[Answer], cuts: list[int]) -> None:
    decoder = Decoder()
    stream = b"".join(framed(answer) for answer in sent)
    got = [one for piece in in_pieces(stream, cuts) for one in decoder.feed(piece)]
    assert got == sent
    assert not decoder.unfinished


@given(st.binary(max_size=40).filter(lambda b: b"\xaa\xaa" not in b and not b.endswith(b"\xaa")), answers)
def test_garbage_before_an_answer_costs_nothing(garbage: bytes, sent: Answer) -> None:
    assert Decoder().feed(garbage + framed(sent)) == (sent,)


@given(answers, st.integers(0), st.integers(1, 255))
def test_one_wrong_byte_never_yields_another_answer(sent: Answer, place: int, change: int) -> None:
    frame = bytearray(framed(sent))
    frame[place % len(frame)] ^= change
    assert all(isinstance(one, Damage) for one in Decoder().feed(bytes(frame)))


@given(st.binary(max_size=400))
def test_noise_never_breaks_the_decoder_and_never_piles_up(noise: bytes) -> None:
    decoder = Decoder()
    for byte in noise:
        decoder.feed(bytes([byte]))
    decoder.feed(bytes(LONGEST + 16))
    assert decoder.feed(OK)[-1:] == (Answer(0, 0, 0x90, b""),)


def test_an_answer_behind_a_torn_one_is_found() -> None:
    torn = bytes.fromhex("AAAAAA96690008 00009F 0000")
    assert Decoder().feed(torn + NO_CARD) == (Damage.CHECKSUM, Answer(0, 0, 0x80, b""))


def test_an_impossible_length_is_damage() -> None:
    assert Decoder().feed(PREAMBLE + b"\xff\xff" + NO_CARD) == (Damage.LENGTH, Answer(0, 0, 0x80, b""))
    assert Decoder().feed(PREAMBLE + b"\x00\x03abc") == (Damage.LENGTH,)


def test_the_modules_own_timeout_is_told_from_an_answer() -> None:
    quirk = bytes.fromhex("AAAAAA9669 0005 05 05 05 05")
    assert Decoder().feed(quirk + OK) == (Damage.MODULE_TIMEOUT, Answer(0, 0, 0x90, b""))


def test_a_base_read_is_cut_by_its_own_lengths() -> None:
    text, photo, fingers = b"t" * 256, b"p" * 1024, b"a" * 512 + b"b" * 512
    base = blobs(Command.READ_BASE, b"\x01\x00\x04\x00" + text + photo)
    assert base is not None
    assert (base.text, base.photo, base.fingers) == (text, photo, ())
    full = blobs(Command.READ_BASE_AND_FINGERS, b"\x01\x00\x04\x00\x04\x00" + text + photo + fingers)
    assert full is not None
    assert full.fingers == (b"a" * 512, b"b" * 512)
    assert "t" * 9 not in repr(full)
    none = blobs(Command.READ_BASE_AND_FINGERS, b"\x01\x00\x04\x00\x00\x00" + text + photo)
    assert none is not None
    assert none.fingers == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"\x01\x00", b"\x01\x00\x04\x00" + bytes(1279), b"\x00\xff\x00\x00" + bytes(255)],
)
def test_lengths_that_do_not_add_up_are_no_base_read(data: bytes) -> None:
    assert blobs(Command.READ_BASE, data) is None


def test_half_a_fingerprint_is_no_base_read() -> None:
    data = b"\x01\x00\x00\x00\x00\x64" + bytes(256 + 100)
    assert blobs(Command.READ_BASE_AND_FINGERS, data) is None


def test_a_modules_number_is_printed_as_on_its_label() -> None:
    answer = bytes.fromhex("AAAAAA9669001400009005000100250233 0140E20100B168DE3A0B")
    (one,) = Decoder().feed(answer)
    assert isinstance(one, Answer)
    assert sam_number(one.data) == "05.01-20120101-0000123456-0987654321"
    assert sam_number(one.data, digits=9) == "05.01-20120101-000123456-987654321"
    with pytest.raises(ValueError, match="16 bytes"):
        sam_number(b"")
