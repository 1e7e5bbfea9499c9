"""What headquarters asks of the household register and of the keeper of criminal records.

Every call that changes something is idempotent by the name it is given. Any call may raise AgencyFailed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one item of a citizen's entry."""

    item: str
    before: str
    after: str
    on: date


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a household; `relation` to its head is a word such as head, wife, son.

    `cancelled_why` is deceased or moved, "" while the registration stands.
    """

    number: str
    name: str
    relation: str
    cancelled_on: date | None
    cancelled_why: str

    def __repr__(self) -> str:
        return "Member(...)"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register has of a citizen: their household, the head first, and the changes of their own entry.

    `electronic` False: the register is on paper only, at the police station that keeps it.
    """

    electronic: bool
    members: tuple[Member, ...]
    changes: tuple[Change, ...]


class HouseholdRegister(Protocol):
    """户口登记."""

    def entry(self, number: str) -> Entry | None: ...

    def issued(self, certificate: str, number: str, kind: str) -> None:
        """A certificate was issued from this entry."""
        ...


class RecordAnswer(enum.Enum):
    """What the keeper of criminal records says to a query. REVIEW says nothing about a record."""

    CLEAN = "clean"
    REVIEW = "review"
    TO_THE_WINDOW = "to-the-window"


class CriminalRecords(Protocol):
    """犯罪记录查询."""

    def ask(self, case_number: str, number: str) -> RecordAnswer:
        """CLEAN, or REVIEW: a person looks at it."""
        ...

    def answer(self, case_number: str) -> RecordAnswer:
        """What became of a review: REVIEW while it lasts, then CLEAN or TO_THE_WINDOW."""
        ...


class TemporaryCardWorks(Protocol):
    """临时证制证."""

    def order(self, number: str) -> None: ...

    def made(self) -> tuple[str, ...]:
        """Cards that were made and not yet told of; telling them once is this call's effect."""
        ...
