"""Recorded lines: what is left out of them, and every trace of traces/ played again against its driver."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.classes import DeviceClass
from kiosk.devices.cli import run
from kiosk.devices.drivers import Tools
from kiosk.devices.lines import MemoryLine
from kiosk.devices.page_printer.posting import IppPost
from kiosk.devices.register import REGISTER
from kiosk.devices.shell.table import commands_of
from kiosk.devices.shell.words import Options
from kiosk.devices.traces.redaction import VOUCHED, Closed, Way, redaction_for
from kiosk.devices.traces.replay import Replay, connections, whole
from kiosk.devices.traces.trace import BadTrace, Event, Trace, read_trace
from kiosk.devices.transport import Transport
from kiosk.devices.words import DeviceFault
from tests.devices.farends import FixedClock
from tests.devices.test_device_command import device
from tests.devices.test_sam_v import a_card
from tests.devices.virtual import run_virtual

T = TypeVar("T")

FOLDER = Path(__file__).parent / "traces"
TRACES = sorted(FOLDER.glob("*.jsonl"))
PORTS = {"port": "here"}


class Inline:
    async def run(self, call: Any) -> Any:
        return call()

    async def close(self) -> None:
        return


def no_post(_order: IppPost) -> bytes:
    raise AssertionError("nothing is posted on a line")


def replayed(trace: Trace) -> tuple[str, Replay]:
    """How the command of a trace ends when its device says what it said."""
    replay = Replay(trace)

    async def main() -> str:
        playing: list[asyncio.Task[None]] = []

        async def play(far: Transport) -> None:
            await replay(far)

        def answer(far: Transport) -> None:
            playing.append(asyncio.get_running_loop().create_task(play(far)))

        line = MemoryLine("replay", answer)
        tools = Tools(clock=FixedClock(), line=lambda _port, _baud: line, worker=Inline, post=no_post)
        driver = REGISTER[trace.device].catalogue.make(trace.driver, {**trace.settings, **PORTS}, tools)
        command = commands_of(trace.device)[trace.command]
        options = Options(seconds=5.0, text="trial", words=trace.words)
        try:
            if command.felt is not None:
                await command.felt(driver, options)
            await command.run(driver, options)
        except DeviceFault as fault:
            return str(fault)
        finally:
            await driver.close()
            for task in playing:
                task.cancel()
            await asyncio.gather(*playing, return_exceptions=True)
        return "done"

    return run_virtual(main()), replay


@pytest.mark.parametrize("file", TRACES, ids=lambda file: file.stem)
def test_a_trace_plays_again_as_it_went(file: Path) -> None:
    trace = read_trace(file)
    ended, replay = replayed(trace)
    assert replay.failures == []
    if whole(trace):
        assert ended == trace.ended
    else:
        # What was left out cannot be answered: the line is cut there, and the command must end by itself.
        assert ended != ""
        assert replay.openings >= 1


def test_a_driver_that_says_something_else_is_found() -> None:
    trace = read_trace(FOLDER / "lock-8a-doors.jsonl")
    events = tuple(
        Event(e.at, e.event, (b"\x80\x02\x00\x33\xb1",)) if e.event == "to-device" else e for e in trace.events
    )
    _, replay = replayed(Trace(trace.device, trace.driver, trace.settings, trace.command, trace.words, events))
    assert [str(failure) for failure in replay.failures][:1] == ["expected 80020033b1, got 80010033b2"]


def test_every_driver_with_payloads_has_a_trace_with_and_one_without() -> None:
    assert {"id-reader-read", "id-reader-read-redacted"} <= {file.stem for file in TRACES}
    assert not whole(read_trace(FOLDER / "id-reader-read-redacted.jsonl"))
    assert len(connections(read_trace(FOLDER / "id-reader-read.jsonl"))) == 1


# -- what is left out ------------------------------------------------------------------------------------


def test_a_card_that_is_read_leaves_nothing_of_a_person(tmp_path: Path) -> None:
    file = tmp_path / "read.jsonl"
    with device(tmp_path / "port", a_card()) as port:
        common = ["id-reader", "read", "--driver", "sam-v", "--set", f"port={port}", "--json"]
        assert run([*common, "--trace", str(file)]) == 0
    text = file.read_text("utf-8")
    for secret in ("王小芳".encode("utf-16-le"), "150207198506150028".encode("utf-16-le"), b"\x5a" * 8, b"\x01" * 8):
        assert secret.hex() not in text
    assert str(tmp_path) not in text
    assert read_trace(file).ended == "done"
    # A payload is left in for simulated devices only: said so, and on a port with no hardware behind it.
    assert run([*common, "--trace", str(file), "--payloads"]) == 64
    assert run([*common, "--trace", str(file), "--payloads", "--simulation"]) == 64
    with device(tmp_path / "port", a_card()) as port:
        assert run([*common, "--trace", str(file), "--payloads", "--simulation"]) == 0
    assert whole(read_trace(file))


def test_a_device_that_is_away_leaves_a_trace_too(tmp_path: Path) -> None:
    file = tmp_path / "away.jsonl"
    command = ["id-reader", "sam-id", "--driver", "sam-v", "--set", f"port={tmp_path / 'none'}", "--json"]
    assert run([*command, "--trace", str(file)]) == 3
    assert read_trace(file).ended == "deviceNotReady"


SECRET = "王小芳150207198506150028".encode("utf-16-le")


def sam_frame(data: bytes) -> bytes:
    return bytes.fromhex("AAAAAA9669") + (len(data) + 4).to_bytes(2, "big") + b"\x00\x00\x90" + data + b"\x00"


@pytest.mark.parametrize(("which", "driver"), [*VOUCHED, (DeviceClass.PRESENCE, "from-outside")])
@given(st.lists(st.tuples(st.sampled_from(Way), st.binary(max_size=60)), max_size=10))
def test_lengths_add_up(which: DeviceClass, driver: str, chunks: list[tuple[Way, bytes]]) -> None:
    redaction = redaction_for(which, driver)
    for way, data in chunks:
        parts = redaction.parts(way, data)
        assert sum(part if isinstance(part, int) else len(part) for part in parts) == len(data)
        kept = iter(parts)
        at = 0
        for part in kept:
            size = part if isinstance(part, int) else len(part)
            assert isinstance(part, int) or data[at : at + size] == part
            at += size


@given(st.lists(st.integers(1, 40), max_size=12), st.binary(max_size=20))
def test_a_record_is_left_out_however_it_comes(sizes: list[int], noise: bytes) -> None:
    redaction = redaction_for(DeviceClass.ID_READER, "sam-v")
    stream = noise.replace(b"\xaa", b"") + sam_frame(SECRET * 6) + SECRET
    kept, at = b"", 0
    for size in [*sizes, len(stream)]:
        chunk, at = stream[at : at + size], at + size
        kept += b"".join(p for p in redaction.parts(Way.TO_HOST, chunk) if isinstance(p, bytes)) if chunk else b""
    assert not any(SECRET[n : n + 4] in kept for n in range(len(SECRET) - 4))


@pytest.mark.parametrize(
    ("which", "driver", "way", "data"),
    [
        (DeviceClass.RECEIPT_PRINTER, "escpos", Way.TO_DEVICE, b"\x10\x04\x01" + SECRET),
        (DeviceClass.RECEIPT_PRINTER, "escpos", Way.TO_DEVICE, SECRET),
        (DeviceClass.FINGERPRINT, "simulated", Way.TO_HOST, b"FINGER 88 " + SECRET.hex().encode() + b"\n"),
        (DeviceClass.FINGERPRINT, "simulated", Way.TO_DEVICE, b"MATCH " + SECRET.hex().encode() + b" 00\n"),
        (DeviceClass.SCANNER, "serial-scanner", Way.TO_HOST, SECRET),
        (DeviceClass.DOCUMENT_READER, "nobody-vouches", Way.TO_HOST, SECRET),
    ],
)
def test_payloads_are_left_out(which: DeviceClass, driver: str, way: Way, data: bytes) -> None:
    assert redaction_for(which, driver).parts(way, data) == (len(data),)


def test_nobody_vouches_for_a_driver_from_outside() -> None:
    assert isinstance(redaction_for(DeviceClass.LOCKER, "from-outside"), Closed)


# -- the file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        '{"trace": 2}',
        '{"trace": 1, "class": "oven"}',
        '{"trace": 1, "class": "locker", "driver": "x", "settings": {}, "command": "c", "words": []}\n{"at": 0}',
        '{"trace": 1, "class": "locker", "driver": "x", "settings": {}, "command": "c", "words": []}\n'
        '{"at": 0, "event": "sang"}',
    ],
)
def test_a_file_that_is_no_trace_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(text, "utf-8")
    with pytest.raises(BadTrace):
        read_trace(file)


def test_a_trace_comes_back_as_it_was() -> None:
    for file in TRACES:
        trace = read_trace(file)
        assert [json.loads(line) for line in trace.text().splitlines()] == [
            json.loads(line) for line in file.read_text("utf-8").splitlines()
        ]
