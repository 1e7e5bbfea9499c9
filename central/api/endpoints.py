"""Every endpoint with its messages and an example of each: the source of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.json_schema import models_json_schema

from central.api.examples import EXAMPLES
from central.api.listed import AlarmPage, EventPage, TerminalPage, VisitPage
from central.api.lists import MOST, USUAL
from central.api.lists import ROOT as LISTS
from central.console.routes import BankMoney, FaultOrder, Health, SandboxState
from central.paging import LONGEST_CURSOR
from central.problems import PROBLEM
from kiosk.protocol import clips as p
from kiosk.protocol import commands as o
from kiosk.protocol import configuration as c
from kiosk.protocol import enrolment as n
from kiosk.protocol import events as e
from kiosk.protocol import loading as load
from kiosk.protocol import messages as m
from kiosk.protocol import sight as s


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter in a query; it may be left out. `schema` and `example` are JSON Schema's words."""

    name: str
    words: str
    schema: Mapping[str, Any]
    example: str | int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method on one path. `asks` and `answers` are messages, or None for bytes, pages and nothing."""

    name: str
    method: str
    path: str
    summary: str
    asks: type[m.Message] | None
    answers: type[m.Message] | None
    success: int = 200
    problems: tuple[int, ...] = (422,)
    media_type: str = "application/json"
    also: int | None = None
    """Another status without a body."""
    pages: tuple[int, ...] = ()
    """Problems that are told on a page."""
    optional: bool = False
    """Whether the message may be left out."""
    takes: str = ""
    """Media type of a body that is no message."""
    query: tuple[Query, ...] = ()
    bearer: bool = False
    """Whether a token is to be shown."""

    def responses(self) -> dict[int | str, dict[str, Any]]:
        """The answers for FastAPI."""
        content: dict[str, Any] = {}
        if self.answers is not None:
            content = {"application/json": {"example": EXAMPLES[self.answers]}}
        elif self.media_type != "application/json":
            content = {self.media_type: {}}
        said: dict[int | str, dict[str, Any]] = {self.success: {"description": "Done", "content": content}}
        if self.answers is not None:
            said[self.success]["model"] = self.answers
        if self.bearer:
            link = {
                "description": "The next page, as RFC 8288 says it; none on the last",
                "schema": {"type": "string"},
            }
            said[self.success]["headers"] = {"Link": link}
        if self.also is not None:
            said[self.also] = {"description": "Known already"}
        for status in sorted({*self.problems, *EVERYWHERE}):
            schema = {"$ref": "#/components/schemas/Problem"}
            said[status] = {
                "description": "Problem",
                "content": {PROBLEM: {"schema": schema, "example": EXAMPLES[m.Problem]}},
            }
            if status == 429:
                seconds = {"description": "Seconds to wait", "schema": {"type": "integer"}, "required": True}
                said[status]["headers"] = {"Retry-After": seconds}
            if status == 401:
                challenge = {"description": "Bearer", "schema": {"type": "string"}, "required": True}
                said[status]["headers"] = {"WWW-Authenticate": challenge}
            if status in self.pages:
                said[status]["content"]["text/html"] = {}
        return said

    def extra(self) -> dict[str, Any]:
        """The request body and path parameters, which FastAPI does not see because bodies pass through raw."""
        extra: dict[str, Any] = {
            "parameters": [
                {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
                for part in self.path.split("/")
                if part.startswith("{")
            ]
        }
        extra["parameters"] += [
            {
                "name": each.name,
                "in": "query",
                "description": each.words,
                "schema": each.schema,
                "example": each.example,
            }
            for each in self.query
        ]
        if self.bearer:
            extra["security"] = [{TOKEN: []}]
        if self.asks is not None:
            extra["requestBody"] = {
                "required": not self.optional,
                "content": {
                    "application/json": {
                        "schema": {"$ref": _ASKED.format(model=self.asks.__name__)},
                        "example": EXAMPLES[self.asks],
                    }
                },
            }
        elif self.takes:
            whole = {"type": "string", "format": "binary"}
            extra["requestBody"] = {"required": self.method == "PUT", "content": {self.takes: {"schema": whole}}}
        return extra


EVERYWHERE = (403, 404, 405, 413, 429, 500, 503)
"""What every path may say: no certificate, no such thing, another method, too large, too many, failed, later."""

_ASKED = "#/components/schemas/{model}.asked"
_REFUSALS = (409, 422, 502, 504)

TERMINALS: tuple[Endpoint, ...] = (
    Endpoint("look-up", "POST", "/v1/lookups", "Ask a question", m.LookupRequest, m.LookupReply, problems=_REFUSALS),
    Endpoint(
        "put-blob",
        "PUT",
        "/v1/blobs/{sha256}",
        "Send bytes up",
        None,
        None,
        204,
        also=200,
        takes="application/octet-stream",
    ),
    Endpoint(
        "get-blob",
        "GET",
        "/v1/blobs/{sha256}",
        "Fetch bytes",
        None,
        None,
        problems=(),
        media_type="application/octet-stream",
    ),
    Endpoint("upload", "POST", "/v1/uploads", "How far an upload came", m.UploadAsk, m.UploadState),
    Endpoint(
        "upload-part",
        "PATCH",
        "/v1/uploads/{sha256}/{offset}",
        "Go on with an upload",
        None,
        m.UploadState,
        problems=(409, 422),
        takes="application/octet-stream",
    ),
    Endpoint("file", "POST", "/v1/filings", "File an act, once", m.Filing, m.FilingReply, problems=_REFUSALS),
    Endpoint("file-batch", "POST", "/v1/batches", "File acts of a backlog, each once", m.FilingBatch, m.BatchReply),
    Endpoint("order", "POST", "/v1/orders", "Ask for a payment code", m.OrderRequest, m.Order, problems=_REFUSALS),
    Endpoint("order-state", "GET", "/v1/orders/{number}", "How an order stands", None, m.Order, problems=()),
    Endpoint(
        "close-order",
        "POST",
        "/v1/orders/{number}/close",
        "Close an order",
        m.CloseOrder,
        m.Order,
        problems=_REFUSALS,
    ),
    Endpoint("grant", "POST", "/v1/grants", "Ask to open a compartment", m.GrantRequest, m.Grant, problems=_REFUSALS),
    Endpoint(
        "use-grant",
        "POST",
        "/v1/grants/{grant}/use",
        "Tell what came of a grant",
        m.GrantUse,
        None,
        204,
        problems=(409, 422),
    ),
    Endpoint(
        "custody-place",
        "POST",
        "/v1/custody-places",
        "Ask for a place for an old document",
        m.CustodyRequest,
        m.CustodyReply,
        problems=_REFUSALS,
    ),
    Endpoint(
        "loading-list",
        "POST",
        "/v1/loading-lists",
        "Ask what belongs into the cabinet and out of it",
        load.LoadingListRequest,
        load.LoadingList,
        problems=(409, 422),
    ),
    Endpoint("compare-face", "POST", "/v1/faces", "Compare one to one", m.FaceRequest, m.FaceReply),
    Endpoint("compare-finger", "POST", "/v1/fingers", "Compare one to one", m.FingerRequest, m.FingerReply),
    Endpoint("help", "POST", "/v1/help", "What is answered", m.HelpAsk, m.HelpAnswer, problems=(404, 422)),
    Endpoint(
        "sight",
        "POST",
        "/v1/help/sights",
        "Show the page of whoever called for help, without anything of theirs",
        s.Sight,
        s.SightReply,
        problems=(404, 413, 422),
    ),
    Endpoint(
        "clip",
        "GET",
        "/v1/help/clips/{sha256}",
        "Fetch what somebody of the staff says aloud to whoever called for help",
        None,
        None,
        problems=(404,),
        media_type=p.MEDIA_TYPE,
    ),
    Endpoint("commands", "GET", "/v1/commands", "What this terminal is told to do", None, o.Commands, problems=()),
    Endpoint("heartbeat", "POST", "/v1/heartbeats", "Tell how a terminal is", m.Heartbeat, m.HeartbeatReply),
    Endpoint(
        "audit", "POST", "/v1/audit", "Send rows of the audit chain", m.AuditBatch, m.AuditReply, problems=(409, 422)
    ),
    Endpoint(
        "ledger", "POST", "/v1/ledger-checks", "Which effects of a case are known", m.LedgerCheck, m.LedgerReply
    ),
    Endpoint(
        "events",
        "GET",
        e.PATH,
        "Be told at once that something waits, by its kind",
        None,
        None,
        problems=(),
        media_type=e.MEDIA_TYPE,
    ),
    Endpoint("configuration", "GET", "/v1/configuration", "Which set is to be had", None, c.Assignment, problems=()),
    Endpoint(
        "configuration-bundle",
        "POST",
        "/v1/configuration/bundles",
        "The small files of the signed repository that a set needs",
        c.BundleRequest,
        c.Bundle,
    ),
    Endpoint(
        "configuration-file",
        "POST",
        "/v1/configuration/files",
        "A file of the signed repository",
        c.FileRequest,
        None,
        problems=(422,),
        media_type="application/octet-stream",
    ),
    Endpoint(
        "configuration-report",
        "POST",
        "/v1/configuration/reports",
        "Tell how far a set has come",
        c.SetReport,
        c.Assignment,
        problems=(409, 422),
    ),
)

_IDENTITY = (403, 409, 422)

TOKEN = "token"
"""A person's token for a program of theirs (RFC 6750)."""

_PAGE = (
    Query("limit", "Items of a page", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, USUAL),
    Query(
        "cursor",
        "Where the page before ended, as it said itself; absent for the first",
        {"type": "string", "minLength": 1, "maxLength": LONGEST_CURSOR, "pattern": "^[A-Za-z0-9_-]+$"},
        "bm90IGEgcGxhY2Ugb2YgdGhpcyBsaXN0",
    ),
)


def _word(name: str, words: str, example: str) -> Query:
    return Query(name, words, {"type": "string", "pattern": "^[!-~]{1,80}$"}, example)


_LIVE = Query("live", "true: not done with; false: done with", {"type": "string", "enum": ["true", "false"]}, "true")


def _list(name: str, summary: str, answers: type[m.Message], *filters: Query) -> Endpoint:
    return Endpoint(
        f"list-{name}",
        "GET",
        f"{LISTS}{name}",
        summary,
        None,
        answers,
        problems=(401, 422),
        query=(*filters, *_PAGE),
        bearer=True,
    )


PEOPLE: tuple[Endpoint, ...] = (
    Endpoint(
        "enrol",
        "POST",
        n.ENROLMENT_PATH,
        "A terminal's first certificate, for a code",
        n.EnrolmentRequest,
        n.IssuedCertificate,
        problems=_IDENTITY,
    ),
    Endpoint(
        "renew",
        "POST",
        n.RENEWAL_PATH,
        "A terminal's next certificate",
        n.RenewalRequest,
        n.IssuedCertificate,
        problems=_IDENTITY,
    ),
    Endpoint("health", "GET", "/healthz", "Is the server well", None, Health, problems=()),
    Endpoint("ready", "GET", "/readyz", "Can it serve: books there, schema its own", None, Health, problems=()),
    Endpoint(
        "payer",
        "GET",
        "/pay/{token}",
        "The payer's page",
        None,
        None,
        problems=(),
        media_type="text/html",
        pages=(404, 503),
    ),
    Endpoint(
        "payer-answer",
        "POST",
        "/pay/{token}",
        "The payer's yes or no",
        None,
        None,
        problems=(),
        media_type="text/html",
        pages=(404, 503),
        takes="application/x-www-form-urlencoded",
    ),
    Endpoint(
        "verify",
        "GET",
        "/v/{number}",
        "Verify a paper",
        None,
        None,
        problems=(),
        media_type="text/html",
        pages=(404, 503),
    ),
    _list("terminals", "The fleet as it stands, by name", TerminalPage),
    _list("alarms", "Alarms, the newest first", AlarmPage, _word("terminal", "Of one terminal", "KDL-001"), _LIVE),
    _list(
        "visits",
        "Visits that ended, the newest first",
        VisitPage,
        _word("terminal", "At one terminal", "KDL-001"),
        _word("service", "Of one service", "HZ01"),
    ),
    _list(
        "events",
        "What happened, the newest first",
        EventPage,
        _word("terminal", "At one terminal", "KDL-001"),
        _word("kind", "Of one kind", "visit-ended"),
    ),
    Endpoint("sandbox-fault", "POST", "/sandbox/faults", "Let an agency fail", FaultOrder, SandboxState),
    Endpoint(
        "sandbox-depot",
        "POST",
        "/sandbox/depot/{item}",
        "A finished document lies in the depot of its station",
        None,
        SandboxState,
    ),
    Endpoint("sandbox-state", "GET", "/sandbox/state", "What the sandbox holds", None, SandboxState, problems=()),
    Endpoint(
        "sandbox-fine",
        "POST",
        "/sandbox/fines/{decision}/paid",
        "A bank took a fine's money",
        BankMoney,
        SandboxState,
        optional=True,
    ),
    Endpoint(
        "sandbox-slip",
        "POST",
        "/sandbox/slips/{slip}/paid",
        "The bank took a slip's money",
        None,
        m.Order,
        problems=(),
    ),
)


def asked_schemas() -> dict[str, Any]:
    """Schemas of what is asked, and of a problem. In what is asked, a member with a default may be left out."""
    asked = sorted({e.asks for e in (*TERMINALS, *PEOPLE) if e.asks is not None}, key=lambda kind: kind.__name__)
    _, told = models_json_schema([(kind, "validation") for kind in asked], ref_template=_ASKED)
    schemas = {f"{name}.asked": schema for name, schema in told["$defs"].items()}
    return {**schemas, "Problem": m.Problem.model_json_schema(mode="serialization")}
