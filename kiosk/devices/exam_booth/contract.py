"""What an examination booth can do. It measures; whether somebody is fit, an accredited doctor says."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kiosk.devices.words import Health

CALIBRATION_EXPIRED = "calibrationExpired"
CALIBRATION_INVALID = "calibrationInvalid"
"""Calibrated in the future, or valid until before it was calibrated: one of the clocks is wrong."""
READ_FAILED = "readFailed"
NOBODY_THERE = "nobodyThere"
HEADSET_OFF = "headsetOff"
SENSOR_FAULT = "sensorFault"

FREQUENCIES = (500, 1000, 2000, 4000)
"""Hertz, pure tones."""
LOWEST_LEVEL, HIGHEST_LEVEL = 0, 60
"""dB HL (ISO 389-1). Higher ones are a doctor's business, not a machine's."""
LONGEST_TONE_SECONDS = 3.0


class Ear(enum.Enum):
    """Which side of the headset."""

    LEFT = "left"
    RIGHT = "right"


class Posture(enum.Enum):
    """How the person stands to the sensor."""

    NOBODY = "nobody"
    SEATED = "seated"
    STANDING = "standing"


class Worn(enum.Enum):
    """Whether the headset is on a head."""

    YES = "worn"
    NO = "notWorn"
    UNKNOWN = "unknown"


class Call(enum.Enum):
    """The button that calls an operator."""

    PRESSED = "on"
    RELEASED = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whose figures a reading rests on: the certificate's id, when it was made and until when it holds."""

    id: str
    calibrated: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Height:
    """Three readings in millimetres. They are a person's: never shown."""

    readings_mm: tuple[int, int, int] = field(repr=False)
    calibration: Calibration
    at: datetime

    @property
    def median_mm(self) -> int:
        """The middle one: a head that moved once does not count."""
        return sorted(self.readings_mm)[1]

    @property
    def spread_mm(self) -> int:
        """Between the highest and the lowest; whoever decides says how much is too much."""
        return max(self.readings_mm) - min(self.readings_mm)


@dataclass(frozen=True, slots=True)
class Distance:
    """From the panel to the person's eyes, in millimetres."""

    mm: int
    posture: Posture
    calibration: Calibration
    at: datetime


@dataclass(frozen=True, slots=True)
class Noise:
    """Ambient sound pressure, slow, in dB(A) (IEC 61672-1)."""

    dba: float
    calibration: Calibration
    at: datetime


@dataclass(frozen=True, slots=True)
class Tone:
    """A pure tone. Raises ValueError for what the booth must never play."""

    ear: Ear
    hertz: int
    level_db_hl: int
    seconds: float

    def __post_init__(self) -> None:
        if self.hertz not in FREQUENCIES:
            raise ValueError("a tone has one of the booth's frequencies")
        if not LOWEST_LEVEL <= self.level_db_hl <= HIGHEST_LEVEL:
            raise ValueError("a tone's level is between 0 and 60 dB HL")
        if not 0.1 <= self.seconds <= LONGEST_TONE_SECONDS:
            raise ValueError("a tone lasts from 0.1 to 3 seconds")


@dataclass(frozen=True, slots=True)
class TonePlayed:
    """A tone that was played to its end, as the headset's amplifier says; `worn` to the end."""

    tone: Tone
    calibration: Calibration
    at: datetime


@dataclass(frozen=True, slots=True)
class BoothCapabilities:
    """Static."""

    frequencies: tuple[int, ...]
    lowest_level: int
    highest_level: int


@dataclass(frozen=True, slots=True)
class BoothStatus:
    """Health, the headset, the call button, and whose calibration holds (None while not known)."""

    health: Health
    headset: Worn
    call: Call
    calibration: Calibration | None


class ExamBooth(Protocol):
    """Measures when asked. Every reading names its calibration; one that has expired is refused, with that word.

    Faults: COMMAND_ERROR with calibrationExpired, calibrationInvalid, readFailed, nobodyThere, headsetOff;
    HARDWARE_ERROR/sensorFault; DEVICE_NOT_READY.
    """

    @property
    def capabilities(self) -> BoothCapabilities: ...

    async def height(self) -> Height: ...

    async def distance(self) -> Distance: ...

    async def noise(self) -> Noise: ...

    async def play(self, tone: Tone) -> TonePlayed:
        """Returns when the tone has ended. Given up, it is stopped before anything else is done."""
        ...

    async def status(self) -> BoothStatus: ...

    async def watch(self, tell: Callable[[Call], None]) -> None:
        """Tell every turn of the call button until cancelled; UNKNOWN while the booth is away.

        `tell` must not block.
        """
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
