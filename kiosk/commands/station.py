"""What presenters need of a station, out of its settings; for a terminal with a window and for one without."""

from __future__ import annotations

from pathlib import Path

from kiosk.devices.audio.player import PlayerSettings
from kiosk.screens.screen_settings import ScreenSettings, Sound
from kiosk.settings import Settings

LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"


def screen_settings(settings: Settings, language: str) -> ScreenSettings:
    """Names of the station in a language, and its telephones."""
    return ScreenSettings(
        terminal=settings.terminal.site.in_language(language),
        controller=settings.terminal.authority.in_language(language),
        duty_telephone=settings.terminal.duty_telephone,
        emergency_number=settings.terminal.emergency_telephone,
        sound=_sound(settings),
    )


def _sound(settings: Settings) -> Sound:
    """No button without a function: only a loudspeaker that can say a line gives one."""
    device = settings.devices.get("audio")
    if device is None or not device.fitted:
        return Sound.NONE
    player = PlayerSettings.model_validate(device.settings)
    return Sound.PRESENT if player.voice or player.recordings is not None else Sound.NONE
