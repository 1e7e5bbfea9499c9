"""How a visit differs from one as it should be: who comes, what they do otherwise, what happens meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.simulation.citizen import Act


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens in the world when a step begins: one whose kind or key is named; "" when they arrive."""

    steps: frozenset[str]
    do: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Who comes, what they do otherwise, and what happens. Nothing of it: a visit as it should be."""

    situation: str = ""
    """The script's own where not said."""
    nth: int = 0
    habits: Mapping[str, Act] = field(default_factory=dict[str, Act])
    happenings: tuple[Happening, ...] = ()
    agency: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """A fault of an authority from the beginning, as headquarters' sandbox takes it."""
    stranger: bool = False
    """They know the number, and carry the card, of the script's own person."""
    profile: str = ""
    """The kind of machine; "" is the packaged default. All visits of a night are at one machine."""
