"""Histories of terminals that file through a bad network with two servers on one database, checked like Jepsen's.

Each history is drawn from its own seed: terminals with the real outbox, the real headquarters, and between them a
network that loses, repeats, delays and mixes requests, loses answers, and servers that die before a commit, or after
it and before the answer. Clocks jump on both sides; terminals die and live again. What terminals began, and what
they took as answered, is recorded as in Jepsen (invoke, ok, fail, info) and compared with the books afterwards:
nothing acknowledged is lost, nothing happens twice, nothing is there that nobody began, and whatever can end has
ended once the network is well.
"""

from __future__ import annotations

import argparse
import asyncio
import enum
import hashlib
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, func, select

from central.blobs import Blobs
from central.cupboards import Lying
from central.database import open_database, transaction
from central.handle import Headquarters
from central.model import FilingRow, HelpCall, PaymentOrder, Report
from kiosk.backend.exchange import Arrival, Cause, Reply, Unreachable
from kiosk.backend.headquarters import PART, WHOLE
from kiosk.backend.outbox import FILINGS, Outbox
from kiosk.people.synthetic import PopulationKey, Situation, population
from kiosk.times import BEIJING
from kiosk.virtual import run_virtual

START = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
KEY = PopulationKey(1, date(2026, 11, 23))
TERMINALS = ("KDL-001", "KDL-006")
BILL, FEN = "fee:id-card-renewal:2004-01-01", 2000
ORDERS = 2
LONGEST_DELAY = 90.0
"""Seconds a copy of a request may be under way."""
DRAINED = 900.0
"""Seconds, by the terminals' steady time, in which everything that can end has ended once the network is well."""
DYING = 450.0
"""Seconds of these in which servers still die: one may die at each request that a photograph in many parts takes."""


class Kind(enum.Enum):
    """What is recorded, in Jepsen's words."""

    INVOKE = "invoke"
    OK = "ok"
    FAIL = "fail"
    INFO = "info"


class Sort(enum.Enum):
    """What a terminal files."""

    HELP = "help-call"
    REPORT = "effect-report"
    RATING = "service-rating"
    REFUND = "refund"
    WITH_BLOB = "with-blob"
    WRONG_FIELD = "wrong-field"
    NO_JSON = "no-json"
    TWIN = "twin"
    """The key of another message with another digest."""
    DEADLY = "deadly"
    """Whatever server reads it dies."""
    FAILING = "failing"
    """Whatever server reads it fails unforeseen."""


_ENDLESS = frozenset({Sort.DEADLY, Sort.FAILING})
_WEIGHTS = {
    Sort.HELP: 6,
    Sort.REPORT: 6,
    Sort.RATING: 3,
    Sort.REFUND: 2,
    Sort.WITH_BLOB: 3,
    Sort.WRONG_FIELD: 1,
    Sort.NO_JSON: 1,
    Sort.TWIN: 1,
    Sort.DEADLY: 1,
    Sort.FAILING: 1,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history: at which second, whose, what, and the number or reason that came with it."""

    at: float
    terminal: str
    kind: Kind
    key: str
    said: str = ""


@dataclass(slots=True)
class Row:
    """A message on a terminal's disk."""

    key: str
    body: str
    sort: Sort
    digest: str
    blobs: tuple[str, ...] = ()
    path: str = FILINGS
    attempt: int = 0
    due: float = 0.0
    ended: Kind | None = None


class Killed(BaseException):
    """A server process ends here."""


class _Clock:
    """Wall time that may jump, beside the loop's own."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time() + self.ahead)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class _Ids:
    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def case_id(self) -> str:
        return self.nonce()[:26].upper()

    def nonce(self) -> str:
        return self._dice.randbytes(16).hex()

    def key(self) -> bytes:
        return self._dice.randbytes(32)

    def jitter(self) -> float:
        return self._dice.random()


class _Disk:
    """A terminal's outbox as it survives a kill: a mark is whole or not made. Records what it is told."""

    def __init__(self, terminal: str, dice: random.Random, lines: list[Line]) -> None:
        self.rows: dict[str, Row] = {}
        self.blobs: dict[str, bytes] = {}
        self._terminal = terminal
        self._dice = dice
        self._lines = lines
        self._work = asyncio.Event()

    def add(self, row: Row) -> None:
        """Begun: the first message of a key counts."""
        if row.key not in self.rows:
            self.rows[row.key] = row
            self._record(Kind.INVOKE, row.key, row.digest)
            self._work.set()

    async def outbox_due(self, now: datetime, latest: datetime) -> Sequence[Row]:
        start, end = now.timestamp(), latest.timestamp()
        due = [row for row in self.rows.values() if row.ended is None and not start < row.due <= end]
        return sorted(due, key=lambda row: row.attempt > 0)

    async def blob(self, sha256: str) -> bytes:
        return self.blobs[sha256]

    async def mark_sent(self, key: str, reply_json: str) -> None:
        await self._written(key, Kind.OK, str(json.loads(reply_json).get("number", "")))

    async def mark_refused(self, key: str, reply_json: str) -> None:
        await self._written(key, Kind.FAIL, reply_json)

    async def mark_failed(self, key: str, reason: str, next_at: datetime) -> None:
        row = self.rows[key]
        row.attempt, row.due = row.attempt + 1, next_at.timestamp()
        self._record(Kind.INFO, key, reason)

    async def wait_for_work(self) -> None:
        await self._work.wait()
        self._work.clear()

    async def _written(self, key: str, kind: Kind, said: str) -> None:
        if self._dice.random() < 0.2:
            await asyncio.sleep(0.001)  # a terminal may die while it writes
        if self.rows[key].ended is None:
            self.rows[key].ended = kind
        self._record(kind, key, said)

    def _record(self, kind: Kind, key: str, said: str) -> None:
        self._lines.append(Line(asyncio.get_running_loop().time(), self._terminal, kind, key, said))


@dataclass(frozen=True, slots=True)
class Weather:
    """How likely each trouble is, for each request, and how long things are under way, in seconds."""

    unreached: float
    lost: float
    answer_lost: float
    killed_before: float
    killed_after: float
    late: float
    repeated: float
    failing: float
    garbage: float
    travel: float

    @staticmethod
    def drawn(dice: random.Random) -> Weather:
        """Some histories are nearly fair, some hardly let anything through."""
        bad = dice.choice((0.02, 0.1, 0.3))
        return Weather(*(dice.random() * bad for _ in range(9)), travel=dice.choice((0.01, 0.2, 3.0)))


Serve = Callable[[int, str, str, str, bytes], tuple[int, bytes]]
"""(server, terminal, method, path, body) -> (status, body). Raises Killed."""


class _Network:
    """Between one terminal and the servers, by turns well and not."""

    def __init__(self, serve: Serve, terminal: str, weather: Weather, dice: random.Random) -> None:
        self._serve = serve
        self._terminal = terminal
        self._weather = weather
        self._dice = dice
        self.well = False
        self.requests = Counter[str]()

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        """See Exchange."""
        del content_type
        self.requests[path.split("/")[2]] += 1
        if self.well:
            await asyncio.sleep(0.01)
            return self._answered(method, path, body)
        weather, dice = self._weather, self._dice
        if self._happens(weather.unreached):
            await asyncio.sleep(dice.random() * 3)
            raise Unreachable(Cause.REFUSED, Arrival.SURELY_NOT)
        if self._happens(weather.repeated):
            self._later(method, path, body)
        if self._happens(weather.lost):
            await asyncio.sleep(seconds)
            raise Unreachable(Cause.TIME_OUT, Arrival.PERHAPS)
        if self._happens(weather.late):
            self._later(method, path, body)
            await asyncio.sleep(seconds)
            raise Unreachable(Cause.TIME_OUT, Arrival.PERHAPS)
        await asyncio.sleep(min(seconds, dice.expovariate(1 / weather.travel)))
        if self._happens(weather.failing):
            return Reply(dice.choice((500, 502, 503)), b"", 0.0, None)
        reply = self._answered(method, path, body)
        if self._happens(weather.answer_lost):
            await asyncio.sleep(dice.random() * seconds)
            raise Unreachable(Cause.CUT, Arrival.PERHAPS)
        if self._happens(weather.garbage):
            return Reply(200, b"<html>", 0.0, None)
        await asyncio.sleep(min(seconds, dice.expovariate(1 / weather.travel)))
        return reply

    def _answered(self, method: str, path: str, body: bytes) -> Reply:
        try:
            status, answer = self._serve(self._dice.randrange(2), self._terminal, method, path, body)
        except Killed:
            raise Unreachable(Cause.CUT, Arrival.PERHAPS) from None
        return Reply(status, answer, 0.0, None)

    def _later(self, method: str, path: str, body: bytes) -> None:
        """A copy that arrives when its sender has long gone on."""

        def arrives() -> None:
            with suppress(Killed):
                _ = self._serve(self._dice.randrange(2), self._terminal, method, path, body)

        _ = asyncio.get_running_loop().call_later(self._dice.random() * LONGEST_DELAY, arrives)

    def _happens(self, likely: float) -> bool:
        return self._dice.random() < likely


class _Memory:
    """A cupboard that outlives the servers: what disks do to a cut is proven elsewhere."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, path: str, content: bytes) -> None:
        self._kept[path] = content

    def get(self, path: str) -> bytes | None:
        return self._kept.get(path)

    def has(self, path: str) -> bool:
        return path in self._kept

    def drop(self, path: str) -> None:
        _ = self._kept.pop(path, None)

    def under(self, folder: str) -> Sequence[Lying]:
        there = sorted(path for path in self._kept if path.startswith(f"{folder}/"))
        return [Lying(path, len(self._kept[path]), START) for path in there]

    def empty(self) -> None:
        self._kept.clear()


class _SomeDuties:
    """Of two servers one looks at the clock, and not before every request of a history."""

    def __init__(self) -> None:
        self.mine = False

    def look(self) -> bool:
        return self.mine

    def close(self) -> None:
        """Nothing is held."""


class Servers:
    """Two headquarters on one database in memory, which is set back before each history."""

    def __init__(self, folder: Path) -> None:
        self.engine: Engine = open_database("sqlite://")
        self.clocks = (_Clock(), _Clock())
        self._duties = (_SomeDuties(), _SomeDuties())
        self._commit_kills = False
        event.listen(self.engine, "commit", self._before_commit)

        async def made() -> tuple[Headquarters, Headquarters]:
            first, second = (
                Headquarters(
                    self.engine,
                    self.clocks[i],
                    _Ids(random.Random(i)),
                    state=folder,
                    key=KEY,
                    pause=lambda _: None,
                    faces=_NoFaces(),
                    duties=self._duties[i],
                )
                for i in range(2)
            )
            self._pay(first)
            return first, second

        self._two = run_virtual(made(), START)
        self._cupboard = _Memory()
        for one in self._two:
            one.blobs = Blobs(self._cupboard)
        self._first = self._raw().serialize()
        self.orders: tuple[str, ...]

    def _pay(self, headquarters: Headquarters) -> None:
        """Paid orders that a history may ask back."""
        people = population(KEY)
        numbers: list[str] = []
        for i in range(ORDERS):
            ask = {
                "key": f"paid/{i}",
                "digest": "d",
                "case": "paid",
                "bill": BILL,
                "payer": people.find(Situation.RENEWAL_DUE, i).number,
                "expected_fen": FEN,
            }
            status, body = headquarters.exchange(TERMINALS[0], "POST", "/v1/orders", json.dumps(ask).encode())
            order = json.loads(body)
            paid = headquarters.people("POST", f"/pay/{order['url'].rsplit('/', 1)[1]}", b"answer=confirm")
            if status != 200 or paid.status != 200:
                raise RuntimeError("the world of the histories cannot be made")
            numbers.append(order["number"])
        self.orders = tuple(numbers)

    def blob(self, name: str) -> bytes | None:
        """What they keep under a digest."""
        return self._two[0].blobs.get(name)

    def set_back(self) -> None:
        """As they were made."""
        self._raw().deserialize(self._first)
        self._cupboard.empty()
        for clock in self.clocks:
            clock.ahead = 0.0

    def _raw(self) -> Any:
        with self.engine.connect() as connection:
            return connection.connection.driver_connection

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()

    def _before_commit(self, _connection: Any) -> None:
        if self._commit_kills:
            raise Killed

    @contextmanager
    def _dying_at_commit(self, dying: bool) -> Generator[None]:
        self._commit_kills = dying
        try:
            yield
        finally:
            self._commit_kills = False

    def serve(self, weather: Weather, dice: random.Random, alive: asyncio.Event) -> Serve:
        """The servers as a network reaches them; once `alive` is set, only poison kills them."""

        def serve(server: int, terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
            if b'"poison":"deadly"' in body:
                raise Killed
            if b'"poison":"failing"' in body:
                return 500, b""
            self._duties[server].mine = dice.random() < 0.05
            with self._dying_at_commit(dice.random() < weather.killed_before and not alive.is_set()):
                answer = self._two[server].exchange(terminal, method, path, body)
            if dice.random() < weather.killed_after and not alive.is_set():
                raise Killed
            return answer

        return serve


class _NoFaces:
    def compare(self, live: bytes, face: str, chip_photo: bytes) -> Any:
        del live, face, chip_photo
        raise NotImplementedError


@dataclass(slots=True)
class History:
    """What was recorded, and what the terminals hold at the end."""

    seed: int
    lines: list[Line] = field(default_factory=list[Line])
    rows: list[Row] = field(default_factory=list[Row])
    requests: Counter[str] = field(default_factory=Counter[str])
    deaths: int = 0


async def _lived(servers: Servers, seed: int, sabotage: Callable[[Serve], Serve]) -> History:
    dice = random.Random(seed)
    history = History(seed)
    weather = Weather.drawn(dice)
    ends = 20.0 + dice.random() * 200.0
    alive = asyncio.Event()
    serve = sabotage(servers.serve(weather, dice, alive))
    names = TERMINALS[: dice.randint(1, len(TERMINALS))]
    disks = [_Disk(name, dice, history.lines) for name in names]
    lives = [_Life(_Network(serve, name, weather, dice), disk, dice) for name, disk in zip(names, disks, strict=True)]
    for life in lives:
        life.begin()
    backlog = dice.random() < 0.2
    for _ in range(dice.randint(10, 24) if backlog else dice.randint(2, 9)):
        await asyncio.sleep(dice.random() * ends / (50 if backlog else 5))
        disk = dice.choice(disks)
        disk.add(_drawn(disk, disks, servers.orders, dice))
        if dice.random() < 0.25:
            await dice.choice(lives).die_and_live_again()
            history.deaths += 1
        if dice.random() < 0.3:
            clock = dice.choice([*servers.clocks, *(life.clock for life in lives)])
            clock.ahead += dice.choice((-86_400.0, -3_600.0, -30.0, 30.0, 3_600.0))
    await asyncio.sleep(LONGEST_DELAY)
    for life in lives:
        life.network.well = True
    well_since = asyncio.get_running_loop().time()
    while any(disk_waits(disk) for disk in disks) and asyncio.get_running_loop().time() < well_since + DRAINED:
        if asyncio.get_running_loop().time() > well_since + DYING:
            alive.set()
        await asyncio.sleep(5.0)
    for life in lives:
        await life.end()
    await asyncio.sleep(LONGEST_DELAY)
    history.rows = [row for disk in disks for row in disk.rows.values()]
    history.requests = sum((life.network.requests for life in lives), Counter[str]())
    return history


def disk_waits(disk: _Disk) -> bool:
    """Whether something that can end has not."""
    return any(row.ended is None and row.sort not in _ENDLESS for row in disk.rows.values())


class _Life:
    """A terminal's process, from one kill to the next."""

    def __init__(self, network: _Network, disk: _Disk, dice: random.Random) -> None:
        self.network = network
        self.clock = _Clock()
        self._disk = disk
        self._dice = dice
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """A new process on the old disk."""
        outbox = Outbox(self.network, self._disk, self.clock, _Ids(self._dice))
        self._task = asyncio.create_task(outbox.run())

    async def end(self) -> None:
        """Wherever it is."""
        task, self._task = self._task, None
        if task is not None:
            _ = task.cancel()
            _ = await asyncio.wait({task})

    async def die_and_live_again(self) -> None:
        """And its clock may be another when it comes back."""
        await self.end()
        self.clock.ahead += self._dice.choice((0.0, 0.0, -7_200.0, 7_200.0))
        await asyncio.sleep(self._dice.random() * 20)
        self.begin()


def _drawn(disk: _Disk, disks: Sequence[_Disk], orders: Sequence[str], dice: random.Random) -> Row:
    (sort,) = dice.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
    key = f"H{dice.randbytes(6).hex()}/step/1"
    blobs: tuple[str, ...] = ()
    kind = "help-call"
    payload: dict[str, Any] = {"page": "attract", "service": "", "language": ""}
    match sort:
        case Sort.HELP | Sort.NO_JSON:
            pass
        case Sort.REPORT:
            kind = "effect-report"
            payload = {"effect_key": f"{key}/e", "effect_kind": "print", "state": "done", "evidence": {}}
        case Sort.RATING:
            kind, payload = "service-rating", {"service": "HZ01", "rating": "satisfied"}
        case Sort.REFUND:
            kind, payload = "refund", {"order": dice.choice(orders), "because": key}
        case Sort.WITH_BLOB:
            content = dice.randbytes(16) * dice.choice((1, PART // 8, WHOLE // 15))
            blobs = (hashlib.sha256(content).hexdigest(),)
            disk.blobs[blobs[0]] = content
        case Sort.WRONG_FIELD:
            payload = {"page": 7}
        case Sort.TWIN:
            others = [row.key for one in disks for row in one.rows.values() if one is not disk]
            key = dice.choice(others) if others else key
            payload = {**payload, "page": "twin"}
        case Sort.DEADLY | Sort.FAILING:
            payload = {"poison": sort.value}
    digest = hashlib.sha256(json.dumps([kind, payload, key], sort_keys=True).encode()).hexdigest()
    filing: dict[str, Any] = {
        "key": key,
        "digest": digest,
        "case": key.split("/")[0],
        "kind": kind,
        "payload": payload,
        "blobs": list(blobs),
        "at": START.isoformat(),
    }
    body = json.dumps(filing, separators=(",", ":"))
    return Row(key, body[:-1] if sort is Sort.NO_JSON else body, sort, digest, blobs)


# -- the checker


def violations(history: History, servers: Servers) -> list[str]:
    """What a history and the books at its end contradict each other in; none means that it holds."""
    with transaction(servers.engine) as db:
        filed = {row.key: row for row in db.scalars(select(FilingRow))}
        helped = db.scalar(select(func.count()).select_from(HelpCall)) or 0
        reported = db.scalar(select(func.count()).select_from(Report)) or 0
        refunds = db.execute(select(PaymentOrder.number, PaymentOrder.refunded_at)).all()
    replies = {key: json.loads(row.reply) for key, row in filed.items()}
    found: list[str] = []
    begun: dict[str, set[str]] = {}
    ends: dict[tuple[str, str], set[tuple[Kind, str]]] = {}
    for line in history.lines:
        if line.kind is Kind.INVOKE:
            begun.setdefault(line.key, set()).add(line.said)
        elif line.kind in (Kind.OK, Kind.FAIL):
            said = line.said if line.kind is Kind.OK else ""
            ends.setdefault((line.terminal, line.key), set()).add((line.kind, said))
    digests = {row.digest: row for row in history.rows}
    for key, row in filed.items():
        if row.digest not in begun.get(key, ()):
            found.append("something was done that nobody began")
    for (_, key), said in sorted(ends.items(), key=str):
        if len(said) > 1:
            found.append("one message ended in two ways")
        for kind, number in said:
            reply = replies.get(key)
            if kind is Kind.OK and (reply is None or reply["status"] != "accepted" or reply["number"] != number):
                found.append("what was acknowledged is not on the books")
    for row in history.rows:
        there = row.key in filed and filed[row.key].digest == row.digest
        accepted = there and replies[row.key]["status"] == "accepted"
        if row.ended is Kind.OK and not there:
            found.append(f"an acknowledged {row.sort.value} is lost")
        if row.ended is Kind.FAIL and accepted:
            found.append(f"a refused {row.sort.value} was done")
        if row.ended is None and row.sort not in _ENDLESS:
            found.append(f"a {row.sort.value} waits for ever")
        if row.ended is Kind.FAIL and row.sort in (Sort.HELP, Sort.REPORT, Sort.RATING, Sort.WITH_BLOB):
            rivals = [other for other in history.rows if other.key == row.key]
            if len(rivals) == 1:
                found.append(f"a good {row.sort.value} was refused")
        if row.ended is Kind.OK and any(not _whole(servers, name) for name in row.blobs):
            found.append("a photograph of an acknowledged filing is not there")
    done = Counter(digests[row.digest].sort for row in filed.values() if row.digest in digests)
    if helped != done[Sort.HELP] + done[Sort.WITH_BLOB] + done[Sort.TWIN]:
        found.append(f"{helped} calls for help came of {done[Sort.HELP] + done[Sort.WITH_BLOB] + done[Sort.TWIN]}")
    if reported != done[Sort.REPORT]:
        found.append(f"{reported} reports came of {done[Sort.REPORT]}")
    numbers = Counter((filed[key].kind, r["number"]) for key, r in replies.items() if r["number"])
    for (kind, _), times in numbers.items():
        if times > 1 and kind.value != Sort.REFUND.value:
            found.append("a number was given twice")
    asked = {json.loads(row.payload)["order"] for row in filed.values() if row.kind.value == Sort.REFUND.value}
    for number, at in refunds:
        if (at is not None) != (number in asked):
            found.append("money went back that nobody asked for, or did not")
    return found


def _whole(servers: Servers, name: str) -> bool:
    content = servers.blob(name)
    return content is not None and hashlib.sha256(content).hexdigest() == name


# -- many


@dataclass(slots=True)
class Checked:
    """Histories that were lived and compared."""

    histories: int = 0
    lines: Counter[str] = field(default_factory=Counter[str])
    requests: Counter[str] = field(default_factory=Counter[str])
    deaths: int = 0
    reasons: Counter[str] = field(default_factory=Counter[str])
    broken: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def honest(serve: Serve) -> Serve:
    """Servers as they are."""
    return serve


def check(servers: Servers, first: int, count: int, sabotage: Callable[[Serve], Serve] = honest) -> Checked:
    """Live and compare `count` histories with the seeds from `first` on."""
    checked = Checked()
    for seed in range(first, first + count):
        servers.set_back()
        history = run_virtual(_lived(servers, seed, sabotage), START)
        checked.histories += 1
        checked.lines.update(line.kind.value for line in history.lines)
        checked.requests.update(history.requests)
        checked.deaths += history.deaths
        checked.reasons.update(_reason(line) for line in history.lines if line.kind is Kind.INFO)
        wrong = violations(history, servers)
        if wrong:
            checked.broken.append({"seed": seed, "broken": wrong, "lines": [_told(x) for x in history.lines]})
    return checked


def _reason(line: Line) -> str:
    return line.said.partition(":")[0]


def _told(line: Line) -> str:
    return f"{line.at:.2f} {line.terminal} {line.kind.value} {line.key} {line.said}"


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m kiosk.proofs.histories --first 1 --count N`: JSON on standard output."""
    parser = argparse.ArgumentParser()
    _ = parser.add_argument("--first", type=int, default=1)
    _ = parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kiosk-proof-") as folder:
        servers = Servers(Path(folder))
        checked = check(servers, options.first, options.count)
        servers.close()
    said = {
        "histories": checked.histories,
        "lines": dict(checked.lines),
        "requests": dict(checked.requests),
        "deaths": checked.deaths,
        "reasons": dict(checked.reasons),
        "broken": checked.broken[:20],
        "broken_count": len(checked.broken),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(said))
    return 1 if checked.broken else 0


if __name__ == "__main__":
    sys.exit(main())
