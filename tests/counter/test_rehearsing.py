"""Visits that nobody makes: what cannot be begun is named, and nothing has an effect."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from kiosk.counter.rehearsing import RehearsingStage, rehearsed
from kiosk.flows.effects import PaperKind, Print
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.performing import At
from kiosk.flows.play import Flow
from kiosk.flows.steps import Phase, Step, StepKind
from kiosk.screens.states import Look
from kiosk.virtual import run_virtual
from tests.flows.memory_book import PlainLetters
from tests.flows.test_engine import choose
from tests.flows.toys import OPENING, START, Does, Ids


class OnStage:
    """Waits for a touch, as every page does."""

    async def perform(self, step: Step[Any], at: At) -> Any:
        del step, at
        return await RehearsingStage(Look()).intent()


class Hangs:
    """Never comes so far as to wait for somebody."""

    async def perform(self, step: Step[Any], at: At) -> Any:
        del step, at
        await asyncio.Event().wait()


async def asks(_: Opening) -> Outcome:
    await choose()
    return Outcome(Ending.DONE, "done")


async def acts(_: Opening) -> Outcome:
    await Print(key="slip", phase=Phase.CONFIRM, paper=next(iter(PaperKind)), values=())
    return Outcome(Ending.DONE, "done")


def told(flow: Flow, carried: dict[StepKind, Any]) -> tuple[str, ...]:
    async def whole() -> tuple[str, ...]:
        def opening(service: str) -> Opening:
            return replace(OPENING, service=service)

        return await rehearsed({"HZ01": flow}, ["HZ01"], opening, carried, Ids(), PlainLetters())

    return run_virtual(whole(), START)


def test_a_service_whose_first_page_comes_is_well() -> None:
    assert told(asks, {StepKind.CHOOSE: OnStage()}) == ()


def test_a_service_that_nobody_carries_out_is_named() -> None:
    assert told(asks, {}) == ("HZ01: nobody carries out choose",)


def test_a_service_that_shows_no_page_is_named() -> None:
    assert told(asks, {StepKind.CHOOSE: Hangs()}) == ("HZ01: TimeoutError",)


def test_a_service_that_acts_before_anybody_agreed_is_named_and_does_not_act() -> None:
    printer = Does(lambda step, at: None)
    assert told(acts, {StepKind.PRINT: printer}) == ("HZ01: EffectBegun",)
    assert [name for name, _ in printer.calls] == ["prepare"]
