"""What the books keep of the line: when headquarters last answered, and its key for what is sealed meanwhile."""

from __future__ import annotations

from datetime import datetime

from kiosk.people.silence import Silence
from kiosk.store.engines import Database
from kiosk.store.notes import note, noted

_NOTE = "line"


class LineBook:
    """One note. A power cut leaves the one before, so that a silence is never counted shorter than it was noted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(self) -> Silence | None:
        """None where headquarters has never been heard here."""
        told = await self._database.read(lambda connection: noted(connection, _NOTE))
        if not told:
            return None
        heard, latest = (datetime.fromisoformat(told[name]) for name in ("heard", "latest"))
        return Silence(heard, latest, told["seal_for"])

    async def keep(self, silence: Silence) -> None:
        """Instead of what was noted before."""
        facts = {
            "heard": silence.heard.isoformat(),
            "latest": silence.latest.isoformat(),
            "seal_for": silence.seal_for,
        }
        await self._database.write(lambda connection: note(connection, _NOTE, facts))
