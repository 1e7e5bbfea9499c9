"""Every endpoint with its messages and an example of each: the source of the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic.json_schema import models_json_schema

from central.api.examples import EXAMPLES
from central.console.routes import BankMoney, FaultOrder, Health, SandboxState
from central.problems import PROBLEM
from kiosk.protocol import commands as o
from kiosk.protocol import configuration as c
from kiosk.protocol import enrolment as n
from kiosk.protocol import events as e
from kiosk.protocol import loading as load
from kiosk.protocol import messages as m


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
