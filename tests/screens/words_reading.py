"""The texts as they stand in the files, for tests that look at words rather than pages."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from kiosk.screens.words import OnMissing, Words, load_words

LOCALES = Path(__file__).parents[2] / "assets" / "locales"
LANGUAGES = ("zh-CN", "en")
HAN = r"[\u3400-\u9fff]"


@dataclass(frozen=True, slots=True)
class Text:
    """One pattern: where it stands, what it says without its arguments, which arguments it takes."""

    language: str
    file: str
    key: str
    part: str
    literal: str
    arguments: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.key}.{self.part}" if self.part else self.key


class _Reader(Visitor):
    def __init__(self) -> None:
        self.literal: list[str] = []
        self.arguments: set[str] = set()

    def visit_TextElement(self, node: Any) -> None:  # noqa: N802 - named by the library
        self.literal.append(node.value)

    def visit_VariableReference(self, node: Any) -> None:  # noqa: N802 - named by the library
        self.arguments.add(node.id.name)
        self.literal.append("\ufffc")


def _read(pattern: Any) -> tuple[str, frozenset[str]]:
    reader = _Reader()
    reader.visit(pattern)
    return "".join(reader.literal), frozenset(reader.arguments)


def entries(language: str) -> Iterator[tuple[str, Any]]:
    """File name and entry, junk included."""
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            yield path.name, entry


def texts(language: str) -> tuple[Text, ...]:
    """Every value and every part of every message."""
    found: list[Text] = []
    for file, entry in entries(language):
        if not isinstance(entry, ast.Message):
            continue
        key = entry.id.name
        if entry.value is not None:
            found.append(Text(language, file, key, "", *_read(entry.value)))
        for attribute in entry.attributes:
            found.append(Text(language, file, key, attribute.id.name, *_read(attribute.value)))
    return tuple(found)


@functools.cache
def strict_words() -> dict[str, Words]:
    """Words that raise at a gap."""
    return load_words(LOCALES, LANGUAGES, OnMissing.RAISE)


def half_width_between_han(text: str) -> list[str]:
    """Half-width punctuation next to a Han character on either side."""
    return re.findall(rf"{HAN}[,.;:!?()]|[,;:!?()]{HAN}", text)
