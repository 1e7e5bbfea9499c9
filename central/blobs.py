"""Portraits, signatures, pictures: bytes named by their SHA-256, and those that are still on their way.

What is on its way lies in parts, by terminal, so that none can spoil another's; whoever was cut off asks how far it
came and goes on from there (as in tus, the protocol of resumable uploads, with the digest as the upload's name).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from central.cupboards import Cupboard, Disk, Lying
from central.limits import UPLOAD_LIMIT
from central.problems import Declined

_NAME = re.compile(r"[0-9a-f]{64}")
_UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class _Part:
    offset: int
    size: int
    path: str


class Blobs:
    """Content-addressed bytes in a cupboard, or in a folder. Everything raises CupboardFailed."""

    def __init__(self, cupboard: Cupboard | Path) -> None:
        self._cupboard = Disk(cupboard) if isinstance(cupboard, Path) else cupboard

    def put(self, content: bytes) -> str:
        """Keep bytes; their name."""
        name = hashlib.sha256(content).hexdigest()
        if not self._cupboard.has(_path(name)):
            self._cupboard.put(_path(name), content)
        return name

    def get(self, name: str) -> bytes | None:
        """The bytes, or None when there are none of that name."""
        return self._cupboard.get(_path(name)) if _NAME.fullmatch(name) else None

    def drop(self, name: str) -> None:
        """These bytes are not needed any more; nothing happens where there are none."""
        if _NAME.fullmatch(name):
            self._cupboard.drop(_path(name))

    def has(self, name: str) -> bool:
        """Whether a blob is kept here."""
        return bool(_NAME.fullmatch(name)) and self._cupboard.has(_path(name))

    # -- on their way ----------------------------------------------------------------------------------------------

    def offset(self, terminal: str, name: str) -> int:
        """How many bytes from the beginning have come. Raises Declined for what is no name."""
        parts = self._parts(terminal, name)
        return parts[-1].offset + parts[-1].size if parts else 0

    def append(self, terminal: str, name: str, offset: int, content: bytes) -> int:
        """Keep a part that continues what has come; one that has come is passed over. How many there are then.

        Raises Declined: 409 "offset" for a gap, 413 "size".
        """
        known = self.offset(terminal, name)
        if offset > known:
            raise Declined(409, "offset", f"{known} bytes have come so far")
        if offset < known or not content:
            return known
        if known + len(content) > UPLOAD_LIMIT:
            raise Declined(413, "size", "this is larger than headquarters takes")
        self._cupboard.put(f"{_UPLOADS}/{terminal}/{name}/{offset:012d}", content)
        return known + len(content)

    def assemble(self, terminal: str, name: str, length: int) -> int:
        """Make a blob of the parts if all of it has come; how many bytes have.

        Raises Declined(422) "digest" when it is not what its name says: its parts are gone then, it begins anew.
        """
        if self.has(name):
            self._forget(terminal, name)
            return length
        parts = self._parts(terminal, name)
        come = sum(part.size for part in parts)
        if come < length:
            return come
        content = b"".join(self._cupboard.get(part.path) or b"" for part in parts)
        if hashlib.sha256(content).hexdigest() != name:
            if self.has(name):
                return length  # somebody else put it together meanwhile, and took the parts away
            self._forget(terminal, name)
            raise Declined(422, "digest", "these bytes have another SHA-256")
        _ = self.put(content)
        self._forget(terminal, name)
        return length

    def abandoned(self, before: datetime) -> list[Lying]:
        """Parts that nobody has gone on with since."""
        return [one for one in self._cupboard.under(_UPLOADS) if one.since < before]

    def drop_part(self, part: Lying) -> None:
        """Let go of one of those."""
        self._cupboard.drop(part.path)

    def _parts(self, terminal: str, name: str) -> list[_Part]:
        """Those that follow one another from the beginning."""
        parts: list[_Part] = []
        for lying in self._cupboard.under(_folder(terminal, name)):
            offset = int(lying.path.rpartition("/")[2])
            if offset == (parts[-1].offset + parts[-1].size if parts else 0):
                parts.append(_Part(offset, lying.size, lying.path))
        return parts

    def _forget(self, terminal: str, name: str) -> None:
        for lying in self._cupboard.under(_folder(terminal, name)):
            self._cupboard.drop(lying.path)


def _path(name: str) -> str:
    return f"{name[:2]}/{name}"


def _folder(terminal: str, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Declined(422, "message", "sha256: not a SHA-256 in hexadecimal")
    return f"{_UPLOADS}/{terminal}/{name}"
