"""What headquarters answers about registers and applications of the household desk: facts decided there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.people.records import Ground


@dataclass(frozen=True, slots=True)
class CardProgress:
    """How far an application for an identity card has come.

    `stage` is headquarters' word for it, reached on `since`. `site` and `address` are where the card lies, or will be
    handed out; `here` says that it lies in the asking terminal and can be collected now.
    """

    case_number: str
    ground: Ground
    stage: str
    applied_on: date
    since: date
    ready_by: date
    site: str
    address: str
    here: bool
    tag: Literal["card-progress"] = "card-progress"


@dataclass(frozen=True, slots=True)
class Eligible:
    """Headquarters says yes, and nothing more has to be known."""

    tag: Literal["eligible"] = "eligible"


LOSS_PLACES = ("street", "vehicle", "home", "shop", "station", "other")
"""Where a card may have been lost."""
LOSS_MANNERS = ("lost", "stolen", "unknown")
"""How."""
