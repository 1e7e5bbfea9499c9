"""Which bytes to believe: python-tuf decides, and does no input or output of its own.

The updater runs over what is already held. Where it lacks a file it says which, the file is fetched over the
terminal's own line, and the updater runs again: verified metadata stay on disk between runs. So the same code works
on real TLS and under the virtual clock, and every request has the line's deadlines and caps.
Source of the rules: The Update Framework specification 1.0, section 5 (client workflow).
"""

# The library names its classes in tuf.api.metadata without listing them as exported.
# pyright: reportPrivateImportUsage=false

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar

from pydantic import ValidationError
from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError, RepositoryError
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from kiosk.clock import Worker
from kiosk.protocol.configuration import LARGEST_PART, ConfigurationSet, PartRole, part_path, set_path

T = TypeVar("T")

REQUESTS = 128
"""More are never made for one set."""

SET_SECONDS = 300.0
"""A set that has not arrived by then is given up until the next time."""

_ROLES = frozenset(role.value for role in PartRole)

LARGEST_SET = 64 * 1024 * 1024
"""All parts of a set together, in bytes."""


def _limits() -> UpdaterConfig:
    """A few times what is ever needed, in files and bytes."""
    return UpdaterConfig(
        max_root_rotations=32,
        max_delegations=8,
        root_max_length=64 * 1024,
        timestamp_max_length=8 * 1024,
        snapshot_max_length=64 * 1024,
        targets_max_length=1024 * 1024,
    )


Fetch = Callable[[str, int], Awaitable[bytes | None]]
"""Path below the repository and the most bytes it may have -> its bytes, None where there is no such file.

Raises Unreachable.
"""


Gather = Callable[[int], Awaitable[Mapping[str, bytes | None]]]
"""Number of a set -> files that verifying it will need, at once; any of them, or none. Raises Unreachable."""


async def gather_nothing(number: int) -> Mapping[str, bytes | None]:
    """Every file is fetched by its name."""
    del number
    return {}


class Distrusted(Exception):
    """What came is not what was signed for us; nothing of it may be used. `code` is a word for reports."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fetched:
    """A verified set: the manifest's bytes, what it says, and its other files by path."""

    document: ConfigurationSet
    manifest: bytes
    parts: Mapping[str, bytes]


class Room(Protocol):
    """Where the files of sets lie by their SHA-256: kiosk.configuration.shelf.Shelf."""

    def file(self, sha256: str) -> bytes | None:
        """The bytes, None where they are not there, whole."""
        ...

    def put(self, sha256: str, content: bytes) -> None:
        """Keep them. Raises OSError."""
        ...


class NoRoom:
    """Every file is fetched for every set."""

    def file(self, sha256: str) -> bytes | None:  # noqa: ARG002
        """None."""
        return None

    def put(self, sha256: str, content: bytes) -> None:
        """Nothing."""


class _Lacks(DownloadError):
    def __init__(self, path: str, largest: int) -> None:
        super().__init__(path)
        self.path = path
        self.largest = largest


class _Held(FetcherInterface):
    """Hands out what is held; what is not is named."""

    def __init__(self, held: Mapping[str, bytes | None]) -> None:
        self._held = held

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Generator[IO[Any]]:
        if url not in self._held:
            raise _Lacks(url, max_length)
        content = self._held[url]
        if content is None:
            raise DownloadHTTPError("no such file", 404)
        if len(content) > max_length:
            raise DownloadLengthMismatchError("longer than it may be")
        yield BytesIO(content)

    def _fetch(self, url: str) -> Iterator[bytes]:
        raise NotImplementedError(url)


class Trust:
    """Verifies against `root`, the metadata of the root role that came with the machine (never over the line).

    `gather` brings what verifying a set will ask for in one request; what it does not bring is fetched one by one.
    `room` holds the files that came: what another set brought, or what arrived before a line broke down, is not
    fetched again.
    """

    def __init__(
        self,
        metadata: Path,
        root: bytes,
        fetch: Fetch,
        worker: Worker,
        *,
        gather: Gather = gather_nothing,
        room: Room | None = None,
    ) -> None:
        self._gather = gather
        self._metadata = metadata
        self._root = root
        self._fetch = fetch
        self._worker = worker
        self._room = room or NoRoom()
        metadata.mkdir(parents=True, exist_ok=True)

    async def set(self, number: int, at: datetime) -> Fetched:
        """The set of this number, whole. `at` is the moment by which expiry is judged.

        Raises Distrusted, Unreachable, TimeoutError.
        """
        held = dict(await self._gather(number))
        return await self._over_what_is_held(at, lambda updater: self._read(updater, number), held)

    async def refresh(self, at: datetime) -> None:
        """Whether what is published can still be believed at this moment; two requests where nothing is new.

        Raises Distrusted, Unreachable, TimeoutError.
        """
        await self._over_what_is_held(at, Updater.refresh, {})

    async def _over_what_is_held(self, at: datetime, act: Callable[[Updater], T], held: dict[str, bytes | None]) -> T:
        async with asyncio.timeout(SET_SECONDS):
            for _ in range(REQUESTS):
                try:
                    return await self._worker.run(lambda: self._assembled(at, held, act))
                except _Lacks as lacks:
                    held[lacks.path] = await self._fetch(lacks.path, lacks.largest)
                except (RepositoryError, DownloadError) as wrong:
                    raise Distrusted(type(wrong).__name__) from wrong
        raise Distrusted("too-many-files")

    def _assembled(self, at: datetime, held: Mapping[str, bytes | None], act: Callable[[Updater], T]) -> T:
        updater = Updater(
            str(self._metadata),
            "metadata/",
            target_base_url="targets/",
            fetcher=_Held(held),
            config=_limits(),
            bootstrap=self._root,
        )
        # The library reads the machine's clock here and nowhere else. Ours is a port, and it never runs backwards.
        updater._trusted_set.reference_time = at  # pyright: ignore[reportPrivateUsage]
        try:
            return act(updater)
        finally:
            self._sync()

    def _read(self, updater: Updater, number: int) -> Fetched:
        updater.refresh()
        manifest = self._target(updater, set_path(number), LARGEST_PART)
        try:
            document = ConfigurationSet.model_validate_json(manifest)
        except ValidationError:
            raise Distrusted("manifest") from None
        if document.number != number:
            raise Distrusted("number")
        parts: dict[str, bytes] = {}
        left = LARGEST_SET
        for path, part in sorted(document.parts.items()):
            if path.partition("/")[0] not in _ROLES or any(step in ("", ".", "..") for step in path.split("/")):
                raise Distrusted("path")
            held = self._room.file(part.sha256)
            parts[path] = self._target(updater, part_path(path, part.sha256), left, held)
            left -= len(parts[path])
            if (hashlib.sha256(parts[path]).hexdigest(), len(parts[path])) != (part.sha256, part.size):
                raise Distrusted("part")
            if held is None:
                self._room.put(part.sha256, parts[path])
        return Fetched(document, manifest, parts)

    def _target(self, updater: Updater, path: str, largest: int, held: bytes | None = None) -> bytes:
        """A file that its role has signed; `held` are its bytes where they need not come again."""
        found: TargetFile | None = updater.get_targetinfo(path)
        if found is None:
            raise Distrusted("not-signed")
        if found.length > min(largest, LARGEST_PART):
            raise Distrusted("too-large")
        # Held bytes have the digest that the path names; its role must have signed the same.
        if held is not None and found.hashes.get("sha256") == path.rpartition("/")[2]:
            return held
        aside = self._metadata / "target.part"
        try:
            _ = updater.download_target(found, str(aside))
            return aside.read_bytes()
        finally:
            aside.unlink(missing_ok=True)

    def _sync(self) -> None:
        """The library renames without syncing: metadata lost with the power would forget which versions were seen."""
        for place in (self._metadata, self._metadata / "root_history"):
            for file in (*place.glob("*.json"), place):
                descriptor = os.open(file, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
