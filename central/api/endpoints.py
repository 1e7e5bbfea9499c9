"""Every endpoint with its messages and an example of each: the source of the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from central.api.examples import EXAMPLES
from central.console.routes import FaultOrder, Health, SandboxState
from kiosk.protocol import configuration as c
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
        for status in self.problems:
            said[status] = {
                "description": "Problem",
                "model": m.Problem,
                "content": {"application/json": {"example": EXAMPLES[m.Problem]}},
            }
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
                "required": True,
                "content": {
                    "application/json": {
                        "schema": self.asks.model_json_schema(),
                        "example": EXAMPLES[self.asks],
                    }
                },
            }
        return extra


_REFUSALS = (404, 409, 422, 502, 503, 504)

TERMINALS: tuple[Endpoint, ...] = (
    Endpoint("look-up", "POST", "/v1/lookups", "Ask a question", m.LookupRequest, m.LookupReply, problems=_REFUSALS),
    Endpoint("put-blob", "PUT", "/v1/blobs/{sha256}", "Send bytes up", None, None, 204),
    Endpoint(
        "get-blob",
        "GET",
        "/v1/blobs/{sha256}",
        "Fetch bytes",
        None,
        None,
        problems=(404,),
        media_type="application/octet-stream",
    ),
    Endpoint("file", "POST", "/v1/filings", "File an act, once", m.Filing, m.FilingReply, problems=_REFUSALS),
    Endpoint("order", "POST", "/v1/orders", "Ask for a payment code", m.OrderRequest, m.Order, problems=_REFUSALS),
    Endpoint("order-state", "GET", "/v1/orders/{number}", "How an order stands", None, m.Order, problems=(404, 503)),
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
        problems=(404, 409, 422),
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
    Endpoint("compare-face", "POST", "/v1/faces", "Compare one to one", m.FaceRequest, m.FaceReply),
    Endpoint("compare-finger", "POST", "/v1/fingers", "Compare one to one", m.FingerRequest, m.FingerReply),
    Endpoint("heartbeat", "POST", "/v1/heartbeats", "Tell how a terminal is", m.Heartbeat, m.HeartbeatReply),
    Endpoint(
        "audit", "POST", "/v1/audit", "Send rows of the audit chain", m.AuditBatch, m.AuditReply, problems=(409, 422)
    ),
    Endpoint(
        "ledger", "POST", "/v1/ledger-checks", "Which effects of a case are known", m.LedgerCheck, m.LedgerReply
    ),
    Endpoint("configuration", "GET", "/v1/configuration", "Which set is to be had", None, c.Assignment, problems=()),
    Endpoint(
        "configuration-file",
        "POST",
        "/v1/configuration/files",
        "A file of the signed repository",
        c.FileRequest,
        None,
        problems=(404, 422),
        media_type="application/octet-stream",
    ),
    Endpoint(
        "configuration-report",
        "POST",
        "/v1/configuration/reports",
        "Tell how far a set has come",
        c.SetReport,
        c.Assignment,
        problems=(404, 409, 422),
    ),
)

PEOPLE: tuple[Endpoint, ...] = (
    Endpoint("health", "GET", "/healthz", "Is the server well", None, Health, problems=()),
    Endpoint("payer", "GET", "/pay/{token}", "The payer's page", None, None, problems=(), media_type="text/html"),
    Endpoint(
        "payer-answer",
        "POST",
        "/pay/{token}",
        "The payer's yes or no",
        None,
        None,
        problems=(),
        media_type="text/html",
    ),
    Endpoint("verify", "GET", "/v/{number}", "Verify a paper", None, None, problems=(), media_type="text/html"),
    Endpoint("sandbox-fault", "POST", "/sandbox/faults", "Let an agency fail", FaultOrder, SandboxState),
    Endpoint("sandbox-state", "GET", "/sandbox/state", "What the sandbox holds", None, SandboxState, problems=()),
    Endpoint(
        "sandbox-slip",
        "POST",
        "/sandbox/slips/{slip}/paid",
        "The bank took a slip's money",
        None,
        m.Order,
        problems=(404,),
    ),
)
