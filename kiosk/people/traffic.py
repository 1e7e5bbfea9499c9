"""What the traffic platform keeps of drivers and vehicles: terms, inspections, reviews, medical reports."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.people.money import Money
from kiosk.people.vehicle import DrivingLicence, Vehicle


class Owner(enum.Enum):
    """Who a vehicle is registered to."""

    PERSON = "person"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class VehicleFile:
    """A registered vehicle. `insured_to` is None without 交强险; `tax_year` the last year of 车船税 that was paid."""

    vehicle: Vehicle
    owner: Owner
    registered_on: date
    inspect_by: date
    insured_to: date | None
    tax_year: int


@dataclass(frozen=True, slots=True)
class LicenceFile:
    """A driving licence's term in years (None: without end), and the review of the cycle that ended last.

    `clean_term`: no cycle of this term reached the limit of points (order 162 art. 62). `points_last` were on record
    when that cycle ended; `study_hours` were studied since (art. 73).
    """

    term_years: int | None
    clean_term: bool
    cycle_ended: date
    points_last: int
    study_hours: int
    reviewed: bool


@dataclass(frozen=True, slots=True)
class MedicalReport:
    """机动车驾驶人身体条件证明, issued by a medical institution (order 162 art. 85)."""

    number: str
    institution: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class VehicleStanding:
    """A vehicle as JG06 shows it. `records` are open records of surveillance."""

    vehicle: Vehicle
    inspect_by: date | None
    insured_to: date | None
    records: int


@dataclass(frozen=True, slots=True)
class TrafficStanding:
    """驾驶人与机动车: what the platform has of a citizen today."""

    licence: DrivingLicence | None
    points_limit: int
    vehicles: tuple[VehicleStanding, ...]
    fines: int
    fines_due: Money
    tag: Literal["standing"] = "standing"
