"""The books on PostgreSQL as on SQLite, and what several servers do to one database at the same time."""

from __future__ import annotations

import hashlib
import json
import queue
import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from central import cli
from central.api.listed import VisitPage
from central.api.lists import ROOT as LISTS
from central.api.lists import Lists
from central.blobs import Blobs
from central.database import at_head, migrate, open_database, transaction
from central.duties import duties_of
from central.model import Base, FilingKey
from central.model_console import Role
from central.model_watch import Visit
from central.partitions import Month, make_months, months_of, partition
from central.pushing.books import Told, push
from central.pushing.hearing import Hearing
from central.retention import act, due, proof
from kiosk.people.synthetic import PopulationKey, Situation, population
from kiosk.protocol.events import EventKind
from tests.central import test_books, test_cards, test_fingers, test_reprints, test_settling, test_traffic, upgrades
from tests.central.cluster import Cluster, binaries, cluster
from tests.central.office import Filled, Office, SeededIds, at_once, someone, token_of
from tests.central.serving import ROOT, SOON, command, running

FEE = "fee:id-card-renewal:2004-01-01"

ON_POSTGRESQL = (
    test_books.test_the_same_filing_again_is_answered_as_before,
    test_books.test_the_same_key_with_another_digest_is_refused,
    test_books.test_a_poisoned_payload_names_the_field_and_not_its_value,
    test_books.test_an_agency_that_is_down_leaves_nothing_behind,
    test_books.test_each_filing_of_a_batch_is_done_declined_or_left_for_later_by_itself,
    test_books.test_closing_a_paid_order_says_paid,
    test_books.test_money_that_comes_after_closing_goes_back,
    test_books.test_money_under_way_when_it_is_asked_back_comes_back,
    test_books.test_a_fee_that_was_used_is_not_given_back,
    test_books.test_a_bill_paid_by_an_earlier_code_is_not_charged_again,
    test_books.test_a_grant_is_signed_over_what_it_says,
    test_books.test_a_replay_is_refused,
    test_books.test_doubt_closes_the_item_until_it_is_settled,
    test_books.test_a_report_of_taking_in_moves_the_old_card,
    test_books.test_a_place_no_terminal_knows_of_is_free_after_an_hour,
    test_books.test_collected_closes_the_case,
    test_books.test_an_old_card_goes_into_custody_and_back,
    test_books.test_a_full_cabinet_takes_nothing_in,
    test_books.test_the_same_message_at_the_same_time_acts_once,
    test_books.test_different_keys_at_the_same_time_get_one_grant,
    test_books.test_the_ledger_of_a_case_names_every_effect,
    test_books.test_the_ledger_holds_nothing_personal,
    test_books.test_an_audit_chain_neither_forks_nor_has_gaps,
    test_cards.test_by_slip_the_case_is_held_until_its_date,
    test_cards.test_an_application_is_made_into_a_card,
    test_fingers.test_either_enrolled_finger_is_the_citizens,
    test_traffic.test_a_decision_adds_its_points_and_a_bill,
    test_traffic.test_an_objection_leaves_self_service,
    test_traffic.test_lateness_adds_three_percent_a_day_up_to_the_fine,
    test_reprints.test_a_decision_comes_back_whole_with_what_was_told,
    test_reprints.test_a_fine_that_was_paid_has_its_receipt,
    test_reprints.test_a_collected_card_has_its_slip_beside_the_old_cards,
    test_settling.test_a_card_the_citizen_has_is_collected,
    test_settling.test_an_old_card_that_never_came_is_its_owners,
    test_settling.test_the_command_settles_and_says_so,
)
"""Proven on SQLite where they stand; here the same behaviour on PostgreSQL."""

for _test in ON_POSTGRESQL:
    globals()[_test.__name__] = _test


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: see system-packages.txt")
    with cluster(programs) as made:
        yield made


@pytest.fixture(scope="module")
def full(server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that was filled once."""
    name = server.create()
    Office(tmp_path_factory.mktemp("full"), server.url(name)).close()
    server.remember(name)
    return name


@pytest.fixture
def fresh(server: Cluster, full: str) -> str:
    """Its name again, holding what it first held."""
    server.set_back(full)
    return full


@pytest.fixture
def office(server: Cluster, fresh: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "central", server.url(fresh))
    yield made
    made.close()


# -- several servers at the same time ------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def replicas(request: pytest.FixtureRequest, filled: Filled, tmp_path: Path) -> Iterator[list[Office]]:
    """Two servers on one database, with their blobs in one folder."""
    folder = tmp_path / "central"
    url = ""
    if request.param == "sqlite":
        filled.copy(folder)
    else:
        server: Cluster = request.getfixturevalue("server")
        url = server.url(request.getfixturevalue("fresh"))
    with ExitStack() as stack:
        made = [Office(folder, url, SeededIds(random.Random(seed)), pause=_wait) for seed in (1, 2)]
        for one in made:
            stack.callback(one.close)
        made[1].skip_keys(1_000)
        yield made


def _wait(seconds: float) -> None:
    import time

    time.sleep(seconds)


def kept(office: Office) -> int:
    """What headquarters has taken and not given back, in fen."""
    return sum(p["taken_fen"] - p["refunded_fen"] for p in office.ledger()["payments"])


def test_one_bill_is_captured_once_whichever_code_is_paid_where(replicas: list[Office]) -> None:
    for nth in range(3):
        person = someone(Situation.RENEWAL_DUE, nth)
        before = kept(replicas[0])
        orders = [replica.order(person, FEE, 2000) for replica in replicas]
        pages = at_once([lambda o=o, r=r: r.pay(o).status for o in orders for r in replicas for _ in range(2)])
        assert set(pages) == {200}
        for replica in replicas:
            replica.headquarters.look_at_the_clock()
        states = Counter(replicas[0].send("GET", f"/v1/orders/{o['number']}")[1]["state"] for o in orders)
        assert states["captured"] == 1, states
        assert kept(replicas[0]) - before == 2000


def test_paying_and_closing_at_once_leave_one_truth(replicas: list[Office]) -> None:
    first, second = replicas
    for nth in range(3):
        person = someone(Situation.RENEWAL_DUE, nth)
        before = kept(first)
        order = first.order(person, FEE, 2000)
        close = f"/v1/orders/{order['number']}/close"
        _ = at_once(
            [lambda o=order: first.pay(o).status, lambda c=close: second.send("POST", c, {"reason": "left"})[0]]
        )
        first.clock.forward(minutes=6)
        first.headquarters.look_at_the_clock()
        state = first.send("GET", f"/v1/orders/{order['number']}")[1]["state"]
        first.clock.forward(minutes=-6)
        assert (state, kept(first) - before) in {("captured", 2000), ("closed", 0), ("refunded", 0)}


def test_one_fee_pays_for_one_application(replicas: list[Office]) -> None:
    person = someone(Situation.RENEWAL_DUE)
    order = replicas[0].order(person, FEE, 2000)
    _ = replicas[0].pay(order)
    payload = replicas[0].application(person, "renewal", order)
    replies = at_once([lambda r=r: r.file("card-application", payload)["status"] for r in replicas * 3])
    assert sorted(replies) == ["accepted"] + ["refused"] * 5


def test_batches_at_the_same_time_act_once(replicas: list[Office]) -> None:
    filings = [replicas[0].filing("help-call", {"page": f"p{i}"}) for i in range(6)]
    mixed = [filings, filings[3:], list(reversed(filings)), filings[:3]]
    pairs = zip(replicas * 2, mixed, strict=True)
    replies = at_once([lambda r=r, m=m: r.post("/v1/batches", {"items": m})["items"] for r, m in pairs])
    done = [(item["key"], item["reply"]["number"]) for items in replies for item in items]
    assert len(done) == 18 and len(set(done)) == 6
    assert sum(c["kind"] == "help" for c in replicas[1].ledger()["cases"]) == 6


def test_one_item_gets_one_grant_from_all_servers_together(replicas: list[Office]) -> None:
    for nth in range(3):
        card = replicas[0].look_up("card-to-collect", someone(Situation.CARD_FINISHED_RENEWAL, nth))
        requests = [(r, r.grant_request(card)) for r in replicas * 3]
        statuses = at_once([lambda r=r, q=q: r.send("POST", "/v1/grants", q)[0] for r, q in requests])
        assert sorted(statuses) == [200] + [409] * 5
    live = [g["item"] for g in replicas[0].ledger()["grants"]]
    assert len(live) == len(set(live)) == 3


def test_the_same_grant_request_everywhere_is_the_same_grant(replicas: list[Office]) -> None:
    card = replicas[0].look_up("card-to-collect", someone(Situation.CARD_FINISHED_RENEWAL))
    request = replicas[0].grant_request(card)
    grants = at_once([lambda r=r: r.post("/v1/grants", request)["grant"] for r in replicas * 3])
    assert len(set(grants)) == 1


def test_no_compartment_is_given_to_two_old_cards(replicas: list[Office]) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    requests = [(r, r.custody_request(person)) for r in replicas * 2]
    places = at_once([lambda r=r, q=q: r.post("/v1/custody-places", q)["grant"]["compartment"] for r, q in requests])
    assert len(set(places)) == 4


def test_one_record_is_decided_once_by_all_servers_together(replicas: list[Office]) -> None:
    person = someone(Situation.VIOLATION_SIMPLE)
    points = replicas[0].look_up("licence-of", person)["points"]
    payload = replicas[0].decided(person, replicas[0].violations(person)[0])
    replies = at_once([lambda r=r: r.file("violation-decided", payload)["status"] for r in replicas * 3])
    assert sorted(replies) == ["accepted"] + ["refused"] * 5
    assert replicas[1].look_up("licence-of", person)["points"] == points + payload["points_told"]


def test_running_numbers_have_neither_gaps_nor_twins(replicas: list[Office]) -> None:
    numbers = at_once([lambda r=r: r.file("help-call", {"page": "attract"})["number"] for r in replicas * 5])
    assert sorted(int(n[-8:-1]) for n in numbers) == list(range(1, 11))


# -- PostgreSQL's own ----------------------------------------------------------------------------------------------


def test_what_was_filed_lies_by_month_and_its_key_is_there_once(office: Office) -> None:
    engine = office.headquarters.engine
    _ = make_months(engine, office.clock.now())
    call = office.filing("help-call", {"page": "attract"})
    told = office.post("/v1/filings", call)
    office.clock.forward(days=40)
    assert office.post("/v1/filings", call) == told | {"duplicate": True}
    month = partition("filing", Month.of(office.clock.now() - timedelta(days=40)))
    with engine.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {month} WHERE key = :key"), call) == 1
    with pytest.raises(IntegrityError), transaction(engine) as db:
        db.add(FilingKey(key=call["key"], received_at=office.clock.now()))


def test_the_migrations_make_the_models_on_postgresql(server: Cluster) -> None:
    engine = open_database(server.url(server.create()))
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        known = MigrationContext.configure(connection, opts={"include_name": _no_month})
        assert compare_metadata(known, Base.metadata) == []
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "serializable"
    engine.dispose()


class Heard:
    """What one server process hears."""

    def __init__(self, office: Office) -> None:
        self.told: queue.Queue[Told | None] = queue.Queue()
        self._hearing = Hearing(office.headquarters.engine, self.told.put, lambda: self.told.put(None))
        self._hearing.start()
        assert self._hearing.hears(60)

    def next(self) -> Told | None:
        """None where something may have been missed."""
        return self.told.get(timeout=60)

    def end(self) -> None:
        self._hearing.stop()


def tell(office: Office, terminal: str) -> None:
    with transaction(office.headquarters.engine) as db:
        push(db, EventKind.CONFIGURATION, [terminal], office.clock.now())


def test_a_push_is_heard_by_every_server_once_it_is_true(replicas: list[Office]) -> None:
    hearing = [Heard(replica) for replica in replicas]
    try:
        assert [each.next() for each in hearing] == [None, None]
        with suppress(KeyError), transaction(replicas[0].headquarters.engine) as db:
            push(db, EventKind.COMMAND, None, replicas[0].clock.now())
            raise KeyError("undone")
        tell(replicas[0], "KDL-002")
        expected = Told(EventKind.CONFIGURATION, frozenset({"KDL-002"}))
        assert [each.next() for each in hearing] == [expected, expected]
    finally:
        for each in hearing:
            each.end()


def test_after_the_database_was_away_everybody_looks(server: Cluster, fresh: str, office: Office) -> None:
    heard = Heard(office)
    try:
        assert heard.next() is None
        with server.away(fresh):
            pass
        assert heard.next() is None
        tell(office, "KDL-002")
        assert heard.next() == Told(EventKind.CONFIGURATION, frozenset({"KDL-002"}))
    finally:
        heard.end()


def _no_month(name: str | None, kind: str, _parents: Any) -> bool:
    """What lies in a partition is reached through its table."""
    return kind != "table" or name is None or not upgrades.OF_A_MONTH.search(name)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_of_any_age_becomes_the_newest_with_all_that_is_in_it(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path
) -> None:
    url = "sqlite://"
    if kind == "postgresql":
        server: Cluster = request.getfixturevalue("server")
        url = server.url(server.create())
    engine = open_database(url)
    written = upgrades.grown(engine)
    assert len({revision for revision, _ in written}) == len(upgrades.revisions()) > 20
    assert upgrades.lost(engine, written) == []
    keys = sum(1 for revision, table in written if table == "filing" and revision < "0027")
    assert upgrades.read_by_the_models(engine) == len(written) + keys, "keys of filings moved to a table of their own"
    with engine.connect() as connection:
        assert at_head(connection)
    _grows_on_by_months_and_what_is_over_goes_with_proof(engine, written, Blobs(tmp_path))
    engine.dispose()


def _grows_on_by_months_and_what_is_over_goes_with_proof(
    engine: Engine, written: upgrades.Aged, blobs: Blobs
) -> None:
    """The same on both; on PostgreSQL a month goes as a partition. Audit lines of older ages came when they moved."""
    with engine.begin() as connection:
        _ = connection.execute(text("DELETE FROM deletion"))
    events = [row["at"] for (_, table), row in sorted(written.items()) if table == "event"]
    months = Counter(map(Month.of, events))
    oldest, of_oldest = min(months.items())
    now = datetime.combine(max(events), time(), UTC)
    postgresql = engine.dialect.name == "postgresql"
    made = make_months(engine, now)
    assert make_months(engine, now) == ()
    name = partition("event", oldest)
    if postgresql:
        ahead = Month.of(now).next.next.next
        assert {partition("event", month) for month in (*months, ahead)} <= set(made)
        with engine.connect() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {name}")) == of_oldest
            assert name in months_of(connection, "event")
    assert due(engine, now) == [] == act(engine, blobs, now, "headquarters")
    later = datetime.combine(oldest.next.first + timedelta(days=190), time(), UTC)
    assert [(d.rule.id, d.month, d.rows) for d in due(engine, later)] == [("watch", oldest, of_oldest)]
    (gone,) = act(engine, blobs, later, "wang")
    firsts = sorted(row["id"] for (_, table), row in written.items() if table == "event")[:of_oldest]
    keys = "".join(f"[{number}]\n" for number in firsts)
    assert (gone["rows"], gone["keys_sha256"]) == (of_oldest, hashlib.sha256(keys.encode()).hexdigest())
    assert act(engine, blobs, later, "wang") == []
    if postgresql:
        with engine.connect() as connection:
            assert name not in months_of(connection, "event")
    went = act(engine, blobs, datetime(2100, 1, 1, tzinfo=UTC), "headquarters")
    assert {record["table"] for record in went} == {"audit_line", "visit", "event", "pre_registration"}
    assert sum(record["rows"] for record in went if record["table"] == "event") == len(events) - of_oldest
    whole = proof(engine)
    assert (len(whole["deleted"]), whole["broken_at"]) == (1 + len(went), 0)
    with engine.begin() as connection:
        _ = connection.execute(text("UPDATE deletion SET text = replace(text, 'wang', 'li') WHERE row = 1"))
    assert proof(engine)["broken_at"] == 1


def test_a_value_longer_than_the_books_hold_is_422_and_not_repeated(office: Office) -> None:
    status, problem = office.send("POST", "/v1/filings", office.filing("help-call", {"page": "p" * 100}))
    assert (status, problem["code"]) == (422, "message") and "ppp" not in json.dumps(problem)


def test_a_database_that_went_away_is_503_and_comes_back(server: Cluster, fresh: str, office: Office) -> None:
    with server.away(fresh):
        status, problem = office.send("POST", "/v1/filings", office.filing("help-call", {"page": "attract"}))
        assert (status, problem["code"]) == (503, "database")
        office.headquarters.tick()
    assert office.file("help-call", {"page": "attract"})["status"] == "accepted"


def test_the_duties_of_a_database_go_with_the_connection_that_has_them(server: Cluster, fresh: str) -> None:
    engines = [open_database(server.url(fresh)) for _ in range(2)]
    first, second = (duties_of(engine) for engine in engines)
    assert first.look() and first.look() and not second.look()
    with server.away(fresh):
        assert not first.look() and not second.look()
    assert second.look() and not first.look()
    second.close()
    # The server lets go of a lock when it has noticed that the connection is gone, a moment after it is.
    deadline = monotonic() + SOON
    while not first.look():
        assert monotonic() < deadline
    assert first.mine and not second.mine
    first.close()
    for engine in engines:
        engine.dispose()


def test_two_server_processes_on_one_database_act_once(server: Cluster, tmp_path: Path) -> None:
    """Both started at once on an empty database; each message sent to both at the same time."""
    database = server.url(server.create())
    blobs = str(tmp_path / "blobs")
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        starting = [
            pool.submit(
                stack.enter_context, running(tmp_path / name, "--database", database, "--blobs", blobs, "--seed", "1")
            )
            for name in ("a", "b")
        ]
        first, second = (one.result(60) for one in starting)
        keys = {(s.terminal / "grant-key.pub").read_bytes() for s in (first, second)}
        assert len(keys) == 1
        person = population(PopulationKey.from_json((first.state / "population.json").read_text())).find(
            Situation.CARD_FINISHED_RENEWAL
        )
        who = {"number": {"text": person.number}}
        asked = {"name": "card-to-collect", "arguments": who, "case": "CASE00003"}
        card = first.post("/v1/lookups", asked).json()["answer"]
        help_call = {
            "key": "CASE00003/help/1",
            "digest": "d",
            "case": "CASE00003",
            "kind": "help-call",
            "payload": {"page": "attract"},
            "at": "2026-11-22T10:00:00+08:00",
        }
        calls = at_once([lambda s=s: s.post("/v1/filings", help_call).json() for s in (first, second) * 2])
        assert Counter(reply["duplicate"] for reply in calls) == {True: 3, False: 1}
        assert len({reply["number"] for reply in calls}) == 1
        grants: list[dict[str, Any]] = [
            {
                "key": f"CASE00003/new-card/{nth}",
                "digest": "d",
                "case": "CASE00003",
                "item": card["item"],
                "board": card["board"],
                "compartment": card["compartment"],
                "nonce": f"{nth:032x}",
            }
            for nth in range(6)
        ]
        statuses = at_once(
            [
                lambda s=s, g=g: s.post("/v1/grants", g).status_code
                for s, g in zip((first, second) * 3, grants, strict=True)
            ]
        )
        assert sorted(statuses) == [200] + [409] * 5
        out = subprocess.run(
            command("ledger", "--database", database, "--json"), cwd=ROOT, capture_output=True, check=True, timeout=30
        )
        books = json.loads(out.stdout)
        assert [g["item"] for g in books["grants"]] == [card["item"]]
        assert [c["kind"] for c in books["cases"]].count("help") == 1


def test_books_that_are_not_there_are_said_and_the_address_is_not(
    server: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, nowhere = server.url(server.create()), server.url("nowhere")
    for database in (empty, nowhere):
        assert cli.main(["ledger", "--database", database, "--json"]) == 1
        said = capsys.readouterr()
        assert said.out == "" and str(server.server.sockets) not in said.err
        assert said.err.startswith("no books can be read there")


def test_pages_of_a_list_are_asked_for_at_any_server(replicas: list[Office]) -> None:
    began = replicas[0].clock.now()

    def ended(first: int, last: int) -> None:
        rows = [
            Visit(
                terminal=f"{'Kk'[row % 2]}DL-{row % 4:03d}",
                row=row,
                case="",
                service="HZ01",
                ending="done",
                topic="",
                seconds=0,
                ended_at=began + timedelta(microseconds=row // 5),
            )
            for row in range(first, last)
        ]
        replicas[0].headquarters.by_a_person(lambda desk: desk.db.add_all(rows))

    ended(0, 40)
    header = f"Bearer {token_of(replicas[0], Role.OPERATOR)}"
    servers = cycle([Lists(one.headquarters) for one in replicas])
    seen: list[int] = []
    query, later = "limit=7", 40
    while query:
        answer = next(servers).answer("GET", f"{LISTS}visits", query, header, "")
        assert answer.status == 200, answer.body
        page = VisitPage.model_validate_json(answer.body)
        seen += [item.row for item in page.items]
        query = page.next and f"limit=7&cursor={page.next}"
        ended(later, later + 5)
        later += 5
    assert len(seen) == len(set(seen)) and set(range(40)) <= set(seen)
