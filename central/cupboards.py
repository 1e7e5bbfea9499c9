"""Where bytes lie: a folder on disk by default, or a bucket of any S3-compatible store."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from central.database import HERE

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_TIMEOUT = timedelta(seconds=10)
"""For one request to a bucket: an agency is given no more either."""
_TRIES = 3


class CupboardFailed(Exception):
    """What holds the bytes cannot be reached, or has no room. Names the kind of failure, nothing else."""


@dataclass(frozen=True, slots=True)
class Lying:
    """Something that is kept, and since when."""

    path: str
    size: int
    since: datetime


class Cupboard(Protocol):
    """Bytes by path, a/b/c. Everything raises CupboardFailed."""

    def put(self, path: str, content: bytes) -> None:
        """Keep them: there as a whole or not at all, and durable when this returns."""
        ...

    def get(self, path: str) -> bytes | None:
        """The bytes, None where there are none."""
        ...

    def has(self, path: str) -> bool:
        """Whether there are any."""
        ...

    def drop(self, path: str) -> None:
        """Gone afterwards; nothing happens where there was nothing."""
        ...

    def under(self, folder: str) -> Sequence[Lying]:
        """All that is kept under a folder, by path."""
        ...


def open_cupboard(where: str | Path) -> Cupboard:
    """A folder, or s3://BUCKET/PREFIX: its endpoint, region and credentials come from the environment as for other

    clients of S3 (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). Raises ValueError.
    """
    text = str(where)
    if not re.match(r"[a-z0-9]+://", text):
        return Disk(Path(where))
    url = urlsplit(text)
    if url.scheme != "s3" or not url.netloc:
        raise ValueError("pictures lie in a folder or in s3://BUCKET/PREFIX")
    # Only who keeps pictures in a bucket needs its client.
    from obstore.store import S3Store

    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    # Without TLS only this machine is spoken to.
    bare = endpoint.startswith("http://") and urlsplit(endpoint).hostname in HERE
    return Bucket(
        S3Store(
            url.netloc,
            prefix=url.path.strip("/") or None,
            client_options={"timeout": _TIMEOUT, "connect_timeout": _TIMEOUT / 2, "allow_http": bare},
            retry_config={"max_retries": _TRIES - 1, "retry_timeout": _TIMEOUT},
        )
    )


class Disk:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with _in_our_words():
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, path: str, content: bytes) -> None:
        """See Cupboard: synced before the name exists, and the name before this returns."""
        file = self._folder / path
        with _in_our_words():
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{os.getpid()}.part")
            with part.open("wb") as out:
                _ = out.write(content)
                out.flush()
                os.fsync(out.fileno())
            _ = part.replace(file)
            directory = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)

    def get(self, path: str) -> bytes | None:
        """See Cupboard."""
        with _in_our_words():
            try:
                return (self._folder / path).read_bytes()
            except FileNotFoundError:
                return None

    def has(self, path: str) -> bool:
        """See Cupboard."""
        with _in_our_words():
            return (self._folder / path).is_file()

    def drop(self, path: str) -> None:
        """See Cupboard. A folder that became empty goes too."""
        file = self._folder / path
        with _in_our_words():
            file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            file.parent.rmdir()

    def under(self, folder: str) -> Sequence[Lying]:
        """See Cupboard."""
        with _in_our_words():
            files = [file for file in sorted((self._folder / folder).rglob("*")) if file.is_file()]
            return [self._lying(file) for file in files if file.suffix != ".part"]

    def _lying(self, file: Path) -> Lying:
        found = file.stat()
        since = datetime.fromtimestamp(found.st_mtime, UTC)
        return Lying(file.relative_to(self._folder).as_posix(), found.st_size, since)


class Bucket:
    """A store of objects, one request for each act. What it has answered is durable by its own promise."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        # Loaded with the store already; its list() has overloads for a library that is not here.
        self._client: Any = import_module("obstore")

    def put(self, path: str, content: bytes) -> None:
        """See Cupboard."""
        with _in_our_words():
            _ = self._client.put(self._store, path, content, use_multipart=False)

    def get(self, path: str) -> bytes | None:
        """See Cupboard."""
        with _in_our_words():
            try:
                return bytes(self._client.get(self._store, path).bytes())
            except FileNotFoundError:
                return None

    def has(self, path: str) -> bool:
        """See Cupboard."""
        with _in_our_words():
            try:
                _ = self._client.head(self._store, path)
            except FileNotFoundError:
                return False
            return True

    def drop(self, path: str) -> None:
        """See Cupboard."""
        with _in_our_words(), contextlib.suppress(FileNotFoundError):
            self._client.delete(self._store, path)

    def under(self, folder: str) -> Sequence[Lying]:
        """See Cupboard."""
        with _in_our_words():
            found = [one for chunk in self._client.list(self._store, prefix=folder) for one in chunk]
        return sorted((Lying(m["path"], m["size"], m["last_modified"]) for m in found), key=lambda one: one.path)


@contextlib.contextmanager
def _in_our_words() -> Generator[None]:
    """The text of such an error may name a bucket, a path or a request; its kind does not."""
    try:
        yield
    except OSError as error:
        raise CupboardFailed(type(error).__name__) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "obstore":
            raise
        raise CupboardFailed(type(error).__name__) from None
