"""Devices lost and back while nobody is served: what closes, how soon, what stays open, and who is told.

Each loss is one device pulled out, or silent behind a port that stays, for a while drawn by chance. Three are asked
after it: the attract page, the supervisor's snapshot (what a technician sees) and headquarters' record. The terminal
is never started again.
"""

from __future__ import annotations

import asyncio
import enum
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from central.database import transaction
from central.model import TerminalRow
from kiosk.commands.simulated import TERMINAL
from kiosk.nights.night import Night, Running, nightfall
from kiosk.protocol.messages import Heartbeat
from kiosk.screens.states import Attract, ServiceOpen
from kiosk.simulation.state import Device
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)

CLOSED_SECONDS = 1.0
"""From losing a device to its services being closed."""
OPEN_SECONDS = 3.0
"""From its return to their being open again."""
TOLD_SECONDS = 2.5
"""From the change to headquarters' record of it: a message of the second before may have just left."""
APART_SECONDS = 1.0
"""Between two messages of state to headquarters."""
LOOK_SECONDS = 0.01
GIVEN_UP_SECONDS = 60.0
SHORTEST_AWAY, LONGEST_AWAY = 0.2, 40.0
BREATHER_SECONDS = 3.0


class Way(enum.Enum):
    """How a device is lost: pulled out, or without power behind a port that stays."""

    UNPLUGGED = "unplugged"
    SILENT = "silent"


WAYS: tuple[tuple[Device, Way], ...] = (
    (Device.ID_READER, Way.UNPLUGGED),
    (Device.CAMERA, Way.UNPLUGGED),
    (Device.FINGERPRINT, Way.UNPLUGGED),
    (Device.LOCKER, Way.UNPLUGGED),
    (Device.RECEIPT_PRINTER, Way.UNPLUGGED),
    (Device.PAGE_PRINTER, Way.UNPLUGGED),
    (Device.EXAM_BOOTH, Way.UNPLUGGED),
    (Device.ID_READER, Way.SILENT),
    (Device.CAMERA, Way.SILENT),
    (Device.FINGERPRINT, Way.SILENT),
    (Device.LOCKER, Way.SILENT),
    (Device.RECEIPT_PRINTER, Way.SILENT),
    (Device.PAGE_PRINTER, Way.SILENT),
    (Device.EXAM_BOOTH, Way.SILENT),
)


@dataclass(frozen=True, slots=True)
class Loss:
    """One device away once. Seconds are virtual; `away` is how long it was."""

    device: Device
    way: Way
    away: float
    closed: float
    opened: float


@dataclass
class Losses:
    """All of them, and what was false."""

    losses: list[Loss] = field(default_factory=list[Loss])
    closest: float = float("inf")
    """The shortest time between two messages of state to headquarters."""
    messages: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def as_json(self) -> dict[str, Any]:
        """For the command and for proof."""
        worst: dict[str, str] = {}
        for way in Way:
            of = [loss for loss in self.losses if loss.way is way]
            if of:
                worst[way.value] = f"{max(x.closed for x in of):.2f} s, {max(x.opened for x in of):.2f} s"
        return {
            "losses": len(self.losses),
            "by_device": dict(sorted(Counter(f"{x.device.value} {x.way.value}" for x in self.losses).items())),
            "slowest_to_close_and_to_open": worst,
            "messages_to_headquarters": self.messages,
            "closest_messages_seconds": round(self.closest, 3),
            "wrong": self.wrong,
        }


def lose_devices(folder: Path, count: int, seed: int) -> Losses:
    """So many losses in one night. Equal arguments but the folder give equal results."""
    found = Losses()

    async def whole() -> None:
        async with Night(folder, seed, DAY) as night:
            running = await night.start()
            night.wire.trouble = _listening(night, found)
            chance = random.Random(f"losses of {seed}")
            for number in range(count):
                device, way = WAYS[number % len(WAYS)] if number < len(WAYS) else chance.choice(WAYS)
                await _lose(night, running, device, way, chance.uniform(SHORTEST_AWAY, LONGEST_AWAY), found)
                await asyncio.sleep(chance.uniform(BREATHER_SECONDS, 2 * BREATHER_SECONDS))
            if running.task.done() or night.running is not running:
                found.wrong.append("the terminal did not live through it")

    run_virtual(whole(), nightfall(DAY))
    return found


def _listening(night: Night, found: Losses) -> Callable[[int, str, str], None]:
    """Hears every request to headquarters; disturbs none."""
    last: list[float] = []

    def heard(number: int, method: str, path: str) -> None:
        del number, method
        if not path.endswith("/heartbeats"):
            return
        now = night.clock.monotonic()
        found.messages += 1
        if last:
            found.closest = min(found.closest, now - last[0])
            if now - last[0] < APART_SECONDS:
                found.wrong.append(f"two messages of state {now - last[0]:.3f} s apart")
        last[:] = [now]

    return heard


async def _lose(night: Night, running: Running, device: Device, way: Way, away: float, found: Losses) -> None:
    named = f"loss {len(found.losses) + 1}, {device.value} {way.value}"
    entries = running.built.desk.catalogue.values()
    needing = {entry.code for entry in entries if device.value in entry.needs}
    before = _open(running)
    touched, others = before & needing, before - needing

    def check(wanted: set[str]) -> bool:
        now = _open(running)
        if not others <= now:
            found.wrong.append(f"{named}: {', '.join(sorted(others - now))} closed too")
        return now & needing == wanted

    match way:
        case Way.UNPLUGGED:
            night.street.call("unplug", device=device.value)
        case Way.SILENT:
            night.street.call("fault", device=device.value, fault="silent")
    closed = await _until(night, lambda: check(set()))
    _judge(found, f"{named}: closed", closed, CLOSED_SECONDS)
    if closed is not None and away > TOLD_SECONDS:
        await asyncio.sleep(TOLD_SECONDS)
        _agree(night, running, found, named)
        away -= TOLD_SECONDS
    await asyncio.sleep(away)
    night.street.call("clear", device=device.value)
    opened = await _until(night, lambda: check(touched))
    _judge(found, f"{named}: open again", opened, OPEN_SECONDS)
    await asyncio.sleep(TOLD_SECONDS)
    _agree(night, running, found, f"{named}, back")
    if closed is not None and opened is not None:
        found.losses.append(Loss(device, way, away, closed, opened))


def _judge(found: Losses, what: str, seconds: float | None, limit: float) -> None:
    if seconds is None:
        found.wrong.append(f"{what} never")
    elif seconds > limit:
        found.wrong.append(f"{what} after {seconds:.2f} s")


async def _until(night: Night, holds: Callable[[], bool]) -> float | None:
    """Virtual seconds until it holds; None when it does not come to hold."""
    began = night.clock.monotonic()
    while not holds():
        if night.clock.monotonic() - began > GIVEN_UP_SECONDS:
            return None
        await asyncio.sleep(LOOK_SECONDS)
    return night.clock.monotonic() - began


def _open(running: Running) -> set[str]:
    return {tile.code for tile in running.built.duty.tiles() if tile.open is ServiceOpen.OPEN}


def _agree(night: Night, running: Running, found: Losses, named: str) -> None:
    """Attract page, technician and headquarters say the same."""
    truth = _open(running)
    shown = running.stage.shown
    if shown is None or not isinstance(shown.state, Attract):
        found.wrong.append(f"{named}: the attract page is not up")
    elif {tile.code for tile in shown.state.services if tile.open is ServiceOpen.OPEN} != truth:
        found.wrong.append(f"{named}: the attract page offers something else")
    with transaction(night.headquarters.engine) as db:
        row = db.get(TerminalRow, TERMINAL)
        beat = Heartbeat.model_validate_json(row.heartbeat) if row is not None and row.heartbeat else None
    if beat is None or set(beat.services_open) != truth:
        found.wrong.append(f"{named}: headquarters believes something else of the services")
    here = {(n.device.value, n.health.state.value, n.health.code) for n in running.built.supervisor.news()}
    if beat is None or {(d.device, d.state, d.code) for d in beat.devices} != here:
        found.wrong.append(f"{named}: headquarters believes something else of the devices")
