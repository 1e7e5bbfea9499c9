"""ESC/POS status bytes: the protocol's examples, and every byte there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.receipt_printer.status_bytes import (
    Condition,
    Decoder,
    QueuedByte,
    RealTime,
    RealTimeByte,
    automatic_condition,
    condition,
    status_request,
)
from kiosk.devices.words import DeviceState, Health, Supply

FINE: tuple[int, ...] = (0x12, 0x12, 0x12, 0x12)


def sweep(**changes: int) -> Condition:
    at = {"printer": 0, "offline": 1, "error": 2, "paper": 3}
    values = list(FINE)
    for name, value in changes.items():
        values[at[name]] = value
    printer, offline, error, paper = values
    return condition(printer, offline, error, paper)


def test_requests_are_the_protocols_own_bytes() -> None:
    assert [status_request(which).hex() for which in RealTime] == ["100401", "100402", "100403", "100404"]


@pytest.mark.parametrize(
    ("found", "code", "state", "paper"),
    [
        (sweep(), "", DeviceState.ONLINE, Supply.FULL),
        (sweep(printer=0x1A), "offline", DeviceState.OFFLINE, Supply.FULL),
        (sweep(printer=0x1A, offline=0x16), "coverOpen", DeviceState.USER_ERROR, Supply.FULL),
        (sweep(printer=0x1A, offline=0x16, error=0x52), "coverOpen", DeviceState.USER_ERROR, Supply.FULL),
        (sweep(printer=0x1A, offline=0x32, paper=0x72), "paperOut", DeviceState.ONLINE, Supply.OUT),
        (sweep(paper=0x7E), "paperOut", DeviceState.ONLINE, Supply.OUT),
        (sweep(paper=0x1E), "", DeviceState.ONLINE, Supply.LOW),
        (sweep(error=0x1A), "cutterError", DeviceState.HARDWARE_ERROR, Supply.FULL),
        (sweep(error=0x32), "unrecoverable", DeviceState.HARDWARE_ERROR, Supply.FULL),
        (sweep(error=0x52), "overheated", DeviceState.ONLINE, Supply.FULL),
    ],
)
def test_what_a_sweep_says_in_words(found: Condition, code: str, state: DeviceState, paper: Supply) -> None:
    assert (found.code, found.health.state, found.health.code, found.paper) == (code, state, code, paper)


def test_low_paper_is_a_detail_for_technicians() -> None:
    assert sweep(paper=0x1E).health == Health(DeviceState.ONLINE, "", "paper low")


def test_an_automatic_status_says_the_same() -> None:
    assert automatic_condition(bytes.fromhex("10000000")) == Condition()
    assert automatic_condition(bytes.fromhex("18000c0f")).code == "paperOut"
    assert automatic_condition(bytes.fromhex("1000030f")).paper is Supply.LOW
    assert automatic_condition(bytes.fromhex("3840000f")).code == "coverOpen"
    assert automatic_condition(bytes.fromhex("1040000f")).code == "overheated"
    assert automatic_condition(bytes.fromhex("1808000f")).code == "cutterError"
    assert automatic_condition(bytes.fromhex("1820000f")).code == "unrecoverable"
    assert automatic_condition(bytes.fromhex("1800000f")).code == "offline"


def test_families_are_told_apart_and_a_real_time_answer_may_fall_into_an_automatic_status() -> None:
    stream = bytes.fromhex("12 10 00 16 0c 0f 11 13 00")
    assert Decoder().feed(stream) == (
        RealTimeByte(0x12),
        RealTimeByte(0x16),
        Condition(paper_out=True),
        QueuedByte(0x00),
    )


def test_a_torn_automatic_status_is_replaced_by_the_next() -> None:
    assert Decoder().feed(bytes.fromhex("1000 1000030f")) == (Condition(paper_low=True),)


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=5))
def test_any_bytes_in_any_pieces_mean_the_same(data: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    decoder = Decoder()
    pieces = [e for i in range(len(edges) - 1) for e in decoder.feed(data[edges[i] : edges[i + 1]])]
    assert tuple(pieces) == Decoder().feed(data)


@given(st.integers(0, 255))
def test_a_real_time_byte_is_never_taken_for_anything_else(byte: int) -> None:
    events = Decoder().feed(bytes([byte]))
    assert (events == (RealTimeByte(byte),)) == (byte & 0x93 == 0x12)


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_every_sweep_has_a_word(values: tuple[int, int, int, int]) -> None:
    found = condition(*values)
    assert found.health.code == found.code
