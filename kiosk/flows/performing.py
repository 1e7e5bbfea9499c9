"""What the engine asks of whoever carries steps out (the counter), and how that can end other than by an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kiosk.flows.effects import Certainty, EffectState
from kiosk.flows.opening import Opening
from kiosk.flows.steps import Step
from kiosk.people.records import RefusalCode

Evidence = Mapping[str, str]
"""What was read or seen, by name; no personal data."""


@dataclass(frozen=True, slots=True)
class At:
    """Where in the visit a step stands.

    `key` is case/step key/occurrence, the same for every replay and attempt; `attempt` counts transport retries of
    the same effect; `draft` is the citizen's earlier answer at this step's key after Back, or None; `past_barrier`
    tells that an effect has begun, so that nothing goes back. For effects `key` is the idempotency key.
    """

    case: str
    key: str
    occurrence: int
    attempt: int
    opening: Opening
    draft: Any = None
    can_go_back: bool = False
    past_barrier: bool = False
    digest: str = ""
    """SHA-256 of an effect's payload: goes to headquarters beside the key (rule 8)."""


class Back(Exception):
    """The citizen wants the previous answer again."""


class Leave(Exception):
    """The citizen leaves, or is gone (`why`: left, timed-out)."""

    def __init__(self, why: str = "left") -> None:
        super().__init__(why)
        self.why = why


class VisitEnds(Exception):
    """What no flow can decide: headquarters unreachable, a needed device dead. Ends the visit in one place."""

    def __init__(self, code: RefusalCode, details: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(code.value)
        self.code = code
        self.details = details


class Performer(Protocol):
    """Carries out steps of one kind. Raises Back, Leave or VisitEnds."""

    async def perform(self, step: Step[Any], at: At) -> Any: ...


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A message only the outbox sends; stored in the same transaction as the started row. `body` is JSON text."""

    key: str
    path: str
    body: str
    blobs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What goes to disk as `started`, before hardware or network is touched (rule 9)."""

    evidence: Evidence = field(default_factory=dict[str, str])
    outbox: OutboxItem | None = None


class Recorder(Protocol):
    """Appends stages to the running effect, durably, each before the next thing happens."""

    async def stage(self, name: str, evidence: Evidence, certainty: Certainty) -> None: ...


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an effect: a final state and, for DONE or FAILED, its answer if one can be given."""

    state: EffectState
    answer: Any = None
    evidence: Evidence = field(default_factory=dict[str, str])
    reports: tuple[OutboxItem, ...] = ()
    """What headquarters must hear of it, queued in the same transaction as the final state."""


class EffectPerformer(Protocol):
    """Carries out effects of one kind in three movements."""

    async def prepare(self, step: Any, at: At) -> Prepared:
        """Read counters and sensors, obtain what is needed on paper. May raise Back, Leave or VisitEnds.

        Nothing has happened yet when this ends.
        """
        ...

    async def perform(self, step: Any, at: At, before: Evidence, record: Recorder) -> Settled:
        """Do it once. Never raises for what hardware or network do: DONE, FAILED (surely not), or IN_DOUBT."""
        ...

    async def settle(self, step: Any, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """After a restart: ask, wait for idle, compare with `before`. Never opens, prints, charges (rule 15)."""
        ...
