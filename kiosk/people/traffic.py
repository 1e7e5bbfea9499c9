"""What the traffic platform keeps of drivers and vehicles: terms, inspections, reviews, medical reports."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.people.money import Money
from kiosk.people.vehicle import DrivingLicence, Vehicle

Facts = tuple[tuple[str, str], ...]
"""Names and values, as a page or a paper says them."""


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

    @property
    def facts(self) -> Facts:
        """As pages say it; what is not on file is left out."""
        return (
            ("vehicle", self.vehicle.model),
            *((("inspect_by", self.inspect_by.isoformat()),) if self.inspect_by else ()),
            *((("insured_to", self.insured_to.isoformat()),) if self.insured_to else ()),
            ("open_records", str(self.records)),
        )


@dataclass(frozen=True, slots=True)
class TrafficStanding:
    """驾驶人与机动车: what the platform has of a citizen today."""

    licence: DrivingLicence | None
    points_limit: int
    vehicles: tuple[VehicleStanding, ...]
    fines: int
    fines_due: Money
    tag: Literal["standing"] = "standing"

    @property
    def open_records(self) -> int:
        """Records of all vehicles nobody dealt with."""
        return sum(vehicle.records for vehicle in self.vehicles)

    @property
    def driving(self) -> Facts:
        """机动车驾驶证; nothing where there is none."""
        if self.licence is None:
            return ()
        return (
            ("licence_status", self.licence.status.value),
            ("licence_classes", " ".join(c.value for c in self.licence.classes)),
            ("valid_to", self.licence.valid_to.isoformat() if self.licence.valid_to else "long"),
            ("points_now", f"{self.licence.points} / {self.points_limit}"),
            ("cycle_ends", self.licence.cycle_ends.isoformat()),
        )

    @property
    def named(self) -> str:
        """What a slip is about: the file number, masked, or the plate of who does not drive."""
        if self.licence is None:
            return self.vehicles[0].vehicle.plate.spaced
        return f"{self.licence.file_number[:4]}****{self.licence.file_number[-4:]}"

    @property
    def on_paper(self) -> Facts:
        """As slips say it."""
        days = [(v.vehicle.plate.spaced, v.inspect_by.isoformat()) for v in self.vehicles if v.inspect_by]
        inspections = "\n".join(f"{plate} {day}" for plate, day in days)
        return (
            *self.driving,
            *((("inspections", inspections),) if inspections else ()),
            ("open_records", str(self.open_records)),
            ("fines_due", self.fines_due.yuan),
        )


class TrafficMatter(enum.Enum):
    """What is applied for at the traffic desk against a fee (order 162 art. 63, 66, 69; order 164 art. 52)."""

    LICENCE_RENEWAL = "licence-renewal"
    LICENCE_DAMAGE = "licence-damage"
    LICENCE_LOSS = "licence-loss"
    VEHICLE_DAMAGE = "vehicle-damage"
    VEHICLE_LOSS = "vehicle-loss"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value

    @property
    def about_vehicle(self) -> bool:
        """Whether a vehicle must be chosen."""
        return self in (TrafficMatter.VEHICLE_DAMAGE, TrafficMatter.VEHICLE_LOSS)


class PortraitWanted(enum.Enum):
    """Whether a portrait is taken, or the one of the medical examination serves."""

    TAKEN_HERE = "taken-here"
    OF_THE_REPORT = "of-the-report"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MayApplyTraffic:
    """Yes, with the fee and what is known already.

    `phone_masked` is the telephone on file, "" where none; `vehicles` those to choose from; `valid_to` is what the
    new licence will say, None where it has no end or none is issued; `ready_in_days` by law.
    """

    matter: TrafficMatter
    fee: Money
    fee_reference: str
    phone_masked: str
    collect_at: str
    ready_in_days: int
    portrait: PortraitWanted
    vehicles: tuple[Vehicle, ...] = ()
    valid_to: date | None = None
    report: str = ""
    tag: Literal["may-apply-traffic"] = "may-apply-traffic"


class ReviewKind(enum.Enum):
    """Why a licence is due: points of a heavy class (order 162 art. 72), or the yearly report of age (art. 74)."""

    POINTS = "points-review"
    REPORT = "medical-review"


@dataclass(frozen=True, slots=True)
class MayReview:
    """Yes: the review of the cycle that ended on that day; `report` is the medical report on file, "" where none."""

    kind: ReviewKind
    cycle_ended: date
    report: str
    tag: Literal["may-review"] = "may-review"


@dataclass(frozen=True, slots=True)
class ExemptVehicle:
    """An own vehicle whose mark is renewed without an inspection; `valid_to` is what the new mark will say."""

    vehicle: Vehicle
    insured_to: date
    tax_year: int
    valid_to: date


@dataclass(frozen=True, slots=True)
class MayHaveMark:
    """Yes, for each of these vehicles (order 164 art. 54)."""

    vehicles: tuple[ExemptVehicle, ...]
    tag: Literal["may-have-mark"] = "may-have-mark"
