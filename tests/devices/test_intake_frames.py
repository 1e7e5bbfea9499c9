"""The motor reader's frames: literal bytes of the protocol, any fragmentation, and noise."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.intake.contract import CardAt
from kiosk.devices.intake.frames import (
    Answer,
    Command,
    Control,
    Damage,
    Decoder,
    ReaderState,
    Refusal,
    meaning,
    reader_state,
    request,
    sensed_anywhere,
)
from kiosk.devices.words import Completion


def framed(body: bytes) -> bytes:
    frame = b"\x02" + len(body).to_bytes(2, "big") + body + b"\x03"
    return frame + bytes([reduce(lambda a, b: a ^ b, frame)])


def test_requests_are_the_protocols_own_bytes() -> None:
    assert request(Command.RESET) == bytes.fromhex("02000230300303")
    assert request(Command.STATUS) == framed(b"\x31\x30")
    assert request(Command.ENTRY_SHUT) == framed(b"\x2f\x31\x31")


answers = st.builds(Answer, st.binary(min_size=2, max_size=2).filter(lambda c: c[0] != 0x4E), st.binary(max_size=60))
refusals = st.builds(Refusal, st.integers(0, 255), st.integers(0, 255))


def wire_of(said: Answer | Refusal | Control) -> bytes:
    match said:
        case Control():
            return said.wire
        case Answer():
            return framed(said.command + said.data)
        case Refusal():
            return framed(bytes([0x4E, said.command, said.error]))


@given(st.lists(answers | refusals | st.sampled_from(Control), max_size=6), st.lists(st.integers(0, 400), max_size=8))
def test_anything_said_survives_any_fragmentation(sent: list[Answer | Refusal | Control], cuts: list[int]) -> None:
    stream = b"".join(map(wire_of, sent))
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    decoder = Decoder()
    got = [h for i in range(len(edges) - 1) for h in decoder.feed(stream[edges[i] : edges[i + 1]])]
    assert got == sent
    assert not decoder.unfinished


def test_a_whole_answer_behind_a_damaged_one_is_found() -> None:
    good = framed(b"\x31\x30\x4e\x4e\x4e")
    bad = good[:-1] + bytes([good[-1] ^ 1])
    assert Decoder().feed(bad + good) == (Damage.CHECK, Answer(b"\x31\x30", b"\x4e\x4e\x4e"))
    assert Decoder().feed(bad) == (Damage.CHECK,)


@pytest.mark.parametrize("wire", [b"\x02\xff\xff", b"\x02\x00\x01", framed(b"10")[:-2] + b"\x04\x05"])
def test_what_has_not_a_frames_shape_is_damage(wire: bytes) -> None:
    assert Decoder().feed(wire)[0] is Damage.SHAPE


@given(st.lists(st.binary(max_size=80), max_size=30))
def test_no_noise_breaks_the_decoder_or_fills_it(noise: list[bytes]) -> None:
    decoder = Decoder()
    for chunk in noise:
        for heard in decoder.feed(chunk):
            if isinstance(heard, Answer):
                assert isinstance(reader_state(heard.data), ReaderState | None)
                assert sensed_anywhere(heard.data) in (True, False, None)
            if isinstance(heard, Refusal):
                assert not meaning(heard.error).fault().acted
    assert len(decoder.__dict__["_pending"]) <= 271


@pytest.mark.parametrize(
    ("byte", "card"),
    [
        (0x48, CardAt.EXIT),
        (0x49, CardAt.EXIT),
        (0x4A, CardAt.TRANSPORT),
        (0x4B, CardAt.TRANSPORT),
        (0x4C, CardAt.BEHIND),
        (0x4D, CardAt.NONE),
        (0x4E, CardAt.NONE),
        (0x46, CardAt.TRANSPORT),
        (0x00, CardAt.UNKNOWN),
    ],
)
def test_where_a_card_is(byte: int, card: CardAt) -> None:
    state = reader_state(bytes([byte, 0x4E, 0x4E]))
    assert state == ReaderState(card, abnormal=byte == 0x46, entry_open=False, raw=byte)


def test_an_entry_in_any_mode_is_open_and_a_short_status_says_nothing() -> None:
    assert [s.entry_open for b in (0x49, 0x4A, 0x4B) if (s := reader_state(bytes([0x4E, b])))] == [True] * 3
    assert reader_state(b"\x4e") is None


@pytest.mark.parametrize(
    ("data", "sensed"),
    [(b"0000000", False), (b"0010011", True), (b"0000011", False), (b"00x0000", None), (b"00000", None)],
)
def test_whether_a_light_barrier_sees_a_card(data: bytes, sensed: bool | None) -> None:
    assert sensed_anywhere(data) is sensed


def test_errors_in_xfs_words() -> None:
    assert meaning(0x06).fault().code == "invalidMedia"
    assert meaning(0x07).completion is meaning(0x99).completion is Completion.HARDWARE_ERROR
    assert meaning(0x02).completion is Completion.SEQUENCE_ERROR


def test_an_answers_data_stays_out_of_its_text() -> None:
    assert "secret" not in repr(Answer(b"10", b"secret"))
