"""Opening the books at start, and what may be wrong with them.

One terminal at a time (flock). A database that is not sound is put aside under a dated name, never thrown away and
never replaced in silence: whoever opens is told, at every start, until headquarters confirmed its ledger (rule 18).
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from sqlalchemy import Connection, delete, insert, inspect, select, text, update

from kiosk.clock import Clock, Ids, Worker
from kiosk.store.audit import AuditChain
from kiosk.store.bins import BinBook
from kiosk.store.blobs import Shelf
from kiosk.store.cases import CaseBook
from kiosk.store.commands import CommandBook
from kiosk.store.custody import CustodyBook
from kiosk.store.doubts import DoubtBook
from kiosk.store.engines import Database
from kiosk.store.failures import LockedElsewhere, StoreUnreadable, in_our_words
from kiosk.store.grants import UsedGrants
from kiosk.store.journal import Journal
from kiosk.store.keys import Keys, station_key, sync_directory, write_durably
from kiosk.store.letters import FilingLetters
from kiosk.store.line import LineBook
from kiosk.store.loaded import LoadedBook
from kiosk.store.memory import Memory
from kiosk.store.outbox import Outbox
from kiosk.store.schema import notes
from kiosk.store.settings import SettingsBook
from kiosk.store.staff import StaffBook
from kiosk.store.upkeep import UpkeepBook
from kiosk.store.words import pairs_in, pairs_of

SCHEMA = "0002"
"""The newest migration: a database that stands there needs none, and Alembic is not even imported."""

_DAMAGE = "damage"


@dataclass(frozen=True, slots=True)
class Damage:
    """A database was put aside as `file` ("" if it was missing) for `reason`.

    Until headquarters confirms, no service with effects opens.
    """

    reason: str
    file: str


class Store:
    """The open books. Close them at the end. `database` is the file they all stand in, for whoever examines it."""

    def __init__(
        self, database: Database, lock: int, folder: Path, keys: Keys, clock: Clock, ids: Ids, damage: Damage | None
    ) -> None:
        self.database = database
        self._lock = lock
        self.damage = damage
        self.audit = AuditChain(database, clock)
        self.blobs = Shelf(folder, database, keys, ids)
        self.outbox = Outbox(database, keys, clock, self.blobs, self.audit)
        self.book = CaseBook(database, keys, clock, self.blobs, self.outbox, self.audit)
        self.grants = UsedGrants(database, clock, self.audit)
        self.custody = CustodyBook(database, keys, clock, self.audit)
        self.loaded = LoadedBook(database, keys, clock, self.audit)
        self.memory = Memory(database, keys, clock)
        self.settings = SettingsBook(database, clock, self.audit)
        self.letters = FilingLetters(clock)
        self.journal = Journal(database)
        self.bins = BinBook(database, clock, self.audit, self.outbox)
        self.doubts = DoubtBook(database, self.audit, self.outbox)
        self.staff = StaffBook(database, keys, self.audit)
        self.line = LineBook(database)
        self.upkeep = UpkeepBook(database, self.audit)
        self.commands = CommandBook(database, self.outbox, self.audit)

    async def ledger_confirmed(self) -> None:
        """Headquarters has confirmed every grant: the damage is over."""

        def act(connection: Connection) -> None:
            connection.execute(delete(notes).where(notes.c.name == _DAMAGE))
            self.audit.append(connection, "ledger-confirmed", "", {})

        await self.database.write(act)
        self.damage = None

    async def close(self) -> None:
        """Let go of files and lock. The workers are their owner's."""
        await self.database.close()
        os.close(self._lock)


async def open_store(directory: Path, *, writer: Worker, reader: Worker, clock: Clock, ids: Ids) -> Store:
    """Open, or make, the books under `directory` (DIR/terminal).

    Look at `damage` of what is returned. Raises LockedElsewhere, DiskFull, StoreFailure.
    """
    return await _Opening(directory, writer, reader, clock, ids).open()


class _Opening:
    def __init__(self, directory: Path, writer: Worker, reader: Worker, clock: Clock, ids: Ids) -> None:
        self._directory = directory
        self._file = directory / "terminal.db"
        self._blobs = directory / "blobs"
        self._begun = directory / "begun"
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._ids = ids

    async def open(self) -> Store:
        lock = await self._writer.run(self._make_ready)
        try:
            key, damage = await self._writer.run(self._look_before)
            database = Database(self._file, self._writer, self._reader)
            await database.write(migrate)
            damage = await database.write(lambda connection: _noted(connection, damage))
            keys = Keys(key, self._ids)
            store = Store(database, lock, self._blobs, keys, self._clock, self._ids, damage)
            if damage is not None:
                details = {"reason": damage.reason, "file": damage.file}
                await store.audit.write("database-set-aside", "", details)
            await store.blobs.sweep()
            _ = await database.shrink_log()
            await self._writer.run(self._mark_begun)
        except BaseException:
            os.close(lock)
            raise
        return store

    def _make_ready(self) -> int:
        with in_our_words():
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._blobs.mkdir(mode=0o700, exist_ok=True)
            lock = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise LockedElsewhere("another terminal runs on this state directory") from None
        return lock

    def _look_before(self) -> tuple[bytes, Damage | None]:
        """The station's key, and the damage if the database had to be put aside."""
        with in_our_words():
            key_file = self._directory / "station.key"
            damage = None
            if self._begun.exists():
                reason = self._unsound(key_file)
                damage = None if reason is None else self._set_aside(reason)
            else:
                self._start_afresh()
            try:
                return station_key(key_file, self._ids), damage
            except StoreUnreadable:
                self._rename(key_file)
                return station_key(key_file, self._ids), damage

    def _start_afresh(self) -> None:
        """A first start that did not come to its end never kept anything."""
        for path in (self._file, *self._beside()):
            path.unlink(missing_ok=True)

    def _mark_begun(self) -> None:
        """From now on a missing or empty database is damage."""
        if not self._begun.exists():
            with in_our_words():
                write_durably(self._begun, b"")

    def _unsound(self, key_file: Path) -> str | None:
        if not self._file.exists():
            return "the database is missing"
        if not key_file.exists() or key_file.stat().st_size != 32:
            return "the station's key is missing"
        try:
            connection = sqlite3.connect(self._file)
            try:
                answer = connection.execute("PRAGMA quick_check(1)").fetchone()
                kept = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            finally:
                connection.close()
        except sqlite3.DatabaseError as error:
            return getattr(error, "sqlite_errorname", "not a database")
        if kept is None:
            return "the database is empty"
        return None if answer == ("ok",) else "quick_check failed"

    def _set_aside(self, reason: str) -> Damage:
        for beside in self._beside():
            if beside.exists():
                self._rename(beside)
        return Damage(reason, self._rename(self._file) if self._file.exists() else "")

    def _beside(self) -> tuple[Path, Path]:
        return (self._directory / "terminal.db-wal", self._directory / "terminal.db-shm")

    def _rename(self, path: Path) -> str:
        stamp = self._clock.now().strftime("%Y%m%dT%H%M%S")
        name, count = f"{path.name}.damaged-{stamp}", 1
        while (self._directory / name).exists():
            count += 1
            name = f"{path.name}.damaged-{stamp}-{count}"
        path.rename(self._directory / name)
        sync_directory(self._directory)
        return name


def _noted(connection: Connection, damage: Damage | None) -> Damage | None:
    """Remember new damage, and recall old damage that was never confirmed."""
    if damage is not None:
        told = pairs_of({"reason": damage.reason, "file": damage.file})
        changed = connection.execute(update(notes).where(notes.c.name == _DAMAGE).values(text=told)).rowcount
        if changed == 0:
            connection.execute(insert(notes).values(name=_DAMAGE, text=told))
        return damage
    found = connection.execute(select(notes.c.text).where(notes.c.name == _DAMAGE)).scalar()
    return None if found is None else Damage(**pairs_in(found))


def migrate(connection: Connection) -> None:
    """Bring the tables to their present form, within the connection's transaction."""
    if inspect(connection).has_table("alembic_version"):
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if version == SCHEMA:
            return
    from alembic import command
    from alembic.config import Config

    config = Config()
    with resources.as_file(resources.files("kiosk.store").joinpath("migrations")) as scripts:
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
