"""The simulated sensor's line protocol and the conversation in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.fingerprint.lines_protocol import (
    Finger,
    LineDecoder,
    Matched,
    SensorError,
    SensorLine,
    SensorState,
    capture_request,
    match_request,
    parse_line,
)
from kiosk.devices.fingerprint.simulated import SimulatedSensor
from kiosk.devices.lines import MemoryLine, SerialLine
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from tests.devices.farends import played, pty_played
from tests.devices.virtual import run_virtual

A, B = b"\x01" * 512, b"\x02" * 512
FINGER = b"FINGER 88 " + A.hex().encode() + b"\n"


def test_requests_are_lines() -> None:
    assert capture_request(1500) == b"CAPTURE 1500\n"
    assert match_request(A, B) == b"MATCH " + b"01" * 512 + b" " + b"02" * 512 + b"\n"
    with pytest.raises(ValueError, match="512"):
        match_request(A, b"")


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        (b"FINGER 88 " + A.hex().encode(), Finger(88, A)),
        (b"FINGER 101 " + A.hex().encode(), None),
        (b"FINGER 88 " + A.hex().encode()[:-2], None),
        (b"ERR timeout", SensorError.TIMEOUT),
        (b"ERR read-failed", SensorError.READ_FAILED),
        (b"ERR busy", SensorError.BUSY),
        (b"ERR what", None),
        (b"MATCH yes", Matched(True)),
        (b"MATCH no", Matched(False)),
        (b"MATCH maybe", None),
        (b"STATUS ok", SensorState.OK),
        (b"STATUS dirty", SensorState.DIRTY),
        (b"STATUS fault", SensorState.FAULT),
        (b"STATUS odd", None),
        (b"", None),
        (b"hello", None),
    ],
)
def test_each_answer_has_one_meaning(line: bytes, meaning: SensorLine | None) -> None:
    assert parse_line(line) == meaning


def test_a_finger_never_shows_its_features() -> None:
    assert repr(Finger(5, A)) == "Finger(quality=5)"


lines = st.sampled_from([FINGER, b"MATCH no\n", b"ERR busy\r\n", b"STATUS ok\n", b"noise\n"])


@given(st.lists(lines, max_size=5), st.lists(st.integers(0, 3000), max_size=8))
def test_any_fragmentation_yields_the_same_answers(sent: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(sent)
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    decoder = LineDecoder()
    got = [a for i in range(len(edges) - 1) for a in decoder.feed(stream[edges[i] : edges[i + 1]])]
    assert got == [a for line in sent if (a := parse_line(line.strip())) is not None]


@given(st.binary(max_size=300))
def test_noise_never_breaks_the_decoder_and_never_piles_up(noise: bytes) -> None:
    decoder = LineDecoder()
    decoder.feed(noise)
    decoder.feed(b"x" * 5000)
    assert decoder.feed(b"\nSTATUS ok\n")[-1:] == (SensorState.OK,)


Act = Callable[[Transport], Awaitable[None]]


@dataclass
class Sensor:
    """Answers by the request's first word, in turn; the last goes on. None is silence, (seconds, bytes) is late."""

    answers: dict[str, Sequence[bytes | tuple[float, bytes] | None]]
    asked: list[str] = field(default_factory=list[str])

    async def __call__(self, far: Transport) -> None:
        pending = b""
        while True:
            pending += await far.read(4096)
            while b"\n" in pending:
                line, _, pending = pending.partition(b"\n")
                word = line.split()[0].decode()
                choices = self.answers[word]
                answer = choices[min(self.asked.count(word), len(choices) - 1)]
                self.asked.append(word)
                if isinstance(answer, tuple):
                    await asyncio.sleep(answer[0])
                    answer = answer[1]
                if answer is not None:
                    await far.write(answer)


def on(far: Sensor, test: Callable[[SimulatedSensor, MemoryLine], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        async with played(far) as line:
            await test(SimulatedSensor(line), line)

    run_virtual(main())


def test_a_touch_is_captured_and_matched() -> None:
    async def test(sensor: SimulatedSensor, _line: MemoryLine) -> None:
        image = await sensor.capture(seconds=10)
        assert (image.features, image.quality) == (A, 88)
        assert await sensor.match(A, A) is True
        assert await sensor.match(A, B) is False
        with pytest.raises(DeviceFault) as caught:
            await sensor.match(A, b"short")
        assert caught.value.completion is Completion.INVALID_DATA

    on(Sensor({"CAPTURE": [FINGER], "MATCH": [b"MATCH yes\n", b"MATCH no\n"]}), test)


def test_a_long_wait_is_asked_for_in_slices() -> None:
    late = (2.0, b"ERR timeout\n")
    far = Sensor({"CAPTURE": [late, late, (1.0, FINGER)]})

    async def test(sensor: SimulatedSensor, _line: MemoryLine) -> None:
        assert (await sensor.capture(seconds=10)).quality == 88
        assert far.asked == ["CAPTURE"] * 3

    on(far, test)


def test_nobody_touches_the_sensor() -> None:
    async def test(sensor: SimulatedSensor, _line: MemoryLine) -> None:
        with pytest.raises(DeviceFault) as caught:
            await sensor.capture(seconds=3)
        assert caught.value.completion is Completion.TIME_OUT

    on(Sensor({"CAPTURE": [(2.0, b"ERR timeout\n")]}), test)


@pytest.mark.parametrize(
    ("answer", "completion", "code"),
    [
        (b"ERR read-failed\n", Completion.COMMAND_ERROR, "readFailed"),
        (b"ERR busy\n", Completion.DEVICE_NOT_READY, ""),
        (b"garbage\nFINGER 88 00\n", Completion.INVALID_DATA, ""),
        (FINGER[:40], Completion.INVALID_DATA, ""),
        (None, Completion.DEVICE_NOT_READY, ""),
    ],
)
def test_what_can_go_wrong_with_a_touch(answer: bytes | None, completion: Completion, code: str) -> None:
    async def test(sensor: SimulatedSensor, _line: MemoryLine) -> None:
        with pytest.raises(DeviceFault) as caught:
            await sensor.capture(seconds=2)
        assert (caught.value.completion, caught.value.code) == (completion, code)

    on(Sensor({"CAPTURE": [answer]}), test)


def test_after_a_damaged_answer_the_sensor_is_there_and_can_be_asked_again() -> None:
    async def test(sensor: SimulatedSensor, _line: MemoryLine) -> None:
        with pytest.raises(DeviceFault):
            await sensor.capture(seconds=5)
        assert (await sensor.health()).state is DeviceState.ONLINE
        assert (await sensor.capture(seconds=5)).features == A

    on(Sensor({"CAPTURE": [b"\xff\xaa\x00\x55" + FINGER, FINGER], "STATUS": [b"STATUS ok\n"]}), test)


def test_an_abandoned_capture_ends_before_the_next_request_and_its_finger_is_not_used() -> None:
    far = Sensor({"CAPTURE": [(1.8, FINGER), b"FINGER 50 " + B.hex().encode() + b"\n"], "MATCH": [b"MATCH no\n"]})

    async def test(sensor: SimulatedSensor, _line: MemoryLine) -> None:
        first = asyncio.get_running_loop().create_task(sensor.capture(seconds=10))
        await asyncio.sleep(0.5)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await sensor.capture(seconds=5)).features == B
        assert await sensor.match(A, B) is False

    on(far, test)


@pytest.mark.parametrize("pulled", [False, True])
def test_an_abandoned_capture_that_never_ends_is_waited_for_once(pulled: bool) -> None:
    far = Sensor({"CAPTURE": [None, FINGER]})

    async def test(sensor: SimulatedSensor, line: MemoryLine) -> None:
        first = asyncio.get_running_loop().create_task(sensor.capture(seconds=10))
        await asyncio.sleep(0.5)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        if pulled:
            line.unplug()
            line.plug()
        assert (await sensor.capture(seconds=5)).quality == 88

    on(far, test)


def test_health_in_every_state() -> None:
    far = Sensor({"STATUS": [b"STATUS ok\n", b"STATUS dirty\n", b"STATUS fault\n", b"MATCH yes\n", b"STATUS ok\n"]})

    async def test(sensor: SimulatedSensor, line: MemoryLine) -> None:
        states = [(await sensor.health()).state for _ in range(5)]
        assert states == [
            DeviceState.ONLINE,
            DeviceState.USER_ERROR,
            DeviceState.HARDWARE_ERROR,
            DeviceState.POWER_OFF,
            DeviceState.ONLINE,
        ]
        line.unplug()
        assert (await sensor.health()).state is DeviceState.POWER_OFF
        line.plug()
        assert (await sensor.health()).state is DeviceState.ONLINE
        await sensor.close()

    on(far, test)


def test_health_does_not_disturb_a_capture() -> None:
    far = Sensor({"CAPTURE": [(1.0, FINGER)]})

    async def test(sensor: SimulatedSensor, _line: MemoryLine) -> None:
        capturing = asyncio.get_running_loop().create_task(sensor.capture(seconds=5))
        await asyncio.sleep(0.1)
        assert (await sensor.health()).state is DeviceState.STARTING
        await capturing
        assert far.asked == ["CAPTURE"]

    on(far, test)


def test_over_a_real_pty(tmp_path: Path) -> None:
    async def main() -> None:
        async with asyncio.timeout(10), pty_played(tmp_path / "port", Sensor({"CAPTURE": [FINGER]})):
            sensor = SimulatedSensor(SerialLine(str(tmp_path / "port"), 115200))
            assert (await sensor.capture(seconds=2)).features == A
            await sensor.close()

    asyncio.run(main())
