"""The conversation with a receipt printer: printed when it says so, and a fault at every step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.lines import MemoryLine, SerialLine, line_at
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult
from kiosk.devices.receipt_printer.escpos import EscPosPrinter, EscPosSettings
from kiosk.devices.transport import Transport, TransportLost
from kiosk.devices.words import DeviceState, Supply
from tests.devices.farends import Pty, played, pty_played, read_exactly
from tests.devices.virtual import run_virtual

JOB = b"\x1b@" + b"receipt line\n" * 200 + b"\x1dVB\x00"
FINE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
PAPER_OUT = {1: 0x1A, 2: 0x32, 3: 0x12, 4: 0x7E}
COVER = {1: 0x1A, 2: 0x16, 3: 0x12, 4: 0x12}
CUTTER = {1: 0x1A, 2: 0x52, 3: 0x1A, 4: 0x12}
BROKEN = {1: 0x1A, 2: 0x52, 3: 0x32, 4: 0x12}


class Paper:
    """A far end that takes commands apart as they come and keeps what it has printed.

    What it says is a table set by the test; `happens` maps a number of job bytes taken in to something that then
    happens. Behind a fault the job and everything queued stands still.
    """

    def __init__(self, **happens: Callable[[Paper], None]) -> None:
        self.says = dict(FINE)
        self.printed = b""
        self.log: list[str] = []
        self.reports = False
        self.mute = False
        self.deaf_to_queue = False
        self.doubled = 0
        self.tear_reports = False
        self.mend_on_resume = True
        self.mend_on_clear = True
        self.happens = happens
        self.far: Transport | None = None
        self._queue: list[bytes] = []

    async def __call__(self, far: Transport) -> None:
        self.far = far
        pending = b""
        while True:
            pending += await far.read(4096)
            pending = await self._take(pending)

    async def _take(self, pending: bytes) -> bytes:
        while pending:
            if pending[:2] in (b"\x10\x04", b"\x10\x05", b"\x1d\x61", b"\x1d\x72"):
                if len(pending) < 3:
                    return pending
                await self._command(pending[:3])
                pending = pending[3:]
            elif pending in (b"\x10", b"\x1d"):
                return pending
            else:
                await self._data(pending[:1])
                pending = pending[1:]
        return b""

    async def _command(self, command: bytes) -> None:
        kind, n = command[:2], command[2]
        self.log.append(command.hex())
        if kind == b"\x10\x04":
            await self._say(bytes([self.says[n]]) * (2 if self.doubled else 1))
            self.doubled = max(0, self.doubled - 1)
        elif command == b"\x10\x05\x01" and self.mend_on_resume:
            await self.become(FINE)
        elif command == b"\x10\x05\x02":
            self._queue.clear()
            self._event("clear")
            if self.mend_on_clear:
                await self.become(FINE)
        elif kind == b"\x1d\x61":
            self.reports = True
            await self._report()
        elif kind == b"\x1d\x72":
            await self._data(command)

    async def _data(self, data: bytes) -> None:
        self._queue.append(data)
        await self._work()

    async def _work(self) -> None:
        while self._queue and self.says[1] == 0x12:
            done = self._queue.pop(0)
            if done[:2] == b"\x1d\x72":
                self._event("queued")
                if self.says[1] != 0x12:
                    self._queue.insert(0, done)
                    await self._report()
                elif not self.deaf_to_queue:
                    await self._say(b"\x00")
                self._event("confirmed")
            else:
                self.printed += done
                before = dict(self.says)
                self._event(f"at_{len(self.printed)}")
                if before != self.says:
                    await self._report()

    def _event(self, name: str) -> None:
        if name in self.happens:
            self.happens.pop(name)(self)

    async def become(self, says: dict[int, int]) -> None:
        self.says = dict(says)
        await self._report()
        await self._work()

    async def _report(self) -> None:
        if not self.reports:
            return
        low = (self.says[4] & 0x0C) >> 2
        end = (self.says[2] & 0x20 and 0x0C) or 0
        first = 0x10 | (self.says[1] & 0x08) | ((self.says[2] & 0x04) << 3)
        second = (self.says[3] & 0x08) | (self.says[3] & 0x20) | (self.says[3] & 0x40)
        report = bytes([first, second, low | end, 0x0F])
        await self._say(report[1:] if self.tear_reports else report)

    async def _say(self, data: bytes) -> None:
        if not self.mute and self.far is not None:
            await self.far.write(data)


def turns(says: dict[int, int]) -> Callable[[Paper], None]:
    def turn(paper: Paper) -> None:
        paper.says = dict(says)

    return turn


def goes_mute(paper: Paper) -> None:
    paper.mute = True


def goes_deaf(paper: Paper) -> None:
    paper.deaf_to_queue = True


Test = Callable[[EscPosPrinter, MemoryLine], Coroutine[Any, Any, None]]


def on(paper: Paper, test: Test, **settings: Any) -> None:
    async def main() -> None:
        async with played(paper) as line:
            await test(EscPosPrinter(line, EscPosSettings(port="here", **settings)), line)

    run_virtual(main())


def report(paper: Paper, **settings: Any) -> PrintReport:
    reports: list[PrintReport] = []

    async def test(printer: EscPosPrinter, _line: MemoryLine) -> None:
        reports.append(await printer.print(JOB))

    on(paper, test, **settings)
    return reports[0]


PRINTED = PrintReport(PrintResult.PRINTED)


@pytest.mark.parametrize("settings", [{}, {"change_reports": "off"}, {"chunk_bytes": 16}])
def test_a_job_is_printed_when_the_printer_has_worked_it_off(settings: dict[str, Any]) -> None:
    paper = Paper()
    assert report(paper, **settings) == PRINTED
    assert paper.printed == JOB
    asked_behind = paper.log.index("1d7201")
    assert paper.log[:4] == ["100401", "100402", "100403", "100404"]
    assert paper.log[asked_behind + 1 :] == ["100401", "100402", "100403", "100404"]


def test_nothing_is_asked_amid_a_jobs_bytes() -> None:
    paper = Paper()
    assert report(paper, chunk_bytes=16) == PRINTED
    before_job = paper.log.index("1d61ff")
    assert paper.log[before_job + 1] == "1d7201"


def test_two_jobs_switch_reports_on_once() -> None:
    paper = Paper()

    async def test(printer: EscPosPrinter, _line: MemoryLine) -> None:
        assert await printer.print(JOB) == await printer.print(JOB) == PRINTED
        assert paper.log.count("1d61ff") == 1
        assert paper.printed == JOB + JOB

    on(paper, test)


@pytest.mark.parametrize(
    ("says", "code"),
    [(PAPER_OUT, "paperOut"), (COVER, "coverOpen"), (BROKEN, "unrecoverable"), ({**FINE, 1: 0x1A}, "offline")],
)
def test_a_printer_that_cannot_print_is_sent_nothing(says: dict[int, int], code: str) -> None:
    paper = Paper()
    paper.says = dict(says)
    assert report(paper) == PrintReport(PrintResult.NOT_PRINTED, code)
    assert paper.printed == b""


def test_a_cutter_error_before_a_job_is_recovered_from() -> None:
    paper = Paper()
    paper.says = dict(CUTTER)
    assert report(paper) == PRINTED
    assert "100502" in paper.log


def test_a_cutter_error_that_stays_is_told() -> None:
    paper = Paper()
    paper.says = dict(CUTTER)
    paper.mend_on_clear = False
    assert report(paper) == PrintReport(PrintResult.NOT_PRINTED, "cutterError")


def test_silence_before_a_job_is_a_printer_without_power_and_never_paper_out() -> None:
    paper = Paper()
    paper.mute = True

    async def test(printer: EscPosPrinter, _line: MemoryLine) -> None:
        assert await printer.print(JOB) == PrintReport(PrintResult.NOT_PRINTED, "powerOff")
        status = await printer.status()
        assert (status.health.state, status.paper) == (DeviceState.POWER_OFF, Supply.UNKNOWN)
        assert (await printer.health()).detail == "silent"

    on(paper, test)


@pytest.mark.parametrize("settings", [{}, {"change_reports": "off"}])
@pytest.mark.parametrize("place", ["at_700", f"at_{len(JOB)}"])
def test_paper_that_ends_mid_job_is_not_printed_and_the_rest_never_comes_out(
    place: str, settings: dict[str, Any]
) -> None:
    paper = Paper(**{place: turns(PAPER_OUT)})
    paper.mend_on_clear = False

    async def test(printer: EscPosPrinter, _line: MemoryLine) -> None:
        assert await printer.print(JOB) == PrintReport(PrintResult.NOT_PRINTED, "paperOut")
        assert (await printer.status()).paper is Supply.OUT
        so_far = paper.printed
        await paper.become(FINE)
        assert paper.printed == so_far
        assert await printer.print(JOB) == PRINTED

    on(paper, test, **settings)


def test_a_cover_closed_again_lets_the_job_go_on() -> None:
    paper = Paper(at_900=turns(COVER))

    async def test(printer: EscPosPrinter, _line: MemoryLine) -> None:
        printing = asyncio.get_running_loop().create_task(printer.print(JOB))
        await asyncio.sleep(3)
        assert (await printer.status()).health.code == "coverOpen"
        await paper.become(FINE)
        assert await printing == PRINTED
        assert paper.printed == JOB

    on(paper, test)


def test_a_cover_left_open_is_told_when_time_is_up() -> None:
    assert report(Paper(at_900=turns(COVER)), job_seconds=5) == PrintReport(PrintResult.NOT_PRINTED, "coverOpen")


def test_a_cutter_that_fails_mid_job_is_resumed_once() -> None:
    paper = Paper(at_2604=turns(CUTTER))
    assert report(paper) == PRINTED
    assert paper.log.count("100501") == 1


def test_a_cutter_that_stays_stuck_is_told() -> None:
    paper = Paper(at_2604=turns(CUTTER))
    paper.mend_on_resume = False
    assert report(paper, change_reports="off") == PrintReport(PrintResult.NOT_PRINTED, "cutterError")
    assert paper.log.count("100501") == 1


def test_silence_after_bytes_went_out_is_unknown() -> None:
    assert report(Paper(at_900=goes_mute)) == PrintReport(PrintResult.UNKNOWN, "powerOff")
    assert report(Paper(confirmed=goes_mute)) == PrintReport(PrintResult.UNKNOWN, "powerOff")


def test_a_printer_that_never_confirms_is_unknown() -> None:
    assert report(Paper(at_900=goes_deaf), job_seconds=5) == PrintReport(PrintResult.UNKNOWN, "powerOff")


def test_a_fault_right_behind_the_job_puts_it_in_question_and_an_open_cover_does_not() -> None:
    assert report(Paper(confirmed=turns(BROKEN))) == PrintReport(PrintResult.UNKNOWN, "unrecoverable")
    assert report(Paper(confirmed=turns(COVER))) == PRINTED


def test_the_tail_of_a_torn_report_is_not_taken_for_the_printers_word() -> None:
    def cover_and_torn(paper: Paper) -> None:
        paper.tear_reports = True
        paper.says = dict(COVER)

    assert report(Paper(queued=cover_and_torn), job_seconds=6) == PrintReport(PrintResult.NOT_PRINTED, "coverOpen")


@pytest.mark.parametrize("doubled", [1, 1000])
def test_an_answer_given_twice_counts_as_one(doubled: int) -> None:
    paper = Paper()
    paper.doubled = doubled
    assert report(paper) == PRINTED


def test_two_answers_that_differ_count_as_none() -> None:
    class Contradicts(Paper):
        async def _say(self, data: bytes) -> None:
            await super()._say(data + b"\x16" if data == b"\x12" else data)

    assert report(Contradicts()) == PrintReport(PrintResult.NOT_PRINTED, "powerOff")


def test_a_line_that_never_falls_quiet_is_no_printer() -> None:
    class Babbles(Paper):
        async def __call__(self, far: Transport) -> None:
            while True:
                await far.write(b"\x12\x16")
                await asyncio.sleep(0.05)

    assert report(Babbles()) == PrintReport(PrintResult.NOT_PRINTED, "powerOff")


def test_doubled_answers_behind_a_job_do_not_pass_for_its_end() -> None:
    def stutters(paper: Paper) -> None:
        paper.deaf_to_queue = True
        paper.doubled = 1000

    assert report(Paper(at_900=stutters), job_seconds=8).result is PrintResult.UNKNOWN


@pytest.mark.parametrize(("place", "result"), [("at_1", PrintResult.UNKNOWN), ("at_900", PrintResult.UNKNOWN)])
def test_a_cable_pulled_mid_job_is_unknown_and_the_next_job_works(place: str, result: PrintResult) -> None:
    lines: list[MemoryLine] = []

    def pull(_paper: Paper) -> None:
        lines[0].unplug()

    async def test(printer: EscPosPrinter, line: MemoryLine) -> None:
        lines.append(line)
        assert (await printer.print(JOB)).result is result
        assert await printer.print(JOB) == PrintReport(PrintResult.NOT_PRINTED, "powerOff")
        line.plug()
        assert (await printer.health()).state is DeviceState.ONLINE
        assert await printer.print(JOB) == PRINTED
        await printer.close()

    on(Paper(**{place: pull}), test)


def test_a_printer_that_falls_silent_while_its_job_is_cleared_still_tells_why_it_stopped() -> None:
    paper = Paper(at_900=turns(PAPER_OUT), clear=goes_mute)
    paper.mend_on_clear = False
    assert report(paper) == PrintReport(PrintResult.NOT_PRINTED, "paperOut")


def test_a_printer_that_takes_no_more_bytes_is_unknown_and_nobody_hangs() -> None:
    class Full:
        """Takes nothing: writing waits for ever."""

        def __init__(self, inner: Transport) -> None:
            self._inner = inner

        async def read(self, most: int) -> bytes:
            return await self._inner.read(most)

        async def write(self, data: bytes) -> None:
            if len(data) > 100:
                await asyncio.get_running_loop().create_future()
            await self._inner.write(data)

        def drop_input(self) -> int:
            return self._inner.drop_input()

        async def close(self) -> None:
            await self._inner.close()

    class FullLine:
        name = "full"

        def __init__(self, inner: MemoryLine) -> None:
            self._inner = inner

        async def open(self) -> Transport:
            return Full(await self._inner.open())

    async def main() -> None:
        async with played(Paper()) as line:
            printer = EscPosPrinter(FullLine(line), EscPosSettings(port="here"))
            assert await printer.print(JOB) == PrintReport(PrintResult.UNKNOWN, "powerOff")

    run_virtual(main())


def test_status_while_printing_is_what_was_last_heard() -> None:
    async def test(printer: EscPosPrinter, _line: MemoryLine) -> None:
        printing = asyncio.get_running_loop().create_task(printer.print(JOB))
        await asyncio.sleep(0)
        assert (await printer.status()).health.state is DeviceState.STARTING
        assert await printing == PRINTED

    on(Paper(), test)


def test_over_a_real_pty_a_job_is_printed_and_a_pulled_cable_is_told(tmp_path: Path) -> None:
    async def main() -> None:
        async with asyncio.timeout(20):
            paper = Paper()
            printer = EscPosPrinter(SerialLine(str(tmp_path / "port"), 115200), EscPosSettings(port="x"))
            async with pty_played(tmp_path / "port", paper):
                assert await printer.print(JOB) == PRINTED
                assert paper.printed == JOB
            assert (await printer.health()).state is DeviceState.POWER_OFF
            pty = Pty(tmp_path / "port")
            printing = asyncio.get_running_loop().create_task(printer.print(JOB))
            for n in (1, 2, 3, 4):
                assert (await read_exactly(pty.far, 3))[2] == n
                await pty.far.write(b"\x12")
            await read_exactly(pty.far, 600)
            pty.unplug()
            assert (await printing).result is PrintResult.UNKNOWN
            await printer.close()

    asyncio.run(main())


class _Socket:
    """A connection as the printer has it; a Transport."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, most: int) -> bytes:
        data = await self._reader.read(most)
        if not data:
            raise TransportLost("the terminal hung up")
        return data

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def drop_input(self) -> int:
        return 0

    async def close(self) -> None:
        self._writer.transport.abort()


def test_over_the_network_a_job_is_printed_and_a_lost_line_is_told() -> None:
    async def main() -> None:
        papers: list[Paper] = []
        sockets: list[_Socket] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            papers.append(Paper())
            sockets.append(_Socket(reader, writer))
            with suppress(TransportLost, ConnectionError):
                await papers[-1](sockets[-1])
            writer.transport.abort()
            served.put_nowait(len(papers))

        served: asyncio.Queue[int] = asyncio.Queue()
        async with asyncio.timeout(20):
            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            printer = EscPosPrinter(line_at(f"tcp://127.0.0.1:{port}", 0), EscPosSettings(port="x"))
            assert await printer.print(JOB) == PRINTED
            assert papers[0].printed == JOB
            server.close()
            await sockets[0].close()
            _ = await served.get()
            assert (await printer.health()).state is DeviceState.POWER_OFF
            server = await asyncio.start_server(serve, "127.0.0.1", port)
            assert await printer.print(JOB) == PRINTED
            assert papers[1].printed == JOB
            await printer.close()
            _ = await served.get()
            server.close()

    asyncio.run(main())
