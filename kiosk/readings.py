"""What the heartbeat tells of supplies and of the machine itself: asked between visits, told as last seen.

A device that cannot be asked is left out rather than told as it was: what is not known is not shown.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.clock import Worker
from kiosk.counter.desk import Desk
from kiosk.devices.dispenser.contract import Stock
from kiosk.devices.ups.contract import Ups
from kiosk.devices.words import DeviceFault

EVERY_SECONDS = 60.0
ASK_SECONDS = 6.0
THERMAL = Path("/sys/class/thermal")
"""Linux: one folder a zone, `temp` in thousandths of a degree Celsius (kernel documentation, sysfs-api)."""
_HOTTEST = 150_000
"""No processor reports more and means it."""

Machine = Callable[[], Mapping[str, str]]
"""Readings of the machine itself, by name; may block."""


def nothing() -> Mapping[str, str]:
    """A machine that does not exist has no temperature."""
    return {}


def of_this_machine(state: Path, thermal: Path = THERMAL) -> Mapping[str, str]:
    """The hottest zone's temperature in degrees, and what is free on the disk of the books in gigabytes."""
    found: dict[str, str] = {}
    zones: list[int] = []
    for file in sorted(thermal.glob("thermal_zone*/temp")):
        try:
            zones.append(int(file.read_text("ascii")))
        except (OSError, ValueError):
            continue
    meant = [zone for zone in zones if 0 < zone < _HOTTEST]
    if meant:
        found["temperature"] = f"{round(max(meant) / 1000)} °C"
    try:
        disk = shutil.disk_usage(state)
    except OSError:
        return found
    found["disk"] = f"{disk.free / 1e9:.0f} GB"
    return found


def stock(value: Stock) -> dict[str, str]:
    """A unit's word for what it holds; nothing where it has none."""
    return {} if value in (Stock.UNKNOWN, Stock.NOT_SUPPORTED) else {"cards": value.value}


@dataclass(slots=True)
class Readings:
    """Asks every minute while nobody is served; `busy` says whether somebody is."""

    desk: Desk
    ups: Ups
    supplies: Callable[[str], Awaitable[Mapping[str, str]]]
    machine: Machine
    worker: Worker
    busy: Callable[[], bool]
    devices: Callable[[], tuple[str, ...]]
    tell: Callable[[], None]
    _last: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    _machine: dict[str, str] = field(default_factory=dict[str, str])

    def of(self, device: str) -> dict[str, str]:
        """What a device held when it was asked last."""
        return dict(self._last.get(device, {}))

    def of_the_machine(self) -> dict[str, str]:
        """The machine's own."""
        return dict(self._machine)

    async def run(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if not self.busy():
                await self.look()

    async def look(self) -> None:
        """Ask all of them once; a change is told at once."""
        before = (dict(self._last), dict(self._machine))
        for device in self.devices():
            found = await self._ask(device)
            self._last[device] = {name: value for name, value in found.items() if value not in _NOT_TOLD}
        self._machine = dict(await self.worker.run(self.machine))
        if before != (self._last, self._machine):
            self.tell()

    async def _ask(self, device: str) -> dict[str, str]:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return dict(await self.supplies(device)) | await self._counted(device)
        except (DeviceFault, TimeoutError):
            return {}

    async def _counted(self, device: str) -> dict[str, str]:
        """What a device says in numbers, and what only it can say."""
        match device:
            case "page-printer":
                left = (await self.desk.page_printer.status()).toner_percent
                return {} if left is None else {"toner": f"{left} %"}
            case "dispenser":
                said = await self.desk.dispenser.status()
                bins = {} if said.bin in (Stock.UNKNOWN, Stock.NOT_SUPPORTED) else {"bin": said.bin.value}
                return stock(said.stacker) | bins | {"retained": str(await self.desk.dispenser.retained())}
            case "ups":
                supply = await self.ups.status()
                charge = {} if supply.charge is None else {"battery": f"{supply.charge} %"}
                return charge | ({} if supply.runtime is None else {"minutes": str(supply.runtime // 60)})
            case _:
                return {}


_NOT_TOLD = frozenset({"unknown", "notSupported"})
