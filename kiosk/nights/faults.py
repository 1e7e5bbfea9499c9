"""Faults at every page of a visit, and at every request of it: the visit must end, and everything must stay true.

A run without a fault counts pages and requests; then every combination is a visit of its own, in a night of its own.
`step` and `offset` pick some of them: the same path in a test and in a proof, with other counts.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.backend.direct import Weather
from kiosk.nights.kills import DAY
from kiosk.nights.many import in_order
from kiosk.nights.night import Night, nightfall
from kiosk.nights.somebody import steps_up
from kiosk.nights.street import no_trouble
from kiosk.nights.truths import untrue
from kiosk.simulation.citizen import Sight
from kiosk.simulation.scene import Impossible
from kiosk.simulation.wanderer import STEADY, Wanderer
from kiosk.virtual import run_virtual

MENDED_AFTER_SECONDS = 15.0

FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("unplug", {"device": d}) for d in ("id-reader", "fingerprint", "camera", "locker", "receipt-printer")),
    ("unplug", {"device": "page-printer"}),
    *(("fault", {"device": "id-reader", "fault": f}) for f in ("silent", "card-pulled", "card-pulled-silent")),
    *(("fault", {"device": "id-reader", "fault": f}) for f in ("torn", "corrupt", "doubled", "unauthentic")),
    *(("fault", {"device": "fingerprint", "fault": f}) for f in ("silent", "dirty", "broken", "torn")),
    *(("fault", {"device": "locker", "fault": f}) for f in ("silent", "mute", "stuck", "contact-broken", "torn")),
    *(("fault", {"device": "receipt-printer", "fault": f}) for f in ("silent", "paper-out", "cover-open", "cutter")),
    *(("fault", {"device": "page-printer", "fault": f}) for f in ("silent", "media-empty", "media-jam", "aborts")),
    ("fault", {"device": "page-printer", "fault": "drop-answer"}),
    *(("fault", {"device": "camera", "fault": f}) for f in ("silent", "black", "two-people")),
    *(("network", {"state": s}) for s in ("down", "slow", "drop-after-request", "wrong-certificate")),
)
"""What can break; each for good, and each mended after a while."""

WEATHERS = (Weather.DOWN, Weather.CUT_AFTER_REQUEST, Weather.SILENT, Weather.SERVER_ERROR, Weather.GARBAGE)


@dataclass(frozen=True, slots=True)
class Trial:
    """One visit with one fault: how it ended, and what was false afterwards."""

    service: str
    fault: str
    where: str
    ending: str
    wrong: tuple[str, ...]


@dataclass
class Trials:
    """All of them; `possible` is how many there are."""

    possible: int
    trials: list[Trial] = field(default_factory=list[Trial])

    @property
    def wrong(self) -> tuple[str, ...]:
        """Everything false."""
        return tuple(f"{t.service} with {t.fault} at {t.where}: {w}" for t in self.trials for w in t.wrong)


@dataclass
class _Plan:
    """What happens to one visit. Pages and requests count from 1 at its beginning; 0 means never."""

    name: str = "nothing"
    page: int = 0
    fault: tuple[str, dict[str, Any]] | None = None
    mended: bool = False
    request: int = 0
    weather: Weather = Weather.FAIR


def faults_everywhere(
    folder: Path, service: str, seed: int, *, step: int = 1, offset: int = 0, language: str = "zh-CN"
) -> Trials:
    """Every fault at every page."""
    pages, _ = _counted(folder / "counted", service, seed, language)
    plans = [
        _Plan(
            f"{do} {' '.join(map(str, arguments.values()))}{' for a while' if mended else ''}",
            page,
            (do, arguments),
            mended,
        )
        for page, (do, arguments), mended in itertools.product(range(1, pages + 1), FAULTS, (False, True))
    ]
    return _tried(folder, service, seed, plans, step, offset, language)


def troubles_everywhere(
    folder: Path, service: str, seed: int, *, step: int = 1, offset: int = 0, language: str = "zh-CN"
) -> Trials:
    """Every kind of trouble at every request to headquarters, whoever makes it."""
    _, requests = _counted(folder / "counted", service, seed, language)
    plans = [
        _Plan(weather.value, request=request, weather=weather)
        for request, weather in itertools.product(range(1, len(requests) + 1), WEATHERS)
    ]
    return _tried(folder, service, seed, plans, step, offset, language)


def trouble_at(folder: Path, service: str, seed: int, route: str, weather: Weather) -> Trials:
    """One kind of trouble at the first request that goes to a route. Raises ValueError where none does."""
    _, requests = _counted(folder / "counted", service, seed, "zh-CN")
    request = next((n for n, told in enumerate(requests, 1) if told.endswith(route)), 0)
    if not request:
        raise ValueError(f"no request of {service} goes to {route}: {', '.join(requests)}")
    plan = _Plan(weather.value, request=request, weather=weather)
    return _tried(folder, service, seed, [plan], 1, 0, "zh-CN")


def _tried(
    folder: Path, service: str, seed: int, plans: list[_Plan], step: int, offset: int, language: str
) -> Trials:
    trials = Trials(len(plans))
    for number in range(offset, len(plans), step):
        place = folder / f"trial-{number:05d}"
        trials.trials.append(_run(place, service, seed, plans[number], language)[0])
    return trials


def _counted(folder: Path, service: str, seed: int, language: str) -> tuple[int, list[str]]:
    trial, pages, requests = _run(folder, service, seed, _Plan(), language)
    if trial.wrong or trial.ending != "done":
        raise AssertionError(f"{service} does not go well without any fault: {trial.ending} {trial.wrong}")
    return pages, requests


def _run(folder: Path, service: str, seed: int, plan: _Plan, language: str) -> tuple[Trial, int, list[str]]:
    found: list[tuple[Trial, int, list[str]]] = []

    async def whole() -> None:
        async with Night(folder, seed, DAY, language) as night:
            _ = await night.start()
            found.append(await _visit(night, service, plan))

    run_virtual(whole(), nightfall(DAY))
    return found[0]


async def _visit(night: Night, service: str, plan: _Plan) -> tuple[Trial, int, list[str]]:
    """What became of it, how many pages it saw, and the requests it made, in their order."""
    pages: list[tuple[int, str]] = []
    mend_at: list[float] = []
    where = [f"request {plan.request}"] if plan.request else ["nowhere"]

    def seen(sight: Sight) -> None:
        if pages and pages[-1][0] == sight.revision:
            return
        pages.append((sight.revision, sight.kind))
        if plan.fault is not None and len(pages) == plan.page:
            where[0] = f"page {plan.page} {sight.kind}"
            night.street.call(plan.fault[0], **plan.fault[1])
            if plan.mended:
                mend_at.append(night.clock.monotonic() + MENDED_AFTER_SECONDS)

    first = night.wire.requests
    requests: list[str] = []

    def trouble(number: int, method: str, path: str) -> Weather | None:
        requests.append(f"{method} {'/'.join(path.split('/')[:3])}")
        if number - first != plan.request:
            return None
        where[0] = f"request {plan.request} {requests[-1]}"
        return plan.weather

    night.wire.trouble = trouble
    citizen = steps_up(night, service, seen)
    prefer = {"HZ01": {"ChoosePage": "choose:renewal"}, "HZ03": {"ChoosePage": "choose:enough"}}.get(service, {})
    wanderer = Wanderer(citizen, service, random.Random(1), STEADY, prefer)
    for seconds in _without_faults(wanderer):
        if mend_at and night.clock.monotonic() > mend_at[0]:
            mend_at.clear()
            _mend(night, plan)
        await asyncio.sleep(seconds)
    night.wire.trouble = no_trouble
    await in_order(night)
    ending = night.reports[-1].ending if night.reports else ""
    return Trial(service, plan.name, where[0], ending, tuple(untrue(night))), len(pages), requests


def _without_faults(wanderer: Wanderer) -> Iterator[float]:
    """What the citizen does, in slices short enough for a mender to come between."""
    for seconds in wanderer.visit():
        while seconds > 1.0:
            yield 1.0
            seconds -= 1.0
        yield seconds


def _mend(night: Night, plan: _Plan) -> None:
    assert plan.fault is not None
    do, arguments = plan.fault
    try:
        if do == "network":
            night.street.call("network", state="up")
        else:
            night.street.call("clear", device=arguments["device"])
    except Impossible:
        return
