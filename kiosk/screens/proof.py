"""What was shown, as hashes: the exact words of a page, and the whole page (rule 31).

Both are SHA-256 in hexadecimal over UTF-8. They prove what a citizen had before their eyes when they answered,
without keeping it: whoever has the texts of that version and the facts of the case can make the page again and
compare.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from kiosk.screens.views import PageView

_NOT_WORDS = frozenset({"picture", "compared_at", "rows", "movement"})
"""Fields of a page's body that are sources and marks, not words."""


@dataclass(frozen=True, slots=True)
class PageProof:
    """`text` covers the words in reading order, one a line; `page` covers everything but the page's revision."""

    text: str
    page: str


def proof_of(view: PageView) -> PageProof:
    """The hashes of a page in words."""
    whole = dataclasses.asdict(view)
    del whole["revision"]
    page = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return PageProof(_sha256("\n".join(words_of(view))), _sha256(page))


def words_of(view: PageView) -> tuple[str, ...]:
    """Sentence and hint, the body from top to bottom, then the buttons."""
    buttons = (action.label for action in (*view.ways, *view.actions))
    return tuple(text for text in (view.sentence, view.hint, *_words(view.page), *buttons) if text)


def _words(value: object) -> Iterator[str]:
    if isinstance(value, enum.Enum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in cast("tuple[object, ...]", value):
            yield from _words(item)
    elif dataclasses.is_dataclass(value):
        record: Any = value
        for field in dataclasses.fields(record):
            if field.name not in _NOT_WORDS:
                yield from _words(getattr(record, field.name))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
