"""What headquarters asks of the authorities and services behind it.

Every call that changes something is idempotent by the name it is given (record, order, case), so that a filing
repeated after a lost reply does nothing twice. Any call may raise AgencyFailed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from kiosk.people.money import Money
from kiosk.people.traffic import LicenceFile, MedicalReport, VehicleFile
from kiosk.people.vehicle import DrivingLicence, Plate, Vehicle


class Agency(enum.StrEnum):
    """Who can fail; HEADQUARTERS is this server itself."""

    POPULATION = "population"
    TRAFFIC = "traffic"
    EXIT_ENTRY = "exit-entry"
    MEDICAL = "medical"
    HOUSEHOLD = "household"
    CRIMINAL_RECORDS = "criminal-records"
    NAMES = "names"
    RESIDENCE = "residence"
    PRODUCTION = "production"
    PAYMENT = "payment"
    REFUND = "refund"
    NOTIFICATION = "notification"
    FACE_MATCHING = "face-matching"
    FINGER_MATCHING = "finger-matching"
    HEADQUARTERS = "headquarters"


class Fault(enum.StrEnum):
    """How it fails."""

    DOWN = "down"
    SLOW = "slow"
    ERROR_500 = "error-500"
    GARBAGE = "garbage"


class AgencyFailed(Exception):
    """No usable answer; whether the agency acted is unknown, so the same call may be made again."""

    def __init__(self, agency: Agency, fault: Fault) -> None:
        super().__init__(f"{agency.value}: {fault.value}")
        self.agency = agency
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Person:
    """A citizen in the population library (人口库). `face` names the library's photograph.

    `region` is the register's (户口), six digits of GB/T 2260; `residence` tells of a residence permit here.
    `restricted` closes self-service without a reason being given.
    """

    number: str
    name: str
    face: str
    fingers: bool
    phone: str
    region: str
    residence: bool
    restricted: bool
    card_authority: str
    card_valid_to: date | None
    card_reported_lost: bool

    def __repr__(self) -> str:
        return "Person(...)"


class Population(Protocol):
    """人口库."""

    def person(self, number: str) -> Person | None: ...

    def report_lost(self, number: str) -> None:
        """The card on record is void."""
        ...

    def card_issued(self, number: str, valid_to: date | None) -> None:
        """A new card has reached its holder and replaces the one on record."""
        ...


class RecordState(enum.Enum):
    """A camera record's life."""

    OPEN = "open"
    DECIDED = "decided"
    OBJECTED = "objected"


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """A record of traffic surveillance as entered. `picture` is a blob's SHA-256, "" until it was fetched."""

    record: str
    plate: Plate
    at: datetime
    place: str
    code: str
    fine: Money
    flagged: bool
    state: RecordState
    picture: str


@dataclass(frozen=True, slots=True)
class FinePayment:
    """Money that reached a decision; `reference` is the payer's channel's own and comes once."""

    reference: str
    fen: int
    at: datetime


@dataclass(frozen=True, slots=True)
class FineOnFile:
    """A decided fine, wherever it was decided, with everything paid towards it by any channel."""

    decision: str
    record: str
    fine: Money
    pay_by: date
    payments: tuple[FinePayment, ...]


class FineAnswer(enum.Enum):
    """What the platform makes of money for a fine."""

    COUNTED = "counted"
    PAID_ALREADY = "paid-already"


class Traffic(Protocol):
    """交管综合应用平台."""

    def licence(self, number: str) -> DrivingLicence | None: ...

    def licence_file(self, number: str) -> LicenceFile | None: ...

    def licence_made(self, number: str, case: str, valid_to: date | None, term_years: int | None) -> None:
        """A new document of the licence, once by the case; the one before is void. The term as it is from now on."""
        ...

    def reviewed(self, number: str, case: str) -> None:
        """审验: the cycle that ended last is reviewed."""
        ...

    def vehicles(self, number: str) -> tuple[Vehicle, ...]: ...

    def vehicle_files(self, number: str) -> tuple[VehicleFile, ...]:
        """Of every vehicle listed for a person, in the same order as `vehicles`."""
        ...

    def inspected(self, plate: Plate, case: str, inspect_by: date) -> None:
        """An inspection mark was issued, valid to the day given, once by the case."""
        ...

    def records(self, plate: Plate) -> tuple[CameraRecord, ...]:
        """Open records of a plate, oldest first."""
        ...

    def record(self, record: str) -> CameraRecord | None: ...

    def picture_of(self, record: CameraRecord) -> bytes:
        """The JPEG of a record."""
        ...

    def picture_kept(self, record: str, sha256: str) -> None: ...

    def decide(self, record: str, number: str, points: int) -> None:
        """Close the record and add its points, once."""
        ...

    def objected(self, record: str) -> None: ...

    def fined(self, decision: str, record: str, number: str, fen: int, pay_by: date) -> None:
        """A decision with a fine was made, once by its number."""
        ...

    def fines(self, number: str) -> tuple[FineOnFile, ...]:
        """All of a person, paid or not."""
        ...

    def fine(self, decision: str) -> FineOnFile | None: ...

    def fine_paid(self, decision: str, reference: str, fen: int, at: datetime) -> FineAnswer:
        """Money was taken for a fine, once by its reference; refused where nothing was due any more."""
        ...


class Medical(Protocol):
    """医疗机构 and their reports for drivers."""

    def report(self, number: str) -> MedicalReport | None:
        """The newest report of a person."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """A card reached a stage of production (a value of CardState) at a moment."""

    case_number: str
    stage: str
    at: datetime


class Production(Protocol):
    """制证."""

    def order(self, case_number: str) -> None: ...

    def news(self) -> tuple[Progress, ...]:
        """Stages reached and not yet told, in order of time; telling them once is this call's effect."""
        ...


class PaymentState(enum.Enum):
    """An order at the payment provider."""

    UNKNOWN = "unknown"
    OPEN = "open"
    PAYING = "paying"
    CAPTURED = "captured"
    DECLINED = "declined"
    CLOSED = "closed"


class Payment(Protocol):
    """The payment provider (扫码支付)."""

    def open(self, order: str, fen: int, expires: datetime) -> None: ...

    def state(self, order: str) -> PaymentState: ...

    def close(self, order: str) -> None:
        """No confirmation is accepted from now on; one already under way may still be captured."""
        ...

    def late_captures(self) -> tuple[str, ...]:
        """Orders captured after they were closed and not yet told about."""
        ...

    def confirm(self, order: str) -> PaymentState:
        """The payer says yes on the phone."""
        ...

    def decline(self, order: str) -> PaymentState: ...


class Refunds(Protocol):
    """Gives money back."""

    def give_back(self, order: str, fen: int) -> None: ...


class Notification(Protocol):
    """Short messages. A failure to send is no failure of the business."""

    def send(self, phone: str, text: str, reference: str) -> None: ...


class FingerVerdict(enum.Enum):
    """One comparison with the library's fingerprints."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_ENROLLED = "not-enrolled"


class FingerMatching(Protocol):
    """Compares one to one with the enrolled fingers of one citizen; never searches."""

    def compare(self, number: str, live: bytes) -> FingerVerdict: ...


@dataclass(frozen=True, slots=True)
class Match:
    """One comparison; distance and threshold are the engine's own, -1 where nothing was measured."""

    verdict: Literal["same", "different", "no-face", "not-available"]
    engine: str
    distance: float
    threshold: float
    sandbox: bool


class FaceMatching(Protocol):
    """Compares one to one; never searches."""

    def compare(self, live: bytes, face: str, chip_photo: bytes) -> Match:
        """`live` is a JPEG; `face` names the library's photograph; `chip_photo` may be empty."""
        ...
