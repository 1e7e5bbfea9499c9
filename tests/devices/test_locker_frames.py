"""The lock boards' frames: literal bytes of the protocol, and noise."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.locker.contract import DoorState
from kiosk.devices.locker.frames import (
    ADDRESS_REQUEST,
    AllStates,
    AwaitAll,
    Awaited,
    AwaitOne,
    BoardAddress,
    Decoder,
    FeedbackPolarity,
    OneState,
    door_request,
    door_state,
    door_states,
    doors_request,
    open_request,
)


def framed(*body: int) -> bytes:
    return bytes([*body, reduce(lambda a, b: a ^ b, body)])


def test_requests_are_the_protocols_own_bytes() -> None:
    assert open_request(1, 1) == bytes.fromhex("8A0101119B")
    assert door_request(1, 1) == bytes.fromhex("80010133B3")
    assert doors_request(1) == bytes.fromhex("80010033B2")
    assert bytes.fromhex("8001009918") == ADDRESS_REQUEST


@pytest.mark.parametrize("board_lock", [(1, 0), (0, 1), (1, 256), (256, 1), (1, -1)])
def test_lock_zero_which_would_open_all_is_never_asked_for(board_lock: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="numbered from 1"):
        open_request(*board_lock)


locks = st.integers(1, 64)
ones = st.builds(
    OneState, st.sampled_from([0x8A, 0x80, 0x82]), st.integers(1, 255), locks, st.sampled_from([0, 0x11])
)


def one_frame(state: OneState) -> bytes:
    return framed(state.head, state.board, state.lock, state.state)


@given(st.lists(ones, max_size=5), st.lists(st.integers(0, 40), max_size=6))
def test_answers_about_one_door_survive_any_fragmentation(sent: list[OneState], cuts: list[int]) -> None:
    stream = b"".join(map(one_frame, sent))
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    decoder = Decoder(AwaitOne.DOOR)
    got = [f for i in range(len(edges) - 1) for f in decoder.feed(stream[edges[i] : edges[i + 1]])]
    assert got == sent


@given(st.integers(1, 64), st.integers(1, 255), st.data())
def test_all_doors_of_a_board_of_any_size(ways: int, board: int, data: st.DataObject) -> None:
    groups = (ways + 7) // 8
    bits = data.draw(st.integers(0, 2 ** (8 * groups) - 1))
    answer = framed(0x80, board, *bits.to_bytes(groups, "big"), 0x33)
    unasked = framed(0x82, board, 3, 0x11)
    found = Decoder(AwaitAll(ways)).feed(unasked + answer)
    assert found == (OneState(0x82, board, 3, 0x11), AllStates(board, bits))


def test_an_answer_for_sixteen_doors_that_looks_like_one_for_one_door_is_not_mistaken() -> None:
    answer = framed(0x80, 0x01, 0xB2, 0x00, 0x33)
    assert reduce(lambda a, b: a ^ b, answer[:5]) == 0
    assert Decoder(AwaitAll(16)).feed(answer) == (AllStates(1, 0xB200),)


def test_the_highest_group_comes_first_and_lock_one_is_the_lowest_bit() -> None:
    (states,) = Decoder(AwaitAll(24)).feed(framed(0x80, 1, 0x80, 0x00, 0x01, 0x33))
    assert isinstance(states, AllStates)
    doors = door_states(states.bits, 24, FeedbackPolarity.ZERO_IS_CLOSED)
    assert [lock for lock, state in doors.items() if state is DoorState.OPEN] == [1, 24]
    inverted = door_states(states.bits, 24, FeedbackPolarity.ZERO_IS_OPEN)
    assert [lock for lock, state in inverted.items() if state is DoorState.CLOSED] == [1, 24]


def test_a_state_byte_in_both_wirings() -> None:
    assert door_state(0x00, FeedbackPolarity.ZERO_IS_OPEN) is DoorState.OPEN
    assert door_state(0x11, FeedbackPolarity.ZERO_IS_OPEN) is DoorState.CLOSED
    assert door_state(0x00, FeedbackPolarity.ZERO_IS_CLOSED) is DoorState.CLOSED
    assert door_state(0x11, FeedbackPolarity.ZERO_IS_CLOSED) is DoorState.OPEN
    assert door_state(0x7F, FeedbackPolarity.ZERO_IS_OPEN) is DoorState.UNKNOWN


def test_a_boards_address() -> None:
    assert Decoder(AwaitOne.ADDRESS).feed(bytes.fromhex("800100 99 18")) == (BoardAddress(0),)
    assert Decoder(AwaitOne.ADDRESS).feed(framed(0x80, 1, 5, 0x99)) == (BoardAddress(5),)
    assert Decoder(AwaitOne.ADDRESS).feed(framed(0x80, 1, 5, 0x11)) == ()


def test_all_doors_without_its_closing_byte_is_none() -> None:
    assert Decoder(AwaitAll(8)).feed(framed(0x80, 1, 1, 0x11)) == ()


def test_a_frame_behind_noise_and_a_torn_one_is_found() -> None:
    noise = b"\x00\x8a\x01\x80"
    assert Decoder(AwaitOne.DOOR).feed(noise + framed(0x8A, 1, 2, 0) + b"\xff") == (OneState(0x8A, 1, 2, 0),)


@given(st.binary(max_size=200), st.sampled_from([AwaitOne.DOOR, AwaitOne.ADDRESS, AwaitAll(8), AwaitAll(64)]))
def test_noise_never_breaks_the_decoder(noise: bytes, awaited: Awaited) -> None:
    decoder = Decoder(awaited)
    for byte in noise:
        decoder.feed(bytes([byte]))
    assert all(isinstance(f, OneState | AllStates | BoardAddress) for f in decoder.feed(bytes(12)))
