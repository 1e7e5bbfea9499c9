"""The console's words: Project Fluent, Chinese as the source, English beside it.

Words of devices and of why a service is closed are the terminal's own (assets/locales), so that an operator and a
citizen on the telephone call a thing by the same name.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("zh-CN", "en")
TEXTS = Path(__file__).parent / "texts"
SHARED = Path(__file__).resolve().parents[2] / "assets" / "locales"
"""The terminals' own texts."""
_FROM_TERMINALS = ("devices.ftl", "services.ftl", "refusals.ftl")

Argument = str | int | float | date | datetime


class Words:
    """All messages of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._bundle = FluentBundle([language], use_isolating=False)
        files = [TEXTS / f"{language}.ftl", *(SHARED / language / name for name in _FROM_TERMINALS)]
        for file in files:
            if file.is_file():
                self._bundle.add_resource(FluentResource(file.read_text("utf-8")))

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return self._bundle.has_message(key)

    def say(self, key: str, **arguments: Argument) -> str:
        """A message. Raises KeyError where there is none, or where it lacks an argument."""
        if not self._bundle.has_message(key):
            raise KeyError(f"{self.language}: {key}")
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(f"{self.language}: {key}")
        text, errors = self._bundle.format_pattern(message.value, arguments)
        if errors:
            raise KeyError(f"{self.language}: {key}")
        return str(text)

    def said(self, key: str) -> str:
        """A message by a key that came from elsewhere; the key itself where there is none."""
        return self.say(key) if self.has(key) else key

    def word(self, group: str, code: str) -> str:
        """A word for a code of the books; the code itself where there is none, so that nothing is hidden."""
        key = f"{group}-{code}"
        return self.say(key) if self.has(key) else code


@cache
def words(language: str) -> Words:
    """Read once. An unknown language is the source's."""
    return Words(language if language in LANGUAGES else LANGUAGES[0])
