"""What the terminal does when the mains fail: finish the visit, retract, close, and be switched off in order.

On battery nobody new is served and whoever is there goes on. When the battery ends, nobody is waited for any more:
the visit ends as if the citizen had left, devices draw in what stands in their openings, and the terminal ends. What
is not finished by the deadline is left to recovery, as after a power cut.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.counter.ports import Audit
from kiosk.devices.ups.contract import Advice, Ups, advice
from kiosk.devices.words import DeviceFault

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks at the supply."""
RETRACT_SECONDS = 15.0
"""One device's time to draw in what stands in its opening."""
TELL_SECONDS = 5.0
"""The last word to headquarters."""

POWER = "power"
ALARM = "alarm-power"


class House(Protocol):
    """What can be closed: kiosk.counter.readiness.Board."""

    def close_all(self, why: str) -> None: ...

    def open_again(self, why: str) -> None: ...

    def raise_alarm(self, key: str) -> None: ...

    def clear_alarm(self, key: str) -> None: ...


class Serving(Protocol):
    """Who serves visits: kiosk.counter.duty.Duty."""

    @property
    def busy(self) -> bool: ...

    def wait_for_nobody(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Power:
    """The supply, and what its word moves.

    `retracting`: one call a device that may hold something in an opening. `tell` sends the state to headquarters.
    `shut_down_seconds`: from the battery's last warning to the end, at most; a runtime no longer than that counts as
    the last warning.
    """

    ups: Ups
    house: House
    serving: Serving
    audit: Audit
    retracting: Sequence[Callable[[], Awaitable[object]]]
    tell: Callable[[], Awaitable[object]]
    shut_down_seconds: float

    async def until_it_ends(self) -> None:
        """Watch the supply; returns when the terminal has to be switched off and nothing is left to do."""
        before = Advice.CARRY_ON
        while True:
            now = await self._look(before)
            if now is not before:
                await self._turn(now)
                before = now
            if now is Advice.SHUT_DOWN:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, before: Advice) -> Advice:
        """A supply that cannot be asked says nothing of the mains: then what was known stays."""
        try:
            said = await self.ups.status()
        except DeviceFault:
            return before
        known = advice(said, shut_down_seconds=int(self.shut_down_seconds))
        unknown = said.power_in.value == "unknown"
        return before if unknown else known

    async def _turn(self, now: Advice) -> None:
        match now:
            case Advice.CARRY_ON:
                _log.warning("the mains are back")
                self.house.open_again(POWER)
                self.house.clear_alarm(ALARM)
                await self.audit.write("power-back", "", {})
            case Advice.FINISH:
                _log.warning("the mains are gone; on battery")
                self._close()
                await self.audit.write("power-lost", "", {})
            case Advice.SHUT_DOWN:
                _log.warning("the battery ends")
                self._close()
                await self.audit.write("power-ending", "", {})
                await self._end_visit()
                await self._retract()
                await self._say_so()

    def _close(self) -> None:
        self.house.close_all(POWER)
        self.house.raise_alarm(ALARM)

    async def _end_visit(self) -> None:
        try:
            async with asyncio.timeout(self.shut_down_seconds):
                while self.serving.busy:
                    self.serving.wait_for_nobody()
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            _log.warning("a visit does not end; the rest is recovery's")

    async def _retract(self) -> None:
        for retract in self.retracting:
            try:
                async with asyncio.timeout(RETRACT_SECONDS):
                    _ = await retract()
            except (DeviceFault, TimeoutError) as fault:
                _log.warning("a device drew nothing in: %s", fault)

    async def _say_so(self) -> None:
        try:
            async with asyncio.timeout(TELL_SECONDS):
                _ = await self.tell()
        except TimeoutError:
            _log.warning("headquarters was not told")
