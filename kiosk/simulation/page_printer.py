"""An A4 laser printer on the network: IPP/2.0 over HTTP, one job after the other.

A job that meets trouble (no paper, a jam, an open cover) stops where it is and goes on when the trouble is over; it
is completed only when its last sheet lies in the tray.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
from collections.abc import Callable
from typing import Protocol

from kiosk.simulation.ipp import Attribute, Malformed, Message, Tag, boolean, compose, integer, parse, text
from kiosk.simulation.receipt_printer import PaperSink
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind, Job, JobState
from kiosk.simulation.timing import Timing, draw

PATH = "/ipp/print"
_SUCCESS = 0x0000
_BAD_REQUEST, _NOT_POSSIBLE, _NOT_FOUND, _FORMAT = 0x0400, 0x0404, 0x0406, 0x040A
_NOT_SUPPORTED, _VERSION = 0x0501, 0x0503
_IDLE, _BUSY, _STOPPED = 3, 4, 5
_PDF = "application/pdf"
_OPERATIONS = (0x0002, 0x0004, 0x0005, 0x0006, 0x0008, 0x0009, 0x000A, 0x000B)
_OVER = (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_LARGEST_BODY = 32 * 1024 * 1024
_REQUEST_SECONDS = 30.0

_STOPPERS = {
    FaultKind.MEDIA_EMPTY: "media-empty-error",
    FaultKind.MEDIA_JAM: "media-jam-error",
    FaultKind.COVER_OPEN: "cover-open-error",
    FaultKind.OFFLINE: "paused",
}
_JOB_REASONS = {
    JobState.PENDING: "none",
    JobState.HELD: "job-incoming",
    JobState.PROCESSING: "job-printing",
    JobState.STOPPED: "printer-stopped",
    JobState.CANCELED: "job-canceled-by-user",
    JobState.ABORTED: "aborted-by-system",
    JobState.COMPLETED: "job-completed-successfully",
}


class Spool(Protocol):
    """Where documents wait until they are printed."""

    def put(self, job: int, document: bytes) -> None: ...

    def get(self, job: int) -> bytes: ...

    def drop(self, job: int) -> None: ...


class MemorySpool:
    """Documents in memory."""

    def __init__(self) -> None:
        self._documents: dict[int, bytes] = {}

    def put(self, job: int, document: bytes) -> None:
        """Append to what is there."""
        self._documents[job] = self._documents.get(job, b"") + document

    def get(self, job: int) -> bytes:
        """What has been put so far."""
        return self._documents.get(job, b"")

    def drop(self, job: int) -> None:
        """Forget it: printers keep no documents."""
        self._documents.pop(job, None)


class PagePrinter:
    """Jobs and answers, without HTTP."""

    def __init__(self, scene: Scene, timing: Timing, rng: random.Random, papers: PaperSink, spool: Spool) -> None:
        self._scene = scene
        self._timing = timing
        self._rng = rng
        self._papers = papers
        self._spool = spool
        self.uri = f"ipp://127.0.0.1{PATH}"

    # -- printing --------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Print job after job, for ever. Jobs left over by a death of the world go on where they were."""
        while True:
            await self._scene.until(lambda: self._next() is not None)
            job = self._next()
            if job is not None:
                await self._print(job)

    def _next(self) -> Job | None:
        waiting = (JobState.PENDING, JobState.PROCESSING, JobState.STOPPED)
        return next((job for job in self._scene.state.jobs if job.state in waiting), None)

    def _has(self, kind: FaultKind) -> bool:
        return self._scene.has(Device.PAGE_PRINTER, kind)

    def _stopped(self) -> bool:
        return any(self._has(kind) for kind in _STOPPERS) or not self._scene.plugged(Device.PAGE_PRINTER)

    async def _print(self, job: Job) -> None:
        while job.state not in _OVER and job.pages_done < job.pages:
            if self._stopped():
                self._become(job, JobState.STOPPED)
                await self._scene.until(lambda: not self._stopped() or job.state in _OVER)
                continue
            self._become(job, JobState.PROCESSING)
            await asyncio.sleep(draw(self._rng, self._timing.page))
            if self._scene.strike(Device.PAGE_PRINTER, FaultKind.ABORTS):
                self._become(job, JobState.ABORTED)
            elif job.state is JobState.PROCESSING and not self._stopped():
                job.pages_done += 1
                self._scene.changed()
        document = self._spool.get(job.id)
        if job.state not in _OVER:
            if not any(paper.job == job.id for paper in self._scene.state.papers):
                await self._papers.page(document, job)
            self._become(job, JobState.COMPLETED)
        self._spool.drop(job.id)

    def _become(self, job: Job, state: JobState) -> None:
        if job.state not in _OVER and job.state is not state:
            job.state = state
            self._scene.changed()

    # -- answering -------------------------------------------------------------------------------------------------

    def answer(self, body: bytes) -> bytes:
        """The response to one request."""
        try:
            request = parse(body)
        except Malformed:
            return compose(Message((2, 0), _BAD_REQUEST, 1))
        reply = self._operation(request)
        self._scene.tick(Device.PAGE_PRINTER)
        return reply

    def _reply(self, request: Message, status: int, *groups: tuple[int, tuple[Attribute, ...]]) -> bytes:
        operation = (
            text(Tag.CHARSET, "attributes-charset", "utf-8"),
            text(Tag.LANGUAGE, "attributes-natural-language", "en"),
        )
        version = request.version if request.version[0] in (1, 2) else (2, 0)
        return compose(Message(version, status, request.request_id, ((Tag.OPERATION, operation), *groups)))

    def _operation(self, request: Message) -> bytes:
        if request.version[0] not in (1, 2):
            return self._reply(request, _VERSION)
        if request.get("attributes-charset") is None or request.request_id < 1:
            return self._reply(request, _BAD_REQUEST)
        operations: dict[int, Callable[[Message], bytes]] = {
            0x0002: self._print_job,
            0x0004: lambda message: self._reply(message, self._validity(message)),
            0x0005: self._create_job,
            0x0006: self._send_document,
            0x0008: self._cancel_job,
            0x0009: self._get_job,
            0x000A: self._get_jobs,
            0x000B: self._get_printer,
        }
        operation = operations.get(request.code)
        if operation is None:
            return self._reply(request, _NOT_SUPPORTED)
        try:
            return operation(request)
        except Malformed:
            return self._reply(request, _BAD_REQUEST)

    def _validity(self, request: Message) -> int:
        document_format = request.get("document-format")
        known = document_format is None or document_format.text() in (_PDF, "application/octet-stream")
        return _SUCCESS if known else _FORMAT

    def _new_job(self, request: Message) -> Job:
        name, user = request.get("job-name"), request.get("requesting-user-name")
        job = Job(
            id=len(self._scene.state.jobs) + 1,
            name=name.text() if name else "untitled",
            user=user.text() if user else "anonymous",
            state=JobState.HELD,
            awaits_document=True,
        )
        self._scene.state.jobs.append(job)
        return job

    def _complete(self, job: Job) -> None:
        job.pages = max(1, len(_PAGE.findall(self._spool.get(job.id))))
        job.awaits_document = False
        job.state = JobState.PENDING
        self._scene.changed()

    def _print_job(self, request: Message) -> bytes:
        status = self._validity(request)
        if status != _SUCCESS:
            return self._reply(request, status)
        if not request.data:
            return self._reply(request, _BAD_REQUEST)
        job = self._new_job(request)
        self._spool.put(job.id, request.data)
        self._complete(job)
        return self._reply(request, _SUCCESS, (Tag.JOB, self._job_attributes(job)))

    def _create_job(self, request: Message) -> bytes:
        job = self._new_job(request)
        self._scene.changed()
        return self._reply(request, _SUCCESS, (Tag.JOB, self._job_attributes(job)))

    def _send_document(self, request: Message) -> bytes:
        job, last = self._job(request), request.get("last-document")
        if job is None:
            return self._reply(request, _NOT_FOUND)
        if not job.awaits_document or job.state in _OVER:
            return self._reply(request, _NOT_POSSIBLE)
        status = self._validity(request)
        if status != _SUCCESS:
            return self._reply(request, status)
        self._spool.put(job.id, request.data)
        if last is None or last.values[0] != b"\0":
            self._complete(job)
        return self._reply(request, _SUCCESS, (Tag.JOB, self._job_attributes(job)))

    def _job(self, request: Message) -> Job | None:
        number, uri = request.get("job-id"), request.get("job-uri")
        if number is not None:
            wanted = number.number()
        elif uri is not None and uri.text().rpartition("/")[2].isdigit():
            wanted = int(uri.text().rpartition("/")[2])
        else:
            raise Malformed("no job is named")
        return next((job for job in self._scene.state.jobs if job.id == wanted), None)

    def _cancel_job(self, request: Message) -> bytes:
        job = self._job(request)
        if job is None:
            return self._reply(request, _NOT_FOUND)
        if job.state in _OVER:
            return self._reply(request, _NOT_POSSIBLE)
        self._become(job, JobState.CANCELED)
        return self._reply(request, _SUCCESS)

    def _get_job(self, request: Message) -> bytes:
        job = self._job(request)
        if job is None:
            return self._reply(request, _NOT_FOUND)
        return self._reply(request, _SUCCESS, (Tag.JOB, self._job_attributes(job)))

    def _get_jobs(self, request: Message) -> bytes:
        which, limit = request.get("which-jobs"), request.get("limit")
        over = which is not None and which.text() == "completed"
        jobs = [job for job in self._scene.state.jobs if (job.state in _OVER) == over]
        if over:
            jobs.reverse()
        if limit is not None:
            jobs = jobs[: max(1, limit.number())]
        return self._reply(request, _SUCCESS, *((Tag.JOB, self._job_attributes(job)) for job in jobs))

    def _get_printer(self, request: Message) -> bytes:
        attributes = self._printer_attributes()
        wanted = request.get("requested-attributes")
        if wanted is not None:
            names = {value.decode("ascii", "replace") for value in wanted.values}
            if not names & {"all", "printer-description", "job-template"}:
                attributes = tuple(a for a in attributes if a.name in names)
        return self._reply(request, _SUCCESS, (Tag.PRINTER, attributes))

    def _job_attributes(self, job: Job) -> tuple[Attribute, ...]:
        return (
            integer("job-id", job.id),
            text(Tag.URI, "job-uri", f"{self.uri}/{job.id}"),
            text(Tag.URI, "job-printer-uri", self.uri),
            text(Tag.NAME, "job-name", job.name),
            text(Tag.NAME, "job-originating-user-name", job.user),
            integer("job-state", int(job.state), tag=Tag.ENUM),
            text(Tag.KEYWORD, "job-state-reasons", _JOB_REASONS[job.state]),
            integer("job-impressions", job.pages),
            integer("job-impressions-completed", job.pages_done),
            integer("job-media-sheets-completed", job.pages_done),
        )

    def _reasons(self) -> tuple[str, ...]:
        reasons = [reason for kind, reason in _STOPPERS.items() if self._has(kind)]
        if self._has(FaultKind.TONER_LOW):
            reasons.append("toner-low-report")
        return tuple(reasons) or ("none",)

    def _printer_attributes(self) -> tuple[Attribute, ...]:
        busy = any(job.state is JobState.PROCESSING for job in self._scene.state.jobs)
        queued = sum(job.state not in _OVER for job in self._scene.state.jobs)
        return (
            text(Tag.URI, "printer-uri-supported", self.uri),
            text(Tag.KEYWORD, "uri-security-supported", "none"),
            text(Tag.KEYWORD, "uri-authentication-supported", "none"),
            text(Tag.NAME, "printer-name", "page-printer"),
            text(Tag.TEXT, "printer-make-and-model", "Simulated A4 printer"),
            text(Tag.TEXT, "printer-info", "Simulated A4 printer"),
            integer("printer-state", _STOPPED if self._stopped() else _BUSY if busy else _IDLE, tag=Tag.ENUM),
            text(Tag.KEYWORD, "printer-state-reasons", *self._reasons()),
            boolean("printer-is-accepting-jobs", True),
            integer("queued-job-count", queued),
            text(Tag.KEYWORD, "ipp-versions-supported", "1.1", "2.0"),
            integer("operations-supported", *_OPERATIONS, tag=Tag.ENUM),
            text(Tag.CHARSET, "charset-configured", "utf-8"),
            text(Tag.CHARSET, "charset-supported", "utf-8"),
            text(Tag.LANGUAGE, "natural-language-configured", "en"),
            text(Tag.LANGUAGE, "generated-natural-language-supported", "en"),
            text(Tag.MIME, "document-format-default", _PDF),
            text(Tag.MIME, "document-format-supported", _PDF, "application/octet-stream"),
            text(Tag.KEYWORD, "compression-supported", "none"),
            text(Tag.KEYWORD, "pdl-override-supported", "not-attempted"),
            text(Tag.KEYWORD, "media-default", "iso_a4_210x297mm"),
            text(Tag.KEYWORD, "media-supported", "iso_a4_210x297mm"),
            text(Tag.KEYWORD, "sides-supported", "one-sided"),
            text(Tag.NAME, "marker-names", "black"),
            integer("marker-levels", 8 if self._has(FaultKind.TONER_LOW) else 80),
            boolean("color-supported", False),
            integer("printer-up-time", 1),
        )


class PagePrinterServer:
    """HTTP/1.1 around a printer."""

    def __init__(self, scene: Scene, printer: PagePrinter) -> None:
        self._scene = scene
        self._printer = printer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        with contextlib.suppress(ConnectionError, TimeoutError, EOFError, asyncio.LimitOverrunError, ValueError):
            while await self._one(reader, writer):
                pass

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        async with asyncio.timeout(_REQUEST_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            request, *lines = head.split("\r\n")
            headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
            method, path = (*request.split(" "), "", "")[:2]
            if headers.get("expect", "").lower() == "100-continue":
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = await self._body(reader, headers)
        if body is None:
            return await self._send(writer, "413 Content Too Large", b"")
        if method != "POST" or not path.startswith("/ipp/"):
            return await self._send(writer, "404 Not Found", b"")
        if self._scene.strike(Device.PAGE_PRINTER, FaultKind.SILENT):
            await asyncio.sleep(_REQUEST_SECONDS)
            return False
        reply = self._printer.answer(body)
        if self._scene.strike(Device.PAGE_PRINTER, FaultKind.DROP_ANSWER):
            return False
        return await self._send(writer, "200 OK", reply)

    async def _body(self, reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes | None:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = b""
            while True:
                size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
                chunk = await reader.readexactly(size + 2)
                if size == 0:
                    return body
                body += chunk[:-2]
                if len(body) > _LARGEST_BODY:
                    return None
        length = int(headers.get("content-length", "0"))
        return await reader.readexactly(length) if length <= _LARGEST_BODY else None

    async def _send(self, writer: asyncio.StreamWriter, status: str, body: bytes) -> bool:
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: application/ipp\r\n".encode()
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        return True
