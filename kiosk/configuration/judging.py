"""Whether a verified set may be in force here: validated as a whole, by the same judge as the station's own files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.protocol.configuration import ConfigurationSet
from kiosk.settings.loading import load_settings
from kiosk.settings.model import Settings

__all__ = ["Judge"]


@dataclass(frozen=True, slots=True)
class Judge:
    """This station's own settings, over which a set comes. `terminal` is headquarters' name for this machine.

    `overlay` is simulation's, which stays on top.
    """

    terminal: str
    station: Path | None
    overlay: Mapping[str, Any] | None = None
    folder: Path | None = None

    def own(self) -> Settings:
        """With nothing pushed. Raises SettingsError."""
        return load_settings(self.station, self.overlay, self.folder)

    def with_set(self, document: ConfigurationSet) -> Settings:
        """With this set. Raises SettingsError with all that is wrong with it."""
        return load_settings(self.station, self.overlay, self.folder, pushed=document.overlay(self.terminal))
