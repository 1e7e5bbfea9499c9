"""What presenters need of a station, out of its settings; for a terminal with a window and for one without."""

from __future__ import annotations

from pathlib import Path

from kiosk.screens.screen_settings import ScreenSettings
from kiosk.settings import Settings

LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"


def screen_settings(settings: Settings, language: str) -> ScreenSettings:
    """Names of the station in a language, and its telephones."""
    return ScreenSettings(
        terminal=settings.terminal.site.in_language(language),
        controller=settings.terminal.authority.in_language(language),
        duty_telephone=settings.terminal.duty_telephone,
        emergency_number=settings.terminal.emergency_telephone,
    )
