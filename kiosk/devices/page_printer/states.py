"""What printers and jobs say of themselves, in XFS words (RFC 8011 sections 5.3.7, 5.3.8, 5.4.11, 5.4.12)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeVar

from kiosk.devices.page_printer.contract import PagePrinterStatus
from kiosk.devices.page_printer.messages import Attributes
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult
from kiosk.devices.words import DeviceState, Health, Supply

PAPER_OUT = "paperOut"
PAPER_JAMMED = "paperJammed"
TONER_OUT = "tonerOut"
COVER_OPEN = "coverOpen"
OUTPUT_FULL = "stackerFull"
POWER_OFF = "powerOff"
OFFLINE = "offline"

_M = TypeVar("_M", bound=enum.IntEnum)


class JobState(enum.IntEnum):
    """job-state."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class PrinterState(enum.IntEnum):
    """printer-state."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class Severity(enum.Enum):
    """The suffix of a reason; without one it is an error."""

    REPORT = "report"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Reason:
    """One keyword of printer-state-reasons, cut from its severity."""

    keyword: str
    severity: Severity


_CODES: dict[str, str] = {
    "media-jam": PAPER_JAMMED,
    "cover-open": COVER_OPEN,
    "door-open": COVER_OPEN,
    "interlock-open": COVER_OPEN,
    "input-tray-missing": PAPER_OUT,
    "media-empty": PAPER_OUT,
    "media-needed": PAPER_OUT,
    "toner-empty": TONER_OUT,
    "marker-supply-empty": TONER_OUT,
    "output-area-full": OUTPUT_FULL,
    "output-tray-missing": OUTPUT_FULL,
    "fuser-over-temp": "overheated",
    "paused": OFFLINE,
    "moving-to-paused": OFFLINE,
    "shutdown": POWER_OFF,
    "timed-out": POWER_OFF,
    "connecting-to-device": OFFLINE,
}
"""Reasons that keep paper from coming out, in the order of what a person should mend first."""

_PEOPLE_CAN_MEND = frozenset({COVER_OPEN, OUTPUT_FULL})


@dataclass(frozen=True, slots=True)
class PrinterView:
    """What Get-Printer-Attributes says, as far as this terminal cares."""

    state: PrinterState | None
    reasons: tuple[Reason, ...]
    accepting: bool
    operations: frozenset[int]
    levels: tuple[int, ...] = ()
    """marker-levels: percent of each cartridge; below 0 it is not known (CUPS Implementation of IPP)."""

    @property
    def code(self) -> str:
        """Why nothing can be printed, or ""."""
        standing = self.state is PrinterState.STOPPED
        blocking = {reason.keyword for reason in self.reasons if standing or reason.severity is Severity.ERROR}
        for keyword, code in _CODES.items():
            if keyword in blocking:
                return code
        return OFFLINE if standing or not self.accepting else ""

    @property
    def status(self) -> PagePrinterStatus:
        """In XFS words."""
        return PagePrinterStatus(self._health(), self._paper(), self._toner(), self._percent())

    def _health(self) -> Health:
        detail = ", ".join(f"{reason.keyword}-{reason.severity.value}" for reason in self.reasons)
        code = self.code
        if self.state is None:
            return Health(DeviceState.HARDWARE_ERROR, code, "no printer-state")
        if code == PAPER_JAMMED:
            return Health(DeviceState.HARDWARE_ERROR, code, detail)
        if code in _PEOPLE_CAN_MEND:
            return Health(DeviceState.USER_ERROR, code, detail)
        if code == POWER_OFF:
            return Health(DeviceState.POWER_OFF, code, detail)
        if code == OFFLINE:
            return Health(DeviceState.OFFLINE, code, detail)
        busy = self.state is PrinterState.PROCESSING and not code
        return Health(DeviceState.BUSY if busy else DeviceState.ONLINE, code, detail)

    def _percent(self) -> int | None:
        return min((level for level in self.levels if 0 <= level <= 100), default=None)

    def _paper(self) -> Supply:
        keywords = {reason.keyword for reason in self.reasons}
        if self.code == PAPER_JAMMED:
            return Supply.JAMMED
        if self.code == PAPER_OUT:
            return Supply.OUT
        # A tray that is empty without stopping the printer means that another one still feeds.
        return Supply.LOW if keywords & {"media-low", "media-empty", "media-needed"} else Supply.FULL

    def _toner(self) -> Supply:
        keywords = {reason.keyword for reason in self.reasons}
        if self.code == TONER_OUT:
            return Supply.OUT
        low = {"toner-low", "marker-supply-low", "toner-empty", "marker-supply-empty"}
        return Supply.LOW if keywords & low else Supply.FULL


def reason(word: str) -> Reason:
    """Cut a reason's severity off."""
    keyword, _, suffix = word.rpartition("-")
    try:
        return Reason(keyword, Severity(suffix))
    except ValueError:
        return Reason(word, Severity.ERROR)


def printer_view(attributes: Attributes) -> PrinterView:
    """Read a printer's attributes; whatever is missing or odd counts as unknown."""
    words = _strings(attributes, "printer-state-reasons")
    accepting = attributes.get("printer-is-accepting-jobs", (True,))[0]
    operations = frozenset(code for code in attributes.get("operations-supported", ()) if isinstance(code, int))
    return PrinterView(
        state=_member(PrinterState, _first(attributes, "printer-state")),
        reasons=tuple(reason(word) for word in words if word != "none"),
        accepting=accepting is not False,
        operations=operations,
        levels=tuple(
            n for n in attributes.get("marker-levels", ()) if isinstance(n, int) and not isinstance(n, bool)
        ),
    )


@dataclass(frozen=True, slots=True)
class JobView:
    """What a printer says of one job."""

    job_id: int
    name: str
    state: JobState | None
    reasons: tuple[str, ...]

    @property
    def ended(self) -> bool:
        """Canceled, aborted and completed are final."""
        return self.state in (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)

    def report(self, code: str) -> PrintReport:
        """How an ended job ended; `code` is the printer's own reason at that time, or ""."""
        if self.state is JobState.CANCELED or self.state is JobState.ABORTED:
            return PrintReport(PrintResult.NOT_PRINTED, code or self.state.name.lower())
        if self.state is not JobState.COMPLETED or "job-completed-with-errors" in self.reasons:
            return PrintReport(PrintResult.UNKNOWN, code)
        return PrintReport(PrintResult.PRINTED)


def job_view(attributes: Attributes) -> JobView | None:
    """Read a job's attributes; None without a job-id."""
    job_id = _first(attributes, "job-id")
    if not isinstance(job_id, int):
        return None
    name = _first(attributes, "job-name")
    return JobView(
        job_id=job_id,
        name=name if isinstance(name, str) else "",
        state=_member(JobState, _first(attributes, "job-state")),
        reasons=_strings(attributes, "job-state-reasons"),
    )


def _member(kind: type[_M], value: object) -> _M | None:
    try:
        return kind(value) if isinstance(value, int) else None
    except ValueError:
        return None


def _first(attributes: Attributes, name: str) -> object:
    values = attributes.get(name, ())
    return values[0] if values else None


def _strings(attributes: Attributes, name: str) -> tuple[str, ...]:
    return tuple(value for value in attributes.get(name, ()) if isinstance(value, str))
