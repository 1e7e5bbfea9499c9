"""What headquarters asks of the register of names and of the register of residents from elsewhere.

Every call that changes something is idempotent by the case it is given. Any call may raise AgencyFailed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.people.names import PersonName, SexAsked
from kiosk.people.residence import Proof


@dataclass(frozen=True, slots=True)
class NameCount:
    """How many people on the register bear a name; `as_of` is the day it was counted up to."""

    nation: int
    province: int
    city: int
    as_of: date


class NameRegister(Protocol):
    """人口库 as a count: numbers by place, never a person."""

    def count(self, name: PersonName, sex: SexAsked) -> NameCount: ...


@dataclass(frozen=True, slots=True)
class Residence:
    """居住登记: where somebody lives, since when.

    `community` is its id, `house` the numbers of building, unit and room: 001-02-0301.
    """

    community: str
    house: str
    since: date


class PermitState(enum.StrEnum):
    """A residence permit's life. Suspended is no state: it is a full year that has passed."""

    IN_WORKS = "in-works"
    VALID = "valid"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Permit:
    """居住证. `full_year` is the day by which the next endorsement is due (art. 10)."""

    state: PermitState
    issued_on: date
    full_year: date


class ResidenceRegister(Protocol):
    """居住登记 and 居住证, with the proofs other offices have on file."""

    def residence(self, number: str) -> Residence | None: ...

    def register(self, case: str, number: str, community: str, house: str) -> None:
        """Somebody lives there from today; who is registered already has moved there, and keeps their time here."""
        ...

    def proofs(self, number: str) -> tuple[Proof, ...]:
        """What leases, contracts and school rolls say of somebody, oldest first."""
        ...

    def permit(self, number: str) -> Permit | None: ...

    def order_permit(self, case: str, number: str) -> None:
        """Into the works."""
        ...

    def permits_made(self) -> tuple[str, ...]:
        """Cases whose permit was made and not yet told of; telling them once is this call's effect."""
        ...

    def endorse(self, case: str, number: str, until: date) -> None:
        """The next endorsement is due on that day."""
        ...
