"""A small world for engine and recovery: programs for flows, devices that remember, power that fails.

A flow is made from a program (nested tuples), so that the same flow can be made again in another process. The world
counts what really happened, by effect key; the books only say what is believed.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.flows import effects as words
from kiosk.flows.effects import Certainty, EffectState
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.performing import At, Back, Evidence, Leave, OutboxItem, Prepared, Recorder, Settled, VisitEnds
from kiosk.flows.play import Flow
from kiosk.flows.queries import WhoIs
from kiosk.flows.steps import Choose, LookUp, Phase, Step, StepKind
from kiosk.flows.visit import Performers
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.records import CitizenKnown, FinishedCard, Ground, PersonOnFile, Refusal, RefusalCode

NUMBER = IdNumber("150203199003070017")
PERSONAL = "WangFangOfSteelStreet"
PERSON = PersonOnFile(CitizenKnown.FACE_ONLY, PERSONAL)
PICTURE = b"picture of " + PERSONAL.encode()
CARD = FinishedCard("item-1", "case-1", 1, 7, Ground.LOSS, date(2026, 1, 1), None, "authority")

Program = tuple[Any, ...]
"""("ask", key) | ("look",) | (effect, key) | ("if", program, program) | ("while", key, program), in sequence."""

EFFECTS = ("print", "file", "pay", "take", "hand")


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"

    @property
    def option_id(self) -> str:
        return self.value


def effect_step(name: str, key: str, orders: tuple[str, ...]) -> Step[Any]:
    match name:
        case "print":
            return words.Print(
                key=key, phase=Phase.FINISH, paper=words.PaperKind.COLLECTION_SLIP, values=(("key", key),)
            )
        case "file":
            payload = (("number", NUMBER.text), ("name", PERSONAL))
            return words.Submit(key=key, phase=Phase.FINISH, filing="toy", payload=payload, undo_orders=orders)
        case "pay":
            return words.Pay(key=key, phase=Phase.PAY, bill=words.Bill(key, NUMBER, Money(2000)))
        case "take":
            return words.TakeIn(key=key, phase=Phase.DETAILS, number=NUMBER, document="id-card")
        case _:
            return words.HandOver(key=key, phase=Phase.FINISH, number=NUMBER, card=CARD)


def flow_of(program: Program) -> Flow:
    async def play(steps: Program, orders: list[str], depth: int) -> None:
        last = Colour.BLUE
        for step in steps:
            match step:
                case ("ask", key):
                    last = await ask(key)
                case ("look",):
                    assert await LookUp(key="who", phase=Phase.IDENTITY, query=WhoIs(NUMBER)) == PERSON
                case ("if", yes, no):
                    await play(yes if last is Colour.RED else no, orders, depth + 1)
                case ("while", key, body):
                    while await ask(key) is Colour.RED:
                        await play(body, orders, depth + 1)
                case (name, key):
                    answer = await effect_step(name, key, tuple(orders))
                    if isinstance(answer, words.Paid):
                        orders.append(answer.order)
                case _:
                    raise AssertionError(step)

    async def flow(opening: Opening) -> Outcome:
        await play(program, [], 0)
        return Outcome(Ending.DONE, opening.service)

    return flow


def ask(key: str) -> Choose[Colour]:
    return Choose(key=key, phase=Phase.DETAILS, topic="colour", options=tuple(Colour))


class PowerCut(BaseException):
    """Here the process is killed."""


@dataclass
class Power:
    """Fails at the numbered point (from 1), or never for 0. Points are passed before and after everything durable."""

    fails_at: int = 0
    passed: int = 0

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.fails_at:
            raise PowerCut


@dataclass
class World:
    """What really happened: effect keys by kind, in order. Saved in a file where one is given."""

    done: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    file: Path | None = None

    def act(self, kind: StepKind, key: str) -> None:
        self.done.setdefault(kind.value, []).append(key)
        if self.file is not None:
            self.file.write_text(json.dumps(self.done))

    def count(self, kind: StepKind) -> int:
        return len(self.done.get(kind.value, ()))

    def times(self, key: str) -> int:
        return sum(keys.count(key) for keys in self.done.values())


YES: Mapping[StepKind, Callable[[At], Any]] = {
    StepKind.PRINT: lambda at: words.Printed(Certainty.SENSED),
    StepKind.SUBMIT: lambda at: words.Filed(f"N-{at.key}"),
    StepKind.PAY: lambda at: words.Paid(f"O-{at.key}", Money(2000), f"R-{at.key}"),
    StepKind.TAKE_IN: lambda at: words.TakenIn(f"K-{at.key}", 1, 3),
    StepKind.HAND_OVER: lambda at: words.Taken(Certainty.SENSED),
}

NO: Mapping[StepKind, Callable[[At], Any]] = {
    StepKind.PRINT: lambda at: words.NotPrinted("paper"),
    StepKind.SUBMIT: lambda at: words.NotFiled(Refusal(RefusalCode.OTHER)),
    StepKind.PAY: lambda at: words.PaymentCancelled(f"O-{at.key}"),
    StepKind.TAKE_IN: lambda at: words.GivenBack(),
    StepKind.HAND_OVER: lambda at: words.NotOpened("lock"),
}

DOUBT: Mapping[StepKind, Callable[[At], Any]] = {
    StepKind.PRINT: lambda at: words.PrintInDoubt(),
    StepKind.SUBMIT: lambda at: words.Pending(f"P-{at.key}"),
    StepKind.PAY: lambda at: words.Unsettled(f"O-{at.key}"),
    StepKind.TAKE_IN: lambda at: words.TakeInInDoubt(f"K-{at.key}"),
    StepKind.HAND_OVER: lambda at: words.HandOverInDoubt(),
}


@dataclass
class Device:
    """Carries out effects of one kind as `fates` say, one after another; then all go well."""

    kind: StepKind
    world: World
    power: Power
    fates: Iterator[str]
    slow: Callable[[], Any]

    async def prepare(self, step: Any, at: At) -> Prepared:
        self.power.point()
        fate = next(self.fates, "done")
        if fate == "back":
            raise Back
        if fate == "leave":
            raise Leave
        outbox = None
        if self.kind is StepKind.SUBMIT:
            outbox = OutboxItem(at.key, "/v1/filings", json.dumps(dict(step.payload)))
        return Prepared({"counter": str(self.world.count(self.kind)), "fate": fate}, outbox)

    async def perform(self, step: Any, at: At, before: Evidence, record: Recorder) -> Settled:
        self.power.point()
        await record.stage("commanded", {}, Certainty.SENSED)
        await self.slow()
        fate = before["fate"]
        if fate in ("done", "doubt-done", "crash-done"):
            self.world.act(self.kind, at.key)
        self.power.point()
        if fate.startswith("crash"):
            raise RuntimeError(PERSONAL)
        if fate == "done":
            return Settled(EffectState.DONE, YES[self.kind](at))
        if fate.startswith("doubt"):
            return Settled(EffectState.IN_DOUBT, DOUBT[self.kind](at))
        return Settled(EffectState.FAILED, NO[self.kind](at))

    async def settle(self, step: Any, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        self.power.point()
        if before["fate"] == "doubt-for-ever":
            return Settled(EffectState.IN_DOUBT, DOUBT[self.kind](at))
        match self.world.count(self.kind) - int(before["counter"]):
            case 0:
                return Settled(EffectState.FAILED, NO[self.kind](at))
            case 1:
                return Settled(EffectState.DONE, YES[self.kind](at))
            case _:
                return Settled(EffectState.IN_DOUBT, DOUBT[self.kind](at))


@dataclass
class Citizen:
    """Answers as `deeds` say, one after another; then BLUE, which ends every loop."""

    deeds: Iterator[str]
    power: Power
    keep: Callable[[bytes, str], Any]

    async def perform(self, step: Step[Any], at: At) -> Any:
        self.power.point()
        self.keep(PICTURE + at.key.encode(), "image/jpeg")
        match next(self.deeds, "blue"):
            case "red":
                return Colour.RED
            case "back":
                raise Back
            case "leave":
                raise Leave("left")
            case "timeout":
                raise Leave("timed-out")
            case "lost":
                raise VisitEnds(RefusalCode.DEVICE)
            case _:
                return Colour.BLUE


class Headquarters:
    async def perform(self, step: Step[Any], at: At) -> Any:
        return PERSON


async def at_once() -> None:
    return None


def performers(
    world: World,
    power: Power,
    deeds: Iterator[str],
    fates: Iterator[str],
    keep: Callable[[bytes, str], Any],
    slow: Callable[[], Any] = at_once,
) -> Performers:
    kinds = (StepKind.PRINT, StepKind.SUBMIT, StepKind.PAY, StepKind.TAKE_IN, StepKind.HAND_OVER)
    devices = {kind: Device(kind, world, power, fates, slow) for kind in kinds}
    return {StepKind.CHOOSE: Citizen(deeds, power, keep), StepKind.LOOK_UP: Headquarters(), **devices}
