"""What one server process of headquarters carries, beside what the same disk and database could carry at all.

Everything is real: a server process with both TLS listeners, terminals with certificates of their own that open a
connection for each request (rule 34), their own outboxes, a durable database. The database is SQLite or a PostgreSQL
of its own. Only citizens and agencies are made up. Callers live in the measuring process; what is told of a server is
its own processor time and the database's, which neighbours on the same machine change little.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import requests

from central.console import accounts
from central.console.web import COOKIE
from central.database import open_database, sqlite_url, transaction
from central.demonstration import names
from central.state import State
from central.system import SystemClock as ServerClock
from central.system import SystemIds as ServerIds
from kiosk.backend.exchange import Exchange
from kiosk.backend.headquarters import ask, read
from kiosk.backend.https import Credentials, HttpsExchange
from kiosk.backend.outbox import FILINGS, Outbox
from kiosk.commands.demo import SharedWorker, account_of, equip
from kiosk.commands.made_up import DEVICES, NO_HASH, SERVICES, MadeBook, MadeRow
from kiosk.commands.measuring.amounts import DAYS_WITHOUT_LINE, Amounts, Backlog, Visit
from kiosk.commands.measuring.figures import Figures
from kiosk.commands.measuring.postgres import Durability, Postgres, binaries, postgres
from kiosk.commands.measuring.province import Province, needs
from kiosk.commands.measuring.taken import Counted, memory, settle, stored, tapped, to_disk
from kiosk.protocol.filings import EffectReport, HelpCall
from kiosk.protocol.messages import (
    AuditBatch,
    AuditReply,
    AuditRow,
    DeviceReport,
    Filing,
    FilingKind,
    FilingReply,
    Heartbeat,
    HeartbeatReply,
)
from kiosk.store.audit import chained
from kiosk.times import SystemClock, SystemIds

AUDIT_BATCH = 200
"""Rows of the audit chain in one request, as a terminal sends them."""
_ENDED = 30.0
_DEADLINE = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")
_TPS = re.compile(r"tps = ([0-9.]+)")


def measured(amounts: Amounts, visit: Visit, disk: Path) -> dict[str, Any]:
    """Both databases, one after the other. Raises RuntimeError where a server does not begin."""
    told: dict[str, Any] = {"sqlite": _sqlite(amounts, visit, disk)}
    programs = binaries()
    told["postgresql"] = "not installed" if programs is None else _postgresql(amounts, visit, disk, programs)
    return told


def _sqlite(amounts: Amounts, visit: Visit, disk: Path) -> dict[str, Any]:
    with _folder(disk) as folder, _serving(folder, "") as server:
        limit = {"one": sqlite_commits(server.state.database, amounts.seconds)}
        return {"limit_inserts_per_s": limit} | carried(amounts, visit, server, None, limit["one"])


def _postgresql(amounts: Amounts, visit: Visit, disk: Path, programs: Path) -> dict[str, Any]:
    with _folder(disk) as folder, postgres(programs, Durability.FULL, disk) as database:
        with database.connect() as connection:
            _ = connection.execute("CREATE DATABASE books")
        with _serving(folder, database.url("books")) as server:
            limit = {
                "one": postgresql_commits(programs, database, 1, amounts.seconds),
                "callers": postgresql_commits(programs, database, amounts.callers, amounts.seconds),
            }
            found = carried(amounts, visit, server, database.pid, limit["callers"])
            return {"limit_inserts_per_s": limit} | found


def carried(amounts: Amounts, visit: Visit, server: Serving, database: int | None, limit: float) -> dict[str, Any]:
    """The figures of one server that nobody else asks. `database`: the process of a database server, None for a file;
    `limit`: bare inserts a second, in the same run.

    Raises RuntimeError where anything was not answered as it should be.
    """
    with ThreadPoolExecutor(amounts.callers, "line") as threads:
        fleet = _fleet(server, amounts.terminals + 1, SharedWorker(threads))
        meter = Meter(server.pid, database, server.database)
        sizes = [stored(server.database)]
        idle = meter.over(lambda: time.sleep(amounts.seconds))
        alone = meter.over(lambda: asyncio.run(_filed(fleet, amounts.filings, amounts.callers)))
        sizes.append(stored(server.database))
        beats = meter.over(lambda: asyncio.run(_beaten(fleet, amounts.beats, amounts.callers)))
        backlog = Backlog.of(visit, amounts.share)
        clerk = Clerk(server, fleet[0])
        with clerk.at_work():
            drained = meter.over(lambda: asyncio.run(_drained(fleet[1:], backlog, amounts.callers)))
        sizes.append(stored(server.database))
        on_line = _on_line(server, fleet[0], threads)
        quiet = Clerk(server, fleet[0])
        with quiet.at_work():
            _ = meter.over(lambda: time.sleep(amounts.seconds))
    rows = len(fleet[1:]) * backlog.filings
    audit = len(fleet[1:]) * backlog.audit_rows
    told: dict[str, Any] = {
        "idle_cpu_s_per_s": _short(idle.cpu / idle.wall),
        "ingest": alone.of(amounts.filings)
        | {"of_limit": _short(amounts.filings / alone.wall / limit), "on_line_bytes": on_line["filing"]}
        | {"stored_bytes": _short((sizes[1] - sizes[0]) / amounts.filings)},
        "heartbeat": beats.of(amounts.beats) | {"on_line_bytes": on_line["heartbeat"]},
        "memory_mib": {"server": _short(memory(server.pid)), "database": _short(memory(database))},
        "backlog": {
            "terminals": len(fleet[1:]),
            "hours": _short(24 * DAYS_WITHOUT_LINE * amounts.share),
            "filings": rows,
            "audit_rows": audit,
            "drained_s": _short(drained.wall),
            "rows_per_s": _short((rows + audit) / drained.wall),
            "of_limit": _short((rows + audit) / drained.wall / limit),
            "server_cpu_s": _short(drained.server),
            "database_cpu_s": _short(drained.database),
            "to_disk_mib": _short(drained.to_disk / 2**20),
            "stored_mib": _short((sizes[2] - sizes[1]) / 2**20),
            "cpu_ms_per_row": _short(1000 * drained.cpu / (rows + audit)),
            "rows_per_s_per_core": _rate(rows + audit, drained.cpu),
            "meanwhile_ms": clerk.figures(),
            "afterwards_ms": quiet.figures(),
        },
    }
    return told | {"province_computed": needs(told, visit, Province())}


# -- what was used ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds: of the wall clock, of the processor in the server, and in the database's own processes; and bytes that
    both had the disk take.
    """

    wall: float
    server: float
    database: float
    to_disk: int = 0

    @property
    def cpu(self) -> float:
        """Both."""
        return self.server + self.database

    def of(self, count: int) -> dict[str, float]:
        """The figures of so many equal requests."""
        return {
            "n": count,
            "per_s": _short(count / self.wall),
            "per_s_per_core": _rate(count, self.cpu),
            "cpu_ms": _short(1000 * self.cpu / count),
            "server_cpu_ms": _short(1000 * self.server / count),
            "database_cpu_ms": _short(1000 * self.database / count),
            "to_disk_bytes": _short(self.to_disk / count),
        }


class Meter:
    """What something took of a server and of its database."""

    def __init__(self, server: int, database: int | None, url: str) -> None:
        self._server = server
        self._database = database
        self._url = url

    def over(self, act: Callable[[], object]) -> Used:
        """While it lasts; what it wrote is counted to its tables. Raises RuntimeError where a process is gone."""
        settle(self._url)
        written, before = to_disk(self._server, self._url), self._cpu()
        began = time.perf_counter()
        _ = act()
        wall, after = time.perf_counter() - began, self._cpu()
        settle(self._url)
        server, database = (max(0.0, now - then) for now, then in zip(after, before, strict=True))
        return Used(wall, server, database, max(0, to_disk(self._server, self._url) - written))

    def _cpu(self) -> tuple[float, float]:
        return _cpu_of_all(self._server), 0.0 if self._database is None else _cpu_of_all(self._database)


def _cpu(pid: int) -> tuple[float, float]:
    """Processor seconds of a process, and of its children that ended (proc(5), /proc/PID/stat)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        raise RuntimeError("the server ended by itself") from None
    words = text.rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICKS, (int(words[13]) + int(words[14])) / _TICKS


def _cpu_of_all(pid: int) -> float:
    """Of a process and all it ever began, that are its own children."""
    total = sum(_cpu(pid))
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = file.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == pid:
            total += (int(words[11]) + int(words[12])) / _TICKS
    return total


def _rate(count: int, seconds: float) -> float:
    """The processor's time is told in hundredths of a second: of too few it may have been none."""
    return _short(count / max(seconds, 1 / _TICKS))


def _short(value: float) -> float:
    return float(f"{value:.4g}")


# -- physical limits -------------------------------------------------------------------------------------------------

_BODY = "x" * 700
"""As long as a filing with its answer."""


def sqlite_commits(file: Path, seconds: float) -> float:
    """Bare inserts a second into a database file, each in a transaction on the disk, as headquarters' are."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=_DEADLINE)) as books:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            _ = books.execute(f"PRAGMA {pragma}").fetchone()
        _ = books.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        count, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            _ = books.execute("BEGIN IMMEDIATE")
            _ = books.execute("INSERT INTO bare (body) VALUES (?)", (_BODY,))
            _ = books.execute("COMMIT")
            count += 1
        took = time.perf_counter() - began
        _ = books.execute("DROP TABLE bare")
    return _short(count / took)


def postgresql_commits(programs: Path, database: Postgres, callers: int, seconds: float) -> float:
    """The same into a PostgreSQL, by so many connections at once: pgbench, or a loop where it is not installed."""
    with database.connect("books") as connection:
        _ = connection.execute("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, body text NOT NULL)")
    pgbench = shutil.which("pgbench", path=str(programs))
    try:
        if pgbench is None:
            return _bare_loop(database, callers, seconds)
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            _ = script.write(f"INSERT INTO bare (body) VALUES ('{_BODY}');\n")
            script.flush()
            words = [pgbench, "-n", "-M", "prepared", "-c", str(callers), "-T", str(max(1, round(seconds)))]
            words += ["-f", script.name, "-h", str(database.sockets), "-U", "headquarters", "books"]
            said = subprocess.run(words, capture_output=True, check=True, text=True, timeout=_DEADLINE + seconds)
        found = _TPS.search(said.stdout)
        if found is None:
            raise RuntimeError("pgbench told no rate")
        return _short(float(found[1]))
    finally:
        with database.connect("books") as connection:
            _ = connection.execute("DROP TABLE bare")


def _bare_loop(database: Postgres, callers: int, seconds: float) -> float:
    def loop(number: int) -> int:
        del number
        count, began = 0, time.perf_counter()
        with database.connect("books") as connection:
            while time.perf_counter() - began < seconds:
                _ = connection.execute("INSERT INTO bare (body) VALUES (%s)", (_BODY,))
                count += 1
        return count

    with ThreadPoolExecutor(callers) as threads:
        return _short(sum(threads.map(loop, range(callers))) / seconds)


# -- a server and its fleet ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Serving:
    """A running server, whose process may keep others, and where it answers."""

    pid: int
    state: State
    database: str
    """SQLAlchemy's URL."""
    address: Mapping[str, str]


@contextmanager
def _folder(disk: Path) -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-", dir=disk.resolve()) as folder:
        yield Path(folder)


@contextmanager
def _serving(folder: Path, database: str) -> Generator[Serving]:
    words = [sys.executable, "-m", "central", "serve", "--state", str(folder), "--port", "0"]
    words += ["--database", database] if database else []
    with (folder / "serve.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the server did not begin")
        state = State(folder)
        yield Serving(process.pid, state, database or sqlite_url(state.database), json.loads(line))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            _ = process.wait(_ENDED)
        except subprocess.TimeoutExpired:
            process.kill()
            _ = process.wait()


@dataclass
class _Machine:
    """One terminal of the fleet."""

    name: str
    exchange: Exchange
    clock: SystemClock
    ids: SystemIds
    number: int = field(default=0)

    def filing(self) -> Filing:
        """An effect that ended well, told as a terminal tells it: what most rows of an outbox are."""
        self.number += 1
        case = self.ids.case_id()
        payload = EffectReport(
            effect_key=f"{case}/receipt/1",
            effect_kind="print",
            state="done",
            evidence={"paper": "ok", "lines": "42", "certainty": "sensed"},
        )
        return self._filed(f"{case}/receipt/1", case, FilingKind.EFFECT_REPORT, payload.model_dump(mode="json"))

    def call(self) -> Filing:
        """Somebody pressed help."""
        case = self.ids.case_id()
        payload = HelpCall(page="confirm", service="HZ01", language="zh-CN")
        return self._filed(f"{case}/help/1", case, FilingKind.HELP_CALL, payload.model_dump(mode="json"))

    def _filed(self, key: str, case: str, kind: FilingKind, payload: dict[str, Any]) -> Filing:
        digest = hashlib.sha256(key.encode()).hexdigest()
        return Filing(key=key, digest=digest, case=case, kind=kind, payload=payload, at=self.clock.now())

    def beat(self) -> Heartbeat:
        """Everything is well."""
        return Heartbeat(
            at=self.clock.now(),
            version="bench",
            settings_version="bench",
            devices=tuple(DeviceReport(device=each, state="online", code="") for each in DEVICES),
            services_open=SERVICES,
            outbox_waiting=0,
            audit_rows=0,
            audit_head=NO_HASH,
        )


def _fleet(server: Serving, count: int, worker: SharedWorker) -> list[_Machine]:
    engine = open_database(server.database)
    with transaction(engine) as db:
        folders = equip(db, server.state, Path(server.address["ca"]).parent, count)
    engine.dispose()
    clock = SystemClock()
    made: list[_Machine] = []
    for name in names(count):
        folder = folders[name]
        credentials = Credentials(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
        made.append(
            _Machine(name, HttpsExchange(server.address["terminals"], credentials, worker), clock, SystemIds(clock))
        )
    return made


async def _each(fleet: Sequence[_Machine], count: int, callers: int, act: Callable[[_Machine], Any]) -> None:
    """So many requests, shared out over the fleet, `callers` of them at a time."""
    machines = cycle(fleet)
    left = iter(range(count))

    async def caller() -> None:
        for _ in left:
            await act(next(machines))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(callers):
            _ = tasks.create_task(caller())


async def _filed(fleet: Sequence[_Machine], count: int, callers: int) -> None:
    async def one(machine: _Machine) -> None:
        body = machine.filing().model_dump_json().encode()
        reply = read(FilingReply, await ask(machine.exchange, "POST", FILINGS, body, seconds=_DEADLINE))
        if reply.status != "accepted":
            raise RuntimeError("a filing was not taken")

    await _each(fleet, count, callers, one)


async def _beaten(fleet: Sequence[_Machine], count: int, callers: int) -> None:
    async def one(machine: _Machine) -> None:
        body = machine.beat().model_dump_json().encode()
        _ = read(HeartbeatReply, await ask(machine.exchange, "POST", "/v1/heartbeats", body, seconds=_DEADLINE))

    await _each(fleet, count, callers, one)


def _on_line(server: Serving, machine: _Machine, threads: ThreadPoolExecutor) -> dict[str, dict[str, int]]:
    """Bytes of one filing and of one heartbeat, each over a connection of its own."""
    folder = server.state.terminal(machine.name)
    credentials = Credentials(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    told: dict[str, dict[str, int]] = {}
    for name, act in (("filing", _filed), ("heartbeat", _beaten)):
        counted = Counted()
        with tapped(server.address["terminals"], counted) as address:
            exchange = HttpsExchange(address, credentials, SharedWorker(threads))
            same = _Machine(machine.name, exchange, machine.clock, machine.ids)
            asyncio.run(act([same], 1, 1))
        told[name] = {"up": counted.up, "down": counted.down}
    return told


async def _drained(fleet: Sequence[_Machine], backlog: Backlog, callers: int) -> None:
    """Every terminal has its line again at the same moment: filings that were tried before, and the audit chain."""
    clock = SystemClock()

    async def filings(machine: _Machine) -> None:
        book = MadeBook()
        for _ in range(backlog.filings):
            filing = machine.filing()
            book.add(MadeRow(filing.key, filing.model_dump_json(), attempt=1))
        outbox = Outbox(machine.exchange, book, clock, machine.ids)
        while book.waiting:
            again = await outbox.send_due()
            if again is not None:
                await asyncio.sleep(max(0.0, (again - outbox.steady()).total_seconds()))

    async def chain(machine: _Machine) -> None:
        rows = _chain(backlog.audit_rows, clock)
        for first in range(0, len(rows), AUDIT_BATCH):
            body = AuditBatch(rows=tuple(rows[first : first + AUDIT_BATCH])).model_dump_json().encode()
            held = read(AuditReply, await ask(machine.exchange, "POST", "/v1/audit", body, seconds=_DEADLINE))
            if held.row != min(first + AUDIT_BATCH, len(rows)):
                raise RuntimeError("the chain is not held as it was sent")

    waiting = iter(fleet)

    async def line() -> None:
        # More at once would only wait for a caller's thread, and their deadlines run meanwhile.
        for machine in waiting:
            async with asyncio.TaskGroup() as both:
                _ = both.create_task(filings(machine))
                _ = both.create_task(chain(machine))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(max(1, callers // 2)):
            _ = tasks.create_task(line())


def _chain(count: int, clock: SystemClock) -> list[AuditRow]:
    rows: list[AuditRow] = []
    head, at = NO_HASH, clock.now() - timedelta(days=DAYS_WITHOUT_LINE)
    for row in range(1, count + 1):
        told = {
            "at": at.isoformat(),
            "case": "0" * 26,
            "details": {"device": "receipt-printer", "result": "printed"},
            "event": "effect-ended",
            "row": row,
            "subject": "0" * 64,
        }
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        head = chained(head, text)
        rows.append(AuditRow(row=row, text=text, hash=head))
    return rows


# -- somebody who waits ----------------------------------------------------------------------------------------------

_PAUSE = 0.2
"""Seconds between two things the clerk does: it is to meet the load, not to be one."""


class Clerk:
    """A citizen's call for help, and an operator's page of alarms, again and again: how long each took."""

    def __init__(self, server: Serving, machine: _Machine) -> None:
        self._server = server
        self._machine = machine
        self._over = threading.Event()
        self._took: dict[str, list[float]] = {"help": [], "page": []}
        self._wrong: list[str] = []

    def figures(self) -> dict[str, Any]:
        """In milliseconds. Raises RuntimeError where something was not answered as it should be."""
        if self._wrong:
            raise RuntimeError(self._wrong[0])
        return {name: Figures.of(values, 1000).as_json() for name, values in self._took.items()}

    @contextmanager
    def at_work(self) -> Generator[None]:
        """While the block lasts, and at least once."""
        cookie = _cookie(self._server)
        thread = threading.Thread(target=lambda: asyncio.run(self._work(cookie)), name="clerk")
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    async def _work(self, cookie: str) -> None:
        folder = self._server.state.terminal(self._machine.name)
        credentials = Credentials(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
        with ThreadPoolExecutor(1, "clerk-line") as thread:
            exchange = HttpsExchange(self._server.address["terminals"], credentials, SharedWorker(thread))
            while True:
                body = self._machine.call().model_dump_json().encode()
                began = time.perf_counter()
                _ = read(FilingReply, await ask(exchange, "POST", FILINGS, body, seconds=_DEADLINE))
                asked = time.perf_counter()
                page = requests.get(
                    f"{self._server.address['people']}/console/alarms",
                    cookies={COOKIE: cookie},
                    verify=self._server.address["ca"],
                    allow_redirects=False,
                    timeout=_DEADLINE,
                )
                self._took["help"].append(asked - began)
                self._took["page"].append(time.perf_counter() - asked)
                if page.status_code != 200:
                    self._wrong.append(f"the page was answered with {page.status_code}")
                if self._over.wait(_PAUSE):
                    return


def _cookie(server: Serving) -> str:
    """Of somebody who has signed in with both factors."""
    engine, now, ids = open_database(server.database), ServerClock().now(), ServerIds()
    try:
        with transaction(engine) as db:
            name = account_of(db)["name"]
            seated = accounts.seated(db, now, accounts.begin(db, now, ids, name), used=True)
            cookie = None if seated is None else accounts.enter(db, now, ids, seated)
    finally:
        engine.dispose()
    if cookie is None:
        raise RuntimeError("nobody was let in")
    return cookie
