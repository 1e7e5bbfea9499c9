"""Databases of every age: each revision is reached with rows in all tables of the one before."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from central.database import MIGRATIONS
from central.model import Base

Row = dict[str, Any]
Aged = dict[tuple[str, str], Row]
"""What was written at a revision into a table."""

OF_A_MONTH = re.compile(r"_(\d{4}_\d{2}|rest)$")
"""The end of a partition's name: what lies in it is reached through its table."""
_BEGINNING = datetime.combine(date(2026, 1, 1), time(8))


def revisions() -> list[str]:
    """From the first to the newest."""
    return [script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]


def grown(engine: Engine) -> Aged:
    """Walk an empty database up, one row into every table at every revision; all that was written."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    written: Aged = {}
    made: dict[tuple[str, ...], sa.TableClause] = {}
    for number, revision in enumerate(revisions(), start=1):

        def one_step(current: Any, _context: Any, to: str = revision) -> Any:
            return cast(Any, script)._upgrade_revs(to, current)

        with engine.begin() as connection:
            config.attributes["connection"] = connection
            with EnvironmentContext(config, script, fn=one_step, destination_rev=revision):
                script.run_env()
            written |= {(revision, name): row for name, row in _a_row_each(connection, number, made).items()}
    return written


def _a_row_each(connection: Connection, number: int, made: dict[tuple[str, ...], sa.TableClause]) -> dict[str, Row]:
    found = sa.inspect(connection).get_multi_columns()
    rows: dict[str, Row] = {}
    for (_, name), columns in sorted(found.items(), key=str):
        if name == "alembic_version" or OF_A_MONTH.search(name):
            continue
        row = {column["name"]: _value(name, column, number) for column in columns}
        # The columns' own types turn dates into what each driver takes.
        key = (name, *row)
        if key not in made:
            made[key] = sa.table(name, *(sa.column(column["name"], column["type"]) for column in columns))
        _ = connection.execute(sa.insert(made[key]), row)
        rows[name] = row
    return rows


def _value(table: str, column: Any, number: int) -> Any:
    known = Base.metadata.tables.get(table)
    now = None if known is None else known.columns.get(column["name"])
    kind: Any = column["type"]
    if now is not None and isinstance(now.type, sa.Enum):
        return now.type.enums[0]
    match kind:
        case sa.Boolean():
            return number % 2 == 0
        case sa.Integer():
            return number
        case sa.Float() | sa.Numeric():
            return float(number)
        case sa.Date() if not isinstance(kind, sa.DateTime):
            return date(2026, 9, 1) + timedelta(days=number)
        case sa.DateTime():
            return _BEGINNING + timedelta(days=12 * number)
        case sa.LargeBinary():
            return bytes([number])
        case _:
            text = f"{number}-{column['name']}"
            return text[: kind.length] if kind.length else text


def lost(engine: Engine, written: Aged) -> list[str]:
    """What is not there any more as it was written; columns and tables that were given up are no loss."""
    missing: list[str] = []
    with engine.connect() as connection:
        found = sa.inspect(connection).get_multi_columns()
        columns = {name: {column["name"]: column["type"] for column in held} for (_, name), held in found.items()}
        there: dict[str, list[Row]] = {}
        for revision, name in written:
            if name not in columns:
                missing.append(f"{name} of {revision}")
                continue
            if name not in there:
                table = sa.table(name, *(sa.column(column, kind) for column, kind in columns[name].items()))
                there[name] = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            kept = {k: v for k, v in written[revision, name].items() if k in columns[name]}
            if not any(all(row[k] == v for k, v in kept.items()) for row in there[name]):
                missing.append(f"{name} of {revision}")
    return missing


def read_by_the_models(engine: Engine) -> int:
    """Every row of every table through its class; how many there are. Raises what cannot be read."""
    with Session(engine) as session:
        return sum(len(session.scalars(sa.select(mapper.class_)).all()) for mapper in Base.registry.mappers)
