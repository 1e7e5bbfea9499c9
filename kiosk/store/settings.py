"""Which settings are and were in force: the text by version, kept while a case that began under it may be open."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from kiosk.clock import Clock
from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.schema import settings


@dataclass(frozen=True, slots=True)
class SettingsInForce:
    """One version and its text (JSON or TOML, as it was put)."""

    version: str
    text: str
    since: datetime


class SettingsBook:
    """The last one put is in force; the ones before are kept to fall back on."""

    def __init__(self, database: Database, clock: Clock, chain: AuditChain) -> None:
        self._database = database
        self._clock = clock
        self._chain = chain

    async def put(self, version: str, text: str) -> None:
        """`version` is in force from now on, also when it was before; nothing happens when it is already."""

        def act(connection: Connection) -> None:
            last = _last(connection)
            if last is not None and (last.version, last.text) == (version, text):
                return
            connection.execute(delete(settings).where(settings.c.version == version))
            now = self._clock.now().isoformat()
            connection.execute(insert(settings).values(version=version, text=text, since=now))
            details = {"version": version, "sha256": hashlib.sha256(text.encode()).hexdigest()}
            self._chain.append(connection, "settings-in-force", "", details)

        await self._database.write(act)

    async def in_force(self) -> SettingsInForce | None:
        """None before the first."""

        def look(connection: Connection) -> SettingsInForce | None:
            return _kept(_last(connection))

        return await self._database.read(look)

    async def of_version(self, version: str) -> SettingsInForce | None:
        """A version that is or was in force."""

        def look(connection: Connection) -> SettingsInForce | None:
            return _kept(connection.execute(select(settings).where(settings.c.version == version)).first())

        return await self._database.read(look)


def _last(connection: Connection) -> Any:
    return connection.execute(select(settings).order_by(settings.c.row.desc()).limit(1)).first()


def _kept(row: Any) -> SettingsInForce | None:
    return None if row is None else SettingsInForce(row.version, row.text, datetime.fromisoformat(row.since))
