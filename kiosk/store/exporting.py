"""What is taken along of the books, line by line, and a file written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from kiosk.people.masked_text import masked_text
from kiosk.store.engines import Database
from kiosk.store.keys import sync_directory
from kiosk.store.running_log import RunningLine
from kiosk.store.schema import audit, cases, effects, stages
from kiosk.store.words import text_of


async def book_lines(database: Database, since: date | None) -> tuple[str, ...]:
    """The audit chain as it stands, so that it can be verified, and cases, effects and stages, masked."""

    def look(connection: Connection) -> tuple[str, ...]:
        return tuple(text_of(line) for line in _books(connection, since))

    return await database.read(look)


def _books(connection: Connection, since: date | None) -> Iterator[dict[str, Any]]:
    first = "" if since is None else since.isoformat()
    chain = select(audit).where(audit.c.text >= f'{{"at":"{first}').order_by(audit.c.row)
    for row in connection.execute(chain):
        # Untouched: another text has another hash.
        yield {"book": "audit", "row": row.row, "text": row.text, "hash": row.hash}
    some = select(cases.c.case_id).where(cases.c.opened >= first)
    for row in connection.execute(select(cases).where(cases.c.opened >= first).order_by(cases.c.opened)):
        told = {"case": row.case_id, "service": row.service, "opened": row.opened, "closed": row.closed or ""}
        yield {"book": "case", **told, "how": row.how, "tries": row.tries}
    for row in connection.execute(select(effects).where(effects.c.case_id.in_(some)).order_by(effects.c.row)):
        times = {"started": row.started, "ended": row.ended or ""}
        said = {name: masked_text(getattr(row, name)) for name in ("before", "found", "facts", "number")}
        yield {"book": "effect", "key": row.key, "kind": row.kind, "state": row.state, **times, **said}
    keys = select(effects.c.key).where(effects.c.case_id.in_(some))
    for row in connection.execute(select(stages).where(stages.c.key.in_(keys)).order_by(stages.c.row)):
        said = {"name": row.name, "certainty": row.certainty, "at": row.at}
        yield {"book": "stage", "key": row.key, **said, "evidence": masked_text(row.evidence)}


def lines_of(head: Mapping[str, str], books: Iterable[str], running: Sequence[RunningLine]) -> tuple[str, ...]:
    """All of it; the first line says of which machine, by whom, when and since when."""
    said = [
        text_of({"book": "running", "at": one.at.isoformat(), "level": one.level, "room": one.room, "text": one.text})
        for one in reversed(running)
    ]
    return (text_of(dict(head)), *books, *said)


def write_whole(file: Path, content: bytes) -> None:
    """Under its name only when all of it is on the medium. Raises OSError, and then leaves nothing behind."""
    part = file.with_name(file.name + ".part")
    try:
        with part.open("wb") as out:
            _ = out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
        sync_directory(file.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise
