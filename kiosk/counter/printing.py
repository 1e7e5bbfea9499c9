"""打印: printed when the printer says so, never repeated by itself (rule 14)."""

from __future__ import annotations

from datetime import datetime

from kiosk.counter.desk import Desk, PrintedPaper
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult
from kiosk.devices.words import DeviceFault
from kiosk.flows.effects import Certainty, EffectState, NotPrinted, PaperKind, Print, Printed, PrintInDoubt
from kiosk.flows.performing import At, Evidence, Prepared, Recorder, Settled
from kiosk.flows.steps import DeviceClass
from kiosk.screens.states import WorkingPage, WorkTopic


def every_paper_says(desk: Desk, when: datetime) -> dict[str, str]:
    """What every paper carries beside its own values: when it happened, and where."""
    return {
        "when": when.isoformat(timespec="seconds"),
        "terminal": desk.place.terminal,
        "site": desk.place.site,
        "telephone": desk.place.telephone,
    }


async def print_again(desk: Desk, paper: PrintedPaper) -> str:
    """The same paper once more, marked as a reprint; the printer's word for the result.

    The name of the page printer's job tells nothing: nothing personal stays in its queue.
    """
    return await print_freely(desk, paper.kind, {**paper.values, "reprint": "yes"}, paper.language)


async def print_freely(desk: Desk, paper: PaperKind, values: dict[str, str], language: str) -> str:
    """A paper that is no effect, because nothing hangs on whether it came out; the printer's word for the result."""
    try:
        bytes_ = await desk.compute(desk.papers.compose(paper.value, values, language), desk.durations.compose)
        if _is_page(paper):
            name = f"reprint/{desk.ids.nonce()}"
            sending = desk.page_printer.print(bytes_, job_name=name, seconds=desk.durations.page_print)
        else:
            sending = desk.receipt_printer.print(bytes_)
        return (await desk.use_device(sending, desk.durations.page_print + desk.durations.print_margin)).result.value
    except (DeviceFault, OSError, TimeoutError):
        return PrintResult.NOT_PRINTED.value


class PrintDesk:
    """Composes the paper first, so that a broken paper never reaches a printer half."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def prepare(self, step: Print, at: At) -> Prepared:
        del at
        return Prepared({"paper": step.paper.value, "device": step.paper.device.value})

    async def perform(self, step: Print, at: At, before: Evidence, record: Recorder) -> Settled:
        del before
        desk = self._desk
        topic = WorkTopic.PRINTING_PAGE if _is_page(step.paper) else WorkTopic.PRINTING_RECEIPT
        page = desk.pages.conversation(step.phase, at, finishing="finishing-printing")
        page.show(WorkingPage(topic))
        try:
            paper = await desk.compute(
                desk.papers.compose(step.paper.value, self.values(step, at), page.look.language),
                desk.durations.compose,
            )
        except (OSError, TimeoutError):
            return Settled(EffectState.FAILED, NotPrinted("composer"), {"code": "composer"})
        desk.printed.append(PrintedPaper(step.paper, self.values(step, at), page.look.language))
        await record.stage("sending", {"bytes": str(len(paper))}, Certainty.SENSED)
        try:
            report = await desk.use_device(
                self._send(step, at, paper), desk.durations.page_print + desk.durations.print_margin
            )
        except DeviceFault as fault:
            result = PrintResult.UNKNOWN if fault.acted else PrintResult.NOT_PRINTED
            report = PrintReport(result, fault.code or fault.completion.value)
        except TimeoutError:
            report = PrintReport(PrintResult.UNKNOWN, "timeOut")
        return _settled(report)

    async def _send(self, step: Print, at: At, paper: bytes) -> PrintReport:
        desk = self._desk
        if _is_page(step.paper):
            seconds = desk.durations.page_print
            return await desk.page_printer.print(paper, job_name=at.key, seconds=seconds)
        return await desk.receipt_printer.print(paper)

    def values(self, step: Print, at: At) -> dict[str, str]:
        """The flow's values, and what every paper carries."""
        values = {**dict(step.values), **every_paper_says(self._desk, self._desk.clock.now())}
        if step.paper is PaperKind.PAYMENT_RECEIPT:
            values["paid_at"] = values["when"]
        del at
        return values

    async def settle(self, step: Print, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """Before the first byte: surely not printed. After it: the page printer knows its jobs, the roll does not."""
        del before
        if "sending" not in stages:
            return _settled(PrintReport(PrintResult.NOT_PRINTED, "interrupted"))
        desk = self._desk
        if not _is_page(step.paper):
            if at.attempt == 1:
                await self._clear_paper()
            return _settled(PrintReport(PrintResult.UNKNOWN, "interrupted"))
        try:
            found = await desk.use_device(desk.page_printer.find(at.key), desk.durations.page_print)
        except (DeviceFault, TimeoutError):
            found = PrintReport(PrintResult.UNKNOWN, "interrupted")
        return _settled(found or PrintReport(PrintResult.NOT_PRINTED, "interrupted"))

    async def _clear_paper(self) -> None:
        """Half of somebody's slip must not come out on top of the next citizen's."""
        try:
            _ = await self._desk.use_device(self._desk.receipt_printer.clear(), self._desk.durations.page_print)
        except (DeviceFault, TimeoutError):
            return


def _is_page(paper: PaperKind) -> bool:
    return paper.device is DeviceClass.PAGE_PRINTER


def _settled(report: PrintReport) -> Settled:
    match report.result:
        case PrintResult.PRINTED:
            return Settled(EffectState.DONE, Printed(Certainty.SENSED), {"code": report.code})
        case PrintResult.NOT_PRINTED:
            return Settled(EffectState.FAILED, NotPrinted(report.code), {"code": report.code})
        case PrintResult.UNKNOWN:
            return Settled(EffectState.IN_DOUBT, PrintInDoubt(), {"code": report.code})
