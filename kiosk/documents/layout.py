"""What stands where on a roll of 576 dots: a sheet becomes lines, rules and codes, the same for every printer."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.documents import wording
from kiosk.documents.papers import Sheet, Standing
from kiosk.documents.wording import CHINESE, phrase, said, shown_beside

DOTS = 576
COLUMNS = 48
"""Half-width columns of 12 dots."""
_CLOSING = "，。；：、！？）》”’·"
_PIECE = re.compile(r"[!-~]+|\s|.", re.DOTALL)


class Size(enum.Enum):
    """Multiples of a 24 dot character."""

    NORMAL = 1
    LARGE = 2


class Align(enum.Enum):
    """Across the roll."""

    LEFT = "left"
    CENTER = "center"


class Ink(enum.Enum):
    """How strongly a line is set."""

    PLAIN = "plain"
    BOLD = "bold"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that fits."""

    text: str
    size: Size = Size.NORMAL
    align: Align = Align.LEFT
    ink: Ink = Ink.PLAIN


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Gap:
    """White, in dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code (ISO/IEC 18004) of an address."""

    content: str


Item = Line | Rule | Gap | Code


def columns(text: str) -> int:
    """Half-width columns a text takes: ASCII one, everything else two."""
    return sum(1 if character.isascii() else 2 for character in text)


def wrap(text: str, width: int) -> list[str]:
    """Break into lines of at most `width` columns; words of ASCII stay whole.

    No line begins with closing marks, as long as they fit on the one before.
    """
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        fits = pieces and columns(pieces[-1]) + columns(piece) <= width
        if fits and piece in _CLOSING and not pieces[-1].isspace():
            pieces[-1] += piece
        else:
            pieces.extend(_parts(piece, width))
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if piece == "\n":
            lines.append(line.rstrip())
            line = ""
        elif columns(line) + columns(piece) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    return [each for each in lines if each] or [""]


def _parts(piece: str, width: int) -> Iterator[str]:
    """A word longer than a line is cut."""
    for at in range(0, len(piece), width):
        yield piece[at : at + width]


def lay_out(sheet: Sheet, language: str) -> tuple[Item, ...]:
    """All of a receipt, from top to bottom."""
    return tuple(_items(sheet, language))


def _items(sheet: Sheet, language: str) -> Iterator[Item]:
    yield from _marks(sheet, language)
    yield from _centered(sheet["site"], Size.NORMAL, Ink.PLAIN)
    yield Gap(8)
    yield from _centered(said(sheet, "title", CHINESE), Size.LARGE, Ink.BOLD)
    if language != CHINESE:
        yield from _centered(said(sheet, "title", language), Size.NORMAL, Ink.BOLD)
    yield Gap(12)
    yield from _centered(_both("number", sheet, language), Size.NORMAL, Ink.PLAIN)
    yield from _centered(sheet["number"], Size.LARGE, Ink.BOLD)
    yield Gap(8)
    yield Rule()
    for name, label in wording.rows(sheet):
        yield from _row(_label(label, language), shown_beside(sheet, name, language), language)
    yield Rule()
    yield Line(_common("next", language), ink=Ink.BOLD)
    for spoken in dict.fromkeys((language, CHINESE)):
        yield Gap(6)
        for number, step in enumerate(wording.next_steps(sheet, spoken), 1):
            yield from _hanging(f"{number}. ", step)
    yield from _code(sheet, language)
    yield Gap(8)
    yield from _centered(_common("telephone", language), Size.NORMAL, Ink.PLAIN)
    yield from _centered(sheet["telephone"], Size.LARGE, Ink.BOLD)
    yield Gap(8)
    yield Rule()
    yield Line(f"{sheet['terminal']}  {wording.moment(sheet['when'], language)}", align=Align.CENTER)
    if sheet.standing is Standing.SIMULATED:
        yield Gap(8)
        yield _reversed(phrase("common", "simulated", CHINESE))
    yield Gap(24)


def _marks(sheet: Sheet, language: str) -> Iterator[Item]:
    if sheet.standing is Standing.SIMULATED:
        yield _reversed(phrase("common", "simulated", CHINESE))
        if language != CHINESE:
            yield from _centered(phrase("common", "simulated", language), Size.NORMAL, Ink.BOLD)
        yield Gap(12)
    if sheet.reprint:
        yield from _centered(_common("reprint", language), Size.LARGE, Ink.BOLD)
    if sheet.pending:
        for spoken in dict.fromkeys((CHINESE, language)):
            yield from _centered(phrase("common", "pending", spoken), Size.NORMAL, Ink.BOLD)
        yield Gap(8)


def _code(sheet: Sheet, language: str) -> Iterator[Item]:
    for name, caption in (("verify_url", "verify"), ("pay_url", "pay")):
        if name in sheet:
            yield Gap(12)
            yield Code(sheet[name])
            yield from _centered(_common(caption, language), Size.NORMAL, Ink.PLAIN)
            for line in wrap(sheet[name], COLUMNS):
                yield Line(line, align=Align.CENTER)


def _common(key: str, language: str) -> str:
    chinese = phrase("common", key, CHINESE)
    return chinese if language == CHINESE else f"{chinese} {phrase('common', key, language)}"


def _both(key: str, sheet: Sheet, language: str) -> str:
    chinese = said(sheet, key, CHINESE)
    return chinese if language == CHINESE else f"{chinese} {said(sheet, key, language)}"


def _label(key: str, language: str) -> str:
    chinese = phrase("labels", key, CHINESE)
    return chinese if language == CHINESE else f"{chinese} {phrase('labels', key, language)}"


def _reversed(text: str) -> Line:
    return Line(f" {text} ", Size.LARGE, Align.CENTER, Ink.REVERSED)


def _centered(text: str, size: Size, ink: Ink) -> Iterator[Line]:
    for line in wrap(text, COLUMNS // size.value):
        yield Line(line, size, Align.CENTER, ink)


def _row(label: str, value: str, language: str) -> Iterator[Line]:
    """The label in a column of its own, the value hanging beside it."""
    column = 10 if language == CHINESE else 22
    lines = wrap(value, COLUMNS - column)
    yield Line(label + " " * (column - columns(label)) + lines[0])
    for line in lines[1:]:
        yield Line(" " * column + line)


def _hanging(mark: str, text: str) -> Iterator[Line]:
    lines = wrap(text, COLUMNS - len(mark))
    yield Line(mark + lines[0])
    for line in lines[1:]:
        yield Line(" " * len(mark) + line)
