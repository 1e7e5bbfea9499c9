"""Texts of a language, judged by the rules that the packaged texts keep (docs/texts.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from kiosk.screens.words import SOURCE_LANGUAGE, Argument, OnMissing, Texts, Words, read_locale

LARGEST_FILE = 512 * 1024
"""Bytes. All packaged texts of a language together are half of that."""

WIDER, WIDER_BY = 1.6, 12
"""A text may be so many times as wide as the widest packaged wording, and so many columns more: pages are measured
with those. A Chinese character is two columns wide."""

PACKAGED_LANGUAGES = ("zh-CN", "en")
VERBATIM = ("read-card-waiting",)
"""In the source language the sentence at the reader is prescribed word for word."""

_CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})
_NAMED = {"0": "zero", "1": "one", "2": "two"}
_HAN = r"[\u3400-\u9fff]"
_HALF_WIDTH = re.compile(rf"{_HAN}[,.;:!?()]|[,;:!?()]{_HAN}")
_SHAPING = "\u180e\u200c\u200d"
"""Characters without a shape of their own that writing needs: Mongolian's vowel separator, joiners."""
_ARGUMENT = "\ufffc"


@dataclass(frozen=True, slots=True)
class Text:
    """One pattern: what it says without its arguments, which it takes, and the plural forms it tells apart."""

    literal: str
    arguments: frozenset[str]
    plurals: tuple[frozenset[str], ...]
    widest: int
    """Columns of its widest form."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message: where it stands, its patterns by part ("" is its value)."""

    place: str
    patterns: Mapping[str, Text]


class _Reader(Visitor):
    def __init__(self) -> None:
        self.literal: list[str] = []
        self.arguments: set[str] = set()
        self.plurals: list[frozenset[str]] = []

    def visit_TextElement(self, node: Any) -> None:  # noqa: N802 - named by the library
        self.literal.append(node.value)

    def visit_VariableReference(self, node: Any) -> None:  # noqa: N802 - named by the library
        self.arguments.add(node.id.name)
        self.literal.append(_ARGUMENT)

    def visit_SelectExpression(self, node: Any) -> None:  # noqa: N802 - named by the library
        keys = frozenset(v.key.name for v in node.variants if isinstance(v.key, ast.Identifier))
        numbers = {v.key.value for v in node.variants if isinstance(v.key, ast.NumberLiteral)}
        if keys <= _CATEGORIES and keys:
            # A form that is written for the number itself is one more way to say it.
            self.plurals.append(keys | {form for number, form in _NAMED.items() if number in numbers})
        self.generic_visit(node)


def judge_texts(language: str, files: Mapping[str, bytes], locales: Path) -> tuple[str, ...]:
    """What is wrong with the files of a language (by path), beside the packaged ones; none where they can be used.

    A language that is packaged may have any of its messages said otherwise; one that is not needs all of them.
    """
    complaints: list[str] = []
    entries: dict[str, Entry] = {}
    sources: list[str] = []
    try:
        forms = frozenset(Locale.parse(language, sep="-").plural_form.rules) | {"other"}
    except (UnknownLocaleError, ValueError):
        return (f"{language}: no language of this name is known. Name it by its BCP 47 tag, such as mn.",)
    for path, content in sorted(files.items()):
        complaints += _read(path, content, entries, sources)
    if complaints:
        return tuple(complaints)
    packaged = _packaged(locales)
    known = packaged[SOURCE_LANGUAGE]
    for key, entry in entries.items():
        there = known.get(key)
        if there is None:
            complaints.append(
                f"{entry.place}: {key}: the terminal has no message of this name. Leave it out, or correct the name."
            )
        else:
            complaints += _beside(language, key, entry, there, packaged, forms)
    if language not in PACKAGED_LANGUAGES:
        complaints += [f"{language}: {key}: is missing. Translate it." for key in known if key not in entries]
    if not complaints:
        complaints += _said(language, entries, tuple(sources), known, locales)
    return tuple(complaints)


def _read(path: str, content: bytes, entries: dict[str, Entry], sources: list[str]) -> Iterator[str]:
    if not path.endswith(".ftl"):
        yield f"{path}: is no Fluent file. Texts stand in files named .ftl."
        return
    if len(content) > LARGEST_FILE:
        yield f"{path}: has {len(content)} bytes. At most {LARGEST_FILE} are read."
        return
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError:
        yield f"{path}: is not UTF-8 text. Save it as UTF-8."
        return
    sources.append(source)
    for entry in FluentParser().parse(source).body:
        match entry:
            case ast.Junk():
                start = 0 if entry.span is None else entry.span.start
                why = entry.annotations[0].message if entry.annotations else "not understood"
                yield f"{path}:{source.count(chr(10), 0, start) + 1}: is no message: {why}. Correct that line."
            case ast.Message():
                key = entry.id.name
                if key in entries:
                    yield f"{path}: {key}: stands in {entries[key].place} already. Keep one of them."
                    continue
                entries[key] = Entry(path, _patterns(entry))
            case ast.Term():
                yield f"{path}: -{entry.id.name}: terms are not used here. Write the words into each message."
            case _:
                pass


def _patterns(message: Any) -> dict[str, Text]:
    found: dict[str, Text] = {}
    if message.value is not None:
        found[""] = _text(message.value)
    for attribute in message.attributes:
        found[attribute.id.name] = _text(attribute.value)
    return found


def _text(pattern: Any) -> Text:
    reader = _Reader()
    reader.visit(pattern)
    return Text(
        "".join(reader.literal), frozenset(reader.arguments), tuple(reader.plurals), max(_widths(pattern), default=0)
    )


def _widths(pattern: Any) -> Iterator[int]:
    """Columns of a pattern in each of its forms: those of a selection one at a time, beside what stands around."""
    plain = 0
    forms: list[int] = [0]
    for element in pattern.elements:
        if isinstance(element, ast.TextElement):
            plain += columns(element.value)
        elif isinstance(element.expression, ast.SelectExpression):
            forms += [width for variant in element.expression.variants for width in _widths(variant.value)]
    yield plain + max(forms)


def columns(text: str) -> int:
    """How wide a text is: a full-width character counts two, one that joins the one before none."""
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return wide - sum(1 for c in text if unicodedata.combining(c) or c in _SHAPING)


def _beside(
    language: str,
    key: str,
    entry: Entry,
    there: Entry,
    packaged: Mapping[str, Mapping[str, Entry]],
    forms: frozenset[str],
) -> Iterator[str]:
    for part in there.patterns.keys() - entry.patterns.keys():
        yield f"{entry.place}: {_name(key, part)}: is missing. A message takes the place of the packaged one whole."
    for part in entry.patterns.keys() - there.patterns.keys():
        yield f"{entry.place}: {_name(key, part)}: the packaged message has no such part. Leave it out."
    for part in sorted(entry.patterns.keys() & there.patterns.keys()):
        at = f"{entry.place}: {_name(key, part)}"
        for what in _wrong(language, key, part, entry.patterns[part], packaged, forms):
            yield f"{at}: {what}"


def _wrong(
    language: str,
    key: str,
    part: str,
    text: Text,
    packaged: Mapping[str, Mapping[str, Entry]],
    forms: frozenset[str],
) -> Iterator[str]:
    there = packaged[SOURCE_LANGUAGE][key].patterns[part]
    wordings = [
        found.patterns[part] for each in packaged.values() if (found := each.get(key)) and part in found.patterns
    ]
    for lacking in sorted(there.arguments - text.arguments):
        yield f"does not say {{ ${lacking} }}. Say it somewhere in the text."
    for strange in sorted(text.arguments - there.arguments):
        yield f"{{ ${strange} }} is not given to it. It has {_list(there.arguments)}."
    for keys in text.plurals:
        if strangers := keys - forms - set(_NAMED.values()):
            yield f"{language} has no plural form {_list(strangers)}. It has {_list(forms)}."
        if lacks := forms - keys:
            yield f"lacks the plural form {_list(lacks)} of {language}. Add it."
    if not text.literal.strip() and all(each.literal.strip() for each in wordings):
        yield "says nothing. Write its text."
    if re.search(r"\d", text.literal) and not any(re.search(r"\d", each.literal) for each in wordings):
        yield "has a number typed into it. Fees, terms and articles come from the dated tables."
    if odd := {c for c in text.literal if unicodedata.category(c)[0] == "C" and c not in f"{_SHAPING}\n"}:
        yield f"has characters that are not seen ({', '.join(f'U+{ord(c):04X}' for c in sorted(odd))}). Remove them."
    if language.startswith("zh") and (found := _HALF_WIDTH.findall(text.literal)):
        yield f"has half-width punctuation ({found[0]}). Use full-width punctuation."
    most = round(max(each.widest for each in wordings) * WIDER) + WIDER_BY
    if text.widest > most:
        yield f"is {text.widest} columns wide, pages have room for {most}. Say it shorter."
    if language == SOURCE_LANGUAGE and key in VERBATIM and part == "" and _same(text.literal) != _same(there.literal):
        yield "is prescribed word for word. Leave it as it is."


def _same(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _said(
    language: str, entries: Mapping[str, Entry], sources: tuple[str, ...], known: Mapping[str, Entry], locales: Path
) -> Iterator[str]:
    """Each text is said with every kind of argument that the packaged one can be said with."""
    mine = Words(language, (cache(lambda: Texts(language, sources)),), OnMissing.REPLACE)
    source = cache(lambda: Texts(SOURCE_LANGUAGE, read_locale(locales / SOURCE_LANGUAGE)))
    packaged = Words(SOURCE_LANGUAGE, (source,), OnMissing.REPLACE)
    samples: tuple[Argument, ...] = (0, 1, 2, 11, "王*芳", date(2026, 11, 3), datetime(2026, 11, 3, 8, 12))  # noqa: DTZ001 (as a wall clock)
    for key, entry in entries.items():
        for part, text in entry.patterns.items():
            for sample in samples:
                given = dict.fromkeys(known[key].patterns[part].arguments, sample)
                if packaged.say(key, part, **given) and not mine.say(key, part, **given):
                    yield f"{entry.place}: {_name(key, part)}: cannot be said with {type(sample).__name__}s."
                    break
                if not text.arguments:
                    break


@cache
def _packaged(locales: Path) -> Mapping[str, Mapping[str, Entry]]:
    found: dict[str, dict[str, Entry]] = {}
    for language in PACKAGED_LANGUAGES:
        found[language] = {}
        for file in sorted((locales / language).glob("*.ftl")):
            _ = tuple(_read(file.name, file.read_bytes(), found[language], []))
    return found


def _name(key: str, part: str) -> str:
    return f"{key}.{part}" if part else key


def _list(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)) or "none"
