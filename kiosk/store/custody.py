"""Documents on the terminal's books: each in exactly one place at all times, whose only by pseudonym (rule 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, insert, select, update

from kiosk.clock import Clock
from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.failures import StoreFailure
from kiosk.store.keys import Keys
from kiosk.store.schema import custody as books


class Document(Protocol):
    """A document as it is handed in: `custody` is the number on the slip, `place` one word for where it is."""

    @property
    def custody(self) -> str: ...
    @property
    def case(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def board(self) -> int: ...
    @property
    def compartment(self) -> int: ...
    @property
    def place(self) -> str: ...


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document on the books; `subject` is the owner's keyed pseudonym."""

    custody: str
    case: str
    subject: str
    document: str
    board: int
    compartment: int
    place: str


class CustodyBook:
    """The books. Every change is audited."""

    def __init__(self, database: Database, keys: Keys, clock: Clock, chain: AuditChain) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._chain = chain

    async def record(self, record: Document, number: str) -> None:
        """Enter a document of the citizen with identity `number`; on disk before a shutter opens.

        Entering it again leaves it where it is.
        """

        def act(connection: Connection) -> None:
            if connection.execute(select(books.c.place).where(books.c.custody == record.custody)).first():
                return
            connection.execute(
                insert(books).values(
                    custody=record.custody,
                    case_id=record.case,
                    subject=self._keys.pseudonym(number),
                    document=record.document,
                    board=record.board,
                    compartment=record.compartment,
                    place=record.place,
                    since=self._clock.now().isoformat(),
                )
            )
            self._audit(connection, record.case, record.custody, record.document, record.place)

        await self._database.write(act)

    async def move(self, custody: str, place: str) -> None:
        """It is in `place` now. Raises StoreFailure for a number that is not on the books."""

        def act(connection: Connection) -> None:
            found = connection.execute(select(books).where(books.c.custody == custody)).first()
            if found is None:
                raise StoreFailure("no such custody number on the books")
            connection.execute(
                update(books)
                .where(books.c.custody == custody)
                .values(place=place, since=self._clock.now().isoformat())
            )
            self._audit(connection, found.case_id, custody, found.document, place)

        await self._database.write(act)

    async def of_case(self, case: str) -> str:
        """The latest custody number of a case, or ""."""

        def look(connection: Connection) -> str:
            numbers = connection.execute(
                select(books.c.custody)
                .where(books.c.case_id == case)
                .order_by(books.c.since.desc(), books.c.custody.desc())
            ).scalars()
            return next(iter(numbers), "")

        return await self._database.read(look)

    async def all(self) -> tuple[KeptDocument, ...]:
        """Every document that was ever entered, with the place it is in."""

        def look(connection: Connection) -> tuple[KeptDocument, ...]:
            rows = connection.execute(select(books).order_by(books.c.since, books.c.custody)).all()
            return tuple(
                KeptDocument(
                    row.custody, row.case_id, row.subject, row.document, row.board, row.compartment, row.place
                )
                for row in rows
            )

        return await self._database.read(look)

    def _audit(self, connection: Connection, case: str, number: str, document: str, place: str) -> None:
        details = {"custody": number, "document": document, "place": place}
        self._chain.append(connection, "document-moved", case, details)
