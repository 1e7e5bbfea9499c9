"""The examination booth: what it measures, on whose figures; expired ones are refused, a tone can be stopped."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.exam_booth.contract import Call, Ear, Height, Posture, Tone, Worn
from kiosk.devices.exam_booth.frames import (
    Ask,
    Decoder,
    Frame,
    Refused,
    Unreadable,
    crc,
    distance_said,
    height_said,
    noise_said,
    refusal,
    request,
    status_said,
    tone_payload,
    tone_said,
)
from kiosk.devices.exam_booth.simulated import SimulatedBooth
from kiosk.devices.lines import MemoryLine, line_at
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from kiosk.simulation.exam_booth import Booth, Fault, crc16
from kiosk.simulation.wires import PtyPort, WireGone
from tests.devices.farends import FixedClock, played
from tests.devices.makers import FarWire
from tests.devices.virtual import run_virtual

PAGE = Path(__file__).parents[2] / "docs/devices/exam-booth.md"
TONE = Tone(Ear.RIGHT, 1000, 40, 1.0)
MADE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def far(booth: Booth) -> Callable[[Transport], Coroutine[Any, Any, None]]:
    async def play(end: Transport) -> None:
        with suppress(WireGone):
            await booth.run(FarWire(end))

    return play


def on(
    body: Callable[[SimulatedBooth, Booth, MemoryLine], Coroutine[Any, Any, None]], now: datetime | None = None
) -> None:
    async def main() -> None:
        there = Booth()
        async with played(far(there)) as line:
            driver = SimulatedBooth(line, FixedClock() if now is None else FixedClock(now))
            await body(driver, there, line)
            await driver.close()

    run_virtual(main())


async def fault(coming: Awaitable[object]) -> DeviceFault:
    with pytest.raises(DeviceFault) as caught:
        _ = await coming
    return caught.value


# -- frames --------------------------------------------------------------------------------


def test_both_hands_compute_the_check_of_the_page() -> None:
    assert crc(b"123456789") == crc16(b"123456789") == 0x29B1


@given(st.binary(max_size=70))
def test_both_hands_compute_the_same_check(data: bytes) -> None:
    assert crc(data) == crc16(data)


def test_the_pages_examples_are_what_is_sent_and_understood() -> None:
    wires = [bytes.fromhex(one) for one in re.findall(r"AA 55(?: [0-9A-F]{2})+", PAGE.read_text("utf-8"))]
    asked = [request(ask, n) for n, ask in enumerate(Ask, 1) if ask is not Ask.TONE]
    assert [wire for wire in wires if wire[3] < 0x80 and wire[3] != 5] == asked
    assert request(Ask.TONE, 5, tone_payload(TONE)) in wires
    answers = [frame for wire in wires if wire[3] >= 0x80 for frame in Decoder().feed(wire)]
    assert [frame.type for frame in answers] == [0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0xFF]
    status = status_said(answers[0].payload)
    assert (status.headset, status.call, status.presses, status.sound) == (Worn.YES, Call.RELEASED, 0, True)
    assert (status.calibration.id, status.calibration.calibrated, status.calibration.valid_until) == (
        "CAL-0042",
        MADE,
        UNTIL,
    )
    assert height_said(answers[1].payload)[1] == (1724, 1731, 1726)
    assert distance_said(answers[2].payload)[1:] == (850, Posture.STANDING)
    assert noise_said(answers[3].payload)[1] == 38.5
    assert tone_said(answers[4].payload)[1] == tone_payload(TONE)
    assert refusal(answers[6].payload) is Refused.HEADSET_OFF


@given(st.lists(st.sampled_from(Ask), max_size=5), st.lists(st.integers(0, 99), max_size=6), st.binary(max_size=9))
def test_frames_survive_any_fragmentation_behind_any_noise(asks: list[Ask], cuts: list[int], noise: bytes) -> None:
    stream = noise.replace(b"\xaa", b"") + b"".join(request(ask, n) for n, ask in enumerate(asks))
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    decoder = Decoder()
    got = [f for i in range(len(edges) - 1) for f in decoder.feed(stream[edges[i] : edges[i + 1]])]
    assert [f.type for f in got] == [ask.value for ask in asks]


@given(st.lists(st.binary(max_size=60), max_size=30))
def test_no_noise_breaks_the_decoder_or_fills_it(noise: list[bytes]) -> None:
    decoder = Decoder()
    for chunk in noise:
        assert all(isinstance(frame, Frame) for frame in decoder.feed(chunk))
    assert len(decoder.__dict__["_pending"]) <= 70


@given(st.binary(max_size=40))
@pytest.mark.parametrize("reader", [refusal, status_said, height_said, distance_said, noise_said, tone_said])
def test_any_payload_is_read_or_unreadable(reader: Callable[[bytes], object], payload: bytes) -> None:
    try:
        assert reader(payload) is not None
    except Unreadable:
        return


def test_a_damaged_byte_anywhere_is_no_frame() -> None:
    wire = request(Ask.TONE, 5, tone_payload(TONE))
    for at in range(len(wire)):
        damaged = wire[:at] + bytes([wire[at] ^ 0x04]) + wire[at + 1 :]
        assert [f for f in Decoder().feed(damaged + bytes(80)) if f.payload == tone_payload(TONE)] == []


@pytest.mark.parametrize(
    ("hertz", "level", "seconds"), [(750, 40, 1), (1000, 61, 1), (1000, -1, 1), (1000, 40, 3.1), (1000, 40, 0)]
)
def test_a_tone_that_must_not_be_played_cannot_be_asked_for(hertz: int, level: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="tone"):
        _ = Tone(Ear.LEFT, hertz, level, seconds)


# -- measuring --------------------------------------------------------------------------------


def test_what_is_measured_names_its_calibration_and_its_time() -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        height = await driver.height()
        assert (height.readings_mm, height.median_mm, height.spread_mm) == ((1724, 1731, 1726), 1726, 7)
        distance = await driver.distance()
        assert (distance.mm, distance.posture) == (850, Posture.STANDING)
        noise = await driver.noise()
        assert noise.dba == 38.5
        tone = await driver.play(TONE)
        assert there.played == [(1, 1000, 400, 1000)]
        for reading in (height, distance, noise, tone):
            assert (reading.calibration.id, reading.calibration.valid_until) == ("CAL-0042", UNTIL)
            assert reading.at == datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
        assert "1724" not in repr(height)
        status = await driver.status()
        assert (status.headset, status.call, status.health.state) == (Worn.YES, Call.RELEASED, DeviceState.ONLINE)

    on(body)


@pytest.mark.parametrize(
    ("now", "changes", "word"),
    [
        (UNTIL, {}, "calibrationExpired"),
        (datetime(2031, 5, 5, tzinfo=UTC), {}, "calibrationExpired"),
        (datetime(2025, 12, 31, tzinfo=UTC), {}, "calibrationInvalid"),
        (None, {"valid_until": 0}, "calibrationInvalid"),
        (None, {"calibration": b""}, "calibrationInvalid"),
    ],
)
def test_figures_nobody_vouches_for_are_refused_with_their_word(
    now: datetime | None, changes: dict[str, Any], word: str
) -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        for name, value in changes.items():
            setattr(there, name, value)
        for refused in (driver.height(), driver.distance(), driver.noise(), driver.play(TONE)):
            said = await fault(refused)
            assert (said.completion, said.code, said.acted) == (Completion.COMMAND_ERROR, word, False)
        assert there.played == []
        assert (await driver.health()).code == word

    on(body, now)


def test_a_reading_that_failed_is_never_the_median_of_two() -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        there.readings = (1724, 0xFFFF, 1726)
        assert (await fault(driver.height())).code == "readFailed"
        there.posture = 1
        assert (await fault(driver.height())).code == "nobodyThere"
        assert (await driver.distance()).posture is Posture.SEATED
        there.posture = 0
        assert (await driver.distance()).mm == 0
        there.posture, there.distance = 2, 0xFFFF
        assert (await fault(driver.distance())).code == "readFailed"

    on(body)


def test_no_tone_without_a_headset_on_and_none_that_was_not_asked_for() -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        for worn in (0, 2):
            there.worn = worn
            assert (await fault(driver.play(TONE))).code == "headsetOff"
        assert there.played == []
        there.worn = 1
        there.faults.append(Fault.OTHER_TONE)
        other = await fault(driver.play(TONE))
        assert (other.completion, other.acted) == (Completion.HARDWARE_ERROR, True)

    on(body)


def test_a_tone_that_is_given_up_is_stopped_before_anything_else() -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        playing = asyncio.get_running_loop().create_task(driver.play(Tone(Ear.LEFT, 500, 60, 3.0)))
        await asyncio.sleep(1)
        _ = playing.cancel()
        _ = await asyncio.gather(playing, return_exceptions=True)
        assert (await driver.noise()).dba == 38.5
        assert (there.stopped, there.played) == (1, [])
        assert (await driver.noise()).dba == 38.5
        assert there.stopped == 1

    on(body)


@pytest.mark.parametrize("odd", [Fault.NOISE, Fault.WRONG_SEQUENCE, Fault.DOUBLED])
def test_what_was_not_asked_for_is_passed_over(odd: Fault) -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        there.faults.append(odd)
        assert (await driver.noise()).dba == 38.5
        assert (await driver.height()).median_mm == 1726

    on(body)


@pytest.mark.parametrize("wrong", [Fault.SILENT, Fault.CORRUPT, Fault.SHORT])
def test_an_answer_that_is_missing_damaged_or_too_short_is_none(wrong: Fault) -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        there.faults.append(wrong)
        lost = await fault(driver.height())
        assert lost.completion is Completion.DEVICE_NOT_READY
        assert (await driver.health()).state is DeviceState.ONLINE
        there.faults.append(wrong)
        assert (await driver.health()).state is DeviceState.POWER_OFF

    on(body)


def test_a_sensor_that_is_broken_is_said() -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        there.faults.append(Fault.SENSOR)
        assert (await fault(driver.noise())).code == "sensorFault"
        there.broken = 1
        assert (await driver.health()).state is DeviceState.HARDWARE_ERROR

    on(body)


def test_the_call_button_is_told_also_when_pressed_for_a_moment_and_unknown_while_the_booth_is_away() -> None:
    async def body(driver: SimulatedBooth, there: Booth, line: MemoryLine) -> None:
        told: list[Call] = []
        watching = asyncio.get_running_loop().create_task(driver.watch(told.append))
        await asyncio.sleep(1)
        there.press()
        await asyncio.sleep(1)
        there.let_go()
        await asyncio.sleep(1)
        there.press()
        there.let_go()
        await asyncio.sleep(1)
        line.unplug()
        await asyncio.sleep(2)
        there.press()
        line.plug()
        await asyncio.sleep(1)
        on_off = [Call.PRESSED, Call.RELEASED]
        assert told == [Call.RELEASED, *on_off, *on_off, Call.UNKNOWN, Call.PRESSED]
        _ = watching.cancel()
        _ = await asyncio.gather(watching, return_exceptions=True)

    on(body)


def test_what_is_measured_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    async def body(driver: SimulatedBooth, there: Booth, _line: MemoryLine) -> None:
        there.faults += [Fault.WRONG_SEQUENCE]
        height: Height = await driver.height()
        assert height.median_mm == 1726

    with caplog.at_level(logging.DEBUG):
        on(body)
    assert "1726" not in caplog.text


def test_on_a_real_pty_unplugged_and_back(tmp_path: Path) -> None:
    async def main() -> None:
        booth, port, path = Booth(), PtyPort(tmp_path / "booth"), tmp_path / "booth"

        async def serve() -> None:
            with suppress(WireGone):
                await booth.run(port.plug())

        async def there() -> None:
            async with asyncio.timeout(20):
                while not path.is_symlink():
                    await asyncio.sleep(0.01)

        serving = asyncio.get_running_loop().create_task(serve())
        await there()
        driver = SimulatedBooth(line_at(str(path), 115200), FixedClock())
        assert (await driver.height()).median_mm == 1726
        assert (await driver.play(Tone(Ear.LEFT, 2000, 30, 0.1))).tone.hertz == 2000
        port.unplug()
        await serving
        assert (await driver.health()).state is DeviceState.POWER_OFF
        serving = asyncio.get_running_loop().create_task(serve())
        await there()
        assert (await driver.noise()).dba == 38.5
        await driver.close()
        port.unplug()
        await serving

    asyncio.run(main())
