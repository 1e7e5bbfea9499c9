"""People from elsewhere who live here: registration, permit, endorsement (居住证暂行条例)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.people.records import Refusal


class ResidenceMatter(enum.Enum):
    """What can be had now. The permit needs half a year of registered residence (art. 2), and one of the grounds."""

    REGISTRATION = "registration"
    PERMIT = "permit"


class ResidenceGround(enum.Enum):
    """One of three is enough (art. 2)."""

    WORK = "work"
    HOME = "home"
    SCHOOL = "school"


PROOFS = {
    "lease": ResidenceGround.HOME,
    "deed": ResidenceGround.HOME,
    "labour-contract": ResidenceGround.WORK,
    "business-licence": ResidenceGround.WORK,
    "school-roll": ResidenceGround.SCHOOL,
}
"""Proofs an office may have on file, and what each proves (art. 9)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof on file at the office that keeps it: headquarters' id, a kind of PROOFS, since when."""

    id: str
    kind: str
    since: date

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.id

    @property
    def ground(self) -> ResidenceGround:
        """What it proves."""
        return PROOFS[self.kind]


@dataclass(frozen=True, slots=True)
class Street:
    """A subdistrict (街道) and its communities (社区) as (id, name)."""

    id: str
    name: str
    communities: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ResidenceOffer:
    """What this person can have now.

    `permit_from` is the first day of a permit; `place` the community on file, or "".
    `proofs` are those on file, never empty for a permit; `permit_days` is how long its making may take.
    """

    matter: ResidenceMatter
    permit_from: date
    place: str
    proofs: tuple[Proof, ...]
    streets: tuple[Street, ...]
    permit_days: int
    tag: Literal["residence-offer"] = "residence-offer"


class StillThere(enum.Enum):
    """Whether somebody lives where the register says."""

    SAME = "same"
    MOVED = "moved"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


class EndorsementTime(enum.Enum):
    """Art. 10: within the month before each full year; later, the permit's use is suspended until it is made up."""

    IN_TIME = "in-time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class MayEndorsePermit:
    """A permit that can be endorsed now. `full_year` is the day it was, or is, due; `until` the next one.

    `issue_days` holds the day of issue as the permit says it, among others: whoever has the permit can tell which.
    The two refusals are for who has moved, and for whose permit says another day.
    """

    time: EndorsementTime
    full_year: date
    until: date
    place: str
    issue_days: tuple[date, ...]
    if_moved: Refusal
    if_another: Refusal
    tag: Literal["may-endorse-permit"] = "may-endorse-permit"
