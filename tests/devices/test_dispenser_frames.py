"""The dispenser's frames: literal bytes of the protocol, any fragmentation, and noise."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.dispenser.contract import CardPlace, Stock
from kiosk.devices.dispenser.frames import Command, Control, Damage, Decoder, Refusal, Reply, request
from kiosk.devices.dispenser.meanings import (
    MEANINGS,
    ErrorClass,
    bin_state,
    card_place,
    meaning,
    stacker,
)
from kiosk.devices.words import Completion


def framed(body: bytes, address: int = 0) -> bytes:
    frame = bytes([0xF2, address]) + len(body).to_bytes(2, "big") + body + b"\x03"
    return frame + bytes([reduce(lambda a, b: a ^ b, frame)])


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        (Command.INIT_PRESENT, "F20000034330 3003B1"),
        (Command.INIT_RETAIN, "F20000034330 3103B0"),
        (Command.INIT_LEAVE, "F20000034330 3303B2"),
        (Command.STATUS, "F20000034331 3003B0"),
        (Command.SENSORS, "F20000034331 3103B1"),
        (Command.TO_GATE, "F20000034332 3003B3"),
        (Command.TO_READER, "F20000034332 3203B1"),
        (Command.TO_BIN, "F20000034332 3303B0"),
        (Command.SERIAL, "F200000343A2 300323"),
        (Command.VERSION, "F200000343A4 300325"),
        (Command.BIN_COUNT, "F200000343A5 300324"),
    ],
)
def test_requests_are_the_protocols_own_bytes(command: Command, wire: str) -> None:
    assert request(command) == bytes.fromhex(wire)


@pytest.mark.parametrize(("address", "size"), [(-1, 0), (16, 0), (0, 513)])
def test_a_request_that_no_unit_could_take_is_not_made(address: int, size: int) -> None:
    with pytest.raises(ValueError, match="numbered from 0"):
        request(Command.STATUS, address=address, data=bytes(size))


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        ("F2000006503130303230 0394", Reply(0, b"10", b"020", b"")),
        ("F2000012503033303230 4352542D3539312D4D303031 0386", Reply(0, b"03", b"020", b"CRT-591-M001")),
        ("F20000054E32323130 03BB", Refusal(0, b"22", "10")),
        ("F20000054E32324130 03CB", Refusal(0, b"22", "A0")),
        ("F20000054E31304230 03C9", Refusal(0, b"10", "B0")),
        ("F2000010503131303230 30303030303030303030 0383", Reply(0, b"11", b"020", b"0" * 10)),
        ("06", Control.ACK),
        ("15", Control.NAK),
        ("04", Control.EOT),
    ],
)
def test_what_the_protocol_prints_is_understood(wire: str, said: object) -> None:
    assert Decoder().feed(bytes.fromhex(wire)) == (said,)


def test_the_other_letter_for_a_refusal_is_taken_too() -> None:
    assert Decoder().feed(framed(b"E22A1")) == (Refusal(0, b"22", "A1"),)


replies = st.builds(
    Reply,
    st.integers(0, 15),
    st.binary(min_size=2, max_size=2),
    st.binary(min_size=3, max_size=3),
    st.binary(max_size=60),
)
refusals = st.builds(
    Refusal,
    st.integers(0, 15),
    st.binary(min_size=2, max_size=2),
    st.text("0123456789ABCDEF", min_size=2, max_size=2),
)


def wire_of(said: Reply | Refusal | Control) -> bytes:
    match said:
        case Control():
            return said.wire
        case Reply():
            return framed(b"P" + said.command + said.states + said.data, said.address)
        case Refusal():
            return framed(b"N" + said.command + said.error.encode(), said.address)


@given(st.lists(replies | refusals | st.sampled_from(Control), max_size=6), st.lists(st.integers(0, 400), max_size=8))
def test_anything_said_survives_any_fragmentation(sent: list[Reply | Refusal | Control], cuts: list[int]) -> None:
    stream = b"".join(map(wire_of, sent))
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    decoder = Decoder()
    got = [h for i in range(len(edges) - 1) for h in decoder.feed(stream[edges[i] : edges[i + 1]])]
    assert got == sent
    assert not decoder.unfinished


def test_data_that_looks_like_an_end_or_a_beginning_is_data() -> None:
    reply = Reply(0, b"10", b"020", b"\x03\xf2\x06\x03")
    assert Decoder().feed(wire_of(reply)) == (reply,)


def test_a_whole_frame_behind_a_damaged_one_is_found_and_its_bytes_are_no_words() -> None:
    good = wire_of(Reply(0, b"10", b"020", b""))
    damaged = bytearray(framed(b"P10020\x06\x15\x04"))
    damaged[5] ^= 1
    assert Decoder().feed(bytes(damaged) + good) == (Damage.CHECK, Reply(0, b"10", b"020", b""))
    assert Decoder().feed(bytes(damaged)) == (Damage.CHECK,)


@pytest.mark.parametrize(
    "wire",
    [
        bytes.fromhex("F2000004"),
        bytes.fromhex("F200FFFF"),
        framed(b"C1000"),
        framed(b"P10\x30\x30"),
        (lambda f: f[:-2] + bytes([0x04, f[-1] ^ 7]))(framed(b"P10020")),
    ],
)
def test_what_has_not_a_frames_shape_is_damage(wire: bytes) -> None:
    assert Decoder().feed(wire)[0] is Damage.SHAPE


@given(st.lists(st.binary(max_size=80), max_size=30))
def test_no_noise_breaks_the_decoder_or_fills_it(noise: list[bytes]) -> None:
    decoder = Decoder()
    for chunk in noise:
        for heard in decoder.feed(chunk):
            assert isinstance(heard, Reply | Refusal | Control | Damage)
            if isinstance(heard, Reply):
                assert isinstance(card_place(heard.states), CardPlace)
                assert isinstance(stacker(heard.states), Stock)
                assert isinstance(bin_state(heard.states, heard.data), Stock)
            if isinstance(heard, Refusal):
                assert meaning(heard.error).fault().args
    assert len(decoder.__dict__["_pending"]) <= 1024


def test_a_frames_data_stays_out_of_its_text() -> None:
    assert "secret" not in repr(Reply(0, b"10", b"020", b"secret"))


def test_where_a_card_is_and_what_the_stacker_holds() -> None:
    assert [card_place(s) for s in (b"0..", b"1..", b"2..", b"7..")] == [
        CardPlace.NONE,
        CardPlace.EXIT,
        CardPlace.TRANSPORT,
        CardPlace.UNKNOWN,
    ]
    assert [stacker(s) for s in (b".0.", b".1.", b".2.", b".9.")] == [Stock.EMPTY, Stock.LOW, Stock.OK, Stock.UNKNOWN]


WIDE = b"00000000000000000"


@pytest.mark.parametrize(
    ("st2", "sensors", "state"),
    [
        (b"0", b"0" * 8, Stock.OK),
        (b"1", b"0" * 8, Stock.FULL),
        (b"0", b"0" * 10, Stock.OK),
        (b"x", b"0" * 10, Stock.UNKNOWN),
        (b"0", b"0" * 9, Stock.UNKNOWN),
        (b"0", b"", Stock.UNKNOWN),
        (b"1", WIDE, Stock.OK),
        (b"0", WIDE[:2] + b"2" + WIDE[3:], Stock.FULL),
        (b"0", WIDE[:16] + b"1", Stock.FULL),
        (b"0", WIDE[:16] + b"7", Stock.UNKNOWN),
        (b"0", WIDE[:2] + b"9" + WIDE[3:], Stock.UNKNOWN),
    ],
)
def test_the_bin_by_the_sensors_the_unit_has(st2: bytes, sensors: bytes, state: Stock) -> None:
    assert bin_state(b"00" + st2, sensors) is state


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ("02 45 B0", ErrorClass.NEEDS_INIT),
        ("10 12 13 14 40 43 50 51 A0 A1", ErrorClass.ATTENTION),
        ("05 41 60 61 62 65 66 67 68 69", ErrorClass.CARD_FAULT),
        ("04", ErrorClass.RETRY),
        ("00 01 03", ErrorClass.FATAL),
    ],
)
def test_every_error_has_a_class(errors: str, kind: ErrorClass) -> None:
    assert {meaning(e).kind for e in errors.split()} == {kind}


@pytest.mark.parametrize(
    ("error", "code", "acted"),
    [
        ("10", "mediaJam", True),
        ("A0", "empty", False),
        ("a0", "empty", False),
        ("A1", "retainBinFull", False),
        ("50", "retainBinFull", True),
        ("13", "cardTooLong", True),
        ("14", "cardTooShort", True),
        ("B0", "", False),
        ("zz", "", True),
    ],
)
def test_errors_in_xfs_words(error: str, code: str, acted: bool) -> None:
    fault = meaning(error).fault()
    assert (fault.code, fault.acted) == (code, acted)


def test_broken_hardware_is_a_hardware_error() -> None:
    assert {meaning(e).completion for e in ("51", "12", "zz")} == {Completion.HARDWARE_ERROR}
    assert all(m.detail for m in MEANINGS.values())
