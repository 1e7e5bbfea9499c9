"""What grows lies by month on PostgreSQL, so that a month can go as a whole; on SQLite the same tables lie in one.

A row's month is that of one moment it carries, in UTC. What no month has been made for lies in a partition of its
own, NAME_rest, and moves when its month is made. The key that exactly-once goes by stands in a table in one piece
(`filing_key`), since only such a one can promise that a key stands in it once; what was filed lies by month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, text

AHEAD = 3
"""How many months are made before they begin: a server that is down for weeks finds its months there."""

_NAME = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class Growing:
    """A table, and the column of the moment its rows lie by."""

    table: str
    moment: str


GROWING = (
    Growing("audit_line", "received_at"),
    Growing("effect_report", "at"),
    Growing("event", "at"),
    Growing("filing", "received_at"),
    Growing("visit", "ended_at"),
)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in UTC."""

    year: int
    month: int

    @staticmethod
    def of(moment: datetime | date) -> Month:
        """The month of a moment; one without a zone is UTC."""
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            moment = moment.astimezone(UTC)
        return Month(moment.year, moment.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def next(self) -> Month:
        """The one after it."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def partition(table: str, month: Month) -> str:
    """The name of a month's partition."""
    return f"{table}_{month.year:04d}_{month.month:02d}"


def make_months(engine: Engine, now: datetime) -> tuple[str, ...]:
    """Make the months that are due or have rows already; the names of those made. Nothing on SQLite."""
    if engine.dialect.name != "postgresql":
        return ()
    made: list[str] = []
    for growing in GROWING:
        with engine.begin() as connection:
            made += _make(connection, growing, now)
    return tuple(made)


def months_of(connection: Connection, table: str) -> frozenset[str]:
    """The names of the partitions that a table has."""
    found = connection.execute(
        text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:name AS regclass)"),
        {"name": _checked(table)},
    )
    return frozenset(found.scalars())


def _make(connection: Connection, growing: Growing, now: datetime) -> Iterator[str]:
    table, moment = _checked(growing.table), _checked(growing.moment)
    there = months_of(connection, table)
    wanted = set(_due(now))
    stray = connection.execute(text(f"SELECT DISTINCT date_trunc('month', {moment}) FROM {table}_rest")).scalars()
    # A terminal's clock may say any year; such rows stay where they are.
    wanted |= {month for month in map(Month.of, stray) if month < max(wanted) and month.year >= now.year - 5}
    for month in sorted(wanted):
        name = partition(table, month)
        if name in there:
            continue
        begins, ends = f"'{month.first}'", f"'{month.next.first}'"
        within = f"{moment} >= {begins} AND {moment} < {ends}"
        for statement in (
            f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
            f"INSERT INTO {name} SELECT * FROM {table}_rest WHERE {within}",
            f"DELETE FROM {table}_rest WHERE {within}",
            f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({begins}) TO ({ends})",
        ):
            _ = connection.execute(text(statement))
        yield name


def _due(now: datetime) -> Iterator[Month]:
    month = Month.of(now)
    for _ in range(AHEAD + 1):
        yield month
        month = month.next


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("not a name of the schema")
    return name
