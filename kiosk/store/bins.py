"""What the books have in each bin, and that two people emptied one: all of it in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy import Connection, select, update

from kiosk.clock import Clock
from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.notes import note
from kiosk.store.outbox import Letter, Outbox
from kiosk.store.schema import custody

_STANDING = "supply/"
"""Where counts of supplies stand too: a bin that was not counted is told of in the same way."""


class Emptied(Protocol):
    """What two people took out of a bin."""

    @property
    def device(self) -> str: ...
    @property
    def custody(self) -> tuple[str, ...]: ...
    @property
    def counted(self) -> int: ...
    @property
    def bag(self) -> str: ...
    @property
    def by(self) -> tuple[str, ...]: ...


class BinBook:
    """Belongs to the store."""

    def __init__(self, database: Database, clock: Clock, chain: AuditChain, box: Outbox) -> None:
        self._database = database
        self._clock = clock
        self._chain = chain
        self._box = box

    async def inside(self, places: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """Custody numbers by device, whose bin is a place by that name on the books."""

        def look(connection: Connection) -> dict[str, tuple[str, ...]]:
            asked = select(custody.c.custody).order_by(custody.c.since, custody.c.custody)
            return {
                device: tuple(connection.execute(asked.where(custody.c.place == place)).scalars())
                for device, place in places.items()
            }

        return await self._database.read(look)

    async def emptied(self, told: Emptied, letter: Letter) -> None:
        """Everything lies in the bag; where the count differs from the books, nobody knows where which one is."""
        agrees = told.counted == len(told.custody)
        place = f"bag:{told.bag}" if agrees else "in-doubt"

        def act(connection: Connection) -> None:
            now = self._clock.now().isoformat()
            for number in told.custody:
                row = connection.execute(select(custody).where(custody.c.custody == number)).one()
                connection.execute(update(custody).where(custody.c.custody == number).values(place=place, since=now))
                moved = {"custody": number, "document": row.document, "place": place}
                self._chain.append(connection, "document-moved", row.case_id, moved)
            self._count(connection, told.device, "0", told.by)
            details = {
                "who": ",".join(told.by),
                "device": told.device,
                "before": str(len(told.custody)),
                "counted": str(told.counted),
                "after": "0",
                "bag": told.bag,
                "outcome": "agrees" if agrees else "differs",
            }
            self._chain.append(connection, "bin-emptied", "", details)
            self._box.add(connection, "", letter)

        await self._database.write(act)
        self._box.added()

    async def uncounted(self, device: str, before: int, by: tuple[str, ...]) -> None:
        """It was opened, and nobody said what came out: the documents stay where the books have them."""

        def act(connection: Connection) -> None:
            self._count(connection, device, "unknown", by)
            details = {"who": ",".join(by), "device": device, "before": str(before), "after": "unknown"}
            self._chain.append(connection, "bin-emptied", "", details | {"outcome": "uncounted"})

        await self._database.write(act)

    def _count(self, connection: Connection, device: str, after: str, by: tuple[str, ...]) -> None:
        name = f"{_STANDING}{device}/bin"
        note(connection, name, {"after": after, "at": self._clock.now().isoformat(), "by": ",".join(by)})
