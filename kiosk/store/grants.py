"""Single use, durably: a grant or nonce that was used once opens nothing again (rule 11)."""

from __future__ import annotations

from sqlalchemy import Connection, insert, or_, select

from kiosk.clock import Clock
from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.schema import grants


class UsedGrants:
    """Every grant this terminal used."""

    def __init__(self, database: Database, clock: Clock, chain: AuditChain) -> None:
        self._database = database
        self._clock = clock
        self._chain = chain

    async def use_once(self, grant: str, nonce: str) -> bool:
        """True the first time; False, and nothing changed, when the grant or the nonce was used before."""

        def act(connection: Connection) -> bool:
            used = connection.execute(
                select(grants.c.grant_id).where(or_(grants.c.grant_id == grant, grants.c.nonce == nonce))
            ).first()
            event = "grant-used" if used is None else "grant-refused"
            if used is None:
                connection.execute(
                    insert(grants).values(grant_id=grant, nonce=nonce, used=self._clock.now().isoformat())
                )
            self._chain.append(connection, event, "", {"grant": grant})
            return used is None

        return await self._database.write(act)
