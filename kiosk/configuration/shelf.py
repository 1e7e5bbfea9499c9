"""Where sets lie on the terminal's disk. Everything is written aside, synced and then renamed: a power cut at any
moment leaves the old or the new, never half of one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pydantic import ValidationError

from kiosk.configuration.standing import Standing
from kiosk.configuration.trust import Fetched
from kiosk.protocol.configuration import ConfigurationSet

_MANIFEST = "set.json"


class Shelf:
    """One folder: the standing, the metadata, and a folder for each set that may still be needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.metadata = folder / "metadata"
        folder.mkdir(parents=True, exist_ok=True)

    def standing(self) -> Standing:
        """As last written; a machine that never had one stands at its own settings."""
        try:
            return Standing.model_validate_json((self._folder / "standing.json").read_bytes())
        except (FileNotFoundError, ValidationError):
            # A file that cannot be read is no reason not to open: the station's own settings are always good.
            return Standing()

    def write(self, standing: Standing) -> None:
        """Durable when this returns. Raises OSError."""
        write_synced(self._folder / "standing.json", standing.model_dump_json().encode())

    def lay(self, fetched: Fetched) -> None:
        """A verified set, whole. Durable when this returns. Raises OSError."""
        place = self._place(fetched.document.number)
        aside = place.with_suffix(".part")
        for stale in (aside, place):
            shutil.rmtree(stale, ignore_errors=True)
        aside.mkdir(parents=True)
        for path, content in fetched.parts.items():
            file = aside / path
            file.parent.mkdir(parents=True, exist_ok=True)
            write_synced(file, content)
        write_synced(aside / _MANIFEST, fetched.manifest)
        aside.rename(place)
        sync_folder(place.parent)

    def take(self, number: int) -> ConfigurationSet | None:
        """A set as it was laid down; None where it is not there or cannot be read any more."""
        try:
            return ConfigurationSet.model_validate_json((self._place(number) / _MANIFEST).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def tidy(self, standing: Standing) -> None:
        """Only what is in force, what was before it and what is tried is kept."""
        needed = {str(number) for number in (standing.in_force, standing.before, standing.trial)}
        for place in self._place(0).parent.glob("*"):
            if place.name not in needed:
                shutil.rmtree(place, ignore_errors=True)

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
