"""Lists for operators' programs: whole and without repetition while others write, for whoever may, nobody in them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, create_engine, delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from central import cli
from central.api.lists import CHALLENGE, LISTS, ROOT, VISIT_ORDER, Lists
from central.console import accounts, tokens
from central.console.operators import operators
from central.console.record import chain, record
from central.console.web import COOKIE
from central.desks.desk import Desk
from central.desks.incidents import raise_alarm
from central.lines import Lines
from central.model_console import ConsoleSession, ConsoleUser, Role, Stage
from central.model_watch import Incident, IncidentState, Visit
from central.paging import Cursors, Key, in_order, newest_first
from central.problems import PROBLEM, Declined
from kiosk.people.synthetic import Situation
from tests.central.office import TERMINAL, Office, someone, token_of
from tests.central.test_api import ask
from tests.central.test_incidents import row_of

BEGAN = datetime(2026, 11, 23, tzinfo=UTC)
CURSORS = Cursors(b"k" * 32)
MOMENTS = st.integers(0, 4)
"""So few that many visits end at the same moment."""


@pytest.fixture(scope="module")
def visits() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    cast("Table", Visit.__table__).create(engine)
    with Session(engine) as db:
        yield db
    engine.dispose()


def visit(row: int, moment: int, terminal: str) -> Visit:
    return Visit(
        terminal=terminal,
        row=row,
        case="",
        service="HZ01",
        ending="done",
        topic="",
        seconds=0,
        ended_at=BEGAN + timedelta(microseconds=moment),
    )


ENDED = st.tuples(MOMENTS, st.sampled_from(["KDL-001", "kdl-001", "DEMO-10", "DEMO-9"]))


@settings(max_examples=40, database=None, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(ENDED, max_size=12), meanwhile=st.lists(st.lists(ENDED, max_size=4)), limit=st.integers(1, 5))
@example(first=[(0, "KDL-001")] * 4, meanwhile=[[(0, "DEMO-9"), (4, "KDL-001")], [(0, "kdl-001")]], limit=1)
def test_what_was_there_comes_once_whatever_is_added_meanwhile(
    visits: Session, first: list[tuple[int, str]], meanwhile: list[list[tuple[int, str]]], limit: int
) -> None:
    _ = visits.execute(delete(Visit))
    numbers = count()
    there = [visit(next(numbers), *ended) for ended in first]
    visits.add_all(there)
    visits.flush()
    seen: list[Visit] = []
    cursor, later = "", iter(meanwhile)
    while True:
        sheet = newest_first(visits, select(Visit), VISIT_ORDER, CURSORS.open("visits", cursor), limit)
        assert len(sheet.rows) <= limit
        seen += sheet.rows
        if sheet.end is None:
            break
        cursor = CURSORS.seal("visits", sheet.end)
        visits.add_all([visit(next(numbers), *ended) for ended in next(later, list[tuple[int, str]]())])
        visits.flush()
    keys = [(each.ended_at, each.terminal, each.row) for each in seen]
    assert keys == sorted(set(keys), reverse=True)
    assert {(each.terminal, each.row) for each in there} <= {(each.terminal, each.row) for each in seen}


@settings(max_examples=40, database=None, deadline=None)
@given(first=st.sets(MOMENTS), meanwhile=st.lists(st.sets(MOMENTS)), limit=st.integers(1, 3))
def test_what_is_at_hand_too(first: set[int], meanwhile: list[set[int]], limit: int) -> None:
    rows, seen, later = set(first), list[int](), iter(meanwhile)
    after: Key | None = None
    while True:
        sheet = in_order([*rows], lambda row: (row,), after, limit)
        seen += sheet.rows
        if sheet.end is None:
            break
        after = sheet.end
        rows |= next(later, set[int]())
    assert seen == sorted(set(seen)) and first <= set(seen)


KEYS = st.tuples(st.datetimes(timezones=st.just(UTC)), st.text(max_size=12), st.integers(-(2**40), 2**40))


@settings(max_examples=40, database=None, deadline=None)
@given(key=KEYS, about=st.text(max_size=20), other=st.text(max_size=20), at=st.integers(0, 2**16))
def test_a_place_is_read_as_it_was_sealed_and_only_in_its_list(key: Key, about: str, other: str, at: int) -> None:
    cursor = CURSORS.seal(about, key)
    assert CURSORS.open(about, cursor) == key
    changed = cursor[: at % len(cursor)] + ("A" if cursor[at % len(cursor)] != "A" else "B")
    changed += cursor[at % len(cursor) + 1 :]
    wrong = [(about, changed), (about, cursor + "AAAA"), (about, cursor[:-4]), (about, "é"), (about, "A" * 500)]
    wrong += [(other, cursor)] if other != about else []
    for list_, said in wrong:
        with pytest.raises(Declined) as no:
            _ = CURSORS.open(list_, said)
        assert (no.value.status, no.value.problem.code) == (422, "cursor")
    with pytest.raises(Declined):
        _ = Cursors(b"another key").open(about, cursor)


# -- over the API ----------------------------------------------------------------------------------------------------


class Tool:
    """A program with a token."""

    def __init__(self, office: Office, token: str) -> None:
        self._lists = Lists(office.headquarters)
        self._header = f"Bearer {token}" if token else ""

    def ask(self, path: str, query: str = "", method: str = "GET") -> tuple[int, dict[str, str], Any]:
        answer = self._lists.answer(method, path, query, self._header, "192.0.2.1")
        return answer.status, {**dict(answer.headers), "content-type": answer.media_type}, json.loads(answer.body)

    def walk(self, path: str, query: str) -> list[list[Any]]:
        """Every page, by the links."""
        pages: list[list[Any]] = []
        while True:
            status, headers, page = self.ask(path, query)
            assert status == 200, page
            pages.append(page["items"])
            assert bool(page["next"]) == ("link" in headers)
            if "link" not in headers:
                return pages
            target, rel = headers["link"].split("; ")
            assert rel == 'rel="next"' and target.startswith(f"<{path}?") and target.endswith(">")
            query = target[1:-1].partition("?")[2]


def of(name: str) -> str:
    return f"{ROOT}{name}"


def alarms(office: Office, *codes: str) -> None:
    def raised(desk: Desk) -> None:
        for code in codes:
            raise_alarm(desk.db, desk.now, TERMINAL, code)

    office.headquarters.by_a_person(raised)


def test_a_program_walks_through_lists_by_their_links(office: Office) -> None:
    alarms(office, *(f"alarm-{n}" for n in range(5)))
    tool = Tool(office, token_of(office, Role.VIEWER))
    pages = tool.walk(of("alarms"), f"limit=2&live=true&terminal={TERMINAL}")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [item["code"] for page in pages for item in page] == [f"alarm-{n}" for n in (4, 3, 2, 1, 0)]
    assert tool.walk(of("alarms"), "live=false") == [[]]
    names = [item["id"] for page in tool.walk(of("terminals"), "limit=1") for item in page]
    assert TERMINAL in names and names == sorted(set(names))
    events = [item["id"] for page in tool.walk(of("events"), "kind=alarm&limit=3") for item in page]
    assert len(events) == 5 and events == sorted(events, reverse=True)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "message"),
        ("limit=201", "message"),
        ("limit=", "message"),
        ("limit=1&limit=2", "message"),
        ("limit=%D9%A3", "message"),
        ("cursor=", "message"),
        ("cursor=AAAA", "cursor"),
        ("cursor=%00", "cursor"),
        ("live=yes", "message"),
        ("terminals=KDL-001", "message"),
        ("terminal=%00", "message"),
        ("terminal=" + "K" * 3000, "message"),
    ],
)
def test_what_is_no_page_is_told_as_a_problem(office: Office, query: str, code: str) -> None:
    status, headers, told = Tool(office, token_of(office, Role.VIEWER)).ask(of("alarms"), query)
    assert (status, headers["content-type"], told["code"]) == (422, PROBLEM, code)


def test_a_cursor_of_another_list_or_of_other_filters_is_none(office: Office) -> None:
    alarms(office, "one", "two")
    tool = Tool(office, token_of(office, Role.VIEWER))
    cursor = tool.ask(of("alarms"), "limit=1")[2]["next"]
    assert tool.ask(of("alarms"), f"limit=7&cursor={cursor}")[0] == 200
    for path, query in ((of("events"), ""), (of("alarms"), "live=true&"), (of("terminals"), "")):
        assert tool.ask(path, f"{query}cursor={cursor}")[2]["code"] == "cursor"


def test_books_that_do_not_answer_are_503(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = Tool(office, token_of(office, Role.VIEWER))

    def away(act: object) -> None:
        raise OperationalError("", None, Exception())

    monkeypatch.setattr(office.headquarters, "looked_at", away)
    assert [tool.ask(of(name))[2]["code"] for name in ("alarms", "nothing")] == ["database", "database"]


def test_a_role_lists_its_own(office: Office) -> None:
    told = {
        role: {name.removeprefix(ROOT): Tool(office, token_of(office, role)).ask(name)[0] for name in LISTS}
        for role in (Role.VIEWER, Role.OPERATOR)
    }
    assert told[Role.VIEWER] == {"terminals": 200, "alarms": 200, "visits": 403, "events": 200}
    assert set(told[Role.OPERATOR].values()) == {200}
    tool = Tool(office, token_of(office, Role.VIEWER))
    assert tool.ask(of("nothing"))[0] == 404
    status, headers, _ = tool.ask(of("alarms"), method="DELETE")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_a_token_lets_in_for_its_time_and_its_persons(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    def status(token: str) -> int:
        return Tool(office, token).ask(of("terminals"))[0]

    def act(did: Callable[[Desk], object]) -> None:
        office.headquarters.by_a_person(did)

    token = token_of(office, Role.VIEWER, days=2)
    number, _, secret = token.partition(".")
    for other in ("", number, f"{number}.", f"{number}.{secret[:-1]}", f"{number}.{secret}0", f".{secret}", "é"):
        assert status(other) == 401
    _, headers, told = Tool(office, "").ask(of("nothing"), "limit=x")
    assert (headers["www-authenticate"], told["code"]) == (CHALLENGE[1], "token")
    assert status(token) == 200
    office.clock.forward(days=2)
    assert status(token) == 401

    token_told = [json.loads(Lines().format(row)) for row in caplog.records if row.name == "central.noticed"]
    assert {line["number"] for line in token_told} == {"", number} and len(token_told) == 7
    assert secret not in caplog.text and not any("é" in json.dumps(line) for line in token_told)

    token = token_of(office, Role.VIEWER)
    assert status(token) == 200
    act(lambda desk: tokens.revoke(desk.db, desk.now, "", token.partition(".")[0]))
    assert status(token) == 401
    token, person = token_of(office, Role.OPERATOR), "tool-ope"
    act(lambda desk: setattr(desk.db.get(ConsoleUser, person), "roles", "viewer"))
    assert status(token) == 401 or Tool(office, token).ask(of("visits"))[0] == 403
    act(lambda desk: accounts.disable_user(desk.db, desk.now, "", person))
    assert status(token) == 401
    with pytest.raises(Declined, match="404"):
        _ = token_of(office, Role.OPERATOR)
    act(lambda desk: accounts.reset_user(desk.db, desk.now, desk.ids, person))
    assert status(token) == 401, "a token does not come back with its person"


def test_nobody_has_a_token_for_more_than_they_may_or_for_ever(office: Office) -> None:
    _ = token_of(office, Role.VIEWER)

    def give(roles: frozenset[Role], days: int, purpose: str) -> None:
        office.headquarters.by_a_person(
            lambda desk: tokens.give(desk.db, desk.now, desk.ids, "tool-vie", purpose, roles, days)
        )

    viewer = frozenset({Role.VIEWER})
    for roles, days, purpose in (
        (frozenset({Role.OPERATOR}), 1, "x"),
        (frozenset[Role](), 1, "x"),
        (viewer, 0, "x"),
        (viewer, 367, "x"),
        (viewer, 1, ""),
    ):
        with pytest.raises(Declined, match="422"):
            give(roles, days, purpose)


def test_giving_the_first_use_of_a_day_and_revoking_are_on_record_and_the_secret_is_nowhere(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    token = token_of(office, Role.VIEWER)
    number, _, secret = token.partition(".")
    tool = Tool(office, token)
    for _ in range(3):
        assert tool.ask(of("terminals"))[0] == 200
    office.clock.forward(days=1)
    assert tool.ask(of("alarms"))[0] == 200
    books = ("--database", office.url, "--state", str(office.folder))
    assert cli.main(["user", "revoke", number, *books]) == 0
    rows = office.headquarters.looked_at(lambda desk: chain(desk.db))["rows"]
    of_it = [row["act"] for row in rows if row["subject"] == number]
    assert of_it == ["token-given", "token-used", "token-used", "token-revoked"]
    assert cli.main(["user", "tokens", *books]) == 0
    told = capsys.readouterr().out
    assert number in told and secret not in told and secret not in json.dumps(rows)
    assert secret.encode() not in b"".join(file.read_bytes() for file in office.folder.glob("central.sqlite3*"))
    with pytest.raises(Declined, match="404"):
        office.headquarters.by_a_person(lambda desk: tokens.revoke(desk.db, desk.now, "", "T0"))


def test_a_token_by_the_command_lets_a_program_in(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    _ = token_of(office, Role.VIEWER)
    books = ("--database", office.url, "--state", str(office.folder))
    words = ("user", "token", "tool-vie", "--for", "a board", "--roles", "viewer", "--days", "3")
    assert cli.main([*words, *books]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["token"].startswith(made["number"])
    # The command goes by the real clock.
    office.clock.moment = datetime.fromisoformat(made["expires_at"]) - timedelta(days=1)
    assert Tool(office, made["token"]).ask(of("terminals"))[0] == 200


def test_lists_name_nobody(office: Office) -> None:
    person = someone(Situation.RENEWAL_DUE)
    case = "01M849KB1Y8G5FK9TDK6CMVP45"
    order = office.order(person, "fee:id-card-renewal:2004-01-01", 2000, key=f"{case}/fee/1")
    office.pay(order)
    _ = office.file("card-application", office.application(person, "renewal", order), key=f"{case}/file/1")
    said = row_of(1, "visit-ended", service="HZ01", ending="done", topic="filed", seconds="180")
    office.post("/v1/audit", {"rows": [said | {"text": said["text"].replace("CASE1", case)}]})
    tool = Tool(office, token_of(office, Role.OPERATOR))
    told = {name: tool.walk(name, "limit=200") for name in LISTS}
    assert [item["visit"] for page in told[of("visits")] for item in page] == [case]
    assert tool.walk(of("visits"), "service=HZ02") == [[]] and tool.walk(of("visits"), "service=HZ01") != [[]]
    text = json.dumps(told, ensure_ascii=False)
    assert not [word for word in (person.number, person.card.name, "13800000000", "tool-") if word in text]


# -- in the console --------------------------------------------------------------------------------------------------


def test_long_lists_of_the_console_are_whole_page_by_page(office: Office) -> None:
    _ = token_of(office, Role.OPERATOR), token_of(office, Role.SECURITY_AUDITOR)

    def written(desk: Desk) -> None:
        desk.db.add_all(visit(row, row // 3, TERMINAL) for row in range(95))
        for number in range(230):
            raise_alarm(desk.db, desk.now, TERMINAL, f"alarm-{number:03d}")
            record(desk.db, desk.now, "", "put-out", f"somebody-{number:03d}")
        for row in desk.db.scalars(select(Incident).where(Incident.id % 5 == 0)):
            row.state, row.live, row.closed_at = IncidentState.CLOSED, None, desk.now
        for user in ("tool-ope", "tool-sec"):
            digest = hashlib.sha256(user.encode()).hexdigest()
            at = {"began_at": desk.now, "seen_at": desk.now}
            desk.db.add(ConsoleSession(id=digest, user=user, stage=Stage.IN, token="0", **at))

    office.headquarters.by_a_person(written)
    console = operators(office.headquarters)

    def walk(user: str, path: str, name: str, item: str) -> list[str]:
        seen: list[str] = []
        query = ""
        while True:
            status, _, body = ask(console, "GET", path, ((b"cookie", f"{COOKIE}={user}".encode()),), query)
            assert status == 200
            # Each of several lists of a page is a section of its own.
            text = body.decode()
            part = text[text.index(f'id="{name}"') :].split("</section>")[0]
            seen += re.findall(item, part)
            more = re.search(r'rel="next" href="\?([^#"]+)#', part)
            if more is None:
                return seen
            query = more[1]

    visits_seen = walk("tool-ope", "/visits", "latest", r"<small class=\"quiet fixed\">(HZ\d\d)")
    assert len(visits_seen) == 95
    waiting = walk("tool-ope", "/alarms", "waiting", r">(alarm-\d{3})<")
    closed = walk("tool-ope", "/alarms", "closed", r">(alarm-\d{3})<")
    assert len(closed) == len(set(closed)) == 46 and len(waiting) == 184
    assert {*waiting, *closed} == {f"alarm-{number:03d}" for number in range(230)}
    on_record = walk("tool-sec", "/record", "rows", r"somebody-\d{3}")
    assert on_record == [f"somebody-{number:03d}" for number in reversed(range(230))]
    status, _, _ = ask(console, "GET", "/visits", ((b"cookie", f"{COOKIE}=tool-ope".encode()),), "visits=AAAA")
    assert status == 422
