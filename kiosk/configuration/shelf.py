"""Where sets lie on the terminal's disk, and their files, by content.

Everything is written aside, synced and then renamed: a power cut at any moment leaves the old or the new, never half
of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from kiosk.configuration.standing import Standing
from kiosk.protocol.configuration import ConfigurationSet

if TYPE_CHECKING:
    # What verifies takes a while to load, and a terminal begins without it.
    from kiosk.configuration.trust import Fetched

_log = logging.getLogger(__name__)

_MANIFEST = "set.json"
_STANDING = "standing.json"
_BEFORE = "standing.before.json"


@dataclass(frozen=True, slots=True)
class Found:
    """The standing that was read. `damaged`: the newest could not be, and this is the one before it, or none."""

    standing: Standing
    damaged: bool


class Shelf:
    """One folder: the standing, the metadata, a folder for each set that may still be needed, and the files of all
    of them, each named by its SHA-256: what two sets bring lies there once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.metadata = folder / "metadata"
        self.files = folder / "files"
        folder.mkdir(parents=True, exist_ok=True)

    def find(self) -> Found:
        """As last written; a machine that never had one stands at its own settings.

        A file that cannot be read is no reason not to open: it is set aside for whoever examines it, the one written
        before it counts, and without that the station's own settings, which are always good.
        """
        newest = self._read(_STANDING)
        if newest is not None:
            return Found(newest, damaged=False)
        before = self._read(_BEFORE)
        damaged = before is not None or (self._folder / _STANDING).exists()
        if damaged:
            _log.error("where this terminal's configuration stands cannot be read; it is set aside")
            with contextlib.suppress(FileNotFoundError):
                (self._folder / _STANDING).rename(self._folder / "standing.damaged.json")
        return Found(before if before is not None else Standing(), damaged)

    def standing(self) -> Standing:
        """What `find` finds."""
        return self.find().standing

    def write(self, standing: Standing) -> None:
        """Durable when this returns; the one before stays beside it. Raises OSError."""
        newest, before = self._folder / _STANDING, self._folder / _BEFORE
        aside = before.with_name(before.name + ".part")
        aside.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.link(newest, aside)
            aside.replace(before)
        write_synced(newest, standing.model_dump_json().encode())

    def lay(self, fetched: Fetched) -> None:
        """A verified set, whole. Durable when this returns. Raises OSError."""
        place = self._place(fetched.document.number)
        aside = place.with_suffix(".part")
        for stale in (aside, place):
            shutil.rmtree(stale, ignore_errors=True)
        aside.mkdir(parents=True)
        # The files are there before a set names them.
        for path, content in fetched.parts.items():
            sha256 = fetched.document.parts[path].sha256
            if self.file(sha256) is None:
                self.put(sha256, content)
        write_synced(aside / _MANIFEST, fetched.manifest)
        aside.rename(place)
        sync_folder(place.parent)

    def take(self, number: int) -> ConfigurationSet | None:
        """A set as it was laid down; None where it, or a file of it, is not there or cannot be read any more."""
        document = self._manifest(self._place(number))
        if document is None or any(self.file(part.sha256) is None for part in document.parts.values()):
            return None
        return document

    def file(self, sha256: str) -> bytes | None:
        """The bytes with this SHA-256; None where they are not there, or others are."""
        try:
            content = (self.files / sha256).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def put(self, sha256: str, content: bytes) -> None:
        """A file of a set, by its SHA-256. Durable when this returns; goes with `tidy` unless a set names it."""
        self.files.mkdir(parents=True, exist_ok=True)
        write_synced(self.files / sha256, content)

    def tidy(self, standing: Standing) -> None:
        """Only what is in force, what was before it and what is tried is kept, and the files of these."""
        needed = {str(number) for number in (standing.in_force, standing.before, standing.trial)}
        for place in self._place(0).parent.glob("*"):
            if place.name not in needed:
                shutil.rmtree(place, ignore_errors=True)
        self._tidy_files()

    def _tidy_files(self) -> None:
        kept: set[str] = set()
        for place in self._place(0).parent.glob("*"):
            document = self._manifest(place)
            if document is None:
                # What it would need is not known: a damaged set is no reason to lose its files.
                return
            kept |= {part.sha256 for part in document.parts.values()}
        for file in self.files.glob("*"):
            if file.name not in kept:
                file.unlink(missing_ok=True)

    @staticmethod
    def _manifest(place: Path) -> ConfigurationSet | None:
        try:
            return ConfigurationSet.model_validate_json((place / _MANIFEST).read_bytes())
        except (OSError, ValidationError):
            return None

    def _read(self, name: str) -> Standing | None:
        try:
            return Standing.model_validate_json((self._folder / name).read_bytes())
        except (OSError, ValidationError):
            return None

    def _place(self, number: int) -> Path:
        return self._folder / "sets" / str(number)


def write_synced(file: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk when this returns. Raises OSError."""
    part = file.with_name(file.name + ".part")
    with part.open("wb") as out:
        _ = out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Names in it are on the disk when this returns. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
