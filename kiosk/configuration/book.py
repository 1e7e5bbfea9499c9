"""What a technician is shown of the configuration, and what they may do about it at the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.configuration.judging import Judge
from kiosk.configuration.own_values import OwnValues
from kiosk.configuration.shelf import Shelf
from kiosk.protocol.configuration import ConfigurationSet
from kiosk.settings.editable import EDITABLE, Scalar
from kiosk.settings.loading import SettingsError, Source, Sourced


class Hands(Protocol):
    """Who carries it out: kiosk.configuration.keeper.Keeper."""

    def own_values_changed(self) -> None: ...

    def go_back(self, who: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Sets:
    """Pushed sets: in force, the one before (0: none, the station's own settings), and those refused, with why."""

    in_force: int
    before: int
    refused: tuple[tuple[int, str], ...]


class ConfigurationBook:
    """`hands` gives who puts settings in force while the terminal runs; None: they count from the next start."""

    def __init__(
        self, judge: Judge, own: OwnValues, shelf: Shelf | None, hands: Callable[[], Hands | None] = lambda: None
    ) -> None:
        self._judge = judge
        self._own = own
        self._shelf = shelf
        self._hands = hands

    def values(self) -> tuple[Sourced, ...]:
        """All that is in force, in the order of the files. Raises SettingsError."""
        return self._judge.sources(self._document())

    def sets(self) -> Sets:
        """Where pushed sets stand."""
        if self._shelf is None:
            return Sets(0, 0, ())
        standing = self._shelf.standing()
        return Sets(standing.in_force, standing.before, tuple((one.number, one.why) for one in standing.refused))

    def at_once(self) -> bool:
        """Whether a change comes into force as soon as nobody is served, without a new start."""
        return self._hands() is not None

    def choices(self, key: tuple[str, ...], source: Source) -> tuple[str, ...]:
        """What a value may be set to here; none for one that is not set at the machine, or that a push holds."""
        known = EDITABLE.get(".".join(key))
        if known is None or source in (Source.PUSH, Source.SIMULATION):
            return ()
        return tuple(str(choice) for choice in known.choices)

    def put(self, key: str, choice: str) -> str:
        """Set one; "" or why not. Judged as a whole with everything else before it is written. Raises OSError."""
        held = next((one for one in self.values() if ".".join(one.key) == key), None)
        if held is None or choice not in self.choices(held.key, held.source):
            return "not-here"
        value = next(one for one in EDITABLE[key].choices if str(one) == choice)
        return self._write({**self._own.kept().values, key: value})

    def has_before(self) -> bool:
        """Whether values set here can go back to those before."""
        kept = self._own.kept()
        return kept.values != kept.before

    def values_back(self) -> str:
        """The values set here before the last change count again; "" or why not. Raises OSError."""
        return self._write(self._own.kept().before)

    def set_back(self, who: str) -> bool:
        """Take the pushed set in force back, as soon as nobody is served; False where nobody could."""
        hands = self._hands()
        if hands is None or not self.sets().in_force:
            return False
        hands.go_back(who)
        return True

    def _write(self, values: dict[str, Scalar]) -> str:
        try:
            _ = self._judge.would_be(values, self._document())
        except SettingsError:
            return "does-not-agree"
        self._own.put(values)
        hands = self._hands()
        if hands is not None:
            hands.own_values_changed()
        return ""

    def _document(self) -> ConfigurationSet | None:
        number = self.sets().in_force
        return self._shelf.take(number) if self._shelf is not None and number else None
