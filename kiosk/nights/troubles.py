"""Every fault that can strike in a visit: of the devices of the simulated world, and of the line, at each step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kiosk.flows import effects as _effects
from kiosk.flows.steps import Step
from kiosk.simulation.state import FAULTS, Device, Network, faults_of

LINE = Device.HEADQUARTERS.value
EVERYBODYS = frozenset({Device.UPS.value})
"""What no step names and every service needs."""
AT_THE_LINE = ("look-up", "submit", "pay")
"""The steps at which the line to headquarters is spoiled: asking, filing, paying."""
AT_THE_WRITER = ("take-pass", "endorse", "return-pass")
"""The steps at which the endorsement writer is broken: drawing the pass in, writing it, giving it back."""
AT_THE_DISPENSER = ("hand-over",)
"""The step at which a dispenser, or the reader inside it, is broken."""
FIRST_STROKES = frozenset({"", AT_THE_LINE[0], AT_THE_WRITER[0], AT_THE_DISPENSER[0]})
"""Of faults that are planted at several steps only one is looked at while nobody is there."""
PRINTERS = frozenset({Device.RECEIPT_PRINTER.value, Device.PAGE_PRINTER.value})
PICK_UP = "pick-up"
OF_ANOTHER_MACHINE = frozenset({Device.DISPENSER, Device.INSIDE_READER})
"""Not in the machine the record is of, whose finished documents lie behind doors: played at one of that kind."""

assert _effects  # the steps that are effects are classes of that module


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of a device, or a state of the line at a kind of step."""

    device: str
    fault: str
    step: str = ""

    @property
    def profile(self) -> str:
        """The kind of machine that has such a device; "" is the one the record is of."""
        return PICK_UP if self.device in OF_ANOTHER_MACHINE else ""

    @property
    def name(self) -> str:
        """As the page and the commands call it."""
        return f"{self.device}:{self.fault}" + (f"@{self.step}" if self.step else "")

    @property
    def command(self) -> tuple[str, dict[str, str]]:
        """What is asked of the world."""
        if self.device == LINE:
            return "network", {"state": self.fault}
        return "fault", {"device": self.device, "fault": self.fault}


def troubles() -> tuple[Trouble, ...]:
    """Every fault the simulated world knows, and every state of the line at every kind of request."""
    devices = [
        Trouble(device.value, name, step)
        for device in FAULTS
        for name in faults_of(device)
        for step in _strokes(device)
    ]
    line = [Trouble(LINE, state.value, step) for state in Network if state is not Network.UP for step in AT_THE_LINE]
    return (*devices, *line)


def _strokes(device: Device) -> tuple[str, ...]:
    if device in OF_ANOTHER_MACHINE:
        return AT_THE_DISPENSER
    return AT_THE_WRITER if device is Device.ENDORSEMENT_WRITER else ("",)


def needing(device: str) -> frozenset[str]:
    """The kinds of steps that need a device."""
    found = {s.kind.value for s in _steps(Step) if any(need.value == device for need in getattr(s, "needs", ()))}
    return frozenset(found | ({"print"} if device in PRINTERS else set()))


def _steps(base: type[Any]) -> Iterable[type[Any]]:
    for sub in base.__subclasses__():
        if hasattr(sub, "kind"):
            yield sub
        yield from _steps(sub)
