"""What headquarters asks about vehicles that were bought and are not registered yet (交管, 税务, 保险).

Any call may raise AgencyFailed; `plate_issued` is idempotent by its case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from kiosk.people.new_vehicles import NewVehicle


@dataclass(frozen=True, slots=True)
class Invoice:
    """机动车销售统一发票: whose, for which vehicle."""

    buyer: str = field(repr=False)
    vin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """交强险. `valid_to` included."""

    vin: str = field(repr=False)
    valid_to: date


@dataclass(frozen=True, slots=True)
class PlateOnFile:
    """A temporary plate that was issued. `valid_to` included."""

    number: str
    issued_on: date
    valid_to: date


class NewVehicles(Protocol):
    """Papers of a purchase, and the temporary plates of a vehicle."""

    def invoice(self, code: str) -> Invoice | None: ...

    def certificate(self, code: str) -> NewVehicle | None: ...

    def policy(self, code: str) -> Policy | None: ...

    def plates(self, vin: str) -> tuple[PlateOnFile, ...]:
        """Oldest first."""
        ...

    def registered(self, vin: str) -> bool: ...

    def plate_issued(self, case: str, vin: str, number: str, issued_on: date, valid_to: date) -> None: ...
