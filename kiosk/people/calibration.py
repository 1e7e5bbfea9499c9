"""What is adjusted where the machine stands, and for how long it is vouched for."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta


class Adjusted(enum.Enum):
    """One thing that is measured on the spot; in the order it is done."""

    DISPLAY_SIZE = "display-size"
    """The pitch of a pixel: every size on the screen, and the vision chart, is computed from it."""
    TOUCH = "touch"
    CAMERA_AIM = "camera-aim"
    CAMERA_EXPOSURE = "camera-exposure"
    DISTANCE = "distance"
    """The examination booth's reading from the panel to the eyes."""
    HEIGHT = "height"
    """The examination booth's reading of a person's height."""

    @property
    def need(self) -> str:
        """What a service that rests on it needs, beside its devices."""
        return f"calibration-{self.value}"


NEEDS = tuple(kind.need for kind in Adjusted)


class Validity(enum.Enum):
    """How it stands on a day."""

    HOLDS = "holds"
    SOON = "soon"
    """It holds, and runs out within the days of warning."""
    OVER = "over"
    NEVER = "never"
    """Nobody has ever vouched for it here."""


@dataclass(frozen=True, slots=True)
class Rule:
    """For how many days a calibration is good from the day it was made, and how many before its end one is warned."""

    valid_days: int
    warn_days: int

    def until(self, on: date) -> date:
        """The last day of one made on a day."""
        return on + timedelta(days=self.valid_days)

    def stands(self, until: date | None, today: date) -> Validity:
        """How one that holds to the end of `until` stands."""
        if until is None:
            return Validity.NEVER
        if until < today:
            return Validity.OVER
        return Validity.SOON if (until - today).days <= self.warn_days else Validity.HOLDS
