"""Toy flows, and performers that answer from a table: what a citizen and devices would do, scripted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.flows.effects import Certainty
from kiosk.flows.opening import Opening, SecondFactor
from kiosk.flows.performing import At, EffectPerformer, Evidence, OutboxItem, Performer, Prepared, Recorder, Settled
from kiosk.flows.steps import Step, StepKind
from kiosk.times import BEIJING

START = datetime(2026, 3, 1, 1, 30, tzinfo=BEIJING)

OPENING = Opening(
    service="TOY",
    now=START,
    settings_version="1",
    terminal="T1",
    site="Steel Street 1",
    language="zh-CN",
    second_factor=SecondFactor.REQUIRED,
)


@dataclass
class Ids:
    """case-1, case-2, ..."""

    made: int = 0

    def case_id(self) -> str:
        self.made += 1
        return f"case-{self.made}"


Answering = Callable[[Any, At], Any]


@dataclass
class Answers:
    """A performer for steps that are no effects: `answer` returns a value, or raises Back, Leave, VisitEnds."""

    answer: Answering
    asked: list[tuple[Step[Any], At]] = field(default_factory=list[tuple[Step[Any], At]])

    async def perform(self, step: Step[Any], at: At) -> Any:
        self.asked.append((step, at))
        return self.answer(step, at)


async def _nothing(*_: Any) -> None:
    return None


@dataclass
class Does:
    """A performer for effects. Each movement is a function of step and position; `calls` keeps what was called."""

    do: Answering
    settled: Answering | None = None
    before: Callable[[Any, At], Prepared] = lambda step, at: Prepared({"counter": "7"})
    stages: tuple[str, ...] = ()
    during: Callable[..., Awaitable[None]] = _nothing
    calls: list[tuple[str, At]] = field(default_factory=list[tuple[str, At]])

    async def prepare(self, step: Any, at: At) -> Prepared:
        self.calls.append(("prepare", at))
        return self.before(step, at)

    async def perform(self, step: Any, at: At, before: Evidence, record: Recorder) -> Settled:
        self.calls.append(("perform", at))
        for stage in self.stages:
            await record.stage(stage, {"seen": "yes"}, Certainty.SENSED)
        await self.during()
        return self.do(step, at)

    async def settle(self, step: Any, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        self.calls.append(("settle", at))
        assert self.settled is not None
        return self.settled(step, at)

    def count(self, movement: str) -> int:
        return sum(1 for name, _ in self.calls if name == movement)


Table = Mapping[StepKind, Performer | EffectPerformer]


def letter(key: str) -> OutboxItem:
    return OutboxItem(key, "/v1/filings", "{}")
