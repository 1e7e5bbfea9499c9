"""The radar: who stands there, moving or still, now."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.presence.contract import Moving, Presence, Sighting
from kiosk.devices.presence.frames import Decoder
from kiosk.devices.presence.ld2410 import Ld2410
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from tests.devices.farends import played
from tests.devices.virtual import run_virtual

HEAD, TAIL = "F4F3F2F1", "F8F7F6F5"


def report(state: int, moving: int = 0, still: int = 0, *, kind: int = 2, more: bytes = b"") -> bytes:
    body = bytes([kind, 0xAA, state]) + moving.to_bytes(2, "little") + b"\x32" + still.to_bytes(2, "little")
    body += b"\x64" + b"\x00\x00" + more + b"\x55\x00"
    return bytes.fromhex(HEAD) + len(body).to_bytes(2, "little") + body + bytes.fromhex(TAIL)


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (0, Sighting(Presence.NOT_PRESENT, Moving.NOBODY, 0, 0)),
        (1, Sighting(Presence.PRESENT, Moving.MOVING, 81, 0)),
        (2, Sighting(Presence.PRESENT, Moving.STILL, 0, 300)),
        (3, Sighting(Presence.PRESENT, Moving.BOTH, 81, 300)),
    ],
)
def test_what_a_report_says(state: int, seen: Sighting) -> None:
    assert Decoder().feed(report(state, 81, 300)) == (seen,)
    assert Decoder().feed(report(state, 81, 300, kind=1, more=bytes(22))) == (seen,)


def test_a_report_is_the_protocols_own_bytes() -> None:
    wire = "F4F3F2F10D0002AA0251000000003B00005500F8F7F6F5"
    assert Decoder().feed(bytes.fromhex(wire)) == (Sighting(Presence.PRESENT, Moving.STILL, 0, 0),)


@given(st.lists(st.integers(0, 3), max_size=5), st.lists(st.integers(0, 200), max_size=8))
def test_reports_survive_any_fragmentation(states: list[int], cuts: list[int]) -> None:
    stream = b"".join(report(s) for s in states)
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    decoder = Decoder()
    got = [s for i in range(len(edges) - 1) for s in decoder.feed(stream[edges[i] : edges[i + 1]])]
    assert [s.moving for s in got] == [list(Moving)[s] for s in states]


@pytest.mark.parametrize(
    "wrong",
    [
        report(4),
        report(1, kind=9),
        report(1).replace(b"\xaa", b"\xab"),
        report(1)[:-1] + b"\x00",
        report(1).replace(b"\x55\x00\xf8", b"\x55\x01\xf8"),
        bytes.fromhex(HEAD) + b"\xff\xff",
        bytes.fromhex(HEAD) + b"\x01\x00",
        b"\xf4\xf3",
        bytes(50),
    ],
)
def test_a_report_behind_something_else_is_found(wrong: bytes) -> None:
    decoder = Decoder()
    assert decoder.feed(wrong) == ()
    assert [s.moving for s in decoder.feed(report(2) + report(2))][-1] is Moving.STILL


@given(st.lists(st.binary(max_size=60), max_size=30))
def test_no_noise_breaks_the_decoder_or_fills_it(noise: list[bytes]) -> None:
    decoder = Decoder()
    for chunk in noise:
        assert all(isinstance(s, Sighting) for s in decoder.feed(chunk))
    assert len(decoder.__dict__["_pending"]) <= 74


def test_only_now_counts_and_a_silent_radar_is_dead() -> None:
    states = [1]

    async def radar(far: Transport) -> None:
        while True:
            if states:
                await far.write(report(states[0], 100, 100))
            await asyncio.sleep(0.1)

    async def main() -> None:
        async with played(radar) as line:
            sensor = Ld2410(line)
            assert (await sensor.look()).moving is Moving.MOVING
            await asyncio.sleep(5)
            states[0] = 0
            assert (await sensor.look()).presence is Presence.NOT_PRESENT
            states.clear()
            one, two = await asyncio.gather(sensor.health(), sensor.health())
            assert (one.state, two.state) == (DeviceState.POWER_OFF, DeviceState.ONLINE)
            line.unplug()
            with pytest.raises(DeviceFault) as caught:
                await sensor.look()
            assert caught.value.completion is Completion.DEVICE_NOT_READY
            line.plug()
            states.append(2)
            assert (await sensor.health()).state is DeviceState.ONLINE
            assert sensor.capabilities.sees_still
            await sensor.close()

    run_virtual(main())
