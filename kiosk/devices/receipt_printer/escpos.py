"""The conversation with an ESC/POS printer: ask, send, wait until the printer says it is done."""

from __future__ import annotations

import asyncio
import enum
import logging

from pydantic import BaseModel, ConfigDict, Field

from kiosk.devices.link import Link
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult, ReceiptPrinterStatus
from kiosk.devices.receipt_printer.status_bytes import (
    ASK_BEHIND_JOB,
    BEGIN_CLEAN,
    CLEAR_AFTER_ERROR,
    COVER_OPEN,
    CUTTER_ERROR,
    FILLER,
    OFFLINE,
    OVERHEATED,
    PAPER_OUT,
    POWER_OFF,
    REPORT_CHANGES,
    RESUME_AFTER_ERROR,
    Condition,
    Decoder,
    QueuedByte,
    RealTime,
    RealTimeByte,
    StatusEvent,
    condition,
    status_request,
)
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import DeviceState, Health, Supply

log = logging.getLogger(__name__)

STATUS_SECONDS = 1.0
"""One DLE EOT answer."""
MOST_UNASKED = 4
"""Bytes that answer no question, in one sweep: an answer of old and what is left of a torn automatic status."""
QUIET_SECONDS = 0.1
"""After an odd number of answers the line must be quiet so long before the sweep is repeated."""
WRITE_SECONDS = 10.0
"""One chunk; a printer whose buffer stays full that long has stopped."""
LOOK_SECONDS = 0.5
"""How often the printer is looked at while it works off a job."""
SILENT_SECONDS = 3.0
"""A printer that works off a job and says nothing for so long has fallen silent."""
RECOVER_SECONDS = 3.0
"""How long after DLE ENQ an error may stay before it counts as lasting."""
FIRST_FILLER_BYTES, LAST_FILLER_BYTES = 1 << 10, 1 << 16
"""How much a command can lack that was broken off: four times as much with each try."""
READ_CHUNK = 256


class ChangeReports(enum.Enum):
    """Whether the printer is asked to report changes by itself (GS a); some cheap ones print the request."""

    ON = "on"
    OFF = "off"


class EscPosSettings(BaseModel):
    """`port`: path or tcp://host:port. `job_seconds`: longest time from the last byte to the printer's word."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 115200
    chunk_bytes: int = Field(default=512, ge=16)
    job_seconds: float = Field(default=30.0, gt=0)
    change_reports: ChangeReports = ChangeReports.ON


class _Silence(Exception):
    """No answer in time."""


class _Stopped(Exception):
    """The printer cannot go on with a job."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_PASSING = frozenset({COVER_OPEN, OVERHEATED, OFFLINE})
"""Reasons that can end by themselves while a job waits."""
_AFTER_THE_JOB = frozenset({"", PAPER_OUT, COVER_OPEN, OVERHEATED, OFFLINE})
"""What a printer may say right after it has worked off a job without putting the job in question."""


class EscPosPrinter:
    """A ReceiptPrinter. Nothing is asked amid a job's bytes: a printer could take the question for data."""

    def __init__(self, line: Line, settings: EscPosSettings) -> None:
        self._link = Link(line)
        self._settings = settings
        self._decoder = Decoder()
        self._reported: Condition | None = None
        self._reports_since = 0
        self._woken_since = 0
        self._queued = 0
        self._status = ReceiptPrinterStatus(Health(DeviceState.STARTING), Supply.UNKNOWN)

    async def print(self, job: bytes) -> PrintReport:
        """See ReceiptPrinter.print. An open cover or a hot head may pass while the job waits."""
        async with self._link.lock:
            try:
                code = await self._ready()
            except (TransportLost, _Silence) as lost:
                self._dead(lost)
                return PrintReport(PrintResult.NOT_PRINTED, POWER_OFF)
            if code:
                return PrintReport(PrintResult.NOT_PRINTED, code)
            try:
                return await self._send_and_follow(job)
            except _Stopped as stopped:
                return await self._give_up(stopped.code)
            except (TransportLost, _Silence) as lost:
                self._dead(lost)
                return PrintReport(PrintResult.UNKNOWN, POWER_OFF)

    async def clear(self) -> bool:
        """See ReceiptPrinter.clear."""
        async with self._link.lock:
            try:
                if (await self._sweep()).code:
                    return False
                await self._link.write(CLEAR_AFTER_ERROR)
                await self._write_chunk(BEGIN_CLEAN)
                await self._worked_off()
            except _Stopped:
                return False
            except (TransportLost, _Silence) as lost:
                self._dead(lost)
                return False
            return True

    async def status(self) -> ReceiptPrinterStatus:
        """See ReceiptPrinter.status. While a job is printed, what was last heard."""
        if self._link.lock.locked():
            return self._status
        async with self._link.lock:
            try:
                await self._sweep()
            except (TransportLost, _Silence) as lost:
                self._dead(lost)
            return self._status

    async def health(self) -> Health:
        return (await self.status()).health

    async def close(self) -> None:
        await self._link.drop()

    # -- one job -----------------------------------------------------------------------------------

    async def _ready(self) -> str:
        """Why the printer cannot print now, or ""; a cutter error is recovered from once."""
        found = await self._sweep()
        if found.code == CUTTER_ERROR:
            await self._link.write(CLEAR_AFTER_ERROR)
            found = await self._until_recovered()
        return found.code

    async def _until_recovered(self) -> Condition:
        loop = asyncio.get_running_loop()
        until = loop.time() + RECOVER_SECONDS
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            found = await self._sweep()
            if found.code != CUTTER_ERROR or loop.time() >= until:
                return found

    async def _send_and_follow(self, job: bytes) -> PrintReport:
        await self._switch_reports_on()
        self._reported = None
        for at in range(0, len(job), self._settings.chunk_bytes):
            await self._write_chunk(job[at : at + self._settings.chunk_bytes])
            await self._hear_what_came()
            self._stop_if_reported()
        await self._worked_off()
        found = await self._sweep()
        if found.code in _AFTER_THE_JOB:
            return PrintReport(PrintResult.PRINTED)
        return PrintReport(PrintResult.UNKNOWN, found.code)

    async def _switch_reports_on(self) -> None:
        if self._settings.change_reports is ChangeReports.OFF or self._reports_since == self._link.openings:
            return
        await self._link.write(REPORT_CHANGES)
        self._reports_since = self._link.openings

    async def _write_chunk(self, chunk: bytes) -> None:
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._link.write(chunk)
        except TimeoutError:
            raise _Silence from None

    def _stop_if_reported(self) -> None:
        """Between chunks only what the printer reports by itself is heeded."""
        if self._reported is not None and self._reported.code not in {"", *_PASSING}:
            raise _Stopped(self._reported.code)

    async def _worked_off(self) -> None:
        """Wait for the answer queued behind the job. Raises _Stopped, _Silence, TransportLost."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.job_seconds
        heard = loop.time()
        resumed_at: float | None = None
        last = Condition()
        await self._ask_behind_job()
        while loop.time() < until:
            if await self._queue_answered():
                return
            try:
                last = await self._look()
            except _Silence:
                if loop.time() - heard >= SILENT_SECONDS:
                    raise
                continue
            heard = loop.time()
            if last.code == CUTTER_ERROR:
                if resumed_at is None:
                    await self._link.write(RESUME_AFTER_ERROR)
                    resumed_at = loop.time()
                if loop.time() - resumed_at < RECOVER_SECONDS:
                    continue
            if last.code not in {"", *_PASSING}:
                raise _Stopped(last.code)
        if last.code:
            raise _Stopped(last.code)
        # It answers, it names no fault, and it never confirmed the job.
        raise _Silence

    async def _ask_behind_job(self) -> None:
        self._queued = 0
        await self._write_chunk(ASK_BEHIND_JOB)

    async def _queue_answered(self) -> bool:
        """Listen a while for exactly one queued answer. The tail of a torn automatic status looks like several."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                while not self._queued:
                    await self._hear()
        except TimeoutError:
            return False
        await self._quiet()
        if self._queued == 1:
            return True
        await self._ask_behind_job()
        return False

    async def _give_up(self, code: str) -> PrintReport:
        """The job ended short: what is left of it must not come out when the printer is mended."""
        log.warning("receipt printer stopped a job: %s", code)
        try:
            await self._link.write(CLEAR_AFTER_ERROR)
            await self._sweep()
        except (TransportLost, _Silence) as lost:
            self._dead(lost)
        return PrintReport(PrintResult.NOT_PRINTED, code)

    # -- questions -----------------------------------------------------------------------------------

    async def _sweep(self) -> Condition:
        """DLE EOT 1-4. Raises _Silence, TransportLost."""
        try:
            found = await self._sweep_once()
        except _Silence:
            found = await self._wake()
        if found is None:
            await self._quiet()
            found = await self._look()
        return found

    async def _wake(self) -> Condition | None:
        """A printer that stands in the middle of a command takes every question for its data: fill the command up.

        That is how a job leaves it that broke off with its process or its line. Once for each opening; a printer
        that stays silent is silent. Raises _Silence, TransportLost.
        """
        if self._woken_since == self._link.openings:
            raise _Silence
        self._woken_since = self._link.openings
        length = FIRST_FILLER_BYTES
        while length <= LAST_FILLER_BYTES:
            for _ in range(0, length, self._settings.chunk_bytes):
                await self._write_chunk(FILLER * self._settings.chunk_bytes)
            try:
                return await self._sweep_once()
            except _Silence:
                length *= 4
        raise _Silence

    async def _sweep_once(self) -> Condition | None:
        """None when more answers came than questions were asked: then none can be trusted."""
        await self._link.transport()
        self._link.drop_input()
        self._decoder = Decoder()
        answers: list[int] = []
        before = self._queued
        for which in RealTime:
            await self._link.write(status_request(which))
            answers += await self._real_time_answers()
        self._must_be_a_printer(before)
        return None if len(answers) != len(RealTime) else self._note(condition(*answers))

    async def _look(self) -> Condition:
        """A patient sweep that leaves everything else that is said to be heard.

        Each question waits until the line is quiet, so that an answer given twice counts as one; two that differ
        count as none. Raises _Silence, TransportLost.
        """
        answers: list[int] = []
        before = self._queued
        for which in RealTime:
            await self._link.write(status_request(which))
            first = await self._real_time_answers()
            said = {*first, *await self._quiet()}
            if len(said) != 1:
                raise _Silence
            answers += said
        self._must_be_a_printer(before)
        return self._note(condition(*answers))

    def _must_be_a_printer(self, before: int) -> None:
        """Text, which letters of look like answers, is another device's. Raises _Silence."""
        if self._queued - before > MOST_UNASKED:
            raise _Silence

    async def _real_time_answers(self) -> list[int]:
        """What came with the first real-time answer. Raises _Silence."""
        try:
            async with asyncio.timeout(STATUS_SECONDS):
                while not (answers := _real_time(await self._hear())):
                    continue
        except TimeoutError:
            raise _Silence from None
        return answers

    async def _hear_what_came(self) -> None:
        """Take in what has arrived, without waiting for more."""
        try:
            async with asyncio.timeout(0):
                await self._hear()
        except TimeoutError:
            return

    async def _quiet(self) -> list[int]:
        """Listen until nothing more comes, or too much; the real-time answers heard meanwhile."""
        answers: list[int] = []
        loop = asyncio.get_running_loop()
        until = loop.time() + STATUS_SECONDS
        while loop.time() < until:
            try:
                async with asyncio.timeout(QUIET_SECONDS):
                    answers += _real_time(await self._hear())
            except TimeoutError:
                break
        return answers

    async def _hear(self) -> tuple[StatusEvent, ...]:
        events = self._decoder.feed(await self._link.read(READ_CHUNK))
        for event in events:
            if isinstance(event, Condition):
                self._reported = event
                self._note(event)
            if isinstance(event, QueuedByte):
                self._queued += 1
        return events

    # -- what is remembered ----------------------------------------------------------------------------

    def _note(self, found: Condition) -> Condition:
        self._status = ReceiptPrinterStatus(found.health, found.paper)
        return found

    def _dead(self, why: TransportLost | _Silence) -> None:
        detail = str(why) if isinstance(why, TransportLost) else "silent"
        self._status = ReceiptPrinterStatus(Health(DeviceState.POWER_OFF, "", detail), Supply.UNKNOWN)


def _real_time(events: tuple[StatusEvent, ...]) -> list[int]:
    return [event.value for event in events if isinstance(event, RealTimeByte)]
