"""What presenters need to know of the station and of the cabinet."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from kiosk.screens.states import Theme


class Sound(enum.Enum):
    """Whether there is something to speak with; no button without a function."""

    NONE = "none"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Naming:
    """What this machine and its authority are called in one language."""

    language: str
    terminal: str
    controller: str


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Validated elsewhere; frozen here.

    `languages` are those with a signed translation, in the order the language button goes through.
    """

    terminal: str
    """The terminal's name in words: 昆都仑区 1 号机."""
    controller: str
    """The police body that answers for personal information (PIPL art. 17)."""
    duty_telephone: str
    """Of the officers on duty; "" where headquarters has not said."""
    emergency_number: str = "110"
    languages: tuple[str, ...] = ("zh-CN", "en")
    language_names: tuple[tuple[str, str], ...] = ()
    """What each language calls itself, by tag; read where a third one makes "the other" ambiguous."""
    brought: str = ""
    """The folder with the files of signed sets, as a URL; "" where there is none."""
    recorded: tuple[tuple[str, str], ...] = ()
    """What a person has read for the attract page, by language: the very words of the recording."""
    usual_theme: Theme = Theme.DAY
    """What high contrast goes back to."""
    sound: Sound = Sound.NONE
    arm_ms: int = 500
    """Milliseconds before a legal or paying button takes a touch (rule 21)."""
    hold_seconds: float = 0.6
    """How long a face has to hold still."""
    elder_choices: int = 4
    """Most choices a page in elder mode."""
    choices: int = 8
    """Most choices a page otherwise."""
    shots: int = 3
    """Portraits to choose from."""
    other_names: tuple[Naming, ...] = ()
    """Names in languages other than the source language, where there are any."""

    def naming(self, language: str) -> Naming:
        """The names in a language, else the source language's."""
        source = Naming(language, self.terminal, self.controller)
        return next((names for names in self.other_names if names.language == language), source)
