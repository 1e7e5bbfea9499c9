"""Who works at the machine: roles, and the numbers they are called by. Nobody's name or identity number."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from itertools import pairwise

PIN_DIGITS = 8
NUMBER_DIGITS = 6
"""Of a staff number: digits, so that it can be typed on a number pad."""
CODE_DIGITS = 8
"""Of a one-time code, and of the challenge it answers."""


class Role(enum.Enum):
    """What somebody may do at the machine; each is given by headquarters, none contains another."""

    ATTENDANT = "attendant"
    """Fills paper and clears jams."""
    TECHNICIAN = "technician"
    """Everything but documents."""
    LOADER = "loader"
    """Loads and unloads documents, always with a second one."""
    SECURITY = "security"
    """Unlocks what is locked, and settles with a second person what stays in doubt."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who proved who they are. `number` is their staff number, which stands in the records."""

    number: str
    role: Role


def poor_pin(pin: str) -> bool:
    """Whether a PIN is one that people try first: one digit, a run, one pair or half repeated, a year and its day."""
    if len(pin) != PIN_DIGITS or not pin.isascii() or not pin.isdigit():
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeated = any(pin == pin[:length] * (PIN_DIGITS // length) for length in (1, 2, 4))
    return repeated or steps in ({1}, {9}) or pin == pin[::-1] or _is_a_day(pin)


def _is_a_day(pin: str) -> bool:
    year, month, day = int(pin[:4]), int(pin[4:6]), int(pin[6:])
    return 1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31
