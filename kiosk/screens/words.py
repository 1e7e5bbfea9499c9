"""The words of a language: Project Fluent messages by key, strict where tests look and forgiving at the counter.

A message has a value and named parts (Fluent attributes): `.hint`, `.status`, `.voice`, `.safe`, `.now`,
`.technician` and so on. Numbers, plurals and dates follow the language. No isolation marks are put around
arguments, since names, numbers and plates stand inside sentences of one direction.
"""

from __future__ import annotations

import enum
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Message, Pattern

_log = logging.getLogger(__name__)

SOURCE_LANGUAGE = "zh-CN"
"""Every text exists here first; it replaces what another language lacks."""

PSEUDO_LANGUAGE = "mn-Mong"
"""Traditional Mongolian script: its layout is tried with pseudo-text, its button never appears."""

Argument = str | int | date | datetime


class MissingText(LookupError):
    """A message, a part of one, or an argument is missing. Names the key, never an argument's value."""


class OnMissing(enum.Enum):
    """What a gap in the texts does."""

    RAISE = "raise"
    REPLACE = "replace"
    """Log it once and take the source language's text; "" where that lacks it too."""


class Words:
    """All messages of one language. Immutable but for the memory of what was logged and read."""

    def __init__(
        self,
        language: str,
        sources: tuple[Callable[[], Texts], ...],
        on_missing: OnMissing,
        finish: Callable[[str], str] = str,
    ) -> None:
        """`sources` give the texts, asked in order; the first are the language's own. They are called when a message
        is first needed. `finish` is applied to every text.
        """
        self._language = language
        self._sources = sources
        self._on_missing = on_missing
        self._finish = finish
        self._logged: set[str] = set()

    def prepare(self) -> None:
        """Read every message now, so that the first citizen who needs them does not wait."""
        for source in self._sources:
            source().read_all()

    @property
    def language(self) -> str:
        """BCP 47 tag."""
        return self._language

    @property
    def vertical(self) -> bool:
        """Whether lines are columns from left to right."""
        return self._language == PSEUDO_LANGUAGE

    def has(self, key: str, part: str = "") -> bool:
        """Whether the language itself has this message (and this part of it)."""
        message = self._sources[0]().message(key)
        if message is None:
            return False
        return part in message.attributes if part else message.value is not None

    def say(self, key: str, part: str = "", /, **arguments: Argument) -> str:
        """The text of a message, or of one of its parts. Raises MissingText where gaps raise."""
        plain = {name: _without_offset(value) for name, value in arguments.items()}
        for source in self._sources:
            text = _format(source(), key, part, plain)
            if text is not None:
                return self._finish(text)
            self._gap(key, part)
        return ""

    def part(self, key: str, part: str, /, **arguments: Argument) -> str:
        """The text of an optional part: "" where the message has none."""
        return self.say(key, part, **arguments) if self.has(key, part) else ""

    def voice(self, key: str, /, **arguments: Argument) -> str:
        """What is spoken: the message's `.voice`, else its value."""
        return self.say(key, "voice" if self.has(key, "voice") else "", **arguments)

    def date(self, day: date) -> str:
        """A day: 2026年11月3日, November 3, 2026."""
        return self.say("date-day", day=day)

    def moment(self, at: datetime) -> str:
        """A day and the time of day, as a wall clock at that offset shows it."""
        return self.say("date-moment", at=at)

    def time(self, at: datetime) -> str:
        """The time of day."""
        return self.say("date-time", at=at)

    def _gap(self, key: str, part: str) -> None:
        name = f"{key}.{part}" if part else key
        if self._on_missing is OnMissing.RAISE:
            raise MissingText(f"{self._language}: {name}")
        if name not in self._logged:
            self._logged.add(name)
            _log.error("text missing or incomplete in %s: %s", self._language, name)


def _without_offset(value: Argument) -> Argument:
    # Babel would turn an aware time into UTC; a citizen reads the wall clock.
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _format(texts: Texts, key: str, part: str, arguments: Mapping[str, Argument]) -> str | None:
    message = texts.message(key)
    if message is None:
        return None
    pattern = message.attributes.get(part) if part else message.value
    if pattern is None:
        return None
    text, errors = texts.format(pattern, arguments)
    if errors:
        return None
    # CLDR puts a narrow no-break space before AM and PM, which not every font has.
    return str(text).replace("\u202f", " ")


def read_locale(folder: Path) -> tuple[str, ...]:
    """The sources of every `*.ftl` file in a language's folder, by file name."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.ftl")))


_ENTRY = re.compile(r"^(-?[A-Za-z][A-Za-z0-9_-]*)[ ]*=", re.MULTILINE)
_NAME = re.compile(r"-?[A-Za-z][A-Za-z0-9_-]*")


class Texts:
    """The messages of one language's files, each parsed when it is first asked for, with those it refers to.

    Parsing all of them would be the largest part of a terminal's start; the first page needs a few.
    """

    def __init__(self, language: str, sources: tuple[str, ...]) -> None:
        self._bundle = FluentBundle([language], use_isolating=False)
        self._unread: dict[str, str] = {}
        for source in sources:
            starts = [*_ENTRY.finditer(source)]
            ends = [*(entry.start() for entry in starts[1:]), len(source)]
            for entry, end in zip(starts, ends, strict=True):
                self._unread.setdefault(entry[1], source[entry.start() : end])

    def message(self, key: str) -> Message | None:
        """None where there is none."""
        self._read(key)
        return self._bundle.get_message(key) if self._bundle.has_message(key) else None

    def format(self, pattern: Pattern, arguments: Mapping[str, Argument]) -> tuple[object, Sequence[Exception]]:
        """The text, and what was wrong with it."""
        return self._bundle.format_pattern(pattern, dict(arguments))

    def read_all(self) -> None:
        """Parse what is left."""
        for key in tuple(self._unread):
            self._read(key)

    def _read(self, key: str) -> None:
        wanted, found = [key], list[str]()
        while wanted:
            entry = self._unread.pop(wanted.pop(), None)
            if entry is not None:
                found.append(entry)
                # Every word that is the name of an entry counts as a reference: too many do no harm.
                wanted.extend(name for name in _NAME.findall(entry) if name in self._unread)
        if found:
            self._bundle.add_resource(FluentResource("".join(found)))


def load_words(
    locales: Path,
    languages: tuple[str, ...],
    on_missing: OnMissing,
    brought: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, Words]:
    """Words for each language found under `locales`, one folder a language.

    `brought` are sources by language whose messages take the place of those found. Raises FileNotFoundError if a
    language has no texts at all.
    """
    instead = brought or {}
    named = {*languages, SOURCE_LANGUAGE}
    empty = sorted(each for each in named if not instead.get(each) and not any((locales / each).glob("*.ftl")))
    if empty:
        raise FileNotFoundError(f"no texts for {', '.join(empty)} under {locales}")
    # Once a language for all of them, and no sooner than needed.
    texts = {name: _once(locales, name, instead.get(name, ())) for name in named}
    words: dict[str, Words] = {}
    for language in languages:
        chain = (language,) if language == SOURCE_LANGUAGE else (language, SOURCE_LANGUAGE)
        words[language] = Words(language, tuple(texts[name] for name in chain), on_missing)
    return words


def _once(locales: Path, language: str, instead: tuple[str, ...] = ()) -> Callable[[], Texts]:
    # Of two messages of one name the first counts.
    return cache(lambda: Texts(language, (*instead, *read_locale(locales / language))))


_MONGOLIAN = "ᠠᠡᠢᠣᠤᠥᠦᠨᠪᠫᠬᠭᠮᠯᠰᠱᠲᠳᠴᠵᠶᠷᠸ"


def _to_mongolian_letters(text: str) -> str:
    letters = [_MONGOLIAN[ord(c) % len(_MONGOLIAN)] if c.isalpha() else c for c in text]
    return "".join(letters)


def pseudo_words(locales: Path, on_missing: OnMissing) -> Words:
    """Pseudo-text in traditional Mongolian letters, made from the English texts: meaningless, for layout only."""
    return Words(PSEUDO_LANGUAGE, (_once(locales, "en"),), on_missing, _to_mongolian_letters)
