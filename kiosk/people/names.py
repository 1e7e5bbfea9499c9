"""Names as people write them in Chinese, and how many share one: checked alike by the terminal and headquarters."""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

DOT = "·"
"""U+00B7, between the parts of names of minorities, as identity cards have it."""
SHORTEST = 2
LONGEST = 20
"""Characters, dots among them. Identity cards have room for fifteen (GA/T 490); longer ones stand on the register."""


class NameFault(enum.Enum):
    """What is wrong with a name; each has a sentence on the page."""

    SHORT = "short"
    LONG = "long"
    DOT = "dot"
    """A dot at an end, or two together."""
    CHARACTER = "character"
    """Something that is neither a Chinese character nor a dot."""


class InvalidName(ValueError):
    """Not a name. Its text names the fault, never the name."""

    def __init__(self, fault: NameFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in Chinese characters; `parse` checks it. It shows itself to nobody."""

    text: str

    @staticmethod
    def parse(text: str) -> PersonName:
        """Raises InvalidName."""
        if len(text.replace(DOT, "")) < SHORTEST:
            raise InvalidName(NameFault.SHORT)
        if len(text) > LONGEST:
            raise InvalidName(NameFault.LONG)
        if "" in text.split(DOT):
            raise InvalidName(NameFault.DOT)
        if not all(one == DOT or is_han(one) for one in text):
            raise InvalidName(NameFault.CHARACTER)
        return PersonName(text)

    def __repr__(self) -> str:
        return f"PersonName({len(self.text)} characters)"


def is_han(character: str) -> bool:
    """Whether it is a unified ideograph of any plane (ISO/IEC 10646), 〇 included."""
    return character == "〇" or unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


class SexAsked(enum.Enum):
    """Of whom namesakes are counted."""

    ANY = "any"
    MALE = "male"
    FEMALE = "female"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


@dataclass(frozen=True, slots=True)
class Namesakes:
    """How many people on the register bear a name: numbers only, each within the one before.

    `as_of` is the day they were counted up to.
    """

    nation: int
    province: int
    city: int
    as_of: date
    tag: Literal["namesakes"] = "namesakes"
