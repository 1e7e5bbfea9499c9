"""What the books keep of technicians: tries that count across power cuts, and that the machine is in their hands.

A try is counted on disk before it is judged, so that pulling the plug gives none back. How long one waits after it
is the caller's to measure from now: no clock that could be set stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.keys import Keys
from kiosk.store.notes import forget, note, noted
from kiosk.store.schema import effects

_TRIES = "staff-tries/"
_MODE = "maintenance"
_STANDING = "supply/"
_ADJUSTED = "calibration/"


class StaffBook:
    """Tries by slot, whether the machine is in maintenance, and what was last counted into it."""

    def __init__(self, database: Database, keys: Keys, chain: AuditChain) -> None:
        self._database = database
        self._chain = chain
        self.pepper = keys.staff_pepper

    # -- tries ---------------------------------------------------------------------------------------------------

    async def tries(self, slot: str) -> int:
        """Tries counted in this slot since the last that was right."""
        return await self._database.read(lambda connection: _tries(connection, slot))

    async def count_try(self, slot: str) -> int:
        """Count one more, on disk; how many there are now."""

        def act(connection: Connection) -> int:
            now = _tries(connection, slot) + 1
            note(connection, _TRIES + slot, {"tries": str(now)})
            return now

        return await self._database.write(act)

    async def forgive(self, slot: str) -> None:
        """The slot begins anew."""
        await self._database.write(lambda connection: forget(connection, _TRIES + slot))

    # -- the machine in their hands ------------------------------------------------------------------------------

    async def held(self) -> Mapping[str, str]:
        """How the machine was taken out of service (`since`, `by`), or nothing when citizens have it."""
        return await self._database.read(lambda connection: noted(connection, _MODE))

    async def hold(self, facts: Mapping[str, str], event: str, details: Mapping[str, str]) -> None:
        """The machine is in somebody's hands from now on, whatever happens to its power."""

        def act(connection: Connection) -> None:
            note(connection, _MODE, facts)
            self._chain.append(connection, event, "", details)

        await self._database.write(act)

    async def let_go(self, event: str, details: Mapping[str, str]) -> None:
        """It is the citizens' again."""

        def act(connection: Connection) -> None:
            forget(connection, _MODE)
            self._chain.append(connection, event, "", details)

        await self._database.write(act)

    # -- supplies ------------------------------------------------------------------------------------------------

    async def counted(self, supply: str) -> Mapping[str, str]:
        """What was said at the last exchange of a supply (`after`, `at`, `by`), or nothing."""
        return await self._database.read(lambda connection: noted(connection, _STANDING + supply))

    async def papers_since(self, device: str, since: datetime) -> int:
        """How many papers of visits came out of a printer since then; reprints are not among them."""

        def look(connection: Connection) -> int:
            found = connection.execute(
                select(func.count())
                .select_from(effects)
                .where(
                    effects.c.kind == "print",
                    effects.c.state == "done",
                    effects.c.started > since.isoformat(),
                    effects.c.before.contains(f'"device":"{device}"', autoescape=True),
                )
            )
            return int(found.scalar() or 0)

        return await self._database.read(look)

    async def count(self, supply: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None:
        """An exchange ended: what is in now, with its row in the audit chain in the same transaction."""

        def act(connection: Connection) -> None:
            note(connection, _STANDING + supply, facts)
            self._chain.append(connection, "supply-exchanged", "", details)

        await self._database.write(act)

    # -- what is adjusted on the spot ----------------------------------------------------------------------------

    async def calibrated(self, what: str) -> Mapping[str, str]:
        """When it was last found right here (`on`, `until`, `by`, `value`), or nothing."""
        return await self._database.read(lambda connection: noted(connection, _ADJUSTED + what))

    async def calibrate(self, what: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None:
        """It was measured and is right, with its row in the audit chain in the same transaction."""

        def act(connection: Connection) -> None:
            note(connection, _ADJUSTED + what, facts)
            self._chain.append(connection, "calibrated", "", details)

        await self._database.write(act)


def _tries(connection: Connection, slot: str) -> int:
    return int(noted(connection, _TRIES + slot).get("tries", "0"))
