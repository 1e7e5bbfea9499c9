"""Citizen identity numbers (公民身份号码), GB 11643-1999, and the two families that share its form."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class NumberFault(enum.Enum):
    """Why a string is not an identity number; each has a sentence of its own on the page."""

    LENGTH = "length"
    FIFTEEN_DIGITS = "fifteen-digits"
    CHARACTERS = "characters"
    BIRTH_DATE = "birth-date"
    BIRTH_IN_FUTURE = "birth-in-future"
    CHECK_DIGIT = "check-digit"


class NumberFamily(enum.Enum):
    """Who carries the number: told by its first digits."""

    RESIDENT = "resident"
    HONG_KONG_MACAO_TAIWAN = "hmt"
    FOREIGNER = "foreigner"


class Sex(enum.Enum):
    """GB/T 2261.1."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSPECIFIED = "9"


class InvalidIdNumber(ValueError):
    """The text is no identity number; carries the fault and never the text itself."""

    def __init__(self, fault: NumberFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def check_character(first_seventeen: str) -> str:
    """The ISO 7064 MOD 11-2 check character for 17 digits."""
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, first_seventeen, strict=True))
    return _CHECKS[total % 11]


@dataclass(frozen=True, slots=True)
class IdNumber:
    """Eighteen characters, already checked; build it with `parse`."""

    text: str

    @staticmethod
    def parse(text: str, today: date) -> IdNumber:
        """Check form, birth date (not after `today`) and check character; a lower-case x is taken as X.

        The region is the place of first registration, so historic codes are accepted.
        Raises InvalidIdNumber.
        """
        cleaned = text.strip().upper()
        if len(cleaned) == 15 and cleaned.isascii() and cleaned.isdigit():
            raise InvalidIdNumber(NumberFault.FIFTEEN_DIGITS)
        if len(cleaned) != 18:
            raise InvalidIdNumber(NumberFault.LENGTH)
        head, tail = cleaned[:17], cleaned[17]
        if not (cleaned.isascii() and head.isdigit() and (tail.isdigit() or tail == "X")):
            raise InvalidIdNumber(NumberFault.CHARACTERS)
        try:
            born = date(int(cleaned[6:10]), int(cleaned[10:12]), int(cleaned[12:14]))
        except ValueError:
            raise InvalidIdNumber(NumberFault.BIRTH_DATE) from None
        if born > today:
            raise InvalidIdNumber(NumberFault.BIRTH_IN_FUTURE)
        if check_character(head) != tail:
            raise InvalidIdNumber(NumberFault.CHECK_DIGIT)
        return IdNumber(cleaned)

    @property
    def family(self) -> NumberFamily:
        """Residents, HK/Macao/Taiwan residents (81, 82, 83 0000) or foreigners (9...)."""
        if self.text[:2] in ("81", "82", "83") and self.text[2:6] == "0000":
            return NumberFamily.HONG_KONG_MACAO_TAIWAN
        if self.text[0] == "9":
            return NumberFamily.FOREIGNER
        return NumberFamily.RESIDENT

    @property
    def region(self) -> str:
        """Six digits of GB/T 2260."""
        return self.text[:6]

    @property
    def birth(self) -> date:
        """Date of birth."""
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def sex(self) -> Sex:
        """Odd seventeenth digit: male; even: female."""
        return Sex.MALE if int(self.text[16]) % 2 else Sex.FEMALE

    def age_on(self, day: date) -> int:
        """Completed years on `day`."""
        born = self.birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def masked(self) -> str:
        """First six and last four characters; what a page and a log may show."""
        return f"{self.text[:6]}********{self.text[14:]}"

    def __repr__(self) -> str:
        return f"IdNumber({self.masked})"
