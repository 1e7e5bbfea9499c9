"""Commands of the printers."""

from __future__ import annotations

from kiosk.devices.page_printer.contract import PagePrinter
from kiosk.devices.receipt_printer.contract import PrintReport, ReceiptPrinter
from kiosk.devices.shell.words import Answer, Command, Moves, Options, Usage

LONGEST_TEXT = 2_000
_BEGIN, _CHINESE, _CUT = b"\x1b@", b"\x1c&", b"\x1dVB\x00"
"""ESC @ (initialise), FS & (Chinese characters on), GS V 66 0 (feed and cut)."""
_TRIED = "kiosk device: printed as a trial"


def _report_answer(report: PrintReport | None) -> Answer:
    if report is None:
        return {"result": None}
    return {"result": report.result.value, "code": report.code}


def slip(text: str) -> bytes:
    """A slip of plain lines. Raises Usage for what the printer's own characters (GBK) do not hold."""
    if len(text) > LONGEST_TEXT:
        raise Usage(f"--text is too long: at most {LONGEST_TEXT} characters; --file takes a composed job")
    if any(ord(character) < 0x20 and character != "\n" for character in text):
        raise Usage("--text holds a control character: only printable characters and line ends can be printed")
    try:
        lines = text.encode("gbk")
    except UnicodeEncodeError:
        raise Usage("--text holds characters that the printer does not have: --file takes a composed job") from None
    return _BEGIN + _CHINESE + lines + b"\n" + _CUT


async def _print_slip(printer: ReceiptPrinter, options: Options) -> Answer:
    if options.text and options.file:
        raise Usage("either --text or --file, not both")
    return _report_answer(await printer.print(slip(options.text) if options.text else options.content()))


async def _trial_slip(printer: ReceiptPrinter, _options: Options) -> Answer:
    return _report_answer(await printer.print(slip(_TRIED)))


async def _clear(printer: ReceiptPrinter, _options: Options) -> Answer:
    return {"cleared": await printer.clear()}


async def _print_pages(printer: PagePrinter, options: Options) -> Answer:
    report = await printer.print(options.content(), job_name=options.named(), seconds=options.seconds)
    return _report_answer(report)


async def _find(printer: PagePrinter, options: Options) -> Answer:
    return _report_answer(await printer.find(options.named()))


RECEIPT_PRINTER = {
    "print": Command(_print_slip, Moves.YES, person=True),
    "trial": Command(_trial_slip, Moves.YES),
    "clear": Command(_clear, Moves.YES, person=True),
}
PAGE_PRINTER = {"print": Command(_print_pages, Moves.YES, person=True), "find": Command(_find, person=True)}
