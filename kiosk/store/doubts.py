"""What waits for two people who look: effects of which nobody knows the end, documents without a case, a database set
aside. Each has its evidence; it is over only by what both say they found, written in one transaction with its row in
the audit chain and the message to headquarters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from sqlalchemy import Connection, insert, select

from kiosk.people.masked_text import masked_text
from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.outbox import Letter, Outbox
from kiosk.store.schema import audit, cases, custody, effects, notes, stages
from kiosk.store.words import pairs_in, pairs_of

_SETTLED = "doubt/"
_FOUND = "document-without-case"
_ASIDE = "database-set-aside"
_WITHOUT_CASE = "-FOUND-"
"""In the custody number of a document that nobody knew of."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One of them. `what`: the effect's kind, else the event, as words are found for it; `said`: the evidence."""

    id: str
    kind: Literal["effect", "document", "database"]
    what: str
    case: str
    service: str
    at: datetime
    said: tuple[tuple[str, str], ...]


class Known(Protocol):
    """Which one it is."""

    @property
    def id(self) -> str: ...
    @property
    def case(self) -> str: ...


class DoubtBook:
    """Belongs to the store."""

    def __init__(self, database: Database, chain: AuditChain, box: Outbox) -> None:
        self._database = database
        self._chain = chain
        self._box = box

    async def open(self) -> tuple[Doubt, ...]:
        """Everything that waits, oldest first."""

        def look(connection: Connection) -> tuple[Doubt, ...]:
            settled = set(
                connection.execute(select(notes.c.name).where(notes.c.name.startswith(_SETTLED, autoescape=True)))
                .scalars()
                .all()
            )
            found = (*_effects(connection), *_documents(connection), *_databases(connection))
            return tuple(
                sorted((one for one in found if _SETTLED + one.id not in settled), key=lambda one: (one.at, one.id))
            )

        return await self._database.read(look)

    async def found(self, doubt: str) -> Mapping[str, str]:
        """What two people said of it (`verdict`, `by`), or nothing."""

        def look(connection: Connection) -> dict[str, str]:
            text = connection.execute(select(notes.c.text).where(notes.c.name == _SETTLED + doubt)).scalar()
            return {} if text is None else pairs_in(text)

        return await self._database.read(look)

    async def settle(self, doubt: Known, verdict: str, by: tuple[str, ...], letter: Letter) -> bool:
        """Two people said what they found. False where that was said before. Needs two different numbers."""
        if len(set(by)) < 2:
            raise ValueError("a doubt is settled by two people")

        def act(connection: Connection) -> bool:
            name = _SETTLED + doubt.id
            if connection.execute(select(notes.c.name).where(notes.c.name == name)).first() is not None:
                return False
            text = pairs_of({"verdict": verdict, "by": ",".join(by)})
            connection.execute(insert(notes).values(name=name, text=text))
            details = {"who": ",".join(by), "doubt": doubt.id, "before": "in-doubt", "after": verdict}
            self._chain.append(connection, "doubt-settled", doubt.case, details)
            self._box.add(connection, "", letter)
            return True

        settled = await self._database.write(act)
        self._box.added()
        return settled


def _effects(connection: Connection) -> Iterator[Doubt]:
    asked = (
        select(effects, cases.c.service)
        .join(cases, cases.c.case_id == effects.c.case_id)
        .where(effects.c.state == "in_doubt", cases.c.how != "open")
    )
    for row in connection.execute(asked):
        names = connection.execute(select(stages).where(stages.c.key == row.key).order_by(stages.c.row)).all()
        said = {**pairs_in(row.before), **pairs_in(row.found)}
        stage = ((f"stage {n}", f"{one.name} ({one.certainty})") for n, one in enumerate(names, 1))
        evidence = (*((name, masked_text(text)) for name, text in said.items() if text), *stage)
        at = datetime.fromisoformat(row.ended or row.started)
        yield Doubt(f"effect/{row.key}", "effect", f"effect-{row.kind}", row.case_id, row.service, at, evidence)


def _documents(connection: Connection) -> Iterator[Doubt]:
    for number, said in _events(connection, _FOUND):
        yield _of_event(f"document/{number}", "document", said)
    asked = select(custody).where(custody.c.custody.contains(_WITHOUT_CASE, autoescape=True))
    for row in connection.execute(asked):
        said = (("custody", row.custody), ("document", row.document), ("place", row.place))
        at = datetime.fromisoformat(row.since)
        yield Doubt(f"document/{row.custody}", "document", f"event-{_FOUND}", "", "", at, said)


def _databases(connection: Connection) -> Iterator[Doubt]:
    # The same file is told of at every start until headquarters confirmed its ledger.
    seen: set[str] = set()
    for number, said in _events(connection, _ASIDE):
        file = cast(dict[str, str], said["details"]).get("file") or str(number)
        if file not in seen:
            seen.add(file)
            yield _of_event(f"database/{file}", "database", said)


def _events(connection: Connection, event: str) -> Iterator[tuple[int, dict[str, Any]]]:
    asked = select(audit.c.row, audit.c.text).where(audit.c.text.contains(f'"event":"{event}"', autoescape=True))
    for number, text in connection.execute(asked.order_by(audit.c.row)):
        yield number, cast(dict[str, Any], json.loads(text))


def _of_event(name: str, kind: Literal["document", "database"], said: dict[str, Any]) -> Doubt:
    details = cast(dict[str, str], said["details"])
    evidence = tuple((key, masked_text(text)) for key, text in details.items() if text)
    return Doubt(name, kind, f"event-{said['event']}", "", "", datetime.fromisoformat(str(said["at"])), evidence)
