"""The receipt printer byte by byte, and what comes out of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, cast

import pytest
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from kiosk.simulation.escpos import Cut, Feed, LineEnd, Operation, Parser, QrCode, Raster, Run, StatusRequest
from kiosk.simulation.papers import render, text_of
from kiosk.simulation.state import Device
from kiosk.simulation.virtual import VirtualWorld
from tests.simulation.bench import hand_on, in_world

CUT = bytes.fromhex("1D 56 42 00")
STATUS = {n: bytes([0x10, 0x04, n]) for n in (1, 2, 3, 4)}
SETTLE = 60.0


def job(text: str) -> bytes:
    return bytes.fromhex("1B 40 1C 26") + text.encode("gb18030") + CUT


def receipts(world: VirtualWorld) -> list[str]:
    return [paper["text"] for paper in world.call("papers")["papers"]]


async def printed(world: VirtualWorld, count: int) -> list[str]:
    async with asyncio.timeout(SETTLE):
        await world.scene.until(lambda: len(world.scene.state.papers) == count)
    return receipts(world)


def parsed(data: bytes, pieces: int = 10_000) -> list[Operation]:
    parser = Parser()
    found: list[Operation] = []
    for start in range(0, len(data), pieces):
        found += parser.feed(data[start : start + pieces])
    return found


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (None, "12 12 12 12"),
        ("paper-low", "12 12 12 1E"),
        ("paper-out", "1A 32 12 7E"),
        ("cover-open", "1A 16 12 12"),
        ("cutter", "1A 52 1A 12"),
        ("overheat", "1A 52 52 12"),
        ("offline", "1A 12 12 12"),
    ],
)
def test_status_bytes_are_the_published_ones(fault: str | None, answers: str) -> None:
    async def visit(world: VirtualWorld) -> None:
        if fault:
            world.call("fault", device="receipt-printer", fault=fault)
        hand = await hand_on(world, Device.RECEIPT_PRINTER)
        heard = b"".join([await hand.ask(request) for request in STATUS.values()])
        assert heard == bytes.fromhex(answers)

    in_world(visit)


def test_silence_is_silence() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.RECEIPT_PRINTER)
        world.call("fault", device="receipt-printer", fault="silent")
        assert await hand.ask(STATUS[1]) == b""
        assert await hand.ask(job("没有人听见\n")) == b""
        world.call("clear", device="receipt-printer")
        assert await hand.ask(STATUS[1]) == b"\x12"
        assert receipts(world) == []

    in_world(visit)


def test_a_receipt_takes_time_and_uses_paper_and_a_buffered_status_comes_after_it() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.RECEIPT_PRINTER)
        started = asyncio.get_running_loop().time()
        await hand.say(job("包头市公安局\n王𠮷 李㛃 张镕 赵䶮\n" + "一行\n" * 20) + bytes.fromhex("1D 72 01"))
        assert await hand.hear(1) == b"\x00"
        assert asyncio.get_running_loop().time() - started > 0.3
        (text,) = receipts(world)
        assert text.startswith("包头市公安局\n王𠮷 李㛃 张镕 赵䶮\n一行\n")
        assert 60 < 50_000 - world.call("state")["roll_mm"] < 120

    in_world(visit)


def test_status_is_answered_while_it_prints() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.RECEIPT_PRINTER)
        await hand.say(job("一行\n" * 50) + STATUS[1])
        assert await hand.hear(1) == b"\x12"
        assert receipts(world) == []
        await printed(world, 1)

    in_world(visit)


def test_paper_that_ends_in_the_middle_stops_it_there_and_new_paper_lets_it_finish() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.RECEIPT_PRINTER)
        world.call("fault", device="receipt-printer", fault="paper-out", after=5)
        await hand.say(job("一行\n" * 30))
        await asyncio.sleep(SETTLE)
        assert receipts(world) == []
        assert await hand.ask(STATUS[4]) == b"\x7e"
        world.call("clear", device="receipt-printer")
        assert await printed(world, 1) == ["一行\n" * 30]

    in_world(visit)


def test_a_jammed_cutter_holds_the_receipt_back() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.RECEIPT_PRINTER)
        world.call("fault", device="receipt-printer", fault="cutter", after=1)
        await hand.say(job("一行\n"))
        await asyncio.sleep(SETTLE)
        assert receipts(world) == []
        assert await hand.ask(STATUS[3]) == b"\x1a"
        world.call("clear", device="receipt-printer")
        await hand.say(bytes.fromhex("10 05 01"))
        await printed(world, 1)

    in_world(visit)


def test_unplugged_it_forgets_what_it_had_not_printed() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.RECEIPT_PRINTER)
        await hand.say(job("一行\n" * 100))
        await asyncio.sleep(0.2)
        world.call("unplug", device="receipt-printer")
        await asyncio.sleep(1)
        world.call("plug", device="receipt-printer")
        await asyncio.sleep(SETTLE)
        assert receipts(world) == []
        again = await hand_on(world, Device.RECEIPT_PRINTER)
        await again.say(job("新的\n"))
        assert await printed(world, 1) == ["新的\n"]

    in_world(visit)


def test_changes_are_reported_unasked_only_when_asked_for() -> None:
    async def visit(world: VirtualWorld) -> None:
        hand = await hand_on(world, Device.RECEIPT_PRINTER)
        world.call("fault", device="receipt-printer", fault="cover-open")
        assert await hand.hear_all(1.0) == b""
        assert await hand.ask(bytes.fromhex("1D 61 FF")) == bytes.fromhex("38 00 00 0F")
        world.call("clear", device="receipt-printer")
        assert await hand.hear_all() == bytes.fromhex("10 00 00 0F")
        world.call("fault", device="receipt-printer", fault="paper-out")
        assert await hand.hear_all() == bytes.fromhex("18 00 0F 0F")
        await hand.say(bytes.fromhex("1D 61 00"))
        world.call("clear", device="receipt-printer")
        assert await hand.hear_all(1.0) == b""

    in_world(visit)


def test_what_a_composer_library_writes_is_understood() -> None:
    composer = cast("Any", Dummy())
    composer.hw("INIT")
    composer.set(align="center", bold=True, custom_size=True, width=2, height=2)
    composer.text("领证凭条\n")
    composer.set(align="left", bold=False, normal_textsize=True)
    composer.text("受理号 15022611220000010\n")
    picture = Image.new("1", (96, 48), 1)
    ImageDraw.Draw(picture).ellipse((8, 8, 40, 40), fill=0)
    composer.image(picture)
    composer.qr("https://headquarters.invalid/v/15022611220000010", native=True, size=6)
    composer.cut()
    operations = parsed(composer.output)
    runs = [o for o in operations if isinstance(o, Run)]
    assert [run.text for run in runs] == ["领证凭条", "受理号 15022611220000010"]
    assert runs[0].style.wide == runs[0].style.high == 2 and runs[0].style.bold
    assert any(isinstance(o, Raster) and o.width_bytes == 12 and o.height == 48 for o in operations)
    (code,) = [o for o in operations if isinstance(o, QrCode)]
    assert code.data == b"https://headquarters.invalid/v/15022611220000010" and code.module == 6
    assert isinstance(operations[-1], Cut)
    paper = render(tuple(operations))
    assert paper.width == 576 and paper.height > 300
    assert paper.getextrema() == (0, 255)
    assert "[code https://headquarters.invalid/v/15022611220000010]" in text_of(tuple(operations))


def test_a_column_image_becomes_the_same_dots() -> None:
    operations = parsed(bytes.fromhex("1B 2A 21 02 00") + bytes.fromhex("800000 000001") + b"\n")
    raster = next(o for o in operations if isinstance(o, Raster))
    assert (raster.width_bytes, raster.height) == (1, 24)
    assert raster.data[0] == 0x80 and raster.data[23] == 0x40 and sum(raster.data) == 0xC0


def test_status_requests_inside_picture_data_are_picture_data() -> None:
    data = bytes.fromhex("1D 76 30 00 01 00 03 00") + STATUS[1] + STATUS[4]
    operations = parsed(data)
    assert [type(o) for o in operations] == [Raster, StatusRequest]


_pieces = st.lists(
    st.one_of(
        st.text(alphabet="包头公安局王𠮷㛃abc 123", min_size=1).map(lambda t: t.encode("gb18030")),
        st.sampled_from([b"\n", b"\x1b@", b"\x1bE\x01", b"\x1d!\x11", CUT, b"\x1ba\x01", STATUS[4], b"\x1bd\x02"]),
        st.binary(min_size=3, max_size=9).map(lambda d: b"\x1dv0\x00\x01\x00" + bytes([len(d), 0]) + d),
    ),
    max_size=12,
).map(b"".join)


@given(_pieces, st.integers(1, 7))
def test_bytes_in_pieces_mean_what_they_mean_as_a_whole(data: bytes, pieces: int) -> None:
    assert parsed(data, pieces) == parsed(data)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser_or_the_drawing(data: bytes) -> None:
    operations = tuple(o for o in parsed(data) if not isinstance(o, Feed | Raster | QrCode))
    assert render(operations).width == 576
    assert isinstance(text_of(operations), str)


def lines(operations: list[Operation]) -> Iterator[LineEnd]:
    return (o for o in operations if isinstance(o, LineEnd))


def test_feeding_counts_lines_and_dots() -> None:
    operations = parsed(bytes.fromhex("1B 64 03 1B 4A 10"))
    assert sum(o.dots for o in operations if isinstance(o, Feed)) == 3 * 30 + 16
    assert len(list(lines(operations))) == 2
