"""How long things are kept, and proof of what went: dated rules by class of data, a chained record of each deletion.

A record says which class, table and month, how many rows, and the SHA-256 over their keys in order; so that what went
can be told from what was lost, and a row that comes up again is known. Where a table is a chain itself, the record
carries the hash of its last row that went, on which the first that is kept builds.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Engine, Table, and_, delete, func, select, text, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session

from central.blobs import Blobs
from central.console.record import GENESIS, chained
from central.cupboards import CupboardFailed
from central.database import transaction
from central.desks.desk import BEIJING
from central.model import Base, Deletion
from central.partitions import GROWING, Month, make_months, months_of, partition
from central.ports import Clock
from central.tables import FOLDER

LOOK = timedelta(hours=6)
"""Between two looks whether something's time is over: months are made and go at any hour of a day."""
UNDER_WAY = "under-way"
"""The class of what lies in no table: parts of uploads that nobody went on with."""
_AT_ONCE = 1000


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kept(_Entry):
    """A table of a class: the column of the moment that counts, its key, and the column a chain is carried by.

    `ended`: the column that is empty while somebody still waits for something; until then a row stays.
    """

    table: str
    moment: str
    keys: tuple[str, ...] = Field(min_length=1)
    carries: str = ""
    ended: str = ""


class Class(_Entry):
    """A class of data: kept so many days, by which rule, since when that is so."""

    id: str
    what: str
    keep_days: int = Field(ge=1)
    source: str = Field(min_length=1)
    as_of: date
    table: tuple[Kept, ...] = ()


def rules() -> tuple[Class, ...]:
    """The dated rules. Raises ValueError on one that lacks its source, its date or its table."""
    with (FOLDER / "retention.toml").open("rb") as file:
        said = tuple(Class.model_validate(entry) for entry in tomllib.load(file)["class"])
    for kept in (kept for one in said for kept in one.table):
        columns = Base.metadata.tables[kept.table].columns
        if not {kept.moment, *kept.keys, *filter(None, (kept.carries, kept.ended))} <= set(columns.keys()):
            raise ValueError(f"{kept.table} has no such columns")
        if kept.ended and kept.table in {growing.table for growing in GROWING}:
            raise ValueError(f"{kept.table} lies by month, and a month goes as a whole")
    return said


@dataclass(frozen=True, slots=True)
class Due:
    """A month of a table whose time is over, and how many rows it has."""

    rule: Class
    kept: Kept
    month: Month
    rows: int


def due(engine: Engine, now: datetime) -> list[Due]:
    """What would go now, oldest first. Changes nothing."""
    found: list[Due] = []
    with transaction(engine) as db:
        for rule in rules():
            for kept in rule.table:
                table, moment = _moment(kept)
                oldest = db.scalar(select(func.min(moment)).where(_may_go(kept)))
                while oldest is not None and _over(rule, month := Month.of(oldest), now):
                    rows = db.scalar(select(func.count()).select_from(table).where(_within(kept, month))) or 0
                    found.append(Due(rule, kept, month, rows))
                    later = select(func.min(moment)).where(moment >= _begin(month.next), _may_go(kept))
                    oldest = db.scalar(later)
    return found


def act(engine: Engine, blobs: Blobs, now: datetime, by: str) -> list[dict[str, Any]]:
    """Delete what is due, each month in one transaction with its record; the records. `by`: who orders it."""
    done = [one for what in due(engine, now) for one in _delete(engine, what, now, by)]
    return [*done, *_drop_parts(engine, blobs, now, by)]


def _delete(engine: Engine, what: Due, now: datetime, by: str) -> Iterator[dict[str, Any]]:
    with transaction(engine) as db:
        table, _ = _moment(what.kept)
        within = _within(what.kept, what.month)
        keys = [table.c[name] for name in what.kept.keys]
        digest, rows = hashlib.sha256(), 0
        for row in db.execute(select(*keys).where(within).order_by(*keys)).yield_per(_AT_ONCE):
            digest.update(json.dumps(list(row), ensure_ascii=False).encode() + b"\n")
            rows += 1
        if not rows:
            return  # another server was here first
        carried = _carried(db, what)
        connection = db.connection()
        name = partition(what.kept.table, what.month)
        if engine.dialect.name == "postgresql" and name in months_of(connection, what.kept.table):
            _ = connection.execute(text(f"DROP TABLE {name}"))
        else:
            _ = db.execute(delete(table).where(within))
        said = _said(what.rule, what.kept.table, str(what.month), rows, digest.hexdigest(), now, by)
        yield _record(db, said | ({"carried": carried} if carried else {}))


def _carried(db: Session, what: Due) -> dict[str, str]:
    """The hash of the last row that goes, for each chain."""
    if not what.kept.carries:
        return {}
    table, _ = _moment(what.kept)
    whose, number = (table.c[name] for name in what.kept.keys)
    within = _within(what.kept, what.month)
    last = select(whose, func.max(number).label("last")).where(within).group_by(whose).subquery()
    rows = db.execute(
        select(whose, table.c[what.kept.carries])
        .join(last, and_(whose == last.c[0], number == last.c[1]))
        .where(within)
        .order_by(whose)
    )
    return {str(name): str(said) for name, said in rows}


def _drop_parts(engine: Engine, blobs: Blobs, now: datetime, by: str) -> Iterator[dict[str, Any]]:
    """Record first, then the bytes: a part that a dying server leaves is recorded once more, and goes then."""
    for rule in (rule for rule in rules() if rule.id == UNDER_WAY):
        parts = blobs.abandoned(now - timedelta(days=rule.keep_days))
        if not parts:
            continue
        digest = hashlib.sha256("".join(f"{json.dumps([part.path])}\n" for part in parts).encode()).hexdigest()
        period = str(Month.of(max(part.since for part in parts)))
        with transaction(engine) as db:
            said = _record(db, _said(rule, "", period, len(parts), digest, now, by))
        for part in parts:
            blobs.drop_part(part)
        yield said


def _said(rule: Class, table: str, month: str, rows: int, digest: str, now: datetime, by: str) -> dict[str, Any]:
    return {
        "at": now.astimezone(BEIJING).isoformat(timespec="seconds"),
        "by": by,
        "class": rule.id,
        "keep_days": rule.keep_days,
        "keys_sha256": digest,
        "month": month,
        "rows": rows,
        "rule_as_of": rule.as_of.isoformat(),
        "table": table,
    }


def _record(db: Session, said: dict[str, Any]) -> dict[str, Any]:
    last = db.scalars(select(Deletion).order_by(Deletion.row.desc()).limit(1)).first()
    number, before = (0, GENESIS) if last is None else (last.row, last.hash)
    whole = said | {"row": number + 1}
    words = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    db.add(Deletion(row=number + 1, text=words, hash=chained(before, words)))
    db.flush()
    return whole


def proof(engine: Engine) -> dict[str, Any]:
    """Every record, and the first that is not what was written there (0: the chain holds)."""
    with transaction(engine) as db:
        rows = db.scalars(select(Deletion).order_by(Deletion.row)).all()
    return {
        "deleted": [{**json.loads(row.text), "hash": row.hash} for row in rows],
        "broken_at": _broken_at(rows),
        "head": rows[-1].hash if rows else GENESIS,
    }


def _broken_at(rows: Sequence[Deletion]) -> int:
    before = GENESIS
    for number, row in enumerate(rows, 1):
        before = chained(before, row.text)
        if (row.row, row.hash) != (number, before):
            return number
    return 0


def _over(rule: Class, month: Month, now: datetime) -> bool:
    """Whether the newest row that a month can hold may go."""
    return month.next.first <= (now - timedelta(days=rule.keep_days)).date()


def _moment(kept: Kept) -> tuple[Table, ColumnElement[datetime]]:
    table = Base.metadata.tables[kept.table]
    return table, table.c[kept.moment]


def _within(kept: Kept, month: Month) -> ColumnElement[bool]:
    _, moment = _moment(kept)
    return and_(moment >= _begin(month), moment < _begin(month.next), _may_go(kept))


def _may_go(kept: Kept) -> ColumnElement[bool]:
    return Base.metadata.tables[kept.table].c[kept.ended].is_not(None) if kept.ended else true()


def _begin(month: Month) -> datetime:
    return datetime.combine(month.first, datetime.min.time(), UTC)


class Keeping:
    """The server's own daily act: months are made ahead, and what is due goes, with its record."""

    def __init__(self, engine: Engine, blobs: Blobs, clock: Clock) -> None:
        self._engine = engine
        self._blobs = blobs
        self._clock = clock
        self._looked: datetime | None = None

    def tick(self) -> None:
        """Where it is time; a database or a bucket that does not answer now is asked the next time."""
        now = self._clock.now()
        if self._looked is not None and abs(now - self._looked) < LOOK:
            return
        try:
            _ = make_months(self._engine, now)
            _ = act(self._engine, self._blobs, now, "headquarters")
        except (DBAPIError, PoolExhausted, CupboardFailed):
            return
        self._looked = now
