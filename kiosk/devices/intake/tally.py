"""How many cards were kept, for hardware that does not count: a small file that survives a power cut."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import cast

from kiosk.devices.intake.contract import Counts


class TallyDamaged(ValueError):
    """The file holds something else: a person must look into the bin and begin the count again."""


class Tally:
    """Counts in a file, or in memory only where no file is named. Calls block for a disk's time."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._counts: Counts | None = None if path is not None else Counts(0, 0)

    def counts(self) -> Counts:
        """What stands there; a file that is not there yet is zero. Raises TallyDamaged, OSError."""
        if self._counts is None:
            self._counts = self._read()
        return self._counts

    def add(self, *, confirmed: int = 0, unconfirmed: int = 0) -> None:
        """Count on; on disk when this returns. Raises TallyDamaged, OSError."""
        before = self.counts()
        now = Counts(before.kept + confirmed + unconfirmed, before.unconfirmed + unconfirmed)
        if self._path is not None:
            _write(self._path, json.dumps({"kept": now.kept, "unconfirmed": now.unconfirmed}).encode())
        self._counts = now

    def _read(self) -> Counts:
        assert self._path is not None
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return Counts(0, 0)
        try:
            found = cast("dict[str, object]", json.loads(raw))
            kept, unconfirmed = found["kept"], found["unconfirmed"]
        except (ValueError, LookupError, TypeError):
            raise TallyDamaged("the count is damaged") from None
        if type(kept) is not int or type(unconfirmed) is not int or not 0 <= unconfirmed <= kept:
            raise TallyDamaged("the count is damaged")
        return Counts(kept, unconfirmed)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: beside it, synced, renamed, the folder synced."""
    beside = path.with_name(path.name + ".new")
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
