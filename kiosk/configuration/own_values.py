"""The few values a technician set at the machine itself, and those before them: a file of their own."""

from __future__ import annotations

import logging
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kiosk.configuration.shelf import write_synced
from kiosk.settings.editable import Scalar

_log = logging.getLogger(__name__)

FILE = "own-values.json"


class Kept(BaseModel):
    """What stands in the file: values by key, and what stood there before the last change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: dict[str, Scalar] = {}
    before: dict[str, Scalar] = {}


class OwnValues:
    """One file beside the pushed sets."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def kept(self) -> Kept:
        """As last written. A file that cannot be read counts as none: station file and push are always good."""
        try:
            return Kept.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return Kept()
        except (OSError, ValidationError):
            _log.error("values set at this machine cannot be read: they do not count")
            return Kept()

    def put(self, values: dict[str, Scalar]) -> None:
        """These from now on; those before are kept to go back to. Durable. Raises OSError."""
        kept = Kept(values=values, before=self.kept().values)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_synced(self._file, kept.model_dump_json().encode())
