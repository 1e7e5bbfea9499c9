"""What presenters need of a station, out of its settings; for a terminal with a window and for one without."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kiosk.commands.brought import Files
from kiosk.devices.audio.player import PlayerSettings
from kiosk.screens.screen_settings import ScreenSettings, Sound
from kiosk.screens.words import OnMissing, Words, load_words
from kiosk.settings import Settings

LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"


def words_of(settings: Settings, files: Files | None, on_missing: OnMissing) -> dict[str, Words]:
    """The words of every language of this terminal: the packaged ones, and in their place what a set brought.

    Raises FileNotFoundError, OSError, UnicodeDecodeError.
    """
    brought = {} if files is None else files.texts(settings)
    return load_words(LOCALES, settings.languages, on_missing, brought)


def language_names(settings: Settings, words: Mapping[str, Words]) -> tuple[tuple[str, str], ...]:
    """What each language calls itself; only needed where there are more than the packaged ones."""
    if settings.languages == settings.terminal.languages:
        return ()
    return tuple((each, words[each].say("language-name")) for each in settings.languages)


def screen_settings(
    settings: Settings,
    language: str,
    language_names: tuple[tuple[str, str], ...] = (),
    files: Files | None = None,
) -> ScreenSettings:
    """Names of the station in a language, its telephones, and what a set brought for its pages."""
    return ScreenSettings(
        terminal=settings.terminal.site.in_language(language),
        controller=settings.terminal.authority.in_language(language),
        duty_telephone=settings.terminal.duty_telephone,
        emergency_number=settings.terminal.emergency_telephone,
        sound=_sound(settings),
        languages=settings.languages,
        language_names=language_names,
        brought="" if files is None else files.folder.resolve().as_uri(),
        recorded=tuple((each, voice.words) for each, voice in settings.brought.voice.items()),
    )


def _sound(settings: Settings) -> Sound:
    """No button without a function: only a loudspeaker that can say a line gives one."""
    device = settings.devices.get("audio")
    if device is None or not device.fitted:
        return Sound.NONE
    player = PlayerSettings.model_validate(device.settings)
    return Sound.PRESENT if player.voice or player.recordings is not None else Sound.NONE
