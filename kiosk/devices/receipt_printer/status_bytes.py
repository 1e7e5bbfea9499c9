"""What an ESC/POS printer says of itself: status bytes in, values out, no I/O (ESC/POS DLE EOT, GS a, GS r).

Answers are single bytes without a name. Fixed bits tell the families apart: real-time status has bits 1 and 4 set and
0 and 7 clear; automatic status begins with a byte that has only bit 4 of those set and goes on with three that have 4
and 7 clear; a transmitted status (GS r) has 4 and 7 clear; XON and XOFF have bits 0 and 4 set.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from kiosk.devices.words import DeviceState, Health, Supply

PAPER_OUT = "paperOut"
COVER_OPEN = "coverOpen"
CUTTER_ERROR = "cutterError"
OVERHEATED = "overheated"
UNRECOVERABLE = "unrecoverable"
OFFLINE = "offline"
POWER_OFF = "powerOff"


class RealTime(enum.IntEnum):
    """The `n` of DLE EOT n."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


def status_request(which: RealTime) -> bytes:
    """DLE EOT n: answered at once, even offline."""
    return bytes([0x10, 0x04, which])


RESUME_AFTER_ERROR = b"\x10\x05\x01"
"""DLE ENQ 1: recover and print on from the line that failed."""
CLEAR_AFTER_ERROR = b"\x10\x05\x02"
"""DLE ENQ 2: recover and forget everything not yet printed."""
REPORT_CHANGES = b"\x1d\x61\xff"
"""GS a: report every change by itself."""
ASK_BEHIND_JOB = b"\x1d\x72\x01"
"""GS r 1: queued behind what was sent before, so its answer says that all of that has been worked off."""

FILLER = b"\x00"
"""Means nothing outside a command; inside one that was broken off it is data, until the command is whole."""
BEGIN_CLEAN = b"\x1b\x40\n\x1d\x56\x42\x00"
"""ESC @, a line end, GS V 66: modes reset, what stands on the paper fed past the knife and cut off."""


@dataclass(frozen=True, slots=True)
class RealTimeByte:
    """An answer to DLE EOT; which one must be known from the question."""

    value: int


@dataclass(frozen=True, slots=True)
class QueuedByte:
    """An answer to GS r 1."""

    value: int


@dataclass(frozen=True, slots=True)
class Condition:
    """Everything a printer can say is wrong, from one sweep of DLE EOT 1-4 or one automatic status."""

    offline: bool = False
    cover_open: bool = False
    paper_out: bool = False
    paper_low: bool = False
    cutter_error: bool = False
    unrecoverable: bool = False
    overheated: bool = False

    @property
    def code(self) -> str:
        """The first reason why it cannot print, or ""; what a person must mend comes before what passes."""
        reasons = (
            (self.unrecoverable, UNRECOVERABLE),
            (self.cutter_error, CUTTER_ERROR),
            (self.cover_open, COVER_OPEN),
            (self.paper_out, PAPER_OUT),
            (self.overheated, OVERHEATED),
            (self.offline, OFFLINE),
        )
        return next((code for holds, code in reasons if holds), "")

    @property
    def paper(self) -> Supply:
        """Out implies low."""
        if self.paper_out:
            return Supply.OUT
        return Supply.LOW if self.paper_low else Supply.FULL

    @property
    def health(self) -> Health:
        """In XFS words. Paper and supplies leave the device online; their code says that it cannot print."""
        match self.code:
            case "":
                return Health(DeviceState.ONLINE, "", "paper low" if self.paper_low else "")
            case code if code in (CUTTER_ERROR, UNRECOVERABLE):
                return Health(DeviceState.HARDWARE_ERROR, code)
            case code if code == COVER_OPEN:
                return Health(DeviceState.USER_ERROR, code)
            case code if code == OFFLINE:
                return Health(DeviceState.OFFLINE, code)
            case code:
                return Health(DeviceState.ONLINE, code)


def condition(printer: int, offline_cause: int, error_cause: int, paper: int) -> Condition:
    """The four bytes of one sweep, in the order of RealTime."""
    cover = bool(offline_cause & 0x04)
    return Condition(
        offline=bool(printer & 0x08),
        cover_open=cover,
        paper_out=bool(offline_cause & 0x20) or bool(paper & 0x60),
        paper_low=bool(paper & 0x0C),
        cutter_error=bool(error_cause & 0x08),
        unrecoverable=bool(error_cause & 0x20),
        # The same bit says "head hot" and "cover": an open cover explains it.
        overheated=bool(error_cause & 0x40) and not cover,
    )


def automatic_condition(status: bytes) -> Condition:
    """The four bytes of an automatic status (GS a)."""
    first, second, third = status[0], status[1], status[2]
    cover = bool(first & 0x20)
    return Condition(
        offline=bool(first & 0x08),
        cover_open=cover,
        paper_out=bool(third & 0x0C),
        paper_low=bool(third & 0x03),
        cutter_error=bool(second & 0x08),
        unrecoverable=bool(second & 0x20),
        overheated=bool(second & 0x40) and not cover,
    )


StatusEvent = RealTimeByte | QueuedByte | Condition


class Decoder:
    """Collects bytes and yields status events; a torn automatic status and flow-control bytes are dropped."""

    def __init__(self) -> None:
        self._automatic = bytearray()

    def feed(self, data: bytes) -> tuple[StatusEvent, ...]:
        """Events completed by these bytes, in order."""
        found: list[StatusEvent] = []
        for byte in data:
            event = self._next(byte)
            if event is not None:
                found.append(event)
        return tuple(found)

    def _next(self, byte: int) -> StatusEvent | None:
        if byte & 0x93 == 0x10:
            self._automatic = bytearray([byte])
            return None
        if byte & 0x93 == 0x12:
            # Real-time answers overtake: one may fall between the bytes of an automatic status.
            return RealTimeByte(byte)
        if byte & 0x90:
            return None
        if not self._automatic:
            return QueuedByte(byte)
        self._automatic.append(byte)
        if len(self._automatic) < 4:
            return None
        status, self._automatic = bytes(self._automatic), bytearray()
        return automatic_condition(status)
