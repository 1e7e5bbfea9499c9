"""The conversation with a page printer: sent once, followed to its end, cancelled when time is up."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from kiosk.devices.page_printer.ipp import IppPrinter, IppSettings
from kiosk.devices.page_printer.posting import IppPost, PostFailed
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Supply
from tests.devices.farends import FixedClock
from tests.devices.ipp_bytes import BOOLEAN, ENUM, INTEGER, KEYWORD, NAME, answer, asked, attribute
from tests.devices.virtual import run_virtual

T = TypeVar("T")

PRINT, CREATE, SEND, CANCEL, LOOK, LIST, PRINTER = 0x02, 0x05, 0x06, 0x08, 0x09, 0x0A, 0x0B
PENDING, PROCESSING, STOPPED_JOB, CANCELED, ABORTED, COMPLETED = 3, 5, 6, 7, 8, 9
IDLE, BUSY, STOPPED = 3, 4, 5

PDF = b"%PDF-1.7 a page"
PRINTED = PrintReport(PrintResult.PRINTED)


@dataclass
class Job:
    job_id: int
    name: str
    states: list[int]
    """What each look at it finds; the last stays."""
    reasons: tuple[str, ...] = ("none",)
    document: bytes = b""

    def group(self, state: int) -> bytes:
        return (
            b"\x02"
            + attribute(INTEGER, "job-id", self.job_id)
            + attribute(NAME, "job-name", self.name)
            + attribute(ENUM, "job-state", state)
            + attribute(KEYWORD, "job-state-reasons", *self.reasons)
        )


@dataclass
class Printer:
    """A printer in memory: its post either answers or fails as the test's table says."""

    operations: tuple[int, ...] = (PRINT, CREATE, SEND, CANCEL, LOOK, LIST, PRINTER)
    state: int = IDLE
    reasons: tuple[str, ...] = ("none",)
    levels: tuple[int, ...] = ()
    accepting: bool = True
    job_states: tuple[int, ...] = (PENDING, PROCESSING, COMPLETED)
    cancel_leads_to: int | None = CANCELED
    jobs: list[Job] = field(default_factory=list[Job])
    log: list[int] = field(default_factory=list[int])
    fails: dict[int, list[Callable[[bytes], bytes] | None]] = field(default_factory=dict[int, Any])
    """By operation, in turn: what happens instead of an answer (None: answered as usual)."""
    acts_before_failing: bool = True

    def __call__(self, order: IppPost) -> bytes:
        operation, wishes, document = asked(order.body)
        turn = self.log.count(operation)
        self.log.append(operation)
        failures = self.fails.get(operation, [])
        failure = failures[turn] if turn < len(failures) else None
        if failure is not None and not self.acts_before_failing:
            return failure(order.body)
        answered = self._answer(operation, wishes, document, order.body)
        return answered if failure is None else failure(answered)

    def _answer(self, operation: int, wishes: dict[str, list[bytes]], document: bytes, body: bytes) -> bytes:
        if operation == PRINTER:
            group = (
                b"\x04"
                + attribute(ENUM, "printer-state", self.state)
                + attribute(KEYWORD, "printer-state-reasons", *self.reasons)
                + attribute(BOOLEAN, "printer-is-accepting-jobs", self.accepting)
                + attribute(ENUM, "operations-supported", *self.operations)
                + (attribute(INTEGER, "marker-levels", *self.levels) if self.levels else b"")
            )
            return answer(body, group)
        if operation in (PRINT, CREATE):
            job = Job(len(self.jobs) + 1, wishes["job-name"][0].decode(), list(self.job_states), document=document)
            self.jobs.append(job)
            return answer(body, job.group(PENDING))
        if operation == LIST:
            ended = wishes["which-jobs"] == [b"completed"]
            jobs = [job for job in self.jobs if (job.states[0] >= CANCELED) == ended]
            return answer(body, *(job.group(job.states[0]) for job in jobs))
        job = self.jobs[int.from_bytes(wishes["job-id"][0], "big") - 1]
        if operation == SEND:
            job.document = document
        elif operation == CANCEL:
            if self.cancel_leads_to is None:
                return answer(body, status=0x0404)
            job.states = [self.cancel_leads_to]
        state = job.states.pop(0) if len(job.states) > 1 else job.states[0]
        return answer(body, job.group(state))


def lost(sent: bool) -> Callable[[bytes], bytes]:
    def fail(_answered: bytes) -> bytes:
        raise PostFailed("ConnectionError", sent=sent)

    return fail


def garbage(_answered: bytes) -> bytes:
    return b"<html>no</html>"


def other_id(answered: bytes) -> bytes:
    return answered[:4] + b"\x7f\xff\xff\xff" + answered[8:]


def refusal(status: int) -> Callable[[bytes], bytes]:
    def refuse(answered: bytes) -> bytes:
        return answer(answered, status=status)

    return refuse


class Inline:
    closed = False

    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        self.closed = True


def driver(printer: Printer) -> IppPrinter:
    return IppPrinter(IppSettings(uri="ipp://printer/ipp/print"), printer, Inline(), FixedClock())


def printing(printer: Printer, *, seconds: float = 30, name: str = "case/decision/1") -> PrintReport:
    return run_virtual(driver(printer).print(PDF, job_name=name, seconds=seconds))


def test_a_job_is_created_sent_and_followed_to_its_end() -> None:
    printer = Printer()
    assert printing(printer) == PRINTED
    assert [op for op in printer.log if op in (PRINT, CREATE, SEND)] == [CREATE, SEND]
    assert (printer.jobs[0].document, printer.jobs[0].name) == (PDF, "case/decision/1")


def test_a_simple_printer_gets_it_in_one_request() -> None:
    printer = Printer(operations=(PRINT, CANCEL, LOOK, LIST, PRINTER))
    assert printing(printer) == PRINTED
    assert printer.jobs[0].document == PDF


def test_a_job_of_that_name_is_followed_and_never_sent_again() -> None:
    for states, report in (
        ([PROCESSING, COMPLETED], PRINTED),
        ([COMPLETED], PRINTED),
        ([ABORTED], PrintReport(PrintResult.NOT_PRINTED, "aborted")),
    ):
        printer = Printer(jobs=[Job(1, "case/decision/1", states), Job(2, "another", [COMPLETED])])
        assert printing(printer) == report
        assert not {PRINT, CREATE} & set(printer.log)


@pytest.mark.parametrize(
    ("state", "reasons", "code"),
    [
        (STOPPED, ("media-empty-error",), "paperOut"),
        (STOPPED, ("media-needed",), "paperOut"),
        (IDLE, ("media-jam",), "paperJammed"),
        (STOPPED, ("media-empty-warning", "media-jam-error"), "paperJammed"),
        (IDLE, ("cover-open-error",), "coverOpen"),
        (STOPPED, ("toner-empty-error",), "tonerOut"),
        (STOPPED, ("none",), "offline"),
        (STOPPED, ("paused",), "offline"),
    ],
)
def test_a_printer_that_cannot_print_is_sent_nothing(state: int, reasons: tuple[str, ...], code: str) -> None:
    printer = Printer(state=state, reasons=reasons)
    assert printing(printer) == PrintReport(PrintResult.NOT_PRINTED, code)
    assert printer.jobs == []


def test_a_printer_that_accepts_no_jobs_is_sent_nothing() -> None:
    assert printing(Printer(accepting=False)) == PrintReport(PrintResult.NOT_PRINTED, "offline")


def test_a_warning_does_not_keep_it_from_printing() -> None:
    assert printing(Printer(reasons=("toner-low-warning", "media-low-report"))) == PRINTED


def test_a_printer_that_is_not_there_is_sent_nothing() -> None:
    printer = Printer(fails={PRINTER: [lost(sent=False)]}, acts_before_failing=False)
    assert printing(printer) == PrintReport(PrintResult.NOT_PRINTED, "powerOff")


def test_a_job_that_stands_still_is_cancelled_when_time_is_up_and_says_why() -> None:
    printer = Printer(job_states=(PROCESSING,))
    task_reasons = iter([("none",), ("media-empty-error",)])

    class RunsOut(Printer):
        def __call__(self, order: IppPost) -> bytes:
            if asked(order.body)[0] == PRINTER:
                self.reasons = next(task_reasons, ("media-empty-error",))
                self.state = IDLE if self.reasons == ("none",) else STOPPED
            return super().__call__(order)

    printer = RunsOut(job_states=(PROCESSING,))
    assert printing(printer, seconds=5) == PrintReport(PrintResult.NOT_PRINTED, "paperOut")
    assert printer.log.count(CANCEL) == 1
    assert printer.log.count(CREATE) == 1


def test_a_job_that_ends_while_it_is_cancelled_is_printed() -> None:
    printer = Printer(job_states=(PROCESSING,), cancel_leads_to=COMPLETED)
    assert printing(printer, seconds=5) == PRINTED


def test_a_job_that_cannot_be_cancelled_is_unknown() -> None:
    printer = Printer(job_states=(PROCESSING,), cancel_leads_to=None)
    assert printing(printer, seconds=5).result is PrintResult.UNKNOWN


def test_a_job_aborted_or_canceled_at_the_printer_is_not_printed() -> None:
    assert printing(Printer(job_states=(PROCESSING, ABORTED))) == PrintReport(PrintResult.NOT_PRINTED, "aborted")
    assert printing(Printer(job_states=(CANCELED,))) == PrintReport(PrintResult.NOT_PRINTED, "canceled")


def test_a_job_completed_with_errors_is_unknown() -> None:
    printer = Printer(jobs=[Job(1, "case/decision/1", [COMPLETED], ("job-completed-with-errors",))])
    assert printing(printer).result is PrintResult.UNKNOWN


@pytest.mark.parametrize("failure", [lost(sent=True), garbage, other_id])
@pytest.mark.parametrize("operations", [(PRINT,), (PRINT, CREATE, SEND)])
def test_a_lost_answer_to_sending_finds_the_job_by_its_name(
    failure: Callable[[bytes], bytes], operations: tuple[int, ...]
) -> None:
    printer = Printer(operations=operations, fails={PRINT: [failure], CREATE: [failure], SEND: [failure]})
    if operations == (PRINT,):
        assert printing(printer) == PRINTED
    else:
        # The job was created, its document never came, so its time runs out and it is cancelled.
        printer.job_states = (PENDING,)
        assert printing(printer, seconds=5).result is PrintResult.NOT_PRINTED
    assert len(printer.jobs) == 1


def test_a_lost_answer_to_the_document_is_followed_by_the_jobs_id() -> None:
    printer = Printer(fails={SEND: [lost(sent=True)]})
    assert printing(printer) == PRINTED


def test_a_lost_answer_without_a_job_is_unknown_and_not_sent_again() -> None:
    printer = Printer(operations=(PRINT,), fails={PRINT: [lost(sent=True)]}, acts_before_failing=False)
    assert printing(printer).result is PrintResult.UNKNOWN
    assert printer.log.count(PRINT) == 1


def test_a_printer_that_vanishes_after_sending_is_unknown() -> None:
    away = [None, None] + [lost(sent=False)] * 10
    printer = Printer(operations=(PRINT,), fails={PRINT: [lost(sent=True)], LIST: away}, acts_before_failing=False)
    assert printing(printer) == PrintReport(PrintResult.UNKNOWN, "powerOff")


def test_a_printer_that_surely_got_nothing_has_printed_nothing() -> None:
    printer = Printer(operations=(PRINT,), fails={PRINT: [lost(sent=False)]}, acts_before_failing=False)
    assert printing(printer) == PrintReport(PrintResult.NOT_PRINTED, "powerOff")


def test_a_refused_job_is_not_printed() -> None:
    printer = Printer(fails={CREATE: [refusal(0x040A)]}, acts_before_failing=False)
    assert printing(printer) == PrintReport(PrintResult.NOT_PRINTED, "refused")


def test_a_refused_document_leaves_an_empty_job_that_is_cancelled() -> None:
    printer = Printer(job_states=(PENDING,), fails={SEND: [refusal(0x040A)]}, acts_before_failing=False)
    assert printing(printer, seconds=5) == PrintReport(PrintResult.NOT_PRINTED, "canceled")


def test_a_printer_silent_for_a_while_is_asked_until_time_is_up() -> None:
    away = [lost(sent=True), garbage, lost(sent=False)]
    assert printing(Printer(fails={LOOK: list(away)}, acts_before_failing=False)) == PRINTED
    gone = Printer(fails={LOOK: [lost(sent=False)] * 100}, acts_before_failing=False)
    assert printing(gone, seconds=5) == PrintReport(PrintResult.UNKNOWN, "powerOff")
    forgetful = Printer(fails={LOOK: [refusal(0x0406)] * 2}, acts_before_failing=False)
    assert printing(forgetful).result is PrintResult.UNKNOWN


def finding(printer: Printer) -> PrintReport | None:
    return run_virtual(driver(printer).find("k"))


def test_recovery_finds_what_became_of_a_job() -> None:
    assert finding(Printer()) is None
    assert finding(Printer(fails={LIST: [refusal(0x0406)] * 2}, acts_before_failing=False)) is None
    assert finding(Printer(jobs=[Job(1, "k", [COMPLETED])])) == PRINTED
    assert finding(Printer(jobs=[Job(1, "k", [PROCESSING, PROCESSING, COMPLETED])])) == PRINTED
    assert finding(Printer(jobs=[Job(1, "k", [ABORTED]), Job(2, "k", [COMPLETED])])) == PRINTED
    stuck = Printer(jobs=[Job(1, "k", [PROCESSING])])
    assert finding(stuck) == PrintReport(PrintResult.UNKNOWN)
    assert CANCEL not in stuck.log


@pytest.mark.parametrize("failure", [lost(sent=False), garbage, refusal(0x0500)])
def test_recovery_cannot_ask_a_printer_that_is_not_there(failure: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DeviceFault) as caught:
        finding(Printer(fails={LIST: [failure]}, acts_before_failing=False))
    assert caught.value.completion is Completion.DEVICE_NOT_READY


def on(printer: Printer, test: Callable[[IppPrinter], Coroutine[Any, Any, None]]) -> None:
    run_virtual(test(driver(printer)))


@pytest.mark.parametrize(("levels", "percent"), [((), None), ((-3,), None), ((80, 7, -1), 7), ((0,), 0)])
def test_the_emptiest_cartridge_is_told_in_percent(levels: tuple[int, ...], percent: int | None) -> None:
    async def go(driver: IppPrinter) -> None:
        assert (await driver.status()).toner_percent == percent

    on(Printer(levels=levels), go)


def test_status_in_words() -> None:
    async def test(page: IppPrinter) -> None:
        for state, reasons, words in (
            (IDLE, ("none",), (DeviceState.ONLINE, "", Supply.FULL, Supply.FULL)),
            (BUSY, ("none",), (DeviceState.BUSY, "", Supply.FULL, Supply.FULL)),
            (IDLE, ("media-low-warning",), (DeviceState.ONLINE, "", Supply.LOW, Supply.FULL)),
            (IDLE, ("media-empty-report",), (DeviceState.ONLINE, "", Supply.LOW, Supply.FULL)),
            (STOPPED, ("media-empty",), (DeviceState.ONLINE, "paperOut", Supply.OUT, Supply.FULL)),
            (STOPPED, ("media-jam-error",), (DeviceState.HARDWARE_ERROR, "paperJammed", Supply.JAMMED, Supply.FULL)),
            (IDLE, ("toner-low",), (DeviceState.ONLINE, "", Supply.FULL, Supply.LOW)),
            (STOPPED, ("toner-empty",), (DeviceState.ONLINE, "tonerOut", Supply.FULL, Supply.OUT)),
            (STOPPED, ("door-open",), (DeviceState.USER_ERROR, "coverOpen", Supply.FULL, Supply.FULL)),
            (STOPPED, ("shutdown",), (DeviceState.POWER_OFF, "powerOff", Supply.FULL, Supply.FULL)),
            (STOPPED, ("other",), (DeviceState.OFFLINE, "offline", Supply.FULL, Supply.FULL)),
            (77, ("none",), (DeviceState.HARDWARE_ERROR, "", Supply.FULL, Supply.FULL)),
        ):
            printer.state, printer.reasons = state, reasons
            status = await page.status()
            assert (status.health.state, status.health.code, status.paper, status.toner) == words

    printer = Printer()
    on(printer, test)


def test_a_silent_printer_has_no_power_and_its_paper_is_unknown() -> None:
    async def test(page: IppPrinter) -> None:
        status = await page.status()
        assert (status.health.state, status.paper, status.toner) == (
            DeviceState.POWER_OFF,
            Supply.UNKNOWN,
            Supply.UNKNOWN,
        )
        assert (await page.health()).state is DeviceState.ONLINE
        await page.close()

    on(Printer(fails={PRINTER: [lost(sent=False)]}, acts_before_failing=False), test)


def test_an_answer_without_a_job_id_is_no_answer() -> None:
    def empty(answered: bytes) -> bytes:
        return answer(answered, b"\x02" + attribute(NAME, "job-name", "x"))

    printer = Printer(operations=(PRINT,), fails={PRINT: [empty]})
    assert printing(printer) == PRINTED
    assert len(printer.jobs) == 1


def test_a_printers_address_must_be_one() -> None:
    for wrong in ("file:///dev/lp0", "ipp://"):
        with pytest.raises(ValueError, match="address"):
            IppSettings(uri=wrong)
