"""What an operator's tools watch, in Prometheus' words: requests as they come, and the books at each look.

Counts and times only: nobody's name, number or case, and no address. Answered on the inner listener alone.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Histogram, start_wsgi_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session

from central.database import HERE, only_reading, transaction
from central.desks.desk import BEIJING
from central.desks.incidents import SILENT
from central.desks.settling import doubts
from central.fleet.authority import Pair
from central.limits import FIGURES_KEPT_SECONDS
from central.model import TerminalRow
from central.model_watch import Incident, IncidentState
from central.ports import Clock
from central.reconcile import reconcile

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_RECONCILED_DAYS = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """The fleet and the books at one moment."""

    heard: int
    silent: int
    never_heard: int
    outbox_waiting: int
    outbox_longest: int
    in_doubt: dict[str, int]
    incidents: dict[int, int]
    payments_unexplained: int


def standing(db: Session, clock: Clock, terminals: int) -> Standing:
    """Read the figures of the books. `terminals`: how many there are to be."""
    now = clock.now()
    rows = db.execute(select(TerminalRow.seen_at, TerminalRow.heartbeat).where(TerminalRow.revoked.is_(False))).all()
    waiting = [_waiting(heartbeat) for _, heartbeat in rows]
    heard = sum(1 for seen_at, _ in rows if seen_at is not None and now - seen_at < SILENT)
    ever = sum(1 for seen_at, _ in rows if seen_at is not None)
    levels = db.execute(
        select(Incident.level, func.count()).where(Incident.state != IncidentState.CLOSED).group_by(Incident.level)
    ).all()
    today = now.astimezone(BEIJING).date()
    days = (today - timedelta(days=back) for back in range(_RECONCILED_DAYS))
    return Standing(
        heard=heard,
        silent=ever - heard,
        never_heard=max(0, terminals - ever),
        outbox_waiting=sum(waiting),
        outbox_longest=max(waiting, default=0),
        in_doubt={kind: len(entries) for kind, entries in doubts(db).items()},
        incidents={row[0]: row[1] for row in levels},
        payments_unexplained=sum(int(reconcile(db, day, now)["unexplained"]) for day in days),
    )


def _waiting(heartbeat: str | None) -> int:
    said: Any = json.loads(heartbeat) if heartbeat else {}
    return int(said.get("outbox_waiting", 0))


class _Books(Collector):
    """Asks the database when somebody looks, at most once in so many seconds."""

    def __init__(self, engine: Engine, clock: Clock, terminals: int) -> None:
        self._engine = engine
        self._clock = clock
        self._terminals = terminals
        self._lock = threading.Lock()
        self._read: tuple[float, Standing | None] | None = None

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Registering asks nothing of the database."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures; without a database only that it does not answer."""
        with self._lock:
            now = self._clock.monotonic()
            if self._read is None or now - self._read[0] >= FIGURES_KEPT_SECONDS:
                self._read = (now, self._look())
            seen = self._read[1]
        yield _one("headquarters_database_up", "1 while the database answers", 0 if seen is None else 1)
        if seen is None:
            return
        terminals = GaugeMetricFamily("headquarters_terminals", "Terminals by when they were heard", labels=["state"])
        for state, count in (("heard", seen.heard), ("silent", seen.silent), ("never-heard", seen.never_heard)):
            terminals.add_metric([state], count)
        yield terminals
        yield _one("headquarters_outbox_waiting", "Rows waiting on terminals, as last reported", seen.outbox_waiting)
        yield _one("headquarters_outbox_longest", "Rows waiting on the terminal where most do", seen.outbox_longest)
        doubtful = GaugeMetricFamily("headquarters_in_doubt", "What waits for a person to settle it", labels=["kind"])
        for kind, count in sorted(seen.in_doubt.items()):
            doubtful.add_metric([kind], count)
        yield doubtful
        incidents = GaugeMetricFamily("headquarters_incidents", "Incidents not closed", labels=["level"])
        for level, count in sorted(seen.incidents.items()):
            incidents.add_metric([str(level)], count)
        yield incidents
        yield _one(
            "headquarters_payments_unexplained",
            "Orders of today and yesterday that differ from the provider without a reason on the books",
            seen.payments_unexplained,
        )

    def _look(self) -> Standing | None:
        try:
            with transaction(only_reading(self._engine)) as db:
                return standing(db, self._clock, self._terminals)
        except (DBAPIError, PoolExhausted):
            return None


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


class Figures:
    """One server process's figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "headquarters_requests",
            "Requests answered",
            ["listener", "method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "headquarters_request_seconds",
            "From a request's arrival to its answer, its body included",
            ["listener", "route"],
            buckets=_SECONDS,
            registry=self.registry,
        )

    def answered(self, listener: str, method: str, route: str, status: int, seconds: float) -> None:
        """A request was. `route` is a path of the document or "other", never a path as it was asked."""
        self._requests.labels(listener, method, route, str(status)).inc()
        self._seconds.labels(listener, route).observe(seconds)


def watch_books(registry: CollectorRegistry, engine: Engine, clock: Clock, terminals: int) -> None:
    """Add what the books say."""
    registry.register(_Books(engine, clock, terminals))


def added_up(folder: Path) -> CollectorRegistry:
    """The figures of all processes that count in this folder, those that ended included."""
    registry = CollectorRegistry()
    _ = MultiProcessCollector(registry, str(folder))
    return registry


def listen_inside(host: str, port: int, registry: CollectorRegistry, pair: Pair) -> WSGIServer:
    """The inner listener: plain HTTP for a scraper on this very machine, HTTPS by the server's pair for one on
    its own network. Raises OSError.

    Ends with `shutdown`; its thread does not hold up the process.
    """
    if host in HERE:
        server, _ = start_wsgi_server(port, host, registry)
    else:
        certificate, key = str(pair.certificate), str(pair.key)
        server, _ = start_wsgi_server(port, host, registry, certificate, key, tls_min_version=ssl.TLSVersion.TLSv1_2)
    return server


def inside_url(host: str, server: WSGIServer) -> str:
    """Where a scraper asks."""
    return f"http{'' if host in HERE else 's'}://{host}:{server.server_port}/metrics"
