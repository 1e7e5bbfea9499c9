"""What works now, out of the supervisor's news and the state of the line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from kiosk.people.silence import Taking
from kiosk.screens.states import ServiceOpen


class Board:
    """Implements Readiness; whoever watches devices and the line writes on it. Belongs to the core's loop."""

    def __init__(self, devices: tuple[str, ...]) -> None:
        self._devices: dict[str, ServiceOpen] = dict.fromkeys(devices, ServiceOpen.CHECKING)
        self._headquarters = ServiceOpen.CHECKING
        self._held: dict[str, set[str]] = {}
        self._alarms: dict[str, None] = {}
        self._out_of_service: dict[str, tuple[str, str]] = {}
        self._unconfirmed = False
        self._taking = Taking.UNHEARD
        self._changed = asyncio.Event()

    def device(self, device_class: str) -> ServiceOpen:
        """A class this machine does not have is closed, and so is one that is held."""
        if self._held.get(device_class):
            return ServiceOpen.CLOSED
        return self._devices.get(device_class, ServiceOpen.CLOSED)

    def headquarters(self) -> ServiceOpen:
        """Whether headquarters answers."""
        return self._headquarters

    def without_line(self) -> Taking:
        """What may be taken while headquarters does not answer."""
        return self._taking

    def put_taking(self, taking: Taking) -> None:
        """By the signed rules and the length of the silence."""
        if self._taking is not taking:
            self._taking = taking
            self._changed.set()

    def alarms(self) -> tuple[str, ...]:
        """Message keys, in the order they were raised."""
        return tuple(self._alarms)

    def out_of_service(self) -> str:
        """The first reason why the whole terminal is closed, or ""."""
        return next(iter(self._out_of_service), "")

    def reasons(self) -> tuple[str, ...]:
        """Every reason why the whole terminal is closed."""
        return tuple(self._out_of_service)

    def said(self) -> tuple[str, str]:
        """What citizens are to read while the terminal is closed for that reason, in Chinese and English; or ""."""
        return next(iter(self._out_of_service.values()), ("", ""))

    def effects_open(self) -> bool:
        """False until headquarters' ledger has confirmed every grant after a damaged database."""
        return not self._unconfirmed

    def put_unconfirmed(self, unconfirmed: bool) -> None:
        """Whether headquarters' ledger still has to confirm."""
        if unconfirmed is not self._unconfirmed:
            self._unconfirmed = unconfirmed
            self._changed.set()

    def close_all(self, why: str, said: tuple[str, str] = ("", "")) -> None:
        """The whole terminal is closed for this reason until `open_again`; `said` is what citizens read of it."""
        if self._out_of_service.get(why) != said:
            self._out_of_service[why] = said
            self._changed.set()

    def open_again(self, why: str) -> None:
        """That reason is over."""
        if why in self._out_of_service:
            del self._out_of_service[why]
            self._changed.set()

    def hold(self, device_class: str, why: str) -> None:
        """Keep a device out of use although it answers: a compartment stands open."""
        reasons = self._held.setdefault(device_class, set())
        if why not in reasons:
            reasons.add(why)
            self._changed.set()

    def let_go(self, device_class: str, why: str) -> None:
        """That reason is over."""
        if why in self._held.get(device_class, ()):
            self._held[device_class].remove(why)
            self._changed.set()

    def held(self, device_class: str) -> tuple[str, ...]:
        """Why a device is held out of use although it answers."""
        return tuple(sorted(self._held.get(device_class, ())))

    @property
    def devices(self) -> Mapping[str, ServiceOpen]:
        """All classes of this machine."""
        return dict(self._devices)

    def look_again(self) -> None:
        """Whoever waits for a change looks again."""
        self._changed.set()

    async def changed(self) -> None:
        """Returns at the next change, or at once when one was missed."""
        await self._changed.wait()
        self._changed.clear()

    def put_device(self, device_class: str, state: ServiceOpen) -> None:
        """The supervisor's news."""
        if self._devices.get(device_class) is not state:
            self._devices[device_class] = state
            self._changed.set()

    def put_headquarters(self, state: ServiceOpen) -> None:
        """The line's news."""
        if self._headquarters is not state:
            self._headquarters = state
            self._changed.set()

    def raise_alarm(self, key: str) -> None:
        """Everybody sees it until it is cleared."""
        if key not in self._alarms:
            self._alarms[key] = None
            self._changed.set()

    def clear_alarm(self, key: str) -> None:
        """It is over."""
        if key in self._alarms:
            del self._alarms[key]
            self._changed.set()
