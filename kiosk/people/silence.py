"""How long headquarters has not been heard, and what a machine may still take in the meantime.

Counted from headquarters' last answer. The machine's clock is not believed backwards: a clock that was set back
while the line was down would make the silence younger than it is.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta


class Remains(enum.Enum):
    """What of a service is left without headquarters: nothing, a pre-registration, or all of it."""

    NOTHING = "none"
    PRE_REGISTRATION = "queued"
    EVERYTHING = "local"


class Taking(enum.Enum):
    """What may be taken from citizens without a line.

    UNHEARD: headquarters has never answered here, so nothing is vouched for. TOO_LONG: the signed rules have run out.
    """

    PRE_REGISTRATIONS = "pre-registrations"
    UNHEARD = "unheard"
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True)
class Silence:
    """`heard`: when headquarters last answered; `latest`: the latest moment seen since; `seal_for`: its public key.

    Both moments are of the machine's clock, with which headquarters' last answer agreed.
    """

    heard: datetime
    latest: datetime
    seal_for: str

    def seen(self, now: datetime) -> Silence:
        """Time went by without an answer; it never goes back."""
        return Silence(self.heard, max(self.latest, now), self.seal_for)

    def lasts(self, now: datetime) -> timedelta:
        """How long nothing was heard, by the clock or by what was seen before, whichever is longer."""
        return max(now, self.latest) - self.heard


def taking(silence: Silence | None, now: datetime, longest: timedelta) -> Taking:
    """What may be taken now. `longest` is the signed rules'."""
    if silence is None or not silence.seal_for:
        return Taking.UNHEARD
    return Taking.TOO_LONG if silence.lasts(now) > longest else Taking.PRE_REGISTRATIONS
