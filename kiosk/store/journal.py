"""The books, to be read by a technician: what happened, and one visit step by step. Reads only; everything masked.

Two sources: the audit chain, which says what was shown, asked and answered, and the rows of effects with their
stages, each with its time, its evidence, and whether it was sensed or inferred. Nobody is named: a citizen is the
station's pseudonym, and even that only by its beginning.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, or_, select

from kiosk.people.masked_text import masked_text
from kiosk.store.engines import Database
from kiosk.store.schema import audit, cases, effects, stages
from kiosk.store.words import pairs_in

MOST_LINES = 200
"""So many lines are shown at most; whoever needs more exports them."""
_DIGEST = 64
_SHORT = 12
"""Whole digests prove something to a verifier and nothing to a reader: their beginning tells them apart."""
_PSEUDONYM = 6


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line. `what` is an event of the chain, or kind and word of an effect; `said` its details by name."""

    at: datetime
    what: str
    said: tuple[tuple[str, str], ...]
    row: int = 0
    """Of the chain; 0 for an effect's own rows."""


@dataclass(frozen=True, slots=True)
class JournalVisit:
    """A case. `how` is open, finished, stopped or in-doubt; `subject` the beginning of the citizen's pseudonym."""

    case: str
    service: str
    opened: datetime
    closed: datetime | None
    how: str
    subject: str
    taken_up: int
    """How often it was taken up again after a restart."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for: lines whose event begins with one of `events` (none: any), from a day on, with a text."""

    events: tuple[str, ...] = ()
    since: date | None = None
    text: str = ""


class Journal:
    """Belongs to the reader's connection, where nothing can be written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lines(self, sought: Sought) -> tuple[JournalLine, ...]:
        """The newest first, at most MOST_LINES."""
        return await self._database.read(lambda connection: tuple(_lines(connection, sought)))

    async def visits(self, sought: Sought) -> tuple[JournalVisit, ...]:
        """Cases, the newest first; a text is looked for in their numbers and in those of their effects."""

        def look(connection: Connection) -> tuple[JournalVisit, ...]:
            asked = select(cases).order_by(cases.c.opened.desc(), cases.c.case_id.desc()).limit(MOST_LINES)
            if sought.since is not None:
                asked = asked.where(cases.c.opened >= sought.since.isoformat())
            if sought.text:
                of = select(effects.c.case_id).where(
                    or_(
                        effects.c.number.contains(sought.text, autoescape=True),
                        effects.c.facts.contains(sought.text, autoescape=True),
                        effects.c.before.contains(sought.text, autoescape=True),
                    )
                )
                found = cases.c.case_id.contains(sought.text, autoescape=True)
                asked = asked.where(or_(found, cases.c.case_id.in_(of)))
            return tuple(_visit(row) for row in connection.execute(asked))

        return await self._database.read(look)

    async def steps(self, case: str) -> tuple[JournalLine, ...]:
        """Everything about one case in order: the chain's lines, and every stage of every effect."""

        def look(connection: Connection) -> tuple[JournalLine, ...]:
            chain = _lines(connection, Sought(text=f'"case":"{case}"'), most=10 * MOST_LINES)
            # An effect's own rows say what the chain's two lines about it say, and more; who looked is another list.
            told = [line for line in chain if line.what not in ("effect-started", "effect-ended", "records-looked")]
            return tuple(sorted((*told, *_effects(connection, case)), key=lambda line: line.at))

        return await self._database.read(look)


def _lines(connection: Connection, sought: Sought, most: int = MOST_LINES) -> Iterator[JournalLine]:
    asked = select(audit.c.row, audit.c.text).order_by(audit.c.row.desc()).limit(most)
    if sought.since is not None:
        # Canonical JSON: every row's text begins with its time.
        asked = asked.where(audit.c.text >= f'{{"at":"{sought.since.isoformat()}')
    if sought.events:
        asked = asked.where(
            or_(*(audit.c.text.contains(f'"event":"{event}', autoescape=True) for event in sought.events))
        )
    if sought.text:
        asked = asked.where(audit.c.text.contains(sought.text, autoescape=True))
    for number, text in connection.execute(asked):
        said = cast(dict[str, Any], json.loads(text))
        details = cast(dict[str, str], said["details"])
        yield JournalLine(datetime.fromisoformat(said["at"]), str(said["event"]), _readable(details), number)


def _visit(row: Any) -> JournalVisit:
    return JournalVisit(
        row.case_id,
        row.service,
        datetime.fromisoformat(row.opened),
        None if row.closed is None else datetime.fromisoformat(row.closed),
        row.how,
        row.subject[:_PSEUDONYM],
        row.tries,
    )


def _effects(connection: Connection, case: str) -> Iterator[JournalLine]:
    rows = connection.execute(select(effects).where(effects.c.case_id == case).order_by(effects.c.row)).all()
    for row in rows:
        begun = {"state": "started", **pairs_in(row.before)}
        yield JournalLine(datetime.fromisoformat(row.started), f"effect-{row.kind}", _readable(begun))
        for one in connection.execute(select(stages).where(stages.c.key == row.key).order_by(stages.c.row)):
            said = {"stage": one.name, "certainty": one.certainty, **pairs_in(one.evidence)}
            yield JournalLine(datetime.fromisoformat(one.at), f"effect-{row.kind}", _readable(said))
        if row.ended is not None:
            over = {"state": row.state, "number": row.number, **pairs_in(row.facts), **pairs_in(row.found)}
            yield JournalLine(datetime.fromisoformat(row.ended), f"effect-{row.kind}", _readable(over))


def _readable(details: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Empty ones left out, digests cut, numbers of people masked."""
    return tuple((name, _short(masked_text(value))) for name, value in details.items() if value)


def _short(value: str) -> str:
    whole = len(value) == _DIGEST and all(character in "0123456789abcdef" for character in value)
    return value[:_SHORT] if whole else value
