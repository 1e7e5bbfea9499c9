"""The page printer: IPP as bytes, jobs as time passes."""

from __future__ import annotations

import asyncio
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.simulation.ipp import Attribute, Malformed, Message, Tag, compose, integer, parse, text
from kiosk.simulation.scene import Impossible
from kiosk.simulation.virtual import VirtualWorld
from tests.simulation.bench import in_world

PDF = b"%PDF-1.7\n1 0 obj <</Type /Pages>> 2 0 obj <</Type /Page>> 3 0 obj <</Type/Page /X 1>>\n%%EOF"
PRINT_JOB, VALIDATE, CREATE, SEND, CANCEL, GET_JOB, GET_JOBS, GET_PRINTER = 2, 4, 5, 6, 8, 9, 10, 11
URI = "ipp://127.0.0.1/ipp/print"
SETTLE = 120.0


def request(operation: int, *attributes: Attribute, job: tuple[Attribute, ...] = (), data: bytes = b"") -> bytes:
    head = (
        text(Tag.CHARSET, "attributes-charset", "utf-8"),
        text(Tag.LANGUAGE, "attributes-natural-language", "en"),
        text(Tag.URI, "printer-uri", URI),
        *attributes,
    )
    groups = ((int(Tag.OPERATION), head), *(((int(Tag.JOB), job),) if job else ()))
    return compose(Message((2, 0), operation, 7, groups, data))


async def ask(world: VirtualWorld, operation: int, *attributes: Attribute, data: bytes = b"") -> Message:
    reply = parse(world.ipp(request(operation, *attributes, data=data)))
    assert reply.request_id == 7
    return reply


def named(name: str) -> Attribute:
    return text(Tag.NAME, "job-name", name)


async def job_state(world: VirtualWorld, job: int) -> int:
    attribute = (await ask(world, GET_JOB, integer("job-id", job))).get("job-state")
    assert attribute is not None
    return attribute.number()


def test_the_bytes_of_a_request_and_its_answer() -> None:
    raw = bytes.fromhex(
        "0200 000B 00000001 01"
        "47 0012 617474726962757465732D63686172736574 0005 7574662D38"
        "48 001B 617474726962757465732D6E61747572616C2D6C616E6775616765 0002 656E"
        "44 0014 7265717565737465642D61747472696275746573 000D 7072696E7465722D7374617465"
        "03"
    )

    async def visit(world: VirtualWorld) -> None:
        assert world.ipp(raw) == bytes.fromhex(
            "0200 0000 00000001 01"
            "47 0012 617474726962757465732D63686172736574 0005 7574662D38"
            "48 001B 617474726962757465732D6E61747572616C2D6C616E6775616765 0002 656E"
            "04 23 000D 7072696E7465722D7374617465 0004 00000003"
            "03"
        )

    in_world(visit)


def test_a_job_is_completed_only_when_its_last_sheet_is_out() -> None:
    async def visit(world: VirtualWorld) -> None:
        reply = await ask(world, PRINT_JOB, named("case/decision/1"), data=PDF)
        assert reply.code == 0
        assert await job_state(world, 1) in (3, 5)
        assert world.call("papers")["papers"] == []
        async with asyncio.timeout(SETTLE):
            await world.scene.until(lambda: bool(world.scene.state.papers))
        await asyncio.sleep(0.1)
        assert await job_state(world, 1) == 9
        (paper,) = world.call("papers")["papers"]
        assert paper["name"] == "case/decision/1" and world.papers.pages[1] == PDF
        jobs = await ask(world, GET_JOBS, text(Tag.KEYWORD, "which-jobs", "completed"))
        name = jobs.get("job-name")
        assert name is not None and name.text() == "case/decision/1"
        assert world.call("state")["jobs"][0]["pages"] == 2

    in_world(visit)


def test_create_and_send_make_one_job() -> None:
    async def visit(world: VirtualWorld) -> None:
        assert (await ask(world, CREATE, named("x"))).code == 0
        assert await job_state(world, 1) == 4
        last = Attribute("last-document", Tag.BOOLEAN, (b"\1",))
        assert (await ask(world, SEND, integer("job-id", 1), last, data=PDF)).code == 0
        await asyncio.sleep(SETTLE)
        assert await job_state(world, 1) == 9
        assert (await ask(world, SEND, integer("job-id", 1), last, data=PDF)).code == 0x0404

    in_world(visit)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("media-empty", "media-empty-error"),
        ("media-jam", "media-jam-error"),
        ("cover-open", "cover-open-error"),
        ("offline", "paused"),
    ],
)
def test_trouble_stops_the_job_and_its_end_lets_it_finish(fault: str, reason: str) -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("fault", device="page-printer", fault=fault)
        await ask(world, PRINT_JOB, data=PDF)
        await asyncio.sleep(SETTLE)
        assert await job_state(world, 1) == 6
        printer = await ask(world, GET_PRINTER)
        state, reasons = printer.get("printer-state"), printer.get("printer-state-reasons")
        assert state is not None and state.number() == 5
        assert reasons is not None and reasons.text() == reason
        assert world.call("papers")["papers"] == []
        world.call("clear", device="page-printer")
        await asyncio.sleep(SETTLE)
        assert await job_state(world, 1) == 9
        assert len(world.call("papers")["papers"]) == 1

    in_world(visit)


def test_a_cancelled_job_leaves_no_paper() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("fault", device="page-printer", fault="media-empty")
        await ask(world, PRINT_JOB, data=PDF)
        assert (await ask(world, CANCEL, integer("job-id", 1))).code == 0
        assert (await ask(world, CANCEL, integer("job-id", 1))).code == 0x0404
        assert (await ask(world, CANCEL, integer("job-id", 9))).code == 0x0406
        world.call("clear", device="page-printer")
        await asyncio.sleep(SETTLE)
        assert await job_state(world, 1) == 7
        assert world.call("papers")["papers"] == []

    in_world(visit)


def test_an_aborted_job_says_so_and_low_toner_is_only_a_report() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("fault", device="page-printer", fault="aborts")
        world.call("fault", device="page-printer", fault="toner-low")
        await ask(world, PRINT_JOB, data=PDF)
        await ask(world, PRINT_JOB, data=PDF)
        await asyncio.sleep(SETTLE)
        assert [await job_state(world, job) for job in (1, 2)] == [8, 9]
        reasons = (await ask(world, GET_PRINTER)).get("printer-state-reasons")
        assert reasons is not None and reasons.text() == "toner-low-report"

    in_world(visit)


def test_a_printer_that_hangs_up_has_taken_the_job_all_the_same() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("fault", device="page-printer", fault="drop-answer")
        with pytest.raises(Impossible):
            world.ipp(request(PRINT_JOB, named("once"), data=PDF))
        await asyncio.sleep(SETTLE)
        assert [paper["name"] for paper in world.call("papers")["papers"]] == ["once"]

    in_world(visit)


def test_requests_it_cannot_take_get_the_registered_codes() -> None:
    async def visit(world: VirtualWorld) -> None:
        assert parse(world.ipp(b"hello")).code == 0x0400
        assert (await ask(world, 0x0042)).code == 0x0501
        assert (await ask(world, GET_JOB)).code == 0x0400
        assert (await ask(world, PRINT_JOB)).code == 0x0400
        jpeg = text(Tag.MIME, "document-format", "image/jpeg")
        assert (await ask(world, VALIDATE, jpeg)).code == 0x040A
        assert (await ask(world, VALIDATE)).code == 0
        version = Message((9, 0), GET_PRINTER, 1, ((int(Tag.OPERATION), ()),))
        assert parse(world.ipp(compose(version))).code == 0x0503

    in_world(visit)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    try:
        parse(data)
    except Malformed:
        return


_attributes = st.lists(
    st.builds(
        Attribute,
        st.text(alphabet="abc-", min_size=1, max_size=10),
        st.just(int(Tag.KEYWORD)),
        st.lists(st.binary(max_size=20), min_size=1, max_size=3).map(tuple),
    ),
    max_size=4,
).map(tuple)


@given(_attributes, st.binary(max_size=30))
def test_messages_survive_the_wire(attributes: tuple[Attribute, ...], data: bytes) -> None:
    message = Message((1, 1), 11, 3, ((int(Tag.OPERATION), attributes),), data)
    assert parse(compose(message)) == message


def test_an_integer_of_the_wrong_size_is_malformed() -> None:
    with pytest.raises(Malformed):
        Attribute("job-id", Tag.INTEGER, (struct.pack(">h", 1),)).number()
