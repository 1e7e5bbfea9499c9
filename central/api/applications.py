"""The two FastAPI applications: terminals and people. Every route hands the raw request to Headquarters."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from central import lines
from central.api.endpoints import PEOPLE, TERMINALS, TOKEN, Endpoint, asked_schemas
from central.api.gate import SHOWN, Pretended, caller, possession_of
from central.api.headers import Headers
from central.api.lists import ROOT as LISTS
from central.api.lists import Lists
from central.api.metrics import Figures
from central.api.peer import PEER, Peer
from central.api.rates import PEOPLE as PEOPLE_RATE
from central.api.rates import Buckets, rate_of
from central.console.pages import STYLE_DIGEST
from central.fleet.roll import Enrolled
from central.handle import Answer, Headquarters
from central.limits import BODY_LIMIT
from central.noticed import Noticed, notice
from central.ports import Clock
from central.problems import PROBLEM, problem
from central.pushing.held import Held
from kiosk.protocol.events import PATH as EVENTS
from kiosk.protocol.possession import NONCE_HEADER, Asked
from kiosk.protocol.tracing import HEADER as TRACE
from kiosk.protocol.tracing import Trace

HANDLING = "x-handling-seconds"
"""How long headquarters itself took, in seconds (rule 25)."""

_LOG = logging.getLogger(__name__)
_ROUTELESS = {404: "unknown", 405: "method"}
_REST = "/{rest:path}"
_PAGE = f"default-src 'none'; style-src '{STYLE_DIGEST}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""What a payer's page may: its own style, its own form."""
_WHO = "terminal"
"""Of a request: the terminal that was let in with it."""
PROBES = ("/healthz", "/readyz")
"""Asked by balancers all the time, from one address."""
_NOT_KNOWN = Answer.problem(problem(403, "certificate", "no certificate of a known terminal"))
_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

Known = Callable[[Peer], Enrolled | None]
"""Whose certificate it is now, or None for one that is not, or not any more, of the fleet."""


Stream = Callable[[Request], AsyncGenerator[str]]


def terminals(
    headquarters: Headquarters,
    clock: Clock,
    known: Known,
    buckets: Buckets | None = None,
    figures: Figures | None = None,
    held: Held | None = None,
    proxy: str = "",
) -> FastAPI:
    """The terminals' listener. Whoever has no certificate of a known terminal gets 403, whoever asks too much 429.

    `held` keeps the connections over which terminals are told that something waits; without it they end at once.
    `proxy` is the fingerprint of the reverse proxy that may say whose certificate it saw; "" for none.
    """
    app = FastAPI(
        title="Headquarters, terminals' listener", version="1", docs_url=None, redoc_url=None, openapi_url=None
    )

    rates = buckets if buckets is not None else Buckets()

    def serve(request: Request, path: str, body: bytes) -> Answer:
        try:
            peer = peer_behind(request, proxy)
            entry = None if peer is None else known(peer)
            if entry is None:
                if peer is not None:
                    headquarters.suspect(peer.fingerprint)
                notice(Noticed.CERTIFICATE, fingerprint="" if peer is None else peer.fingerprint)
                return _NOT_KNOWN
            told, wrong = _possession(headquarters, clock, entry, request, body)
        except Pretended:
            notice(Noticed.CERTIFICATE, shown="by no proxy")
            return _NOT_KNOWN
        except (OperationalError, PoolExhausted):
            return Answer.problem(problem(503, "database", "the database does not answer"))
        if wrong is not None:
            return wrong
        setattr(request.state, _WHO, entry.terminal)
        wait = rates.wait(entry.terminal, rate_of(path), clock.monotonic())
        answer = _too_many(wait) if wait else headquarters.answer(entry.terminal, request.method, path, body)
        return replace(answer, headers=(*answer.headers, *told)) if told else answer

    async def events(request: Request) -> AsyncGenerator[str]:
        """Of whoever was let in by the request that began it; whether they still are is looked up ever again."""

        def still() -> str:
            try:
                peer = peer_behind(request, proxy)
                entry = None if peer is None else known(peer)
            except (Pretended, OperationalError, PoolExhausted):
                return ""
            return "" if entry is None else entry.terminal

        terminal = await run_in_threadpool(still)
        if not terminal or held is None:
            return

        async def known_still() -> bool:
            return await run_in_threadpool(still) == terminal

        async for line in held.stream(terminal, known_still):
            yield line

    _add(app, TERMINALS, clock, serve, "terminals", figures or Figures(), {EVENTS: events})
    return app


def peer_behind(request: Request, proxy: str) -> Peer | None:
    """Who asks, directly or by the proxy. Raises Pretended."""
    peer: object = request.scope.get("extensions", {}).get(PEER)
    return caller(peer if isinstance(peer, Peer) else None, proxy, request.headers.get(SHOWN))


def _possession(
    headquarters: Headquarters, clock: Clock, entry: Enrolled, request: Request, body: bytes
) -> tuple[tuple[tuple[str, str], ...], Answer | None]:
    """Headers to be told besides, and a refusal where a key module has to sign and did not."""
    if not entry.hardware:
        return (), None
    now = clock.now()
    nonce = (NONCE_HEADER, headquarters.nonces.give(entry.fingerprint, now))
    raw_path = cast("bytes", request.scope.get("raw_path") or request.url.path.encode())
    asked = Asked(request.method, raw_path.decode("ascii", "replace"), request.url.query, body)
    found = possession_of(entry, asked, request.headers, headquarters.nonces, now)
    if found.proved:
        return (nonce,), None
    if found.suspicious:
        headquarters.suspect(entry.fingerprint)
    notice(Noticed.PROOF, terminal=entry.terminal, signed="wrongly" if found.suspicious else "not now")
    return (), Answer.problem(problem(403, "proof", "the terminal's key module has to sign this"), nonce)


def people(
    headquarters: Headquarters, clock: Clock, console: FastAPI | None = None, figures: Figures | None = None
) -> FastAPI:
    """The people's listener; its /openapi.json tells of both. `console`: the operators' pages, under /console."""
    app = FastAPI(title="Headquarters", version="1", docs_url=None, redoc_url=None, openapi_url=None)

    buckets, lists = Buckets(), Lists(headquarters)
    document = json.dumps(openapi(), ensure_ascii=False).encode()

    def serve(request: Request, path: str, body: bytes) -> Answer:
        if path == "/openapi.json" and request.method in ("GET", "HEAD"):
            return Answer(200, document)
        caller = request.client.host if request.client is not None else ""
        wait = 0 if path in PROBES else buckets.wait(caller, PEOPLE_RATE, clock.monotonic())
        if wait:
            return _too_many(wait)
        if path.startswith(LISTS):
            shown = request.headers.get("authorization", "")
            return lists.answer(request.method, path, request.url.query, shown, caller)
        return headquarters.people(request.method, path, body)

    if console is not None:
        app.mount("/console", console)
    _add(app, PEOPLE, clock, serve, "people", figures or Figures())
    return app


def openapi() -> dict[str, Any]:
    """One document for both listeners, with an example for every message."""
    app = FastAPI(
        title="Headquarters",
        version="1",
        description="Paths under /v1 answer on the terminals' listener, with a client certificate; all others on the "
        "people's. Lists come in pages: whatever is added meanwhile, what was there at the first comes once.",
    )

    async def nothing() -> None:
        return None

    for endpoint in (*TERMINALS, *PEOPLE):
        _route(app, endpoint, nothing)
    document = app.openapi()
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(asked_schemas())
    shown = {"type": "http", "scheme": "bearer", "description": "Given by `central user token`, for some roles"}
    document["components"]["securitySchemes"] = {TOKEN: shown}
    # FastAPI's own error for bodies it reads itself; here they pass through raw.
    for name in ("HTTPValidationError", "ValidationError"):
        _ = schemas.pop(name, None)
    return document


def _add(
    app: FastAPI,
    endpoints: tuple[Endpoint, ...],
    clock: Clock,
    serve: Callable[[Request, str, bytes], Answer],
    listener: str,
    figures: Figures,
    streams: Mapping[str, Stream] = MappingProxyType({}),
) -> None:
    """`streams`: what goes on where the answer has gone out well, by route."""

    async def shell(request: Request) -> Response:
        began = clock.monotonic()
        body = await _read(request)
        if body is None:
            notice(Noticed.TOO_LARGE, listener=listener)
            answer = Answer.problem(problem(413, "size", "this body is larger than headquarters takes"))
        else:
            answer = await run_in_threadpool(_safely, serve, request, body)
        took = clock.monotonic() - began
        route = getattr(request.scope.get("route"), "path", _REST)
        route = "other" if route == _REST else route
        figures.answered(listener, request.method, route, answer.status, took)
        # Whoever is nobody's terminal says nothing about visits; what a terminal says stands beside its name.
        terminal: str = getattr(request.state, _WHO, "")
        trace = Trace.read(request.headers.get(TRACE, "")) if terminal else None
        if trace is not None:
            lines.answered(_LOG, trace, terminal, request.method, route, answer.status, took)
        headers = {HANDLING: f"{took:.6f}", **dict(answer.headers)}
        if answer.media_type.startswith("text/html"):
            headers["content-security-policy"] = _PAGE
        if route in streams and answer.status == 200:
            return StreamingResponse(streams[route](request), headers=headers, media_type=answer.media_type)
        media_type = answer.media_type if answer.body else None
        return Response(answer.body, answer.status, headers=headers, media_type=media_type)

    for endpoint in endpoints:
        _route(app, endpoint, shell)
    app.add_api_route(_REST, shell, methods=_EVERY_METHOD, include_in_schema=False)
    app.add_exception_handler(HTTPException, cast("Any", _no_route))
    app.add_middleware(cast("Any", Headers))


def _safely(serve: Callable[[Request, str, bytes], Answer], request: Request, body: bytes) -> Answer:
    try:
        return serve(request, request.url.path, body)
    except Exception as error:
        # The message of an exception may quote a person's data; its place in our code does not.
        places = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-4:]]
        _LOG.error("unforeseen %s at %s", type(error).__name__, " < ".join(reversed(places)))
        return Answer.problem(problem(500, "error", "it is in the log"))


def _too_many(wait: int) -> Answer:
    return Answer.problem(problem(429, "rate", f"again in {wait} s"), ("retry-after", str(wait)))


async def _no_route(request: Request, error: HTTPException) -> Response:
    """What no route of ours takes, a method nobody knows for instance."""
    del request
    answer = Answer.problem(problem(error.status_code, _ROUTELESS.get(error.status_code, "error"), error.detail))
    return Response(answer.body, answer.status, headers=error.headers, media_type=PROBLEM)


async def _read(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _route(app: FastAPI, endpoint: Endpoint, shell: Callable[..., Awaitable[Any]]) -> None:
    app.add_api_route(
        endpoint.path,
        shell,
        methods=[endpoint.method],
        summary=endpoint.summary,
        operation_id=endpoint.name,
        response_model=None,
        status_code=endpoint.success,
        responses=endpoint.responses(),
        openapi_extra=endpoint.extra(),
    )
