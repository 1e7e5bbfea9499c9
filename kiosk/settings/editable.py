"""What a technician may set at the machine itself, and within which limits: a few values, each with all it may be.

Everything else is headquarters' or the station file's. Nothing here touches money, law, identity or who may come in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Scalar = str | int | float


@dataclass(frozen=True, slots=True)
class Editable:
    """One value: its key, and everything it may be, in order."""

    key: str
    choices: tuple[Scalar, ...]


EDITABLE: Mapping[str, Editable] = MappingProxyType(
    {
        one.key: one
        for one in (
            Editable("appearance.night_from", tuple(range(17, 24))),
            Editable("appearance.night_to", tuple(range(4, 10))),
            Editable("timeouts.idle", (45.0, 60.0, 75.0, 90.0, 120.0)),
            Editable("timeouts.idle_elder", (90.0, 120.0, 150.0, 180.0, 240.0)),
            Editable("timeouts.take_sounds", (15.0, 20.0, 30.0, 45.0)),
            Editable("timeouts.help_unanswered", (30.0, 45.0, 60.0, 90.0)),
            Editable("maintenance.idle", (120.0, 180.0, 240.0, 300.0)),
            Editable("maintenance.corners", ("held", "off")),
            Editable("entrance.expired_card", ("let-in", "guard")),
        )
    }
)
"""By key. Hours of the day, seconds, and words of the settings."""


def tree_of(values: Mapping[str, Scalar]) -> dict[str, Any]:
    """Values by key as a tree of settings; what may not be set here, or not to that, is left out."""
    tree: dict[str, Any] = {}
    for key, value in values.items():
        known = EDITABLE.get(key)
        if known is None or value not in known.choices:
            continue
        *tables, name = key.split(".")
        at = tree
        for table in tables:
            at = at.setdefault(table, {})
        at[name] = value
    return tree
