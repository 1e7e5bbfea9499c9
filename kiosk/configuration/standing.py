"""Which set is in force at this terminal, which is being tried, and what became of others: pure values."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

REMEMBERED = 20
"""So many refusals are kept."""

TRIES_CUT_SHORT = 3
"""A trial that a power cut ended is begun again; a set that is cut so often is taken for the cause."""


class Refused(BaseModel):
    """A set that is not tried again, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    why: str


class Standing(BaseModel):
    """What is written down, whole or not at all. Set 0 is the station's own settings, with nothing pushed.

    `trial` is 0 while nothing is tried. `latest` is the latest moment at which metadata was found valid: no clock
    that runs behind it is believed (a clock set back would revive what has expired).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    in_force: NonNegativeInt = 0
    before: NonNegativeInt = 0
    trial: NonNegativeInt = 0
    cut_short: Annotated[int, Field(ge=0)] = 0
    refused: tuple[Refused, ...] = ()
    latest: datetime | None = None

    def wants(self, number: int) -> bool:
        """Whether an assigned set is to be fetched: newer than what is in force, and not refused before."""
        return number > self.in_force and number not in [each.number for each in self.refused]

    def known_at(self, now: datetime) -> datetime:
        """The moment by which expiry is judged: the clock's, but never one that has already been."""
        return now if self.latest is None else max(now, self.latest)

    def seen(self, moment: datetime) -> Standing:
        """Metadata were valid at this moment."""
        return self.model_copy(update={"latest": moment})

    def try_out(self, number: int) -> Standing:
        """Written before a set is put in force. A power cut from here on leads back."""
        assert self.wants(number)
        again = self.cut_short if self.trial in (0, number) else 0
        return self.model_copy(update={"trial": number, "cut_short": again})

    def keep(self) -> Standing:
        """The trial was good and headquarters knows: it is final."""
        return self.model_copy(
            update={"in_force": self.trial, "before": self.in_force, "trial": 0, "cut_short": 0},
        )

    def refuse(self, number: int, why: str) -> Standing:
        """Not this set, tried or not; what was in force still is."""
        refused = (*self.refused, Refused(number=number, why=why))[-REMEMBERED:]
        return self.model_copy(update={"trial": 0, "cut_short": 0, "refused": refused})

    def go_back(self, why: str) -> Standing:
        """By hand, to what was in force before; the set that was is not taken again."""
        refused = (*self.refused, Refused(number=self.in_force, why=why))[-REMEMBERED:]
        return self.model_copy(update={"in_force": self.before, "before": 0, "refused": refused})

    def after_start(self) -> Standing:
        """At start: a trial under way was cut short. The last good set is in force again."""
        if not self.trial:
            return self
        cut = self.cut_short + 1
        if cut >= TRIES_CUT_SHORT:
            return self.refuse(self.trial, "cut-short: the machine went down during its trial again and again")
        return self.model_copy(update={"trial": 0, "cut_short": cut})
