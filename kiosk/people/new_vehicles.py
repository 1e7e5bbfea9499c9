"""Vehicles that were bought and are not registered yet, and temporary plates for them (order 164 art. 46, 47)."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kiosk.people.money import Money


@dataclass(frozen=True, slots=True)
class PurchasePapers:
    """The codes on the three papers: invoice (来历证明), certificate of the maker (合格证), insurance (交强险)."""

    invoice: str = field(repr=False)
    certificate: str = field(repr=False)
    policy: str = field(repr=False)

    @property
    def filed(self) -> tuple[tuple[str, str], ...]:
        """As an application names them."""
        return (("invoice", self.invoice), ("certificate", self.certificate), ("policy", self.policy))


@dataclass(frozen=True, slots=True)
class NewVehicle:
    """A vehicle as its maker's certificate describes it."""

    vin: str = field(repr=False)
    model: str
    vehicle_type: str
    engine: str = field(repr=False)

    @property
    def masked(self) -> str:
        """车辆识别代号 as pages and slips carry it: its last six characters."""
        return f"{'*' * (len(self.vin) - 6)}{self.vin[-6:]}"


class PlateArea(enum.Enum):
    """行驶区间: within the authority's area, or beyond it."""

    WITHIN = "within"
    ACROSS = "across"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


@dataclass(frozen=True, slots=True)
class MayHavePlate:
    """Yes: until when it would be valid, the how-manieth of how many, what it costs; where else it can be had."""

    model: str
    vin_masked: str
    valid_to: date
    insured_to: date
    nth: int
    most: int
    fee: Money
    fee_reference: str
    window: str
    tag: Literal["may-have-plate"] = "may-have-plate"


@dataclass(frozen=True, slots=True)
class PlateText:
    """What stands on a temporary plate (GA 36). It names its owner: never shown, never logged."""

    item: str
    number: str = field(repr=False)
    vehicle_type: str = field(repr=False)
    model: str = field(repr=False)
    vin: str = field(repr=False)
    engine: str = field(repr=False)
    owner: str = field(repr=False)
    area: str = field(repr=False)
    valid_to: str = field(repr=False)
    authority: str = field(repr=False)
    issued_on: str = field(repr=False)
    tag: Literal["plate-text"] = "plate-text"


class CodeShape(enum.Enum):
    """What the code on each paper of a purchase looks like; whether it is one, headquarters knows."""

    INVOICE = r"[0-9]{20}"
    CERTIFICATE = r"[A-Z0-9]{14,17}"
    POLICY = r"[A-Z]{2,4}[A-Z0-9]{16,24}"

    @property
    def paper(self) -> str:
        """The paper, in a word."""
        return self.name.lower()

    def fits(self, text: str) -> bool:
        """Whether a scanned text can be this paper's."""
        return re.fullmatch(self.value, text) is not None
