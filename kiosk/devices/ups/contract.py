"""What an uninterruptible supply can say (XFS4IoT PowerManagement), and what follows from it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


class PowerIn(enum.Enum):
    """powerInStatus."""

    POWERING = "powering"
    NO_POWER = "noPower"
    UNKNOWN = "unknown"


class Battery(enum.Enum):
    """batteryStatus. CRITICAL: it ends in moments. FAILURE: to be replaced."""

    OPERATIONAL = "operational"
    LOW = "low"
    CRITICAL = "critical"
    FAILURE = "failure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class UpsStatus:
    """Health, mains and battery. `charge` in percent, `runtime` in seconds; None where the supply does not say."""

    health: Health
    power_in: PowerIn
    battery: Battery
    charge: int | None = None
    runtime: int | None = None


class Advice(enum.Enum):
    """What the terminal should do. FINISH: begin no new visit; SHUT_DOWN: retract, close the books, power off."""

    CARRY_ON = "carry-on"
    FINISH = "finish"
    SHUT_DOWN = "shut-down"


def advice(status: UpsStatus, *, shut_down_seconds: int) -> Advice:
    """What a status means when shutting down takes up to so many seconds.

    A supply that cannot be asked is no reason to stop: only a battery that is known to feed us is.
    """
    if status.power_in is not PowerIn.NO_POWER:
        return Advice.CARRY_ON
    if status.battery in (Battery.LOW, Battery.CRITICAL, Battery.FAILURE):
        return Advice.SHUT_DOWN
    if status.runtime is not None and status.runtime <= shut_down_seconds:
        return Advice.SHUT_DOWN
    return Advice.FINISH


@dataclass(frozen=True, slots=True)
class UpsCapabilities:
    """Static. `measures_runtime`: whether a remaining time may be expected."""

    measures_runtime: bool


class Ups(Protocol):
    """Asked, never commanded."""

    @property
    def capabilities(self) -> UpsCapabilities: ...

    async def status(self) -> UpsStatus:
        """Raises nothing: what cannot be asked is POWER_OFF with everything unknown."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
