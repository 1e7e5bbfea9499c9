"""Long lists in pages: where a page ends stands in a sealed cursor, never a count of rows to pass over.

A list goes by values that no two rows share and that no row changes while it belongs to the list. So a row that was
there when somebody began comes exactly once, whatever is added meanwhile; what is added comes where it belongs, if
that lies ahead. A cursor belongs to one list with its filters and is authenticated by headquarters' key, the same at
every server: nobody makes one up, and none of another list is taken.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from central.problems import Declined

T = TypeVar("T")

Key = tuple[str | int | datetime, ...]
"""Where a row stands in its list."""

LONGEST_CURSOR = 400
_TAG = 16
"""Bytes of HMAC-SHA256 that a cursor carries."""


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """A page of a list; `end` is where it ends, if anything follows."""

    rows: tuple[T, ...]
    end: Key | None


class Cursors:
    """Seals places in lists, and reads them again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, about: str, end: Key | None) -> str:
        """For a URL; "" for no place. `about` names the list with its filters."""
        if end is None:
            return ""
        said = json.dumps([[v.isoformat()] if isinstance(v, datetime) else v for v in end], separators=(",", ":"))
        return base64.urlsafe_b64encode(self._tag(about, said.encode()) + said.encode()).decode().rstrip("=")

    def open(self, about: str, cursor: str) -> Key | None:
        """None for "", the beginning. Raises Declined: 422 "cursor"."""
        if not cursor:
            return None
        try:
            if len(cursor) > LONGEST_CURSOR:
                raise ValueError
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _no_cursor() from None
        tag, said = raw[:_TAG], raw[_TAG:]
        if not hmac.compare_digest(tag, self._tag(about, said)):
            raise _no_cursor()
        values = cast("list[str | int | list[str]]", json.loads(said))
        return tuple(datetime.fromisoformat(v[0]) if isinstance(v, list) else v for v in values)

    def _tag(self, about: str, said: bytes) -> bytes:
        text = about.encode()
        return hmac.new(self._key, b"%d:%b%b" % (len(text), text, said), hashlib.sha256).digest()[:_TAG]


def _no_cursor() -> Declined:
    return Declined(422, "cursor", "no cursor of this list with these filters")


def newest_first(
    db: Session, wanted: Select[T], by: Sequence[InstrumentedAttribute[Any]], after: Key | None, limit: int
) -> Sheet[T]:
    """A page of rows by descending `by`, which together tell any two rows apart."""
    if after is not None:
        wanted = wanted.where(tuple_(*by) < after)
    found = wanted.order_by(*(column.desc() for column in by)).limit(limit + 1)
    rows: Sequence[T] = db.scalars(found).all()
    return _sheet(rows, lambda row: tuple(getattr(row, column.key) for column in by), limit)


def in_order(rows: Sequence[T], key: Callable[[T], Key], after: Key | None, limit: int) -> Sheet[T]:
    """A page of rows that are at hand, by ascending `key`, which tells any two apart."""
    ahead = sorted((row for row in rows if after is None or key(row) > after), key=key)
    return _sheet(ahead, key, limit)


def _sheet(rows: Sequence[T], key: Callable[[T], Key], limit: int) -> Sheet[T]:
    shown = tuple(rows[:limit])
    return Sheet(shown, key(shown[-1]) if len(rows) > limit else None)
