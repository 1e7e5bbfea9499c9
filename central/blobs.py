"""Portraits, signatures, pictures: bytes on disk named by their SHA-256, synced before their name exists."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

_NAME = re.compile(r"^[0-9a-f]{64}$")


class Blobs:
    """A folder of content-addressed files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Keep bytes; their name."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        return name

    def get(self, name: str) -> bytes | None:
        """The bytes, or None when there are none of that name."""
        if not _NAME.match(name):
            return None
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def drop(self, name: str) -> None:
        """These bytes are not needed any more; nothing happens where there are none."""
        if _NAME.match(name):
            self._path(name).unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        """Whether a blob is kept here."""
        return bool(_NAME.match(name)) and self._path(name).exists()

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name
