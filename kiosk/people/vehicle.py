"""Plates (GA 36, GA/T 24.7), vehicles and traffic violations."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.people.money import Money

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ORDINARY = re.compile(rf"^[{_PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳]$")
_NEW_ENERGY_SMALL = re.compile(rf"^[{_PROVINCES}][A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9]\d{{4}}$")
_NEW_ENERGY_LARGE = re.compile(rf"^[{_PROVINCES}][A-HJ-NP-Z]\d{{5}}[A-HJK]$")


class PlateKind(enum.Enum):
    """The kinds of GA/T 24.7 this terminal meets."""

    LARGE = "01"
    SMALL = "02"
    LARGE_NEW_ENERGY = "51"
    SMALL_NEW_ENERGY = "52"


@dataclass(frozen=True, slots=True)
class Plate:
    """A registration plate (号牌)."""

    kind: PlateKind
    number: str

    def __post_init__(self) -> None:
        pattern = {
            PlateKind.LARGE: _ORDINARY,
            PlateKind.SMALL: _ORDINARY,
            PlateKind.LARGE_NEW_ENERGY: _NEW_ENERGY_LARGE,
            PlateKind.SMALL_NEW_ENERGY: _NEW_ENERGY_SMALL,
        }[self.kind]
        if not pattern.match(self.number):
            raise ValueError(f"not a plate of kind {self.kind.value}")

    @property
    def spaced(self) -> str:
        """As painted, with the dot after the office letter: 蒙B·12345."""
        return f"{self.number[:2]}·{self.number[2:]}"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle (机动车) the citizen owns or has registered as its driver."""

    plate: Plate
    model: str
    own: bool

    @property
    def option_id(self) -> str:
        """Stable id of this option in a transcript."""
        return f"{self.plate.kind.value}-{self.plate.number}"


class LicenceClass(enum.Enum):
    """准驾车型, order 162 appendix."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    C5 = "C5"
    C6 = "C6"
    D = "D"
    E = "E"
    F = "F"
    M = "M"
    N = "N"
    P = "P"


class LicenceStatus(enum.Enum):
    """机动车驾驶证状态."""

    NORMAL = "normal"
    WITHHELD = "withheld"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class DrivingLicence:
    """A driver's licence and its points (记分) in the running cycle."""

    file_number: str
    classes: tuple[LicenceClass, ...]
    status: LicenceStatus
    issuing_office: str
    valid_to: date | None
    points: int
    cycle_ends: date

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """As a decision names it."""
        return (
            ("licence_file", self.file_number),
            ("licence_classes", "".join(c.value for c in self.classes)),
            ("licence_office", self.issuing_office),
        )


@dataclass(frozen=True, slots=True)
class Violation:
    """One unhandled record of traffic surveillance (非现场违法记录), with what would be decided.

    Everything legal comes from headquarters as dated text: code, articles, fine, points. `picture` is the
    SHA-256 of a JPEG that headquarters serves. `general_procedure` tells that two officers must decide.
    """

    record: str
    plate: Plate
    at: datetime
    place: str
    behaviour: str
    code: str
    articles_broken: str
    articles_basis: str
    fine: Money
    points: int
    picture: str | None
    general_procedure: bool
    articles_text: str = ""

    @property
    def option_id(self) -> str:
        """Stable id of this option in a transcript."""
        return self.record

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """What every paper about a record says of it."""
        return (
            ("plate", self.plate.spaced),
            ("at", self.at.isoformat()),
            ("place", self.place),
            ("behaviour", self.behaviour),
            ("code", self.code),
        )


@dataclass(frozen=True, slots=True)
class Fine:
    """A decided fine that is not wholly paid, as it stands today. All amounts are headquarters'.

    `surcharge` is what lateness added (加处罚款), `paid` what reached it already, `due` what remains.
    """

    decision: str
    plate: Plate
    at: datetime
    place: str
    behaviour: str
    code: str
    fine: Money
    surcharge: Money
    paid: Money
    due: Money
    pay_by: date
    days_late: int

    @property
    def option_id(self) -> str:
        """Stable id of this option in a transcript."""
        return self.decision
