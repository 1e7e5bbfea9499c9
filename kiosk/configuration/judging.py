"""Whether a verified set may be in force here: validated as a whole, by the same judge as the station's own files."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.configuration.own_values import OwnValues
from kiosk.protocol.configuration import ConfigurationSet
from kiosk.settings.editable import Scalar
from kiosk.settings.loading import SettingsError, Sourced, load_settings, load_sources
from kiosk.settings.model import Settings

__all__ = ["Judge"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judge:
    """This station's own settings, over which a set comes. `terminal` is headquarters' name for this machine.

    `overlay` is simulation's, which stays on top. `own_values` are what was set at the machine, read anew each time.
    """

    terminal: str
    station: Path | None
    overlay: Mapping[str, Any] | None = None
    folder: Path | None = None
    own_values: OwnValues | None = None

    def own(self) -> Settings:
        """With nothing pushed. Raises SettingsError."""
        return self._judged(None, {})

    def with_set(self, document: ConfigurationSet) -> Settings:
        """With this set. Raises SettingsError with all that is wrong with it."""
        return self._judged(document.overlay(self.terminal), _files(document))

    def sources(self, document: ConfigurationSet | None) -> tuple[Sourced, ...]:
        """Every value that is in force with this set, or with none, and where it came from. Raises SettingsError."""
        pushed, files = self._of(document)
        return load_sources(
            self.station, self.overlay, self.folder, pushed=pushed, own_values=self._values(), files=files
        )

    def would_be(self, values: Mapping[str, Scalar], document: ConfigurationSet | None) -> Settings:
        """With these values set at the machine. Raises SettingsError."""
        pushed, files = self._of(document)
        return load_settings(self.station, self.overlay, self.folder, pushed=pushed, own_values=values, files=files)

    def _of(self, document: ConfigurationSet | None) -> tuple[dict[str, Any] | None, dict[str, tuple[str, int]]]:
        return (None, {}) if document is None else (document.overlay(self.terminal), _files(document))

    def _judged(self, pushed: dict[str, Any] | None, files: dict[str, tuple[str, int]]) -> Settings:
        values = self._values()
        try:
            return load_settings(
                self.station, self.overlay, self.folder, pushed=pushed, own_values=values, files=files
            )
        except SettingsError:
            if not values:
                raise
        # A value that was good when it was set must never keep a machine, or a set, from coming into force.
        _log.error("values set at this machine do not agree with its settings any more: they do not count")
        return load_settings(self.station, self.overlay, self.folder, pushed=pushed, files=files)

    def _values(self) -> Mapping[str, Scalar]:
        return {} if self.own_values is None else self.own_values.kept().values


def _files(document: ConfigurationSet) -> dict[str, tuple[str, int]]:
    return {path: (part.sha256, part.size) for path, part in document.parts.items()}
