"""Visits that nobody makes: each service is begun as for a citizen, who leaves at the first page that waits for them.

They have no effect: their book takes nothing, and nothing is asked of a device before somebody said yes to a page.
They show that settings, flow, performers and pages of each service go together; with a set on trial they have to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from kiosk.counter.nobody import DarkStage
from kiosk.flows.book import Letters, OpenCase
from kiosk.flows.ending import VisitBroken
from kiosk.flows.engine import Engine, NewCases
from kiosk.flows.opening import Opening
from kiosk.flows.performing import Leave
from kiosk.flows.play import Flow
from kiosk.flows.visit import Performers
from kiosk.screens.stage import Intent

VISIT_SECONDS = 5.0
"""A service that shows no page within this does not begin at all."""


class RehearsingStage(DarkStage):
    """Nobody is shown a page, and whoever is waited for has left."""

    async def intent(self) -> Intent:
        """Raises Leave."""
        raise Leave("rehearsed")


class EffectBegun(Exception):
    """A visit that nobody makes was about to do something."""


class EmptyBook:
    """A Book that nothing is written into."""

    async def start_effect(self, **_: Any) -> NoReturn:
        """Raises EffectBegun."""
        raise EffectBegun

    stage_effect = finish_effect = close_case = start_effect

    def forget_case(self, case: str) -> None:
        """There is none."""

    async def open_cases(self) -> Sequence[OpenCase]:
        """None."""
        return ()

    async def begin_recovery(self, case: str) -> NoReturn:  # noqa: ARG002 (a port's name)
        """Raises EffectBegun."""
        raise EffectBegun


async def rehearsed(
    flows: Mapping[str, Flow],
    services: Iterable[str],
    opening: Callable[[str], Opening],
    performers: Performers,
    ids: NewCases,
    letters: Letters,
) -> tuple[str, ...]:
    """Begin a visit to each of these services; those that cannot be begun, as CODE: why, with nothing personal."""
    engine = Engine(performers, EmptyBook(), ids, letters)
    broken: list[str] = []
    for service in services:
        try:
            async with asyncio.timeout(VISIT_SECONDS):
                _ = await engine.run(flows[service], opening(service))
        except VisitBroken as why:
            broken.append(f"{service}: {why}")
        except (EffectBegun, TimeoutError) as why:
            broken.append(f"{service}: {type(why).__name__}")
    return tuple(broken)
