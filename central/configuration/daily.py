"""What a server that holds the daily keys does by itself: it says every day anew that nothing is withheld."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from central.configuration.books import FileRows
from central.configuration.keys import ONLINE, Keys
from central.configuration.repository import NotSigned, Repository
from central.database import transaction
from central.ports import Clock

_LOG = logging.getLogger(__name__)

LOOK = timedelta(minutes=10)
"""Between two looks whether it is time; several servers of one database may look, one finds that it is."""


class Daily:
    """Keeps the repository's timestamp and snapshot young. Holds no key that could sign a set."""

    def __init__(self, engine: Engine, keys: Keys, clock: Clock) -> None:
        self._engine = engine
        self._keys = Keys({role: keys.of(role) for role in ONLINE})
        self._clock = clock
        self._looked: datetime | None = None

    @property
    def able(self) -> bool:
        """Whether the keys for it are at hand."""
        return all(self._keys.of(role) for role in ONLINE)

    def tick(self) -> None:
        """Refresh where it is time; a database that does not answer now is asked the next time."""
        now = self._clock.now()
        if not self.able or (self._looked is not None and abs(now - self._looked) < LOOK):
            return
        try:
            with transaction(self._engine) as db:
                repository = Repository(FileRows(db), self._keys, now)
                if repository.stale():
                    repository.refresh()
        except (DBAPIError, PoolExhausted):
            return
        except NotSigned as wrong:
            _LOG.error("the repository cannot be refreshed: %s", wrong)
        self._looked = now


def sandbox_repository(engine: Engine, now: datetime, offline: Path, online: Path) -> bytes | None:
    """A sandbox signs for itself: its repository is made at the first start, with keys in its own folder.

    The root's metadata, for its terminals; None where a repository is kept by somebody else, who hands it out.
    """
    with transaction(engine) as db:
        files = FileRows(db)
        if files.get("metadata/timestamp.json") is None and not offline.exists():
            keys = Keys.fresh()
            keys.write(offline, online)
            return Repository(files, keys, now).create()
        return files.get("metadata/1.root.json") if offline.exists() else None
