"""What all presenters share: saying a message with its parts, naming buttons, paging choices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from kiosk.people.records import LawText
from kiosk.screens.screen_settings import ScreenSettings
from kiosk.screens.states import Chrome, Look
from kiosk.screens.views import ActionView, AnyPage, FactView, Picture, Role, TextView, Tone
from kiosk.screens.words import Argument, Words

T = TypeVar("T")

_KEY = re.compile(r"[a-z][a-z0-9]*(-[A-Za-z0-9]+)+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
_NUMERAL = re.compile(r"\d+(\.\d+)?")
_AMOUNTS = ("amount", "fine", "fee")


@dataclass(frozen=True, slots=True)
class Speech:
    """One message with the parts a page leads with; "" where the message has no such part."""

    sentence: str
    hint: str = ""
    status: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What a presenter makes of a page state; chrome and look are put around it elsewhere.

    `row` stands between Back and `main` in the row of actions.
    """

    page: AnyPage
    speech: Speech
    identity: str = ""
    """What tells this page from others of its kind: a topic, the index of a field."""
    tone: Tone = Tone.CALM
    busy: bool = False
    error: str = ""
    picture: Picture = Picture.NONE
    ways: tuple[ActionView, ...] = ()
    row: tuple[ActionView, ...] = ()
    main: ActionView | None = None
    calm: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The officer's voice for one page: words, settings, and how this citizen wants to see it."""

    words: Words
    settings: ScreenSettings
    chrome: Chrome
    look: Look

    def say(self, key: str, part: str = "", /, **arguments: Argument) -> str:
        """Words.say."""
        return self.words.say(key, part, **arguments)

    def speech(self, key: str, /, **arguments: Argument) -> Speech:
        """A message and its hint, status and voice."""
        words = self.words
        sentence = words.say(key, **arguments)
        return Speech(
            sentence,
            words.part(key, "hint", **arguments),
            words.part(key, "status", **arguments),
            words.part(key, "voice", **arguments) or sentence,
        )

    def action(self, name: str, role: Role = Role.SECONDARY, wording: str = "") -> ActionView:
        """A button that sends `name`; `wording` is the rest of its message key where it differs from the name."""
        return ActionView(action=name, label=self.say(f"action-{wording or name}"), role=role)

    def legal(self, name: str, role: Role = Role.SECONDARY, wording: str = "") -> ActionView:
        """A legal or paying button: armed some time after first paint (rule 21)."""
        label = self.say(f"action-{wording or name}")
        return ActionView(action=name, label=label, role=role, arms_after_ms=self.settings.arm_ms)

    def wording(self, text: str) -> str:
        """A message key's text, or a text of its own as it is."""
        return self.say(text) if _KEY.fullmatch(text) else text

    def label(self, key: str) -> str:
        """Name of a row: the short name of a fact, or a message key."""
        name = key.removeprefix("fact-").replace("_", "-")
        return self.say(f"fact-{name}" if self.words.has(f"fact-{name}") or not self.words.has(key) else key)

    def fact(self, key: str, value: str, strong: bool = False) -> FactView:
        """A row of a (key, value) pair; days, moments, amounts and known words are put into words."""
        return FactView(self.label(key), self.value(key, value), strong)

    def value(self, key: str, value: str) -> str:
        """The value of a fact, for people."""
        name = key.removeprefix("fact-").replace("_", "-")
        if _DAY.fullmatch(value):
            return self.words.date(date.fromisoformat(value))
        if _MOMENT.fullmatch(value):
            return self.words.moment(datetime.fromisoformat(value))
        if name in _AMOUNTS and _NUMERAL.fullmatch(value):
            return self.say("amount", value=value)
        for known in (f"fact-value-{value}", f"{name}-{value}", value):
            if _KEY.fullmatch(known) and self.words.has(known):
                return self.say(known)
        return value

    def law(self, heading: str, text: LawText) -> TextView:
        """A dated text of law with its reference, source and date."""
        source = self.say(
            "law-source", reference=text.reference, source=text.source, date=self.words.date(text.as_of)
        )
        return TextView(heading, paragraphs(text.text), source)

    @property
    def most_choices(self) -> int:
        """Choices shown at once."""
        return self.settings.elder_choices if self.look.elder else self.settings.choices

    def sheets(self, items: tuple[T, ...], most: int) -> tuple[tuple[tuple[T, ...], str], ...]:
        """Items cut into sheets of at most `most`, each with its position in words ("" for a single one)."""
        cut = [items[start : start + most] for start in range(0, len(items), most)] or [()]
        if len(cut) == 1:
            return ((cut[0], ""),)
        return tuple(
            (sheet, self.say("sheet-of", n=number, of=len(cut))) for number, sheet in enumerate(cut, start=1)
        )


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a text that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
