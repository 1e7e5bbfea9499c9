"""Devices on ptys pulled out and put back under the supervisor: how soon it knows, both ways."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable
from typing import Any

from kiosk.commands.measuring.visits import sandbox
from kiosk.devices.classes import DeviceClass
from kiosk.devices.drivers import FINGERPRINT_SENSORS, ID_READERS, RECEIPT_PRINTERS, Tools
from kiosk.devices.lines import line_at
from kiosk.devices.page_printer.posting import poster
from kiosk.devices.supervisor import Supervisor, Usable, Watched
from kiosk.times import SystemClock, ThreadWorker

LOOK_SECONDS = 0.005
GIVEN_UP_SECONDS = 30.0
SHORTEST_AWAY, LONGEST_AWAY = 0.5, 5.0
DEVICES = (DeviceClass.ID_READER, DeviceClass.FINGERPRINT, DeviceClass.RECEIPT_PRINTER)


def reconnects(count: int) -> dict[str, list[float]]:
    """Seconds from the cable's being pulled to "not usable", and from its return to "usable"; `count` a device."""
    with sandbox() as around:
        return asyncio.run(_reconnects(count, around.world.call, around.ports))


async def _reconnects(count: int, act: Callable[..., Any], ports: dict[str, str]) -> dict[str, list[float]]:
    tools = Tools(SystemClock(), line_at, lambda: ThreadWorker("device"), poster(time.monotonic))
    supervisor = Supervisor(
        {
            DeviceClass.ID_READER: Watched(ID_READERS.make("sam-v", {"port": ports["id-reader"]}, tools)),
            DeviceClass.FINGERPRINT: Watched(
                FINGERPRINT_SENSORS.make("simulated", {"port": ports["fingerprint"]}, tools)
            ),
            DeviceClass.RECEIPT_PRINTER: Watched(
                RECEIPT_PRINTERS.make("escpos", {"port": ports["receipt-printer"]}, tools)
            ),
        },
        jitter=random.Random(1).random,
        tell=lambda _news: None,
    )
    running = asyncio.ensure_future(supervisor.run())
    chance = random.Random(2)
    found: dict[str, list[float]] = {"lost": [], "back": []}
    try:
        for device in DEVICES:
            _ = await _until(supervisor, device, Usable.YES)
            for _ in range(count):
                await asyncio.to_thread(act, "unplug", device=device.value)
                found["lost"].append(await _until(supervisor, device, Usable.NO))
                await asyncio.sleep(chance.uniform(SHORTEST_AWAY, LONGEST_AWAY))
                await asyncio.to_thread(act, "plug", device=device.value)
                found["back"].append(await _until(supervisor, device, Usable.YES))
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    return found


async def _until(supervisor: Supervisor, device: DeviceClass, usable: Usable) -> float:
    """Seconds until it is so; at least one look, since the world has answered already. Raises TimeoutError."""
    began = time.monotonic()
    async with asyncio.timeout(GIVEN_UP_SECONDS):
        while supervisor.availability([device])[0].usable is not usable:
            await asyncio.sleep(LOOK_SECONDS)
    return max(time.monotonic() - began, LOOK_SECONDS)
