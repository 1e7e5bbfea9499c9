"""Headquarters' sandbox as every night of a seed begins with it: filled once in a process, then copied."""

from __future__ import annotations

import sqlite3
import tempfile
from functools import lru_cache
from pathlib import Path

from central.database import sqlite_url
from central.handle import Headquarters
from kiosk.nights.street import NumberedFaces
from kiosk.people.synthetic import PopulationKey
from kiosk.times import SeededIds, VirtualClock

SEAL_KEY = "AGE-SECRET-KEY-1680M78D54WKZF2MXG0QJPPL8U38QR59E4NPNE2HDZ3A32KK889NSX326K3"
"""Of a made-up headquarters: equal seeds give equal bytes."""


@lru_cache(maxsize=4)
def filled(key: PopulationKey) -> bytes:
    """A SQLite file with the people of `key` and the key of their grants; equal keys give equal people."""
    with tempfile.TemporaryDirectory(prefix="night-begins-") as folder:
        file = Path(folder) / "central.sqlite3"
        clock = VirtualClock()
        headquarters = Headquarters(
            sqlite_url(file),
            clock,
            SeededIds(key.seed * 1_000, clock),
            state=Path(folder),
            key=key,
            pause=_at_once,
            faces=NumberedFaces(),
            seal_key=lambda: SEAL_KEY,
        )
        headquarters.close()
        database = sqlite3.connect(file)
        try:
            return database.serialize()
        finally:
            database.close()


def _at_once(_seconds: float) -> None:
    """Filling takes no time of the night."""
