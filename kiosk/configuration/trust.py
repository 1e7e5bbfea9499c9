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
from typing import IO, Any, TypeVar

from pydantic import ValidationError
from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError, RepositoryError
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from kiosk.clock import Worker
from kiosk.protocol.configuration import LARGEST_PART, ConfigurationSet, set_path

T = TypeVar("T")

REQUESTS = 128
"""More are never made for one set."""

SET_SECONDS = 300.0
"""A set that has not arrived by then is given up until the next time."""

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
    """Verifies against `root`, the metadata of the root role that came with the machine (never over the line)."""

    def __init__(self, metadata: Path, root: bytes, fetch: Fetch, worker: Worker) -> None:
        self._metadata = metadata
        self._root = root
        self._fetch = fetch
        self._worker = worker
        metadata.mkdir(parents=True, exist_ok=True)

    async def set(self, number: int, at: datetime) -> Fetched:
        """The set of this number, whole. `at` is the moment by which expiry is judged.

        Raises Distrusted, Unreachable, TimeoutError.
        """
        return await self._over_what_is_held(at, lambda updater: self._read(updater, number))

    async def refresh(self, at: datetime) -> None:
        """Whether what is published can still be believed at this moment; two requests where nothing is new.

        Raises Distrusted, Unreachable, TimeoutError.
        """
        await self._over_what_is_held(at, Updater.refresh)

    async def _over_what_is_held(self, at: datetime, act: Callable[[Updater], T]) -> T:
        held: dict[str, bytes | None] = {}
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
        for path, sha256 in sorted(document.parts.items()):
            parts[path] = self._target(updater, path, left)
            left -= len(parts[path])
            if hashlib.sha256(parts[path]).hexdigest() != sha256:
                raise Distrusted("part")
        return Fetched(document, manifest, parts)

    def _target(self, updater: Updater, path: str, largest: int) -> bytes:
        if any(step in ("", ".", "..") for step in path.split("/")) or "\\" in path:
            raise Distrusted("path")
        found: TargetFile | None = updater.get_targetinfo(path)
        if found is None:
            raise Distrusted("not-signed")
        if found.length > min(largest, LARGEST_PART):
            raise Distrusted("too-large")
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
