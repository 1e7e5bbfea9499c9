"""The Kerong boards' frames: literal bytes of the protocol, any fragmentation, and noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.locker.kerong_frames import BoardStates, KerongDecoder, states_request, unlock_request


def framed(*body: int) -> bytes:
    return bytes([*body, sum(body) & 0xFF])


def answer(board: int, hooks: int, infrared: int) -> bytes:
    return framed(0x02, board << 4, 0x35, hooks & 0xFF, hooks >> 8, infrared & 0xFF, infrared >> 8, 0x03)


def test_requests_are_the_protocols_own_bytes() -> None:
    assert states_request(0) == bytes.fromhex("0200300335")
    assert unlock_request(0, 0) == bytes.fromhex("0200310336")
    assert unlock_request(2, 5) == framed(0x02, 0x25, 0x31, 0x03)


@pytest.mark.parametrize("board_lock", [(-1, 0), (16, 0), (0, 16), (0, -1)])
def test_a_lock_that_no_address_can_name_is_not_asked_for(board_lock: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="from 0 to 15"):
        unlock_request(*board_lock)


bits = st.integers(0, 0xFFFF)
some_states = st.builds(BoardStates, st.integers(0, 15), bits, bits)


@given(st.lists(some_states, max_size=5), st.lists(st.integers(0, 50), max_size=6))
def test_states_survive_any_fragmentation(sent: list[BoardStates], cuts: list[int]) -> None:
    stream = b"".join(answer(s.board, s.hooks, s.infrared) for s in sent)
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    decoder = KerongDecoder()
    got = [s for i in range(len(edges) - 1) for s in decoder.feed(stream[edges[i] : edges[i + 1]])]
    assert got == sent


def test_the_first_byte_is_for_locks_one_to_eight() -> None:
    assert KerongDecoder().feed(framed(0x02, 0x10, 0x35, 0x01, 0x80, 0x04, 0x00, 0x03)) == (
        BoardStates(1, 0x8001, 0x0004),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        framed(0x02, 0, 0x36, 1, 1, 1, 1, 0x03),
        framed(0x02, 0, 0x35, 1, 1, 1, 1, 0x04),
        answer(0, 1, 1)[:-1] + b"\xff",
        b"\x00\xff\x02",
        states_request(0),
    ],
)
def test_a_whole_answer_behind_something_else_is_found(wrong: bytes) -> None:
    decoder = KerongDecoder()
    decoder.feed(wrong)
    assert decoder.feed(answer(3, 0x1234, 0)) == (BoardStates(3, 0x1234, 0),)


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_no_noise_breaks_the_decoder_or_fills_it(noise: list[bytes]) -> None:
    decoder = KerongDecoder()
    for chunk in noise:
        assert all(0 <= s.board < 16 for s in decoder.feed(chunk))
    assert len(decoder.__dict__["_pending"]) < 9
