"""Identity cards (居民身份证 and its siblings) as read from the chip."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from kiosk.people.id_number import IdNumber, Sex


class CardKind(enum.Enum):
    """Told apart by the UTF-16 unit at byte 248 of the text record."""

    RESIDENT = "resident"
    FOREIGNER_2017 = "foreigner-2017"
    FOREIGNER_2023 = "foreigner-2023"
    HONG_KONG_MACAO_TAIWAN = "hmt"


@dataclass(frozen=True, slots=True)
class IdCard:
    """What the card itself says. `valid_to` None means long-term (长期).

    `number` is the text on the card: 18 characters, or 15 on the 2017 foreigners' card.
    """

    kind: CardKind
    name: str
    sex: Sex
    ethnicity: str
    birth: date
    address: str
    number: str
    authority: str
    valid_from: date
    valid_to: date | None

    def expired_on(self, day: date) -> bool:
        """Whether the card's validity ended before `day`."""
        return self.valid_to is not None and self.valid_to < day

    def identity(self, today: date) -> IdNumber:
        """The checked number. Raises InvalidIdNumber."""
        return IdNumber.parse(self.number, today)

    def __repr__(self) -> str:
        return f"IdCard({self.kind.value})"


def masked_name(name: str) -> str:
    """The first and, from three characters on, the last character stay: 王*芳, 张*."""
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
