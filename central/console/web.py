"""The console's shell: who asks, whether they may, whether the form is theirs, and how a page comes to be.

A handler gets a Call and returns a Response; it runs in a thread, in as many transactions as it opens. Everything
that is not a page of one's own (sign-in, style, script) needs a session that has passed both factors.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from central.api.headers import TRANSPORT
from central.console import accounts
from central.console.accounts import Seated
from central.console.origin import NOWHERE, Origin
from central.console.rights import May, rights
from central.console.words import LANGUAGES, Words, words
from central.desks.desk import BEIJING, Desk
from central.handle import Headquarters
from central.model_console import Stage
from central.model_help import Ticket, TicketState, Unresolved, UnresolvedState
from central.model_pre_registration import PreRegistrationRow, PreRegistrationState
from central.model_watch import Event, Incident, IncidentState
from central.noticed import Noticed, notice
from central.paging import Key, Sheet
from central.problems import Declined

T = TypeVar("T")

HERE = Path(__file__).parent
ROOT = "/console"
COOKIE = "__Host-console"
LANGUAGE, THEME = "__Host-language", "__Host-theme"
KNOWN = "__Host-known"
"""Of a browser that somebody came in with: see `accounts.known_browser`."""
KNOWN_SECONDS = 180 * 86_400
"""Kept by a browser for this host alone and sent over TLS alone (RFC 6265bis, 4.1.3.2)."""
FORM_LIMIT = 64 * 1024
LIVE = "x-live"
"""A page fetches itself: nobody did anything, so the session grows no older by it."""
THEMES = ("day", "night")
_LISTS = ("visits", "waiting", "taken", "closed", "rows")
"""Lists that come in pages; the place of each stands in the query under its name."""

SECTIONS = (
    ("/", "fleet", "terminals", May.LOOK.value),
    ("/alarms", "alarms", "bell", May.LOOK.value),
    ("/help", "help", "help", May.LOOK.value),
    ("/desk", "desk", "person", May.LOOK.value),
    ("/visits", "visits", "visit", May.LOOK_AT_VISITS.value),
    ("/money", "money", "money", May.LOOK.value),
    ("/reports", "reports", "report", May.LOOK.value),
    ("/configuration", "configuration", "gear", May.LOOK.value),
    ("/people", "people", "people", May.AUDIT.value),
    ("/record", "record", "record", May.AUDIT.value),
)
"""Path, name, sign and the right it takes, in the order of the navigation."""

_LOG = logging.getLogger(__name__)
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "strict-transport-security": TRANSPORT,
    "cache-control": "no-store",
}
_STATIC = {"console.css": "text/css; charset=utf-8", "console.js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with everything a handler may know of it."""

    method: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookie: str
    seated: Seated | None
    words: Words
    theme: str
    books: Callable[[Callable[[Desk], Any]], Any]
    origin: Origin = NOWHERE
    """This site, as the browser addressed it."""
    newest: int = 0
    """The newest event when it was asked. Whatever comes later is told to the page."""
    by_itself: bool = False
    """A page fetches itself anew; nobody opened it now."""
    several: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Fields of the form with every value they were given."""
    known: str = ""
    address: str = ""
    """Where the request came from, as the listener or the proxy before it says."""

    @property
    def who(self) -> str:
        """The name of whoever asks. Only where somebody is signed in."""
        assert self.seated is not None
        return self.seated.person.name

    def may(self, right: May) -> bool:
        """Whether whoever asks may."""
        return self.seated is not None and right in rights(self.seated.person.roles)


Handler = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """Method and path to a handler. `needs` None: the way in, open to whoever comes."""

    method: str
    path: str
    handler: Handler
    needs: May | None = May.LOOK
    stages: frozenset[Stage] = frozenset({Stage.IN})
    limit: int = FORM_LIMIT
    """Bytes of a form at most."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """What this page alone is allowed or told otherwise."""


class House:
    """Renders pages and opens the books; the console's parts share one."""

    def __init__(self, headquarters: Headquarters) -> None:
        self.headquarters = headquarters
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters.update(clock=clock_time, day=day_time, moment=moment)
        self.static = {name: (HERE / "static" / name).read_bytes() for name in _STATIC}
        self._version = hashlib.sha256(b"".join(self.static.values())).hexdigest()[:12]

    def books(self, act: Callable[[Desk], T]) -> T:
        """One transaction at headquarters."""
        return self.headquarters.by_a_person(act)

    def page(self, call: Call, template: str, status: int = 200, **values: Any) -> Response:
        """A template with what every template knows."""
        spoken = call.words
        known: dict[str, Any] = {
            "t": spoken.say,
            "said": spoken.said,
            "word": spoken.word,
            "lang": spoken.language,
            "theme": call.theme,
            "path": call.path,
            "person": call.seated.person if call.seated is not None and call.seated.stage is Stage.IN else None,
            "token": "" if call.seated is None else call.seated.token,
            "may": {right.value: call.may(right) for right in May},
            "root": ROOT,
            "version": self._version,
            "sections": SECTIONS,
            "counts": self._counts(call),
            "newest": call.newest,
            "further": {name for name in call.query if name in _LISTS},
        }
        return HTMLResponse(self._jinja.get_template(template).render(known | values), status)

    def place(self, call: Call, name: str) -> Key | None:
        """Where a list on this page begins: the beginning, or where the page before ended. Raises Declined 422."""
        return self.headquarters.cursors.open(f"console {name}", call.query.get(name, ""))

    def older(self, name: str, sheet: Sheet[Any]) -> str:
        """What a link to the next page of a list carries; "" on its last."""
        return self.headquarters.cursors.seal(f"console {name}", sheet.end)

    def _counts(self, call: Call) -> dict[str, int]:
        """What waits for somebody, beside its name in the navigation."""
        if call.seated is None or call.seated.stage is not Stage.IN:
            return {}
        alarms = select(func.count()).select_from(Incident).where(Incident.state == IncidentState.OPEN)
        calls = select(func.count()).select_from(Ticket).where(Ticket.state == TicketState.WAITING)
        matters = select(func.count()).select_from(Unresolved).where(Unresolved.state == UnresolvedState.OPEN)
        left = (
            select(func.count())
            .select_from(PreRegistrationRow)
            .where(PreRegistrationRow.state == PreRegistrationState.OPEN)
        )

        def look(desk: Desk) -> dict[str, int]:
            found = {"alarms": alarms, "help": calls, "desk": matters, "left": left}
            counted = {name: desk.db.scalar(query) or 0 for name, query in found.items()}
            return counted | {"desk": counted["desk"] + counted["left"]}

        return self.books(look)


def newest_event(desk: Desk) -> int:
    """The number of the newest; 0 where there is none."""
    return desk.db.scalar(select(func.max(Event.id))) or 0


def go(path: str) -> Response:
    """To another page of the console, by GET."""
    return RedirectResponse(ROOT + path, 303)


def came_in(house: House, call: Call, cookie: str) -> Response:
    """To the first page, with the session, in a browser that is known from now on."""
    who = call.who
    known: str = house.books(lambda desk: accounts.known_browser(desk.db, desk.ids, who))
    response = with_cookie(go("/"), cookie)
    response.set_cookie(KNOWN, known, max_age=KNOWN_SECONDS, secure=True, httponly=True, samesite="strict", path="/")
    return response


def with_cookie(response: Response, value: str) -> Response:
    """The session's cookie, or its end where `value` is ""."""
    if value:
        response.set_cookie(COOKIE, value, secure=True, httponly=True, samesite="strict", path="/")
    else:
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict", path="/")
    return response


def console(house: House, parts: Sequence[Page], live: Callable[[Request], Any]) -> FastAPI:
    """The application under /console; `live` is the stream of events."""
    app = FastAPI(title="Headquarters' console", docs_url=None, redoc_url=None, openapi_url=None)
    for part in parts:
        app.add_api_route(part.path, _shell(house, part), methods=[part.method], include_in_schema=False)
    app.add_api_route("/static/{name}", _static(house), methods=["GET"], include_in_schema=False)
    app.add_api_route("/live", live, methods=["GET"], include_in_schema=False)
    nothing = Page("GET", "/{rest:path}", lambda call: _told(house, call, 404, "not-found"), May.LOOK)
    app.add_api_route(nothing.path, _shell(house, nothing), methods=["GET", "POST"], include_in_schema=False)
    return app


def _static(house: House) -> Callable[[Request], Any]:
    async def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in house.static:
            return Response(status_code=404)
        headers = _HEADERS | {"cache-control": "public, max-age=31536000, immutable"}
        return Response(house.static[name], headers=headers, media_type=_STATIC[name])

    return static


def _shell(house: House, part: Page) -> Callable[[Request], Any]:
    async def shell(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > part.limit:
                return Response(status_code=413, headers=_HEADERS)
        response = await run_in_threadpool(_serve, house, part, request, bytes(body))
        for name, value in (_HEADERS | dict(part.headers)).items():
            response.headers[name] = value
        return response

    return shell


def _serve(house: House, part: Page, request: Request, body: bytes) -> Response:
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    cookie = request.cookies.get(COOKIE, "")
    language = request.cookies.get(LANGUAGE, "") or _preferred(request.headers.get("accept-language", ""))
    call = Call(
        method=request.method,
        path=request.url.path.removeprefix(ROOT) or "/",
        parts=dict(request.path_params),
        query=dict(request.query_params),
        form={name: values[-1] for name, values in fields.items()},
        cookie=cookie,
        seated=None,
        words=words(language),
        theme=request.cookies.get(THEME, "") if request.cookies.get(THEME) in THEMES else "",
        books=house.books,
        by_itself=LIVE in request.headers,
        several=fields,
        known=request.cookies.get(KNOWN, "")[:200],
        address=request.client.host if request.client is not None else "",
        origin=Origin(f"https://{request.headers.get('host', '')}"),
    )
    try:
        if cookie:
            used = LIVE not in request.headers
            found, newest = house.books(
                lambda desk: (accounts.seated(desk.db, desk.now, cookie, used=used), newest_event(desk))
            )
            call = replace(call, seated=found, newest=newest)
        wrong = _refused(house, part, call, request)
        return wrong if wrong is not None else part.handler(call)
    except Declined as declined:
        return _told(house, call, declined.status, declined.problem.code, declined.problem.detail)
    except Exception as error:
        # The message of an exception may quote a person's data; its place in our code does not.
        places = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-6:]]
        _LOG.error("unforeseen %s at %s", type(error).__name__, " < ".join(reversed(places)))
        return _told(house, call, 500, "error")


def _refused(house: House, part: Page, call: Call, request: Request) -> Response | None:
    """Why this is not served, as a response; None when it is."""
    if call.method == "POST" and not _from_here(request):
        notice(Noticed.FROM_ELSEWHERE, user=_name(call), page=part.path, address=call.address)
        return _told(house, call, 403, "elsewhere")
    if part.needs is None:
        return None
    seated = call.seated
    if seated is None or seated.stage not in part.stages:
        if LIVE in request.headers:
            return Response(status_code=401)
        waits = {Stage.CODE: "/code", Stage.CHANGE: "/password"}
        return go("/sign-in" if seated is None else waits.get(seated.stage, "/"))
    if part.stages == frozenset({Stage.IN}) and not call.may(part.needs):
        notice(Noticed.NOT_THEIRS, user=_name(call), page=part.path, address=call.address)
        return _told(house, call, 403, "not-yours")
    if call.method == "POST" and not accounts.same(call.form.get("token", ""), seated.token):
        notice(Noticed.FROM_ELSEWHERE, user=_name(call), page=part.path, address=call.address)
        return _told(house, call, 403, "elsewhere")
    return None


def _name(call: Call) -> str:
    return "" if call.seated is None else call.who


def _from_here(request: Request) -> bool:
    """A form of this very site sent it, as far as the browser says."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    return site in ("same-origin", "none") and (origin is None or urlsplit(origin).netloc == host)


def _preferred(header: str) -> str:
    """The first language of the browser that is spoken here."""
    for wish in header.split(","):
        tag = wish.partition(";")[0].strip().lower()
        for language in LANGUAGES:
            if tag and language.lower().split("-")[0] == tag.split("-")[0]:
                return language
    return LANGUAGES[0]


def _told(house: House, call: Call, status: int, code: str, detail: str = "") -> Response:
    return house.page(call, "told.html", status, code=code, detail=detail)


def clock_time(at: datetime | None) -> str:
    """03:12:45 in Beijing."""
    return "" if at is None else f"{at.astimezone(BEIJING):%H:%M:%S}"


def day_time(at: datetime | None) -> str:
    """11-22 03:12 in Beijing."""
    return "" if at is None else f"{at.astimezone(BEIJING):%m-%d %H:%M}"


def moment(at: datetime | None) -> str:
    """For a time element."""
    return "" if at is None else at.astimezone(BEIJING).isoformat(timespec="seconds")
