"""Rule 25: whose time it is. Every second of a visit belongs to exactly one of citizen, device, network and us."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.counter.watch import BETWEEN, Watch, Whose


class HandClock:
    """Moves when told to."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.at


def begun() -> tuple[Watch, HandClock]:
    clock = HandClock()
    watch = Watch(clock)
    clock.at += 50
    watch.reset()
    return watch, clock


def test_what_passes_between_steps_is_ours() -> None:
    watch, clock = begun()
    clock.at += 1
    with watch.step("choose", "which"):
        clock.at += 2
    clock.at += 4
    between, choose = watch.ended()
    assert (between.kind, between.key) == BETWEEN
    assert between.software == pytest.approx(5)
    assert choose.software == pytest.approx(2)


def test_nothing_after_the_visit_is_counted() -> None:
    watch, clock = begun()
    clock.at += 1
    (between,) = watch.ended()
    clock.at += 60
    with watch.waiting_for(Whose.CITIZEN):
        clock.at += 60
    watch.served(9)
    assert between.software == pytest.approx(1)
    assert between.seconds[Whose.CITIZEN] == 0


def test_while_anybody_is_waited_for_no_second_is_ours() -> None:
    watch, clock = begun()
    with watch.step("match-face", "face"):
        with watch.waiting_for(Whose.CITIZEN):
            clock.at += 1
            with watch.waiting_for(Whose.DEVICE):
                clock.at += 2
        clock.at += 4
    step = watch.ended()[1]
    assert (step.seconds[Whose.CITIZEN], step.seconds[Whose.DEVICE]) == pytest.approx((1, 2))
    assert step.software == pytest.approx(4)


def test_the_servers_own_handling_is_software_and_not_network() -> None:
    watch, clock = begun()
    with watch.step("look-up", "fines"):
        with watch.waiting_for(Whose.NETWORK):
            clock.at += 3
            watch.served(1)
        clock.at += 1
    step = watch.ended()[1]
    assert step.software == pytest.approx(2)
    assert step.network == pytest.approx(2)
    assert step.software + step.network == pytest.approx(4)


def test_requests_nobody_waits_for_are_not_the_visits() -> None:
    watch, _ = begun()
    with watch.step("consent", "face"), watch.waiting_for(Whose.CITIZEN):
        watch.served(1)
    assert sum(step.software for step in watch.ended()) == 0
