"""The outbox sends each row until it has ended, and no row stands in the way of another."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from kiosk.backend.direct import DirectExchange, Weather
from kiosk.backend.exchange import Arrival, Cause, Reply, Unreachable
from kiosk.backend.outbox import Outbox
from kiosk.protocol.messages import FilingReply
from tests.backend.world import NOON, FixedIds, LoopClock, run_virtually

ACCEPTED = json.dumps({"status": "accepted", "number": "HZ-1"}).encode()


@dataclass
class Row:
    key: str
    path: str = "/v1/filings"
    body: str = "{}"
    blobs: tuple[str, ...] = ()
    attempt: int = 0
    due: datetime = NOON
    end: tuple[str, str] | None = None
    reasons: list[str] = field(default_factory=list[str])


class Book:
    """Rows in memory."""

    def __init__(self, *rows: Row) -> None:
        self.rows = {row.key: row for row in rows}
        self.blobs: dict[str, bytes] = {}
        self.broken = 0
        self.work = asyncio.Event()

    def _break(self) -> None:
        if self.broken:
            self.broken -= 1
            raise OSError("disk full")

    async def outbox_due(self, now: datetime, latest: datetime) -> list[Row]:
        self._break()
        waiting = [row for row in self.rows.values() if row.end is None and not now < row.due <= latest]
        return sorted(waiting, key=lambda row: row.attempt > 0)

    async def blob(self, sha256: str) -> bytes:
        return self.blobs[sha256]

    async def mark_sent(self, key: str, reply_json: str) -> None:
        self._break()
        self.rows[key].end = ("sent", reply_json)

    async def mark_refused(self, key: str, reply_json: str) -> None:
        self.rows[key].end = ("refused", reply_json)

    async def mark_failed(self, key: str, reason: str, next_at: datetime) -> None:
        self._break()
        row = self.rows[key]
        row.attempt, row.due = row.attempt + 1, next_at
        row.reasons.append(reason)

    async def wait_for_work(self) -> None:
        await self.work.wait()
        self.work.clear()


@dataclass
class Headquarters:
    """Answers by a table of path -> (status, body); records what it was sent; its line has weather by path."""

    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict[str, tuple[int, bytes]])
    weather: dict[str, Weather] = field(default_factory=dict[str, Weather])
    got: list[tuple[str, str, bytes]] = field(default_factory=list[tuple[str, str, bytes]])

    def handle(self, _terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        self.got.append((method, path, body))
        return self.answers.get(path, (200, ACCEPTED))

    def outbox(self, book: Book) -> Outbox:
        clock = LoopClock()

        def now(_method: str, path: str) -> Weather:
            return self.weather.get(path, Weather.FAIR)

        return Outbox(DirectExchange(self.handle, "t1", clock, now), book, clock, FixedIds())


def one_pass(headquarters: Headquarters, book: Callable[[], Book]) -> tuple[Book, Outbox, datetime | None]:
    async def main() -> tuple[Book, Outbox, datetime | None]:
        shelf = book()
        outbox = headquarters.outbox(shelf)
        return shelf, outbox, await outbox.send_due()

    return run_virtually(main())


def end_of(book: Book, key: str) -> str | None:
    end = book.rows[key].end
    return None if end is None else end[0]


def test_a_row_goes_up_and_is_marked_sent_with_its_reply() -> None:
    book, _, wake_at = one_pass(Headquarters(), lambda: Book(Row("a")))
    kind, reply = book.rows["a"].end or ("", "")
    assert (kind, FilingReply.model_validate_json(reply).number, wake_at) == ("sent", "HZ-1", None)


def test_duplicate_is_success() -> None:
    duplicate = json.dumps({"status": "accepted", "number": "HZ-1", "duplicate": True}).encode()
    book, _, _ = one_pass(Headquarters({"/v1/filings": (200, duplicate)}), lambda: Book(Row("a")))
    assert end_of(book, "a") == "sent"


def test_blobs_go_up_before_their_filing() -> None:
    def shelf() -> Book:
        book = Book(Row("a", blobs=("s1", "s2")))
        book.blobs = {"s1": b"one", "s2": b"two"}
        return book

    headquarters = Headquarters({"/v1/blobs/s1": (204, b"")})
    book, _, _ = one_pass(headquarters, shelf)
    assert [got[1] for got in headquarters.got] == ["/v1/blobs/s1", "/v1/blobs/s2", "/v1/filings"]
    assert end_of(book, "a") == "sent"


def test_a_refusal_ends_the_row_for_good() -> None:
    refused = json.dumps(
        {"status": "refused", "refusal": {"code": "E-PTS-01", "details": [], "tag": "refusal"}}
    ).encode()
    book, _, _ = one_pass(Headquarters({"/v1/filings": (200, refused)}), lambda: Book(Row("a")))
    assert end_of(book, "a") == "refused"


def test_the_same_key_with_another_digest_ends_the_row_in_the_words_of_a_reply() -> None:
    problem = json.dumps({"code": "digest", "detail": "another digest"}).encode()
    book, _, _ = one_pass(Headquarters({"/v1/filings": (409, problem)}), lambda: Book(Row("a")))
    kind, text = book.rows["a"].end or ("", "")
    reply = FilingReply.model_validate_json(text)
    assert (kind, reply.status) == ("refused", "refused")
    assert reply.refusal is not None
    assert reply.refusal.details == (("problem", "digest"),)


@pytest.mark.parametrize(("answer", "kept"), [(b"", "{}"), (b'{"row": 1}', '{"row": 1}')])
def test_other_messages_than_filings_are_sent_too(answer: bytes, kept: str) -> None:
    headquarters = Headquarters({"/v1/grants/g1/use": (204, answer)})
    book, _, _ = one_pass(headquarters, lambda: Book(Row("a", "/v1/grants/g1/use")))
    assert book.rows["a"].end == ("sent", kept)


def test_a_terminal_that_is_not_let_in_keeps_its_rows() -> None:
    problem = json.dumps({"code": "unknown-terminal", "detail": ""}).encode()
    book, outbox, _ = one_pass(Headquarters({"/v1/filings": (403, problem)}), lambda: Book(Row("a")))
    assert end_of(book, "a") is None
    assert outbox.stuck == ("not-let-in-unknown-terminal",)


@pytest.mark.parametrize("weather", [Weather.DOWN, Weather.SERVER_ERROR, Weather.CUT_AFTER_REQUEST, Weather.SILENT])
def test_without_an_answer_the_row_waits_longer_each_time(weather: Weather) -> None:
    headquarters = Headquarters(weather={"/v1/filings": weather})
    pauses: list[float] = []
    for attempt in (0, 1, 2, 10):
        book, outbox, wake_at = one_pass(headquarters, lambda attempt=attempt: Book(Row("a", attempt=attempt)))
        assert end_of(book, "a") is None
        assert wake_at == book.rows["a"].due
        assert outbox.stuck == ()
        took = 15.0 if weather is Weather.SILENT else 0.02
        pauses.append(round((book.rows["a"].due - NOON).total_seconds() - took, 3))
    assert pauses == [1.5, 3.0, 6.0, 45.0]


def poisoned() -> Book:
    """Every way a row can be bad, each followed by a good one."""
    book = Book(
        Row("garbage", "/v1/filings"),
        Row("good-1", "/v1/ok"),
        Row("no-blob", "/v1/ok", blobs=("gone",)),
        Row("good-2", "/v1/ok"),
        Row("bad-blob", "/v1/ok", blobs=("bad",)),
        Row("good-3", "/v1/ok"),
        Row("no-text", "/v1/ok", body="\ud800"),
        Row("good-4", "/v1/ok"),
    )
    book.blobs = {"bad": b"bad"}
    return book


def test_one_poisoned_row_never_blocks_the_next() -> None:
    problem = json.dumps({"code": "digest", "detail": ""}).encode()
    headquarters = Headquarters({"/v1/filings": (200, b"<html>"), "/v1/blobs/bad": (422, problem)})
    book, outbox, _ = one_pass(headquarters, poisoned)
    assert {key: end_of(book, key) for key in book.rows} == {
        "garbage": None,
        "good-1": "sent",
        "no-blob": None,
        "good-2": "sent",
        "bad-blob": None,
        "good-3": "sent",
        "no-text": None,
        "good-4": "sent",
    }
    assert outbox.stuck == ("blob-digest", "garbage", "row-KeyError", "row-UnicodeEncodeError")


def test_a_filing_whose_blobs_headquarters_lacks_waits_and_brings_them_again() -> None:
    problem = json.dumps({"code": "blob-missing", "detail": ""}).encode()
    headquarters = Headquarters({"/v1/filings": (409, problem), "/v1/blobs/s1": (204, b"")})

    def held() -> Book:
        book = Book(Row("a", blobs=("s1",)))
        book.blobs = {"s1": b"one"}
        return book

    async def main() -> None:
        book = held()
        outbox = headquarters.outbox(book)
        again = await outbox.send_due()
        assert again is not None
        assert (end_of(book, "a"), outbox.stuck) == (None, ("blob-missing",))
        headquarters.answers["/v1/filings"] = (200, ACCEPTED)
        await asyncio.sleep((again - LoopClock().now()).total_seconds())
        assert await outbox.send_due() is None
        assert (end_of(book, "a"), outbox.stuck) == ("sent", ())
        assert [path for _, path, _ in headquarters.got] == ["/v1/blobs/s1", "/v1/filings"] * 2

    run_virtually(main())


def test_a_reason_never_quotes_the_row() -> None:
    headquarters = Headquarters({"/v1/filings": (200, b'{"name": "secret"}')})
    book, _, _ = one_pass(headquarters, lambda: Book(Row("a", body='{"name": "secret"}')))
    assert book.rows["a"].reasons == ["garbage: FilingReply"]


def run_until(
    headquarters: Headquarters, book: Callable[[], Book], then: Callable[[Book], Any], seconds: float
) -> tuple[Book, Outbox]:
    """The loop itself for some virtual seconds, `then` called after the first second."""

    async def main() -> tuple[Book, Outbox]:
        shelf = book()
        outbox = headquarters.outbox(shelf)
        task = asyncio.create_task(outbox.run())
        await asyncio.sleep(1)
        then(shelf)
        await asyncio.sleep(seconds)
        assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return shelf, outbox

    return run_virtually(main())


def test_new_work_is_sent_at_once() -> None:
    def add(book: Book) -> None:
        book.rows["b"] = Row("b")
        book.work.set()

    book, _ = run_until(Headquarters(), lambda: Book(Row("a")), add, 0.1)
    assert [end_of(book, key) for key in ("a", "b")] == ["sent", "sent"]


def test_what_had_failed_is_sent_when_the_line_is_back() -> None:
    headquarters = Headquarters(weather={"/v1/filings": Weather.DOWN})
    book, outbox = run_until(headquarters, lambda: Book(Row("a")), lambda _: headquarters.weather.clear(), 10)
    assert end_of(book, "a") == "sent"
    assert book.rows["a"].attempt == 1
    assert outbox.stuck == ()


def test_a_row_of_an_earlier_life_is_sent_when_its_time_comes() -> None:
    later = NOON + timedelta(seconds=14)
    book, _ = run_until(Headquarters(), lambda: Book(Row("a", due=later)), lambda _: None, 25)
    assert end_of(book, "a") == "sent"


def test_a_full_disk_stops_nothing_for_good() -> None:
    def shelf() -> Book:
        book = Book(Row("a"))
        book.broken = 3
        return book

    book, outbox = run_until(Headquarters(), shelf, lambda _: None, 30)
    assert end_of(book, "a") == "sent"
    assert outbox.stuck == ()


def test_two_rows_that_fail_are_taken_up_at_the_earlier_time() -> None:
    down = Weather.DOWN
    headquarters = Headquarters(weather={"/v1/filings": down, "/v1/batches": down})
    _, _, wake_at = one_pass(
        headquarters, lambda: Book(Row("late", attempt=4), Row("early"), Row("late-2", attempt=3))
    )
    assert wake_at is not None
    assert wake_at - NOON < timedelta(seconds=2)


class DeafBook(Book):
    async def wait_for_work(self) -> None:
        raise OSError("no bell")


def test_a_store_that_cannot_ring_is_looked_at_again() -> None:
    book, _ = run_until(Headquarters(), DeafBook, lambda book: book.rows.update(a=Row("a")), 25)
    assert end_of(book, "a") == "sent"


def test_a_mark_that_cannot_be_made_stops_neither_the_row_nor_the_next() -> None:
    class Brittle(Book):
        async def mark_failed(self, key: str, reason: str, next_at: datetime) -> None:
            raise OSError(f"no room for {key}, {reason}, {next_at}")

    headquarters = Headquarters({"/v1/filings": (200, b"<html>")})
    book, outbox, _ = one_pass(headquarters, lambda: Brittle(Row("a"), Row("b", "/v1/ok")))
    assert [end_of(book, key) for key in ("a", "b")] == [None, "sent"]
    assert outbox.stuck == ("store-OSError",)


def test_asked_to_wait_it_leaves_the_rest_for_later_and_comes_back_after_that() -> None:
    """429 with Retry-After: one more request now would be answered the same."""

    class Busy:
        asked = 0

        async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
            self.asked += 1
            return Reply(429, b"{}", 0.0, None, 40.0) if self.asked == 1 else Reply(200, ACCEPTED, 0.0, None)

    async def main() -> None:
        line, book, clock = Busy(), Book(Row("a"), Row("b")), LoopClock()
        outbox = Outbox(line, book, clock, FixedIds())
        wake_at = await outbox.send_due()
        assert line.asked == 1 and book.rows["b"].attempt == 0
        assert wake_at == NOON + timedelta(seconds=45)
        clock.ahead = -3600.0  # a clock set back keeps nobody quiet
        await asyncio.sleep(46)
        clock.ahead = 0.0
        assert await outbox.send_due() is None
        assert end_of(book, "a") == end_of(book, "b") == "sent"

    run_virtually(main())


# -- backlogs ------------------------------------------------------------------------------------------------------


@dataclass
class Backlog:
    """Headquarters with batches: a poisoned item spoils every batch it is in, in its own way; counts what is done."""

    poison: dict[str, int | Weather] = field(default_factory=dict[str, int | Weather])
    said: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    asked: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    done: list[str] = field(default_factory=list[str])
    clock: LoopClock = field(default_factory=LoopClock)

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        del method, content_type
        await asyncio.sleep(0.02)
        message = json.loads(body)
        items = message["items"] if path == "/v1/batches" else [message]
        keys = tuple(item["key"] for item in items)
        self.asked.append(keys)
        for key in keys:
            match self.poison.get(key):
                case int(status):
                    return Reply(status, b"", 0.0, None)
                case Weather.DOWN:
                    raise Unreachable(Cause.REFUSED, Arrival.SURELY_NOT)
                case Weather():
                    await asyncio.sleep(seconds)
                    raise Unreachable(Cause.TIME_OUT, Arrival.PERHAPS)
                case None:
                    continue
        self.done += keys
        if path != "/v1/batches":
            return Reply(200, ACCEPTED, 0.0, None)
        accepted = {"state": "done", "reply": json.loads(ACCEPTED)}
        answer = {"items": [{"key": key, **self.said.get(key, accepted)} for key in keys]}
        return Reply(200, json.dumps(answer).encode(), 0.0, None)

    def outbox(self, book: Book) -> Outbox:
        return Outbox(self, book, self.clock, FixedIds())


def backlog(count: int, **changes: Row) -> Book:
    """Rows that failed before, named r0, r1, ..."""
    rows = {f"r{i}": Row(f"r{i}", body=json.dumps({"key": f"r{i}"}), attempt=1) for i in range(count)}
    return Book(*(rows | changes).values())


def pass_through(line: Backlog, book: Callable[[], Book]) -> tuple[Book, Outbox]:
    async def main() -> tuple[Book, Outbox]:
        shelf = book()
        outbox = line.outbox(shelf)
        _ = await outbox.send_due()
        return shelf, outbox

    return run_virtually(main())


def ends(book: Book) -> set[str]:
    return {key for key in book.rows if end_of(book, key) == "sent"}


def test_a_backlog_goes_up_in_few_requests() -> None:
    line = Backlog()
    book, _ = pass_through(line, lambda: backlog(150))
    assert len(ends(book)) == 150 == len(set(line.done))
    assert [len(keys) for keys in line.asked] == [64, 64, 22]


def test_a_batch_is_halved_around_what_poisons_it() -> None:
    line = Backlog({"r5": 500})
    book, _ = pass_through(line, lambda: backlog(32))
    assert ends(book) == {f"r{i}" for i in range(32)} - {"r5"}
    assert Counter(line.done).most_common(1)[0][1] == 1
    assert [len(keys) for keys in line.asked] == [32, 16, 8, 4, 4, 2, 1, 1, 2, 8, 16]
    assert book.rows["r5"].reasons == ["server-error: 500"]


def test_what_poisoned_a_batch_goes_alone_until_it_has_ended() -> None:
    async def main() -> None:
        line, book = Backlog({"r2": 500}), backlog(4)
        outbox = line.outbox(book)
        _ = await outbox.send_due()
        book.rows |= backlog(8).rows | {"r2": book.rows["r2"]}
        await asyncio.sleep(60)
        line.asked.clear()
        _ = await outbox.send_due()
        assert ends(book) == set(book.rows) - {"r2"}
        assert ("r2",) in line.asked and all("r2" not in keys for keys in line.asked if len(keys) > 1)
        line.poison.clear()
        await asyncio.sleep(60)
        assert await outbox.send_due() is None
        assert ends(book) == set(book.rows)

    run_virtually(main())


def test_what_kills_the_server_is_found_although_it_looks_like_a_dead_line() -> None:
    """No answer, again and again: the line is taken for dead sooner than every row has been tried."""

    async def main() -> None:
        line, book = Backlog({"r20": Weather.SILENT}), backlog(32)
        outbox = line.outbox(book)
        task = asyncio.create_task(outbox.run())
        await asyncio.sleep(300)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert ends(book) == set(book.rows) - {"r20"}
        assert Counter(line.done).most_common(1)[0][1] == 1

    run_virtually(main())


@pytest.mark.parametrize("trouble", [Weather.DOWN, 503])
def test_a_line_or_server_that_is_down_is_asked_once_for_a_whole_batch(trouble: int | Weather) -> None:
    line = Backlog({"r5": trouble})
    book, outbox = pass_through(line, lambda: backlog(32))
    assert len(line.asked) == 1 and ends(book) == set() and outbox.stuck == ()
    assert {row.attempt for row in book.rows.values()} == {2}


def test_a_silent_line_costs_a_pass_three_requests_however_many_rows_wait() -> None:
    rows = {f"r{i}": Row(f"r{i}", body=json.dumps({"key": f"r{i}"})) for i in range(9)}
    line = Backlog(dict.fromkeys(rows, Weather.SILENT))
    book, _ = pass_through(line, lambda: Book(*rows.values()))
    assert len(line.asked) == 3
    assert sorted(row.attempt for row in book.rows.values()) == [0] * 6 + [1] * 3


def test_each_item_has_its_own_answer_and_reason() -> None:
    refused: dict[str, Any] = {"status": "refused", "refusal": {"code": "E-PTS-01", "details": [], "tag": "refusal"}}
    line = Backlog(
        said={
            "r1": {"state": "declined", "problem": {"code": "payload", "detail": ""}},
            "r2": {"state": "later", "problem": {"code": "agency-down", "detail": ""}},
            "r3": {"state": "declined", "problem": {"code": "blob-missing", "detail": ""}},
            "r4": {"state": "done", "reply": refused},
            "r5": {"state": "done"},
        }
    )
    book, outbox = pass_through(line, lambda: backlog(7))
    assert {key: end_of(book, key) for key in book.rows} == {
        "r0": "sent",
        "r1": "refused",
        "r2": None,
        "r3": None,
        "r4": "refused",
        "r5": None,
        "r6": "sent",
    }
    reasons = [book.rows[key].reasons for key in ("r2", "r3", "r5")]
    assert reasons == [["later-agency-down"], ["blob-missing"], ["garbage: BatchItem"]]
    assert outbox.stuck == ("blob-missing", "garbage: BatchItem")


def test_whoever_stands_there_waits_for_one_batch_at_most() -> None:
    """A filing that comes up while a backlog is sent goes alone, before the next batch."""

    async def main() -> None:
        line, book = Backlog(), backlog(200)
        outbox = line.outbox(book)
        sending = asyncio.create_task(outbox.send_due())
        await asyncio.sleep(0.03)
        book.rows["now"] = Row("now", body='{"key": "now"}')
        _ = await sending
        assert [len(keys) for keys in line.asked] == [64, 64, 1, 64, 8]
        assert line.asked[2] == ("now",)

    run_virtually(main())


def test_a_batch_is_not_longer_than_the_line_carries() -> None:
    line = Backlog()

    def long_ones() -> Book:
        book = backlog(5)
        for row in book.rows.values():
            row.body = json.dumps({"key": row.key, "text": "x" * 100_000})
        return book

    _ = pass_through(line, long_ones)
    assert [len(keys) for keys in line.asked] == [2, 2, 1]


@pytest.mark.parametrize("jump", [-86_400.0, 3_600.0, 31_536_000.0])
def test_a_clock_that_jumps_changes_no_pause(jump: float) -> None:
    async def main() -> None:
        line, book = Backlog({"r0": Weather.DOWN}), backlog(1)
        outbox = line.outbox(book)
        again = await outbox.send_due()
        assert again is not None
        pause = (again - outbox.steady()).total_seconds()
        line.clock.ahead = jump
        line.poison.clear()
        assert await outbox.send_due() is None and ends(book) == set()
        await asyncio.sleep(pause)
        _ = await outbox.send_due()
        assert ends(book) == {"r0"}

    run_virtually(main())


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_after_a_restart_under_another_clock_no_row_waits_longer_than_a_pause(jump: float) -> None:
    async def main() -> None:
        line, book = Backlog({"r0": Weather.DOWN}), backlog(1)
        _ = await line.outbox(book).send_due()
        line.clock.ahead = jump
        line.poison.clear()
        await asyncio.sleep(1)
        reborn = asyncio.create_task(line.outbox(book).run())
        await asyncio.sleep(61)
        reborn.cancel()
        await asyncio.gather(reborn, return_exceptions=True)
        assert ends(book) == {"r0"}

    run_virtually(main())


def test_a_terminal_that_is_not_let_in_keeps_a_whole_batch_and_asks_once() -> None:
    class Stranger(Backlog):
        async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
            _ = await super().exchange(method, path, body, content_type=content_type, seconds=seconds)
            return Reply(403, json.dumps({"code": "terminal", "detail": ""}).encode(), 0.0, None)

    line = Stranger()
    book, outbox = pass_through(line, lambda: backlog(8))
    assert len(line.asked) == 1 and ends(book) == set()
    assert {reason for row in book.rows.values() for reason in row.reasons} == set(outbox.stuck)
    assert all(reason.startswith("not-let-in") for reason in outbox.stuck)


def test_answers_to_something_else_are_none_and_each_row_is_asked_alone() -> None:
    line = Backlog(said={"r1": {"key": "another", "state": "done", "reply": json.loads(ACCEPTED)}})
    book, _ = pass_through(line, lambda: backlog(2))
    assert line.asked == [("r0", "r1"), ("r0",), ("r1",)]
    assert ends(book) == {"r0", "r1"}


def test_asked_to_wait_while_a_batch_is_halved_it_sends_neither_the_rest_nor_who_stands_there() -> None:
    class Busy(Backlog):
        async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
            reply = await super().exchange(method, path, body, content_type=content_type, seconds=seconds)
            return reply if path == "/v1/batches" else Reply(429, b"{}", 0.0, None, 40.0)

    async def main() -> None:
        line, book = Busy({"r5": 500}), backlog(8)
        outbox = line.outbox(book)
        sending = asyncio.create_task(outbox.send_due())
        await asyncio.sleep(0.01)
        book.rows |= {key: Row(key, body=json.dumps({"key": key})) for key in ("now", "next")}
        wake_at = await sending
        assert [len(keys) for keys in line.asked] == [8, 1]
        assert wake_at is not None and wake_at > NOON + timedelta(seconds=40)
        assert (book.rows["next"].attempt, ends(book)) == (0, set())

    run_virtually(main())


def test_an_end_that_cannot_be_written_down_is_asked_for_again() -> None:
    class Brittle(Book):
        refuses = 1

        async def mark_sent(self, key: str, reply_json: str) -> None:
            if self.refuses:
                self.refuses -= 1
                raise OSError("disk full")
            await super().mark_sent(key, reply_json)

    async def main() -> None:
        headquarters, book = Headquarters(), Brittle(Row("a"))
        outbox = headquarters.outbox(book)
        _ = await outbox.send_due()
        assert end_of(book, "a") is None and outbox.stuck == ("row-OSError",)
        await asyncio.sleep(60)
        _ = await outbox.send_due()
        assert end_of(book, "a") == "sent" and outbox.stuck == ()
        assert len(headquarters.got) == 2, "and was answered as before"

    run_virtually(main())


class WithBlobs(Backlog):
    """Blobs are answered with `blobs`; a filing that goes alone is asked to wait."""

    blobs: tuple[int, bytes] = (204, b"")

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        if path.startswith("/v1/blobs/"):
            await asyncio.sleep(0.02)
            self.asked.append((path.rpartition("/")[2],))
            return Reply(*self.blobs, 0.0, None)
        reply = await super().exchange(method, path, body, content_type=content_type, seconds=seconds)
        return reply if path == "/v1/batches" else Reply(429, b"{}", 0.0, None, 40.0)


def pictured(count: int) -> Book:
    """Rows that failed before, each with a picture of its own."""
    book = backlog(count)
    for number, row in enumerate(book.rows.values()):
        row.blobs = (f"s{number}",)
        book.blobs[f"s{number}"] = b"picture"
    return book


def test_a_batch_of_which_no_picture_could_be_sent_is_not_sent() -> None:
    line = WithBlobs()
    line.blobs = (507, b"")
    book, _ = pass_through(line, lambda: pictured(2))
    assert ends(book) == set() and not [keys for keys in line.asked if "r0" in keys or "r1" in keys]
    assert all(row.attempt == 2 for row in book.rows.values())


def test_asked_to_wait_between_two_pictures_it_sends_no_more() -> None:
    async def main() -> None:
        line, book = WithBlobs(), pictured(3)
        sending = asyncio.create_task(line.outbox(book).send_due())
        await asyncio.sleep(0.01)
        book.rows["now"] = Row("now", body='{"key": "now"}')
        _ = await sending
        assert line.asked == [("s0",), ("now",)]
        assert ends(book) == set()

    run_virtually(main())


def test_a_batch_that_headquarters_refuses_as_a_whole_is_halved_and_each_row_gets_its_own_no() -> None:
    class Strict(Backlog):
        async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
            _ = await super().exchange(method, path, body, content_type=content_type, seconds=seconds)
            return Reply(413, json.dumps({"code": "too-large", "detail": ""}).encode(), 0.0, None)

    line = Strict()
    book, _ = pass_through(line, lambda: backlog(2))
    assert line.asked == [("r0", "r1"), ("r0",), ("r1",)]
    assert {end_of(book, key) for key in book.rows} == {"refused"}
