"""How keeping the notebook can fail; texts never hold what was to be written."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from kiosk.books import BooksFailed


class StoreFailure(BooksFailed):
    """Base."""


class DiskFull(StoreFailure):
    """No room: nothing of the write was kept. A page and an alarm."""


class StoreUnreadable(StoreFailure):
    """The file is there and is no sound database, or a key does not fit."""


class LockedElsewhere(StoreFailure):
    """Another terminal runs on this state directory."""


class UnknownEvent(StoreFailure):
    """An audit event that is not in the catalogue; names it."""


class BlobGone(StoreFailure):
    """No such blob in memory or on disk."""


_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def in_our_words() -> Generator[None]:
    """Turn what SQLite and the file system say into the failures above; anything else goes through."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig
        if isinstance(cause, sqlite3.Error):
            raise _translated(cause) from None
        raise
    except sqlite3.Error as error:
        raise _translated(error) from None
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull("no room on the disk") from None
        raise


def _translated(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if code == sqlite3.SQLITE_FULL:
        return DiskFull("no room on the disk")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreUnreadable(name)
    return StoreFailure(f"the database failed: {name}")
