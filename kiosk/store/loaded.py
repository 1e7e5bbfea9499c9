"""What lies behind the doors of this cabinet since loaders were here: no document twice, no door twice.

Two partial unique indexes keep that true, whatever any program believes. The last list of headquarters is kept here
too, sealed: it holds what opens the chips of passports.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, insert, select, update

from kiosk.clock import Clock
from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.failures import StoreUnreadable
from kiosk.store.keys import Keys
from kiosk.store.schema import custody, loaded, notes
from kiosk.store.words import pairs_in, pairs_of

_LIST = "loading-list"
GONE = ("given-back", "never-received", "unloaded")
"""Where a document of custody is when its compartment is free again."""


class LoadedPlace(enum.Enum):
    """Where a document of the cabinet is, as far as this machine knows."""

    ASSIGNED = "assigned"
    """Its compartment is meant for it, and may be opened at any moment."""
    INSIDE = "inside"
    IN_DOUBT = "in-doubt"
    OUT = "out"
    """Taken, taken back, or never laid in."""


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """One live row."""

    item: str
    list_number: str
    board: int
    compartment: int
    place: LoadedPlace
    counted: bool
    """Whether the pair that laid it in has counted."""


class LoadedBook:
    """Every change is audited in its own transaction."""

    def __init__(self, database: Database, keys: Keys, clock: Clock, chain: AuditChain) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._chain = chain

    # -- documents ---------------------------------------------------------------------------------------------------

    async def assign(self, item: str, list_number: str, case: str, board: int, compartment: int) -> bool:
        """On disk before the door opens; False, and nothing changed, where compartment or document is not free.

        A document whose row says it is behind this very door stays there: it is laid in again.
        """

        def act(connection: Connection) -> bool:
            known = _live(connection, item)
            if known is not None and (known.board, known.compartment) == (board, compartment):
                self._put(connection, item, LoadedPlace.ASSIGNED)
                self._audit(connection, case, item, board, compartment, LoadedPlace.ASSIGNED)
                return True
            if known is not None or _taken(connection, board, compartment):
                return False
            connection.execute(
                insert(loaded).values(
                    item=item,
                    list_number=list_number,
                    case_id=case,
                    board=board,
                    compartment=compartment,
                    place=LoadedPlace.ASSIGNED.value,
                    counted=0,
                    since=self._clock.now().isoformat(),
                )
            )
            self._audit(connection, case, item, board, compartment, LoadedPlace.ASSIGNED)
            return True

        return await self._database.write(act)

    async def move(self, item: str, place: LoadedPlace, case: str) -> None:
        """It is there now. Of a document that is not on these books nothing is written."""

        def act(connection: Connection) -> None:
            known = _live(connection, item)
            if known is not None:
                self._put(connection, item, place)
                self._audit(connection, case, item, known.board, known.compartment, place)

        await self._database.write(act)

    async def live(self) -> tuple[LoadedDocument, ...]:
        """Everything that is behind a door, or may be."""

        def look(connection: Connection) -> tuple[LoadedDocument, ...]:
            rows = connection.execute(
                select(loaded).where(loaded.c.place != LoadedPlace.OUT.value).order_by(loaded.c.row)
            )
            return tuple(_document(row) for row in rows)

        return await self._database.read(look)

    async def occupied(self) -> frozenset[tuple[int, int]]:
        """Board and number of every compartment in which something is, or may be, by this machine's own books."""
        return await self._database.read(_occupied)

    async def count(self) -> None:
        """The pair has counted: what is inside is settled."""

        def act(connection: Connection) -> None:
            connection.execute(update(loaded).where(loaded.c.place == LoadedPlace.INSIDE.value).values(counted=1))

        await self._database.write(act)

    def _put(self, connection: Connection, item: str, place: LoadedPlace) -> None:
        connection.execute(
            update(loaded)
            .where(loaded.c.item == item, loaded.c.place != LoadedPlace.OUT.value)
            .values(place=place.value, since=self._clock.now().isoformat(), counted=0)
        )

    def _audit(
        self, connection: Connection, case: str, item: str, board: int, compartment: int, place: LoadedPlace
    ) -> None:
        details = {"item": item, "compartment": f"{board}-{compartment}", "place": place.value}
        self._chain.append(connection, "document-placed", case, details)

    # -- the list ----------------------------------------------------------------------------------------------------

    async def keep_list(self, text: str) -> None:
        """The newest one, sealed to this station, instead of the one before."""
        key = self._keys.fresh()
        kept = pairs_of(
            {"wrapped": self._keys.wrap(key).hex(), "sealed": self._keys.seal(key, text.encode(), _LIST).hex()}
        )

        def act(connection: Connection) -> None:
            connection.execute(delete(notes).where(notes.c.name == _LIST))
            connection.execute(insert(notes).values(name=_LIST, text=kept))

        await self._database.write(act)

    async def kept_list(self) -> str:
        """The last one, "" where there is none that this station can open."""

        def look(connection: Connection) -> str | None:
            return connection.execute(select(notes.c.text).where(notes.c.name == _LIST)).scalar()

        found = await self._database.read(look)
        if found is None:
            return ""
        kept = pairs_in(found)
        try:
            key = self._keys.unwrap(bytes.fromhex(kept["wrapped"]))
            return self._keys.open(key, bytes.fromhex(kept["sealed"]), _LIST).decode()
        except (StoreUnreadable, ValueError, KeyError):
            return ""


def _live(connection: Connection, item: str) -> LoadedDocument | None:
    row = connection.execute(
        select(loaded).where(loaded.c.item == item, loaded.c.place != LoadedPlace.OUT.value)
    ).first()
    return None if row is None else _document(row)


def _document(row: Row[tuple[object, ...]]) -> LoadedDocument:
    return LoadedDocument(
        row.item, row.list_number, row.board, row.compartment, LoadedPlace(row.place), bool(row.counted)
    )


def _taken(connection: Connection, board: int, compartment: int) -> bool:
    return (board, compartment) in _occupied(connection)


def _occupied(connection: Connection) -> frozenset[tuple[int, int]]:
    ours = connection.execute(
        select(loaded.c.board, loaded.c.compartment).where(loaded.c.place != LoadedPlace.OUT.value)
    )
    old = connection.execute(
        select(custody.c.board, custody.c.compartment).where(custody.c.place.not_in(GONE), custody.c.board > 0)
    )
    return frozenset((row.board, row.compartment) for row in (*ours, *old))
