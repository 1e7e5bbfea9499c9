"""What a citizen who comes back is told: paid, taken in, filed; found by pseudonym, without a name (rule 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from kiosk.clock import Clock
from kiosk.store.engines import Database
from kiosk.store.keys import Keys
from kiosk.store.schema import cases, effects
from kiosk.store.words import pairs_in


@dataclass(frozen=True, slots=True)
class PastEffect:
    """One effect as it can be told: its kind and state (rule 7), the number to quote, and its facts by name."""

    kind: str
    state: str
    number: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One case of the citizen. `how` is open, finished, stopped or in-doubt; `when` the time of its first effect."""

    case: str
    service: str
    when: datetime
    how: str
    recovered: bool
    effects: tuple[PastEffect, ...]


class Memory:
    """Past visits by identity number."""

    def __init__(self, database: Database, keys: Keys, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    async def visits_of(self, number: str) -> tuple[PastVisit, ...]:
        """Every case of this citizen, latest first."""

        def look(connection: Connection) -> tuple[PastVisit, ...]:
            rows = connection.execute(
                select(cases)
                .where(cases.c.subject == self._keys.pseudonym(number))
                .order_by(cases.c.opened.desc(), cases.c.case_id.desc())
            ).all()
            return tuple(_visit(connection, row) for row in rows)

        return await self._database.read(look)

    async def interrupted(self, number: str) -> PastVisit | None:
        """The latest visit that did not end with the citizen there, and of which they were not told yet."""

        def look(connection: Connection) -> PastVisit | None:
            row = connection.execute(
                select(cases)
                .where(
                    cases.c.subject == self._keys.pseudonym(number),
                    cases.c.told.is_(None),
                    (cases.c.how != "finished") | (cases.c.tries > 0),
                )
                .order_by(cases.c.opened.desc(), cases.c.case_id.desc())
            ).first()
            return None if row is None else _visit(connection, row)

        return await self._database.read(look)

    async def told(self, case: str) -> None:
        """The citizen has read it."""

        def act(connection: Connection) -> None:
            connection.execute(
                update(cases).where(cases.c.case_id == case).values(told=self._clock.now().isoformat())
            )

        await self._database.write(act)


def _visit(connection: Connection, row: Any) -> PastVisit:
    found = connection.execute(select(effects).where(effects.c.case_id == row.case_id).order_by(effects.c.row)).all()
    told = tuple(PastEffect(one.kind, one.state, one.number, pairs_in(one.facts)) for one in found)
    opened = datetime.fromisoformat(row.opened)
    return PastVisit(row.case_id, row.service, opened, row.how, row.tries > 0, told)
