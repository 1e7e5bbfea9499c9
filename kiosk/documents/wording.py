"""The words of the papers, from assets/templates/papers.toml, and values as a person reads them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from kiosk.documents.papers import LONG_TERM, PAPERS, Form, Sheet, day_of, place_of

_SOURCE = Path(__file__).resolve().parents[2] / "assets" / "templates"
_INSTALLED = Path("/usr/share/kiosk/assets/templates")
CHINESE = "zh-CN"


def templates() -> Path:
    """The folder of the templates: beside the source, or where the package installed them."""
    return _SOURCE if _SOURCE.is_dir() else _INSTALLED


@lru_cache(maxsize=1)
def wording() -> Mapping[str, Any]:
    """The file's content, read once."""
    return tomllib.loads((templates() / "papers.toml").read_text("utf-8"))


def phrase(table: str, key: str, language: str) -> str:
    """One text of `common`, `labels` or `words`."""
    return cast(str, wording()[table][key][_key(language)])


def _key(language: str) -> str:
    return "zh" if language == CHINESE else "en"


def of_paper(sheet: Sheet, key: str) -> Mapping[str, Any]:
    """`title`, `number` or `next` of a paper; one that is pending may have its own."""
    paper = cast(Mapping[str, Any], wording()["papers"][sheet.paper])
    if sheet.pending and key in paper.get("when-pending", {}):
        return cast(Mapping[str, Any], paper["when-pending"][key])
    return cast(Mapping[str, Any], paper[key])


def said(sheet: Sheet, key: str, language: str) -> str:
    """`title` or `number` of a paper in one language."""
    return cast(str, of_paper(sheet, key)[_key(language)])


def next_steps(sheet: Sheet, language: str) -> tuple[str, ...]:
    """What to do next, sentence by sentence."""
    steps = list(cast(list[str], of_paper(sheet, "next")[_key(language)]))
    if "portrait_review" in sheet:
        steps.append(said(sheet, "portrait_review", language))
    return tuple(steps)


def rows(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """(value's name, label's key) of the rows this sheet has something for."""
    listed = cast(list[str], wording()["papers"][sheet.paper]["rows"])
    pairs = [(name, label or name) for name, _, label in (entry.partition(":") for entry in listed)]
    return tuple((name, label) for name, label in pairs if name in sheet)


def moment(text: str, language: str) -> str:
    """Local time as it was, to the minute."""
    at = datetime.fromisoformat(text)
    if language == CHINESE:
        return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
    return f"{at:%Y-%m-%d %H:%M}"


def day(text: str, language: str) -> str:
    """A date, or long-term."""
    if text == LONG_TERM:
        return phrase("common", "long", language)
    at = day_of(text)
    return f"{at.year}年{at.month}月{at.day}日" if language == CHINESE else at.isoformat()


def shown(sheet: Sheet, name: str, language: str) -> str:
    """A value as a person reads it in one language."""
    text = sheet[name]
    match PAPERS[sheet.paper].fields[name].form:
        case Form.MOMENT:
            return moment(text, language)
        case Form.DAY:
            return day(text, language)
        case Form.YUAN:
            return phrase("common", "yuan", language).format(text)
        case Form.DIGITS:
            return phrase("common", "points", language).format(text)
        case Form.PLACE:
            return phrase("common", "place", language).format(*place_of(text))
        case Form.WORD:
            return phrase("words", text, language)
        case Form.TEXT | Form.MASKED | Form.URL | Form.TABLE:
            return text


def shown_beside(sheet: Sheet, name: str, language: str) -> str:
    """The Chinese value, with the other language's beside it where they differ and both matter."""
    chinese = shown(sheet, name, CHINESE)
    if language == CHINESE:
        return chinese
    other = shown(sheet, name, language)
    match PAPERS[sheet.paper].fields[name].form:
        case Form.WORD | Form.PLACE:
            return f"{chinese} {other}"
        case _:
            return other
