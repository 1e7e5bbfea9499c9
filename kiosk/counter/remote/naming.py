"""Words that say which message they are instead of what it says: pages made with them hold no text to give away.

A presenter that asks for a message gets a mark in its place. Whatever else it puts on the page (a name, a number, an
amount, a text of headquarters) is no mark, and is read back as a gap, without anybody having thought of it before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.protocol.sight import LARGEST, MOST_TERMS, Term
from kiosk.screens.words import SOURCE_LANGUAGE, Argument, OnMissing, Words, load_words, read_locale

GAP = Term()
"""Something stands there that is not told."""

_BEGIN, _END = "\ue000", "\ue001"
_MARK = re.compile(f"{_BEGIN}([0-9]{{1,6}}){_END}")
_BETWEEN = re.compile(r"[\s，。、；：·,.;:/|()（）-]*")
"""What may stand between two messages without being anything of its own."""

_ARGUMENT = re.compile(r"\$([a-z][a-z0-9_]*)")

_COUNTS = frozenset({"n", "of"})
_COUNTED = frozenset(
    {
        "attract",
        "door-label",
        "exam-item-of",
        "face-moves",
        "face-tries",
        "finger-tries",
        "item-of",
        "minutes-about",
        "minutes-left",
        "portrait-choose",
        "portrait-taken",
        "seconds-left",
        "sheet-of",
        "step-of",
        "touch-of",
    }
)
_DOORS = ("take-", "put-in-", "load-", "unload-")
"""Messages whose number is a compartment's."""


def told(key: str, name: str) -> bool:
    """Whether this argument of this message leaves the terminal: steps, tries, doors and minutes, nothing else.

    Points, amounts, days late and how many records there are would be about a person.
    """
    return name in _COUNTS and (key in _COUNTED or (name == "n" and key.startswith(_DOORS)))


@dataclass(frozen=True, slots=True)
class Known:
    """The program's own messages, and every name that an argument of one has: no other name is told."""

    words: Words
    arguments: frozenset[str]

    def has(self, key: str, part: str = "") -> bool:
        """Whether there is such a message."""
        return self.words.has(key, part)


def known_messages(locales: Path) -> Known:
    """Of the texts in a folder of languages, read now. Raises FileNotFoundError where there are none."""
    words = load_words(locales, (SOURCE_LANGUAGE,), OnMissing.REPLACE)[SOURCE_LANGUAGE]
    sources = read_locale(locales / SOURCE_LANGUAGE)
    return Known(words, frozenset(name for source in sources for name in _ARGUMENT.findall(source)))


class Naming(Words):
    """The words of a language by name. Not for two pages at a time."""

    def __init__(self, language: str, known: Known) -> None:
        super().__init__(language, (), OnMissing.REPLACE)
        self._known = known
        self._terms: list[Term] = []

    def has(self, key: str, part: str = "") -> bool:
        """See Words.has: the program's own messages."""
        return self._known.has(key, part)

    def say(self, key: str, part: str = "", /, **arguments: Argument) -> str:
        """A mark for this message; for one that there is not, a gap's."""
        known = self._known.has(key, part)
        self._terms.append(self._term(key, part, arguments) if known else GAP)
        return f"{_BEGIN}{len(self._terms) - 1}{_END}"

    def _term(self, key: str, part: str, arguments: Mapping[str, Argument]) -> Term:
        numbers: dict[str, int] = {}
        said: dict[str, tuple[Term, ...]] = {}
        for name, value in sorted(arguments.items()):
            if name not in self._known.arguments:
                continue
            if isinstance(value, str) and any(term.key for term in self.read(value)):
                said[name] = self.read(value)
            elif isinstance(value, int) and told(key, name) and 0 <= value <= LARGEST:
                numbers[name] = value
        return Term(key=key, part=part, numbers=numbers, said=said)

    def read(self, text: str) -> tuple[Term, ...]:
        """What a text of such a page is made of, in order; gaps for whatever is no mark."""
        found: list[Term] = []
        for index, piece in enumerate(_MARK.split(text)):
            if index % 2:
                number = int(piece)
                found.append(self._terms[number] if number < len(self._terms) else GAP)
            elif not _BETWEEN.fullmatch(piece) and (not found or found[-1] != GAP):
                found.append(GAP)
        return tuple(found[:MOST_TERMS])
