"""Wiring of the records: the books, the program's log, the stick, and the way to headquarters, for technicians."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk.clock import Clock, Ids
from kiosk.counter.technician.records import NoStick, Sealed
from kiosk.protocol.filings import RECORDS_BYTES, RecordsSent
from kiosk.protocol.records import NobodyToSealFor, packed, sealed_for
from kiosk.settings import Settings
from kiosk.store.exporting import book_lines, lines_of, write_whole
from kiosk.store.journal import JournalLine, JournalVisit, Sought
from kiosk.store.opening import Store
from kiosk.store.running_log import RunningLine, running_lines
from kiosk.store.sticks import MOUNTINFO, Stick, StickTrouble, sticks, the_stick

LOG_FOLDER = "log"
"""Below the terminal's own folder."""


def mounts_of_the_system() -> str:
    """Raises OSError where there is no such thing."""
    return MOUNTINFO.read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Archive:
    """See kiosk.counter.technician.records.Archive. `mounts` reads the text of mountinfo."""

    settings: Settings
    store: Store
    clock: Clock
    ids: Ids
    state: Path
    mounts: Callable[[], str]

    async def lines(self, events: tuple[str, ...], since: date | None, text: str) -> Sequence[JournalLine]:
        """Of the audit chain."""
        return await self.store.journal.lines(Sought(events, since, text))

    async def visits(self, since: date | None, text: str) -> Sequence[JournalVisit]:
        """Cases."""
        return await self.store.journal.visits(Sought((), since, text))

    async def steps(self, case: str) -> Sequence[JournalLine]:
        """One case."""
        return await self.store.journal.steps(case)

    async def running(self, since: date | None, text: str) -> Sequence[RunningLine]:
        """What the program said."""
        return await self.store.database.outside(lambda: running_lines(self._log, since, text))

    async def seal(self, since: date | None, who: tuple[str, ...]) -> Sealed | None:
        """For the keys that the configuration in force names."""
        now = self.clock.now()
        terminal = self.settings.terminal.name
        head = await self.store.audit.head()
        told = {
            "kind": "records-1",
            "terminal": terminal,
            "at": now.isoformat(timespec="seconds"),
            "by": ",".join(who),
            "since": "" if since is None else since.isoformat(),
            "settings_version": self.settings.settings_version,
            "audit_rows": str(head.rows),
            "audit_head": head.hash,
        }
        books = await book_lines(self.store.database, since)
        running = await self.running(since, "")
        recipients = self.settings.maintenance.export_to

        def seal() -> Sealed | None:
            lines = lines_of(told, books, running)
            try:
                content = sealed_for(recipients, packed(lines))
            except NobodyToSealFor:
                return None
            return Sealed(f"records-{terminal}-{now:%Y%m%dT%H%M%S}.jsonl.gz.age", content, len(lines))

        return await self.store.database.outside(seal)

    async def stick(self) -> NoStick | None:
        """What keeps records from a stick, if anything."""
        match await self._the_stick():
            case Stick():
                return None
            case StickTrouble.UNSAFE as trouble:
                found = await self._sticks()
                return NoStick(trouble.value, found[0].lacks if found else ())
            case trouble:
                return NoStick(trouble.value)

    async def write(self, sealed: Sealed) -> bool:
        """Looked at once more: between two looks a stick may be another one."""
        stick = await self._the_stick()
        if not isinstance(stick, Stick):
            return False
        try:
            await self.store.database.outside(lambda: write_whole(stick.place / sealed.name, sealed.content))
        except OSError:
            return False
        return True

    async def send(self, sealed: Sealed, who: tuple[str, ...]) -> bool:
        """With the other messages, as soon as there is a line."""
        if len(sealed.content) > RECORDS_BYTES:
            return False
        sent = RecordsSent(
            name=sealed.name, staff=who, lines=sealed.lines, content=base64.b64encode(sealed.content).decode("ascii")
        )
        letter = self.store.letters.records(key=f"records/{self.ids.nonce()}", sent=sent)
        await self.store.outbox.queue(letter)
        return True

    async def looked(self, who: str, what: str, case: str = "") -> None:
        """On the chain."""
        await self.store.audit.write("records-looked", case, {"who": who, "what": what})

    async def exported(self, details: dict[str, str]) -> None:
        """On the chain."""
        await self.store.audit.write("records-exported", "", details)

    @property
    def _log(self) -> Path:
        return log_folder(self.state)

    async def _sticks(self) -> tuple[Stick, ...]:
        folder = self.settings.maintenance.sticks
        return await self.store.database.outside(lambda: sticks(folder, self.mounts()))

    async def _the_stick(self) -> Stick | StickTrouble:
        return the_stick(await self._sticks())


def log_folder(state: Path) -> Path:
    """Where the program's log lies under a state directory."""
    return state / "terminal" / LOG_FOLDER
