"""A page of a terminal, drawn from the names of its messages: the terminal's own texts, in the operator's language.

What the terminal does not tell stands as a gap. Nothing here comes from a picture of the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fluent.runtime import FluentBundle, FluentResource

from central.console.words import LANGUAGES, SHARED, Words
from kiosk.protocol.sight import Block, BlockKind, SeenButton, SeenPage, Sight, Term

GAP = "•••"
_ARGUMENT = re.compile(r"\$([a-z][a-z0-9_]*)")
_NO_BLANK = re.compile(r"(?<=[，。、；：！？]) ")


class PageTexts:
    """All messages of the terminals' pages in one language."""

    def __init__(self, language: str) -> None:
        self._bundle = FluentBundle([language], use_isolating=False)
        names: set[str] = set()
        for file in sorted((SHARED / language).glob("*.ftl")):
            text = file.read_text("utf-8")
            names |= {*_ARGUMENT.findall(text)}
            self._bundle.add_resource(FluentResource(text))
        self._gaps = dict.fromkeys(names, GAP)

    def said(self, terms: Iterable[Term]) -> str:
        """Messages one after another. One that is not known here stands by its name."""
        return _NO_BLANK.sub("", " ".join(self._one(term) for term in terms))

    def _one(self, term: Term) -> str:
        if not term.key:
            return GAP
        message = self._bundle.get_message(term.key) if self._bundle.has_message(term.key) else None
        pattern = None if message is None else message.attributes.get(term.part) if term.part else message.value
        if pattern is None:
            return f"{term.key}.{term.part}" if term.part else term.key
        arguments: dict[str, str | int] = self._gaps | term.numbers
        arguments |= {name: self.said(terms) for name, terms in term.said.items()}
        text, errors = self._bundle.format_pattern(pattern, arguments)
        # A day or a moment that is not told cannot be put into words.
        return GAP if errors else str(text)


@cache
def page_texts(language: str) -> PageTexts:
    """Read once. An unknown language is the source's."""
    return PageTexts(language if language in LANGUAGES else LANGUAGES[0])


@dataclass(frozen=True, slots=True)
class Drawn:
    """One part of the drawing: how it is drawn, its words, and whether it can be touched."""

    kind: str
    text: str
    more: str = ""
    enabled: bool = True
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """One page. `about` are what stands around it: (word, value)."""

    kind: str
    title: str
    sentence: str
    hint: str
    lines: tuple[Drawn, ...]
    blocks: tuple[Drawn, ...]
    left_out: int
    field: tuple[str, int, int] | None
    """Its name in words, how many characters stand in it, how many it takes."""
    ways: tuple[Drawn, ...]
    actions: tuple[Drawn, ...]
    device: str
    seconds: int | None
    more_time: int | None


@dataclass(frozen=True, slots=True)
class SeenByThem:
    """What somebody at a terminal looks at. `covered`: help lies over the page that is drawn."""

    drawing: Drawing
    covered: bool
    language: str
    modes: tuple[str, ...]
    """Words of the console: how they have made the pages for themselves."""


def seen(sight: Sight, words: Words) -> SeenByThem | None:
    """None where nobody is there any more."""
    page = sight.beneath or sight.page
    if page is None:
        return None
    modes = [f"seen-size-{sight.size}"] if sight.size not in ("", "default") else []
    modes += [f"seen-theme-{sight.theme}"] if sight.theme == "high-contrast" else []
    modes += ["seen-elder"] if sight.elder else []
    modes += ["seen-reach"] if sight.reach else []
    covered = sight.beneath is not None
    return SeenByThem(_drawing(page, words), covered, sight.language, tuple(words.said(each) for each in modes))


def _drawing(page: SeenPage, words: Words) -> Drawing:
    texts = page_texts(words.language)
    steps = texts.said([Term(key="step-of", numbers={"n": page.step, "of": page.steps})]) if page.step else ""
    title = texts.said([Term(key=f"service-{page.service}")]) if page.service else ""
    told = (("finishing", page.finishing), ("error", page.error), ("status", page.status), ("advice", page.advice))
    return Drawing(
        kind=page.page,
        title=" · ".join(each for each in (title, steps) if each),
        sentence=texts.said(page.sentence),
        hint=texts.said(page.hint),
        lines=tuple(Drawn(kind, texts.said(said)) for kind, said in told if said),
        blocks=tuple(_block(each, texts, words) for each in page.blocks),
        left_out=page.left_out,
        field=None if page.field is None else (_field(page.field.name, words), *_filled(page)),
        ways=tuple(_button(each, texts) for each in page.ways),
        actions=tuple(_button(each, texts) for each in page.actions),
        device=words.word("device", page.device) if page.device else "",
        seconds=page.seconds,
        more_time=page.more_time,
    )


def _filled(page: SeenPage) -> tuple[int, int]:
    field = page.field
    return (0, 0) if field is None else (field.characters, field.length)


def _field(name: str, words: Words) -> str:
    own = f"seen-field-{name}"
    return words.say(own) if words.has(own) else words.say("seen-field")


def _block(block: Block, texts: PageTexts, words: Words) -> Drawn:
    said = words.say("seen-picture") if block.kind is BlockKind.PICTURE else texts.said(block.said)
    return Drawn(block.kind.value, said, texts.said(block.more), block.enabled)


def _button(button: SeenButton, texts: PageTexts) -> Drawn:
    return Drawn("button", texts.said(button.said), "", button.enabled, button.leads)
