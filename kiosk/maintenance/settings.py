"""Configuration at the machine: what is in force and why, a few values within limits, and the way back."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, ClassVar

from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase, Step, StepKind, Stop


class Did(enum.Enum):
    """What became of the configuration."""

    NOTHING = "nothing"
    CHANGED = "changed"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, kw_only=True)
class Configure(Step[Did]):
    """Show what is in force, and let what may be set here be set, within its limits."""

    kind: ClassVar[StepKind] = StepKind.CONFIGURE

    @property
    def absent(self) -> Did | Stop:
        return Did.NOTHING

    @property
    def answer_type(self) -> Any:
        return Did


async def configure(opening: Opening) -> Outcome:
    """设置. Every change is in the audit trail with what was before; it comes into force when nobody is served."""
    del opening
    did = await Configure(key="configure", phase=Phase.DETAILS)
    return Outcome(Ending.DONE, f"task-settings-{did.value}")
