"""The makers behind XFS4IoT services, with a visitor who takes what comes out and holds their pass into the slot."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from kiosk.simulation.makers import Kind, Maker, Spot
from kiosk.simulation.wires import Wire
from kiosk.simulation.xfs4iot import Service

MOTION_SECONDS = 0.3
OFFER_SECONDS = 1.0
TAKE_SECONDS = 2.0
LOADED = 6
"""Documents in a machine that has positions."""


def maker(kind: Kind) -> Callable[[], Callable[[Wire], Awaitable[None]]]:
    """Makes a fresh machine; its service's URI ends with /xfs4iot/v1.0/maker."""

    def fresh() -> Callable[[Wire], Awaitable[None]]:
        machine = Maker(kind, motion_seconds=MOTION_SECONDS)
        if kind is Kind.POSITIONS:
            machine.inside.positions = {str(n + 1): f"document-{n + 1}" for n in range(LOADED)}
        services: list[Service] = []

        def offer() -> None:
            if kind is Kind.VISITORS_CARD and machine.inside.item is None and machine.inside.offered is None:
                machine.offer()

        def take() -> None:
            with contextlib.suppress(LookupError):
                _ = machine.take()

        def turned(what: str) -> None:
            loop = asyncio.get_running_loop()
            if what == "moved" and machine.inside.spot is Spot.EXIT:
                _ = loop.call_later(TAKE_SECONDS, take)
            elif what in ("removed", "retained"):
                _ = loop.call_later(OFFER_SECONDS, offer)

        machine.listeners.append(turned)

        async def play(wire: Wire) -> None:
            if not services:
                services.append(Service(machine))
                offer()
            await services[0].serve(wire)

        return play

    return fresh
