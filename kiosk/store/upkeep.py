"""What the books keep of a machine's upkeep: what needs a hand though its device works, and when it was last cleaned.

A mark stays until it is taken away with a row in the audit trail: neither a restart nor another day ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.schema import effects, notes
from kiosk.store.words import pairs_in, pairs_of

_MARK = "upkeep/"
_CLEANED = "cleaned/"


class UpkeepBook:
    """Belongs to the store. Marks are named device/fault, with a place behind where the fault has one."""

    def __init__(self, database: Database, chain: AuditChain) -> None:
        self._database = database
        self._chain = chain

    async def marks(self) -> dict[str, Mapping[str, str]]:
        """Everything that is marked, by name."""

        def look(connection: Connection) -> dict[str, Mapping[str, str]]:
            asked = select(notes.c.name, notes.c.text).where(notes.c.name.startswith(_MARK, autoescape=True))
            rows = connection.execute(asked.order_by(notes.c.name))
            return {str(name).removeprefix(_MARK): pairs_in(text) for name, text in rows}

        return await self._database.read(look)

    async def mark(self, name: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None:
        """It needs a hand from now on; what is marked already stays as it was."""

        def act(connection: Connection) -> None:
            asked = select(notes.c.name).where(notes.c.name == _MARK + name)
            if connection.execute(asked).first() is None:
                connection.execute(insert(notes).values(name=_MARK + name, text=pairs_of(facts)))
                self._chain.append(connection, "device-due", "", details)

        await self._database.write(act)

    async def mended(self, name: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None:
        """Its device showed that it is over: the mark is gone, and of what was cleaned is kept when (`at`, `by`)."""

        def act(connection: Connection) -> None:
            connection.execute(delete(notes).where(notes.c.name == _MARK + name))
            _put(connection, _CLEANED + name, facts)
            self._chain.append(connection, "device-mended", "", details)

        await self._database.write(act)

    async def last_mended(self, name: str) -> Mapping[str, str]:
        """When and by whom it was last done (`at`, `by`), or nothing."""

        def look(connection: Connection) -> Mapping[str, str]:
            found = connection.execute(select(notes.c.text).where(notes.c.name == _CLEANED + name)).scalar()
            return {} if found is None else pairs_in(found)

        return await self._database.read(look)

    async def done_since(self, kinds: tuple[str, ...], since: datetime | None) -> int:
        """How many effects of these kinds were done since then; None: ever."""

        def look(connection: Connection) -> int:
            asked = select(func.count()).select_from(effects)
            asked = asked.where(effects.c.kind.in_(kinds), effects.c.state == "done")
            if since is not None:
                asked = asked.where(effects.c.started > since.isoformat())
            return int(connection.execute(asked).scalar() or 0)

        return await self._database.read(look)


def _put(connection: Connection, name: str, facts: Mapping[str, str]) -> None:
    text = pairs_of(facts)
    if connection.execute(update(notes).where(notes.c.name == name).values(text=text)).rowcount == 0:
        connection.execute(insert(notes).values(name=name, text=text))
