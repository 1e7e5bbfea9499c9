"""What headquarters asks of the register of names and of the register of residents from elsewhere.

Every call that changes something is idempotent by the name it is given. Any call may raise AgencyFailed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.people.names import PersonName, SexAsked


@dataclass(frozen=True, slots=True)
class NameCount:
    """How many people on the register bear a name; `as_of` is the day it was counted up to."""

    nation: int
    province: int
    city: int
    as_of: date


class NameRegister(Protocol):
    """人口库 as a count: numbers by place, never a person."""

    def count(self, name: PersonName, sex: SexAsked) -> NameCount: ...
