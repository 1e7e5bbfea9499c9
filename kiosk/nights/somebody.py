"""Somebody who steps up to the terminal of a night, and their visit from beginning to end without a detour."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.nights.night import Night, in_virtual_time
from kiosk.simulation.citizen import Citizen, Sight, go_home, play
from kiosk.simulation.scripts.straight import SCRIPTS


def _unseen(sight: Sight) -> None:
    del sight


def steps_up(night: Night, service: str, seen: Callable[[Sight], None] = _unseen) -> Citizen:
    """Whoever that service's straight visit is written for. `seen` is told of every page they look at."""
    assert night.running is not None
    person = night.street.call("person-arrives", situation=SCRIPTS[service][0], nth=0)["person"]
    return Citizen(night.running.hands, night.street, person["number"], person["phone"], seen, night.clock.monotonic)


async def straight_visit(night: Night, service: str, seen: Callable[[Sight], None] = _unseen) -> None:
    """They come, do it, take what is theirs and go."""
    citizen = steps_up(night, service, seen)
    await in_virtual_time(play(citizen, SCRIPTS[service][1]))
    await in_virtual_time(go_home(citizen))
    night.street.call("person-leaves")
