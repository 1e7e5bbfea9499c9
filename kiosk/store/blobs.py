"""Portraits, signatures, templates: in memory, and sealed beside the database once the case is on disk.

A file's name tells nothing. Its key stands wrapped in the table; the row's end is the picture's end. Files without a
row are swept at start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from kiosk.clock import Ids
from kiosk.people.portrait import Blob
from kiosk.store.engines import Database
from kiosk.store.failures import BlobGone
from kiosk.store.keys import Keys, write_durably
from kiosk.store.schema import blobs, cases, outbox, outbox_blobs


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A blob whose file is on disk and whose row is not yet."""

    sha256: str
    file: str
    wrapped: bytes
    media_type: str


class Shelf:
    """What one visit recorded. `keep` and `read` are plain calls: they touch memory only."""

    def __init__(self, folder: Path, database: Database, keys: Keys, ids: Ids) -> None:
        self._folder = folder
        self._database = database
        self._keys = keys
        self._ids = ids
        self._held: dict[str, tuple[bytes, str]] = {}
        self._on_disk: set[str] = set()

    def keep(self, data: bytes, media_type: str) -> Blob:
        """Hold `data` until the visit ends; on disk from the next effect that is begun."""
        sha256 = hashlib.sha256(data).hexdigest()
        self._held[sha256] = (data, media_type)
        return Blob(sha256, len(data), media_type)

    def read(self, sha256: str) -> bytes:
        """Bytes of this visit. Raises BlobGone."""
        held = self._held.get(sha256)
        if held is None:
            raise BlobGone("no such blob in this visit")
        return held[0]

    def forget(self) -> None:
        """The visit is over."""
        self._held.clear()
        self._on_disk.clear()

    async def blob(self, sha256: str) -> bytes:
        """Bytes from memory or disk. Raises BlobGone, StoreUnreadable."""
        held = self._held.get(sha256)
        if held is not None:
            return held[0]

        def look(connection: Connection) -> tuple[str, bytes] | None:
            row = connection.execute(select(blobs.c.file, blobs.c.wrapped).where(blobs.c.sha256 == sha256)).first()
            return None if row is None else (row.file, row.wrapped)

        found = await self._database.read(look)
        if found is None:
            raise BlobGone("no such blob on disk")
        file, wrapped = found
        try:
            sealed = await self._database.outside((self._folder / file).read_bytes)
        except FileNotFoundError:
            raise BlobGone("the blob's file is gone") from None
        return self._keys.open(self._keys.unwrap(wrapped), sealed, sha256)

    async def seal_new(self) -> tuple[SealedFile, ...]:
        """Write what is held and not yet on disk into files. Raises DiskFull."""
        new = [(sha256, *held) for sha256, held in self._held.items() if sha256 not in self._on_disk]
        if not new:
            return ()
        return await self._database.outside(lambda: tuple(self._seal(*one) for one in new))

    def _seal(self, sha256: str, data: bytes, media_type: str) -> SealedFile:
        key = self._keys.fresh()
        file = self._ids.nonce()
        write_durably(self._folder / file, self._keys.seal(key, data, sha256))
        return SealedFile(sha256, file, self._keys.wrap(key), media_type)

    @staticmethod
    def add(connection: Connection, case: str, files: Iterable[SealedFile]) -> None:
        """Give files their rows, within a transaction."""
        for one in files:
            connection.execute(
                insert(blobs).values(
                    sha256=one.sha256,
                    case_id=case,
                    file=one.file,
                    wrapped=one.wrapped,
                    media_type=one.media_type,
                )
            )

    def added(self, files: Iterable[SealedFile]) -> None:
        """Their rows are durable."""
        self._on_disk.update(one.sha256 for one in files)

    @staticmethod
    def drop_unneeded(connection: Connection) -> tuple[str, ...]:
        """Delete the rows no open case and no waiting message needs; the files to unlink after the transaction."""
        waiting = (
            select(outbox_blobs.c.sha256)
            .join(outbox, outbox.c.key == outbox_blobs.c.key)
            .where(outbox.c.state == "waiting")
        )
        still_open = select(cases.c.case_id).where(cases.c.how == "open")
        unneeded = (blobs.c.case_id.not_in(still_open), blobs.c.sha256.not_in(waiting))
        files = tuple(connection.execute(select(blobs.c.file).where(*unneeded).order_by(blobs.c.file)).scalars())
        connection.execute(delete(blobs).where(*unneeded))
        return files

    async def unlink(self, files: Iterable[str]) -> None:
        """Remove files whose rows are gone."""
        names = tuple(files)
        if names:
            await self._database.outside(lambda: [(self._folder / name).unlink(missing_ok=True) for name in names])

    async def sweep(self) -> int:
        """Remove every file without a row; how many there were."""

        def look(connection: Connection) -> set[str]:
            return set(connection.execute(select(blobs.c.file)).scalars())

        known = await self._database.read(look)
        strays = sorted(path.name for path in self._folder.iterdir() if path.name not in known)
        await self.unlink(strays)
        return len(strays)
