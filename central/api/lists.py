"""Lists for operators' own programs: who may, which page, and where the next one is.

Read beside all writers. A page's URL can be asked again; the next one's is in the Link header (RFC 8288), relative to
the one that was asked, so that it is right behind any proxy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from central.api.listed import (
    AlarmItem,
    AlarmPage,
    EventItem,
    EventPage,
    Shut,
    TerminalItem,
    TerminalPage,
    Trouble,
    VisitItem,
    VisitPage,
)
from central.console import tokens
from central.console.rights import May
from central.console.standing import Standing, standings_of
from central.console.tokens import Bearer
from central.desks.desk import Desk
from central.handle import Answer, Headquarters
from central.model import TerminalRow
from central.model_watch import Event, Incident, Visit
from central.noticed import Noticed, notice
from central.paging import Key, in_order, newest_first
from central.problems import Declined, problem
from kiosk.protocol.messages import Message

ROOT = "/api/v1/"
MOST, USUAL = 200, 50
"""Items of a page: at most, and where nobody says."""
CHALLENGE = ("www-authenticate", 'Bearer realm="headquarters"')

_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
_WORD = re.compile(r"[!-~]{1,80}")
_LONGEST_QUERY = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page: the filters that were given, after which place, how many."""

    filters: Mapping[str, str]
    after: Key | None
    limit: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. `filters` by name with the form of each; `page` gives a page's message without its cursor, and where
    it ends."""

    needs: May
    filters: Mapping[str, re.Pattern[str]]
    page: Callable[[Desk, Asked], tuple[Message, Key | None]]


def _terminals(desk: Desk, asked: Asked) -> tuple[Message, Key | None]:
    # Names are compared here, not by the database: each has an order of its own.
    known = {*desk.tables.terminals, *desk.db.scalars(select(TerminalRow.id))}
    names = in_order([(name,) for name in known], lambda key: key, asked.after, asked.limit)
    rows = standings_of(desk, [name for (name,) in names.rows])
    return TerminalPage(items=tuple(_terminal(one) for one in rows)), names.end


def _terminal(one: Standing) -> TerminalItem:
    return TerminalItem(
        id=one.id,
        site=one.site,
        kind=one.kind,
        light=one.light.value,
        seen_at=one.seen_at,
        silent=one.silent,
        out_of_service=one.out_of_service,
        open=one.open,
        closed=tuple(Shut(code=each.code, why=each.why) for each in one.closed),
        troubles=tuple(Trouble(device=each.device, state=each.state, code=each.code) for each in one.troubles),
        alarms=one.alarms,
        visiting=one.visiting,
        waiting=one.waiting,
        version=one.version,
        settings=one.settings,
    )


def _alarms(desk: Desk, asked: Asked) -> tuple[Message, Key | None]:
    wanted = select(Incident)
    if "terminal" in asked.filters:
        wanted = wanted.where(Incident.terminal == asked.filters["terminal"])
    if "live" in asked.filters:
        live = Incident.live.is_not(None)
        wanted = wanted.where(live if asked.filters["live"] == "true" else ~live)
    sheet = newest_first(desk.db, wanted, (Incident.id,), asked.after, asked.limit)
    items = tuple(
        AlarmItem(
            id=row.id,
            terminal=row.terminal,
            code=row.code,
            state=row.state.value,
            first_at=row.first_at,
            last_at=row.last_at,
            times=row.times,
            level=row.level,
            over_at=row.over_at,
            closed_at=row.closed_at,
        )
        for row in sheet.rows
    )
    return AlarmPage(items=items), sheet.end


def _visits(desk: Desk, asked: Asked) -> tuple[Message, Key | None]:
    wanted = select(Visit)
    for name, column in (("terminal", Visit.terminal), ("service", Visit.service)):
        if name in asked.filters:
            wanted = wanted.where(column == asked.filters[name])
    sheet = newest_first(desk.db, wanted, VISIT_ORDER, asked.after, asked.limit)
    items = tuple(
        VisitItem(
            terminal=row.terminal,
            row=row.row,
            visit=row.case,
            service=row.service,
            ending=row.ending,
            topic=row.topic,
            seconds=row.seconds,
            ended_at=row.ended_at,
        )
        for row in sheet.rows
    )
    return VisitPage(items=items), sheet.end


def _events(desk: Desk, asked: Asked) -> tuple[Message, Key | None]:
    wanted = select(Event)
    for name, column in (("terminal", Event.terminal), ("kind", Event.kind)):
        if name in asked.filters:
            wanted = wanted.where(column == asked.filters[name])
    sheet = newest_first(desk.db, wanted, (Event.id,), asked.after, asked.limit)
    items = tuple(
        EventItem(id=row.id, at=row.at, terminal=row.terminal, kind=row.kind, code=row.code, subject=row.subject)
        for row in sheet.rows
    )
    return EventPage(items=items), sheet.end


LISTS: Mapping[str, Listing] = MappingProxyType(
    {
        f"{ROOT}terminals": Listing(May.LOOK, {}, _terminals),
        f"{ROOT}alarms": Listing(May.LOOK, {"terminal": _WORD, "live": re.compile("true|false")}, _alarms),
        f"{ROOT}visits": Listing(May.LOOK_AT_VISITS, {"terminal": _WORD, "service": _WORD}, _visits),
        f"{ROOT}events": Listing(May.LOOK, {"terminal": _WORD, "kind": _WORD}, _events),
    }
)
"""By path."""


class Lists:
    """Answers for one headquarters."""

    def __init__(self, headquarters: Headquarters) -> None:
        self._headquarters = headquarters

    def answer(self, method: str, path: str, query: str, authorization: str, address: str) -> Answer:
        """A page, or why not. Whoever shows no token learns nothing else. `address`: where it is asked from."""
        try:
            shown = self._headquarters.looked_at(lambda desk: tokens.bearer(desk.db, desk.now, authorization))
            if shown is None:
                self._notice(authorization, address)
                return Answer.problem(problem(401, "token", "a token that lets in now is needed"), CHALLENGE)
            return self._page(method, path, query, shown, address)
        except Declined as declined:
            return Answer.problem(declined.problem)
        except (OperationalError, PoolExhausted):
            return Answer.problem(problem(503, "database", "the database does not answer"))

    def _notice(self, authorization: str, address: str) -> None:
        if authorization:
            number = self._headquarters.looked_at(lambda desk: tokens.number_of(desk.db, authorization))
            notice(Noticed.TOKEN, number=number, address=address)

    def _page(self, method: str, path: str, query: str, shown: Bearer, address: str) -> Answer:
        listing = LISTS.get(path)
        if listing is None:
            raise Declined(404, "unknown", "nothing here answers that")
        if method not in ("GET", "HEAD"):
            return Answer.problem(problem(405, "method", "lists are only read"), ("allow", "GET, HEAD"))
        if listing.needs not in shown.rights:
            notice(Noticed.NOT_THEIRS, user=shown.user, page=path, address=address)
            raise Declined(403, "not-yours", "this token is not for that")
        given = _fields(query)
        filters = {name: _filter(listing, name, value) for name, value in sorted(given.items()) if name not in _PAGE}
        about = path + "?" + urlencode(filters)
        asked = Asked(filters, self._headquarters.cursors.open(about, given.get("cursor", "")), _limit(given))
        if not shown.noted:
            self._headquarters.by_a_person(lambda desk: tokens.note_use(desk.db, desk.now, shown))
        page, end = self._headquarters.looked_at(lambda desk: listing.page(desk, asked))
        cursor = self._headquarters.cursors.seal(about, end)
        answer = Answer.json(200, page.model_copy(update={"next": cursor}))
        if not cursor:
            return answer
        more = urlencode({**filters, "limit": asked.limit, "cursor": cursor})
        return Answer(200, answer.body, headers=(("link", f'<{path}?{more}>; rel="next"'),))


_PAGE = ("limit", "cursor")


def _fields(query: str) -> dict[str, str]:
    """What was asked, each once. Raises Declined: 422 "message"."""
    if len(query) > _LONGEST_QUERY:
        raise Declined(422, "message", "the query is too long")
    pairs = parse_qsl(query, keep_blank_values=True)
    given = dict(pairs)
    if len(given) != len(pairs):
        raise Declined(422, "message", "a parameter stands twice")
    if "" in (given.get(name) for name in _PAGE):
        raise Declined(422, "message", "an empty parameter")
    return given


def _filter(listing: Listing, name: str, value: str) -> str:
    form = listing.filters.get(name)
    if form is None:
        # A filter that is misspelt would give everything.
        raise Declined(422, "message", "a parameter that this list does not have")
    if form.fullmatch(value) is None:
        raise Declined(422, "message", f"{name}: not of its form")
    return value


def _limit(given: Mapping[str, str]) -> int:
    said = given.get("limit", str(USUAL))
    if _NUMBER.fullmatch(said) is None or int(said) > MOST:
        raise Declined(422, "message", f"limit: 1 to {MOST}")
    return int(said)


VISIT_ORDER = (Visit.ended_at, Visit.terminal, Visit.row)
"""Told of late or twice at the same moment, each visit has one place."""
