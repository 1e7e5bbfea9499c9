"""The conversation with an IPP printer: look, send once, follow the job to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kiosk.clock import Clock, Worker
from kiosk.devices.page_printer.contract import PagePrinterStatus
from kiosk.devices.page_printer.messages import (
    Attributes,
    Group,
    MalformedIpp,
    Operation,
    Response,
    Tag,
    Value,
    request,
    response,
)
from kiosk.devices.page_printer.posting import IppPost, Poster, PostFailed, http_url
from kiosk.devices.page_printer.states import POWER_OFF, JobView, PrinterView, job_view, printer_view
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health, Supply

log = logging.getLogger(__name__)

ASK_SECONDS = 5.0
"""One question, overall."""
STATUS_SECONDS = 1.5
"""The question how the printer is, when no job hangs on it: so long a printer that is back may not be noticed."""
SEND_SECONDS = 30.0
"""Handing over one document, overall."""
GAP_SECONDS = 5.0
"""The longest silence within one answer."""
OUTER_GRACE_SECONDS = 5.0
"""Added to a request's own deadline before the waiting itself is given up."""
LOOK_SECONDS = 0.5
"""Between two looks at a job."""
CANCEL_SECONDS = 10.0
"""How long a cancelled job may take to end."""
FIND_SECONDS = 30.0
"""How long a job found unfinished at recovery is followed."""
LOST_ANSWER_LOOKS = 4
"""After a lost answer to sending, so many looks for the job before its fate counts as unknown."""

MOST_JOBS = 200
NOT_FOUND = 0x0406

_PRINTER_WISHES = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "operations-supported",
    "marker-levels",
)
_JOB_WISHES = ("job-id", "job-name", "job-state", "job-state-reasons")


class IppSettings(BaseModel):
    """`uri`: ipp://host:port/path of the printer itself (a spooler's queue says "completed" when bytes are sent).

    `ca`: file with the certificates trusted for ipps, "" for the system's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    uri: str
    ca: str = ""
    user: str = Field(default="kiosk", min_length=1)

    @field_validator("uri")
    @classmethod
    def _known_scheme(cls, uri: str) -> str:
        http_url(uri)
        return uri


class _Refused(Exception):
    """The printer answered, and said no."""

    def __init__(self, status: int) -> None:
        super().__init__(f"IPP status {status:04X}")
        self.status = status


class IppPrinter:
    """A PagePrinter. Requests go through the injected worker; one job at a time."""

    def __init__(self, settings: IppSettings, post: Poster, worker: Worker, clock: Clock) -> None:
        self._settings = settings
        self._url = http_url(settings.uri)
        self._post = post
        self._worker = worker
        self._clock = clock
        self._request_id = 0
        self._printing = asyncio.Lock()
        self._status = PagePrinterStatus(Health(DeviceState.STARTING), Supply.UNKNOWN, Supply.UNKNOWN)

    async def print(self, pdf: bytes, *, job_name: str, seconds: float) -> PrintReport:
        """See PagePrinter.print."""
        async with self._printing:
            until = self._now() + seconds
            try:
                view = await self._look_at_printer()
                known = await self._named(job_name)
            except (PostFailed, _Refused, MalformedIpp) as failed:
                self._dead(failed)
                return PrintReport(PrintResult.NOT_PRINTED, POWER_OFF)
            if known is not None:
                return await self._follow_or_cancel(known, until)
            if view.code:
                return PrintReport(PrintResult.NOT_PRINTED, view.code)
            job = await self._send(view, pdf, job_name)
            return job if isinstance(job, PrintReport) else await self._follow_or_cancel(job, until)

    async def find(self, job_name: str) -> PrintReport | None:
        """See PagePrinter.find. A job still under way is followed for a while; UNKNOWN if it does not end.

        Raises DEVICE_NOT_READY when the printer cannot be asked.
        """
        async with self._printing:
            try:
                job = await self._named(job_name)
                return None if job is None else await self._follow(job, self._now() + FIND_SECONDS)
            except (PostFailed, _Refused, MalformedIpp) as failed:
                self._dead(failed)
                raise DeviceFault(Completion.DEVICE_NOT_READY) from None

    async def status(self) -> PagePrinterStatus:
        """See PagePrinter.status. Raises nothing: a silent printer is POWER_OFF."""
        try:
            await self._look_at_printer(STATUS_SECONDS)
        except (PostFailed, _Refused, MalformedIpp) as failed:
            self._dead(failed)
        return self._status

    async def health(self) -> Health:
        return (await self.status()).health

    async def close(self) -> None:
        await self._worker.close()

    # -- sending -----------------------------------------------------------------------------------------

    async def _send(self, view: PrinterView, pdf: bytes, job_name: str) -> JobView | PrintReport:
        """Hand over the document once. A job, or a report when there will be none."""
        naming = {
            "job-name": Value(Tag.NAME, (job_name,)),
        }
        document = {"document-format": Value(Tag.MIME_TYPE, ("application/pdf",))}
        in_two_steps = {Operation.CREATE_JOB, Operation.SEND_DOCUMENT} <= view.operations
        try:
            if not in_two_steps:
                answer = await self._ask(Operation.PRINT_JOB, naming | document, document=pdf)
                return await self._job_of(answer, job_name)
            # In two steps the job's id is known before a byte of the document has left.
            created = await self._job_of(await self._ask(Operation.CREATE_JOB, naming), job_name)
        except _Refused as refused:
            log.warning("page printer refused a job: %s", refused)
            return PrintReport(PrintResult.NOT_PRINTED, "refused")
        except (PostFailed, MalformedIpp) as failed:
            return await self._after_lost_answer(failed, job_name)
        return await self._send_document(created, document, pdf)

    async def _send_document(self, created: JobView, document: dict[str, Value], pdf: bytes) -> JobView | PrintReport:
        last = {"job-id": Value(Tag.INTEGER, (created.job_id,)), "last-document": Value(Tag.BOOLEAN, (True,))}
        try:
            await self._ask(Operation.SEND_DOCUMENT, last | document, document=pdf)
        except _Refused as refused:
            # The job stays, empty: its own state says so, or it is cancelled when time is up.
            log.warning("page printer refused a document: %s", refused)
        except (PostFailed, MalformedIpp):
            # The job has an id: its own state tells what became of the document.
            log.warning("page printer: answer lost while sending a document; following its job")
        return created

    async def _job_of(self, answer: Response, job_name: str) -> JobView:
        """The job an answer speaks of. Raises MalformedIpp."""
        for attributes in answer.of(Group.JOB):
            if (job := job_view(attributes)) is not None:
                return JobView(job.job_id, job_name, job.state, job.reasons)
        raise MalformedIpp("a job without a job-id")

    async def _after_lost_answer(self, failed: PostFailed | MalformedIpp, job_name: str) -> JobView | PrintReport:
        """The request may have arrived: only a job of that name can tell."""
        if isinstance(failed, PostFailed) and not failed.sent:
            self._dead(failed)
            return PrintReport(PrintResult.NOT_PRINTED, POWER_OFF)
        log.warning("page printer: answer to a job lost; looking for the job")
        for _ in range(LOST_ANSWER_LOOKS):
            await asyncio.sleep(LOOK_SECONDS)
            try:
                if (job := await self._named(job_name)) is not None:
                    return job
            except (PostFailed, _Refused, MalformedIpp) as again:
                self._dead(again)
        return PrintReport(PrintResult.UNKNOWN, POWER_OFF)

    # -- following ---------------------------------------------------------------------------------------

    async def _follow_or_cancel(self, job: JobView, until: float) -> PrintReport:
        try:
            report = await self._follow(job, until)
            if report.result is not PrintResult.UNKNOWN or self._now() < until:
                return report
            await self._cancel(job)
            ended = await self._follow(job, self._now() + CANCEL_SECONDS)
        except (PostFailed, _Refused, MalformedIpp) as failed:
            self._dead(failed)
            return PrintReport(PrintResult.UNKNOWN, POWER_OFF)
        # The reason it stood still is worth more than that we cancelled it.
        if ended.result is PrintResult.NOT_PRINTED and report.code:
            return PrintReport(PrintResult.NOT_PRINTED, report.code)
        return ended

    async def _follow(self, job: JobView, until: float) -> PrintReport:
        """Look at a job until it ends or time is up (UNKNOWN). Raises what the last look raised."""
        code = ""
        while True:
            lost: PostFailed | MalformedIpp | None = None
            try:
                seen = await self._look_at_job(job.job_id)
                if seen.ended:
                    return seen.report(code)
                code = (await self._look_at_printer()).code
            except (PostFailed, MalformedIpp) as failed:
                lost = failed
            if self._now() >= until:
                if lost is not None:
                    raise lost
                return PrintReport(PrintResult.UNKNOWN, code)
            await asyncio.sleep(LOOK_SECONDS)

    async def _cancel(self, job: JobView) -> None:
        """Ask for the job's end; a job that has ended meanwhile says no, which is as good."""
        try:
            await self._ask(Operation.CANCEL_JOB, {"job-id": Value(Tag.INTEGER, (job.job_id,))})
        except _Refused as refused:
            log.info("page printer would not cancel: %s", refused)

    async def _named(self, job_name: str) -> JobView | None:
        """The newest job of that name, unfinished ones first."""
        for which in ("not-completed", "completed"):
            wishes = {
                "which-jobs": Value(Tag.KEYWORD, (which,)),
                "limit": Value(Tag.INTEGER, (MOST_JOBS,)),
                "requested-attributes": Value(Tag.KEYWORD, _JOB_WISHES),
            }
            try:
                answer = await self._ask(Operation.GET_JOBS, wishes)
            except _Refused as refused:
                if refused.status == NOT_FOUND:
                    continue
                raise
            jobs = [job for attributes in answer.of(Group.JOB) if (job := job_view(attributes)) is not None]
            named = [job for job in jobs if job.name == job_name]
            if named:
                return max(named, key=lambda job: job.job_id)
        return None

    async def _look_at_job(self, job_id: int) -> JobView:
        wishes = {
            "job-id": Value(Tag.INTEGER, (job_id,)),
            "requested-attributes": Value(Tag.KEYWORD, _JOB_WISHES),
        }
        return await self._job_of(await self._ask(Operation.GET_JOB_ATTRIBUTES, wishes), "")

    async def _look_at_printer(self, seconds: float = ASK_SECONDS) -> PrinterView:
        wishes = {"requested-attributes": Value(Tag.KEYWORD, _PRINTER_WISHES)}
        answer = await self._ask(Operation.GET_PRINTER_ATTRIBUTES, wishes, seconds=seconds)
        attributes: Attributes = {}
        for group in answer.of(Group.PRINTER):
            attributes = group
        view = printer_view(attributes)
        self._status = view.status
        return view

    # -- one request -------------------------------------------------------------------------------------

    async def _ask(
        self,
        operation: Operation,
        wishes: Mapping[str, Value],
        *,
        document: bytes = b"",
        seconds: float = ASK_SECONDS,
    ) -> Response:
        """One POST. Raises PostFailed, _Refused, MalformedIpp."""
        self._request_id = self._request_id % 0x7FFFFFFF + 1
        request_id = self._request_id
        body = request(operation, request_id, operation_attributes=self._in_order(wishes)) + document
        seconds = SEND_SECONDS if document else seconds
        order = IppPost(self._url, body, min(GAP_SECONDS, seconds), seconds, self._settings.ca)
        try:
            async with asyncio.timeout(seconds + OUTER_GRACE_SECONDS):
                answered = await self._worker.run(lambda: self._post(order))
        except TimeoutError:
            raise PostFailed("no answer in time", sent=True) from None
        answer = response(answered)
        if answer.request_id != request_id:
            raise MalformedIpp("an answer to another request")
        if not answer.succeeded:
            raise _Refused(answer.status)
        return answer

    def _in_order(self, wishes: Mapping[str, Value]) -> dict[str, Value]:
        """Charset, language and target come first, the target in this order (RFC 8011 section 4.1.4)."""
        target = {"printer-uri": Value(Tag.URI, (self._settings.uri,))}
        if "job-id" in wishes:
            target["job-id"] = wishes["job-id"]
        return {
            "attributes-charset": Value(Tag.CHARSET, ("utf-8",)),
            "attributes-natural-language": Value(Tag.LANGUAGE, ("en",)),
            **target,
            "requesting-user-name": Value(Tag.NAME, (self._settings.user,)),
            **{name: value for name, value in wishes.items() if name != "job-id"},
        }

    def _now(self) -> float:
        return self._clock.monotonic()

    def _dead(self, why: Exception) -> None:
        self._status = PagePrinterStatus(
            Health(DeviceState.POWER_OFF, "", f"{type(why).__name__}: {why}"), Supply.UNKNOWN, Supply.UNKNOWN
        )
