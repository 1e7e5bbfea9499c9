"""Scripted citizens at the door of the zone: one with a card, one without, whom the guard lets in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.simulation.citizen import Citizen, Doing

WITH_A_CARD = "ordinary"
WITHOUT = "card-lost"
"""Who has nothing to lay down, and comes to report just that."""
THROUGH_SECONDS = 1.0
"""From pushing the door to its falling shut behind one."""


def come_in_by_card(citizen: Citizen) -> Doing:
    """Lay the card down, push the door when it lets go, take the card along."""
    yield from _waiting(citizen)
    citizen.world.call("lay-card", card="own")
    yield from _through(citizen)
    citizen.world.call("take-card")
    yield from _waiting(citizen)


def come_in_by_guard(citizen: Citizen, talk: Callable[[], None]) -> Doing:
    """Press the one button, `talk` to the guard at the number on the page, and push the door when they open it."""
    yield from _waiting(citizen)
    yield from citizen.touch("no-card")
    yield from citizen.until(lambda: bool(_page(citizen).get("calling")), "the guard's number")
    _see(citizen)
    talk()
    yield from _through(citizen)
    yield from _waiting(citizen)


def _through(citizen: Citizen) -> Doing:
    yield from citizen.until(lambda: bool(citizen.world.call("state")["entrance"]["free"]), "the lock to let go")
    _see(citizen)
    citizen.world.call("push-entrance")
    yield THROUGH_SECONDS
    citizen.world.call("shut-entrance")


def _waiting(citizen: Citizen) -> Doing:
    """Until the page asks for a card; an alarm that stands there is no part of a good entry."""
    yield from citizen.until(lambda: citizen.hands.sees("no-card") and not _page(citizen).get("calling"), "the page")
    _see(citizen)


def _see(citizen: Citizen) -> None:
    citizen.seen(citizen.hands.settle())


def _page(citizen: Citizen) -> dict[str, Any]:
    return citizen.hands.look().view.get("page") or {}
