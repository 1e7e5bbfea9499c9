"""Who is alive, what is missing, and what that closes.

The supervisor polls every driver; polling is also what reconnects one, since drivers open their line when asked
something. A device that is gone is asked ever more rarely. When it is back, the hardware is asked where everything
is before anyone hears of it: sensors beat memory.
"""

from __future__ import annotations

import asyncio
import enum
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from kiosk.devices.classes import DeviceClass
from kiosk.devices.words import DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

POLL_SECONDS = 0.3
"""Between two looks at a device that is there. With the patience below: a lost device closes within a second."""
PATIENCE_SECONDS = 0.5
"""A look that takes longer closes what needs the device while the answer is still awaited..."""
PATIENCE_TIMES = 3.0
"""...unless this device is known to take long: then so many times its usual."""
FIRST_RETRY_SECONDS = 0.25
LONGEST_RETRY_SECONDS = 1.0
"""Back-off for one that is gone; doubled each time, then spread by jitter to 75-125 %. No longer, because what needs
a device is open again within three seconds of its return, a driver's own deadline included."""
HEALTH_SECONDS = 20.0
"""A driver that says nothing about its device for so long has lost it."""
_REMEMBERED = 3
"""The quickest of so many last answers is a device's usual: one slow answer says nothing, only slow ones do."""
CLOSE_SECONDS = 2.0

Facts = Mapping[str, str]
"""What a survey found, by name: doors, paper, firmware. Nothing personal."""


class Driver(Protocol):
    """What every driver has in common."""

    async def health(self) -> Health: ...

    async def close(self) -> None: ...


async def no_survey() -> Facts:
    """For devices that hold nothing and have nothing to tell beyond their health."""
    return {}


@dataclass(frozen=True, slots=True)
class Watched:
    """A driver, and what to ask it after every (re)connect. `survey` may raise DeviceFault."""

    driver: Driver
    survey: Callable[[], Awaitable[Facts]] = no_survey


class Usable(enum.Enum):
    """What a service that needs a device is told. CHECKING: not asked yet since the start."""

    YES = "yes"
    NO = "no"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Availability:
    """One needed device class, and the XFS word that keeps it from being used ("" when nothing does)."""

    device: DeviceClass
    usable: Usable
    code: str = ""


@dataclass(frozen=True, slots=True)
class DeviceNews:
    """A device's state as published. `facts` are from the last survey."""

    device: DeviceClass
    health: Health
    facts: Facts = field(default_factory=dict[str, str])

    @property
    def availability(self) -> Availability:
        """Online or busy, with no code against it, is usable."""
        state, code = self.health.state, self.health.code
        if state is DeviceState.STARTING:
            return Availability(self.device, Usable.CHECKING)
        if state in (DeviceState.ONLINE, DeviceState.BUSY):
            return Availability(self.device, Usable.NO if code else Usable.YES, code)
        return Availability(self.device, Usable.NO, code or state.value)


_GONE = frozenset({DeviceState.POWER_OFF, DeviceState.NO_DEVICE, DeviceState.STARTING})


class Supervisor:
    """Owns drivers: watches them, and closes them at the end.

    `jitter` is uniform in 0..1; `tell` is called on the loop with every change and must not block.
    """

    def __init__(
        self,
        watched: Mapping[DeviceClass, Watched],
        *,
        jitter: Callable[[], float],
        tell: Callable[[DeviceNews], None],
    ) -> None:
        self._watched = dict(watched)
        self._jitter = jitter
        self._tell = tell
        self._news = {device: DeviceNews(device, Health(DeviceState.STARTING)) for device in self._watched}
        self._nudges = {device: asyncio.Event() for device in self._watched}
        self._took = {device: deque[float](maxlen=_REMEMBERED) for device in self._watched}
        self._looks = dict.fromkeys(self._watched, 0)

    async def run(self) -> None:
        """Watch until cancelled, then close every driver."""
        try:
            async with asyncio.TaskGroup() as group:
                for device in self._watched:
                    group.create_task(self._watch(device), name=f"watch-{device.value}")
        finally:
            await self.close()

    async def close(self) -> None:
        """Close every driver, each within a deadline."""
        for device, watched in self._watched.items():
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await watched.driver.close()
            except TimeoutError:
                log.warning("%s does not close", device.value)

    def nudge(self, device: DeviceClass) -> None:
        """Look at a device now: a command to it has just failed, or somebody says it is mended."""
        if device in self._nudges:
            self._nudges[device].set()

    def news(self) -> tuple[DeviceNews, ...]:
        """The last of every device, in the order they were given."""
        return tuple(self._news.values())

    def looks(self) -> Mapping[DeviceClass, int]:
        """How often each device was looked at to the end: what began after a question is two further on."""
        return dict(self._looks)

    def availability(self, needed: Iterable[DeviceClass]) -> tuple[Availability, ...]:
        """One answer for each needed class, in their order; a class without a driver is noDevice."""
        return tuple(
            self._news[device].availability
            if device in self._news
            else Availability(device, Usable.NO, DeviceState.NO_DEVICE.value)
            for device in needed
        )

    async def _watch(self, device: DeviceClass) -> None:
        failures = 0
        while True:
            await self._look(device)
            failures = failures + 1 if self._news[device].health.state in _GONE else 0
            await self._pause(device, failures)

    async def _pause(self, device: DeviceClass, failures: int) -> None:
        seconds = POLL_SECONDS
        if failures:
            # Capped before raising: years of absence must not overflow.
            backed_off = FIRST_RETRY_SECONDS * 2 ** min(failures - 1, 10)
            seconds = min(LONGEST_RETRY_SECONDS, backed_off) * (0.75 + self._jitter() / 2)
        nudge = self._nudges[device]
        try:
            async with asyncio.timeout(seconds):
                await nudge.wait()
        except TimeoutError:
            return
        nudge.clear()

    async def _look(self, device: DeviceClass) -> None:
        """Ask once. Who does not answer for a while counts as gone from then on, until the answer comes."""
        asking = asyncio.ensure_future(self._health(device))
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            done, _ = await asyncio.wait({asking}, timeout=self._patience(device))
            if not done and self._news[device].health.state not in _GONE:
                self._publish(
                    replace(self._news[device], health=Health(DeviceState.POWER_OFF, "", "no word from it"))
                )
            health = await asking
        finally:
            asking.cancel()
        before = self._news[device]
        now = replace(before, health=health)
        if health.state not in _GONE:
            self._took[device].append(loop.time() - began)
            if before.health.state in _GONE:
                now = await self._surveyed(now)
        self._publish(now)
        self._looks[device] += 1

    def _patience(self, device: DeviceClass) -> float:
        return max(PATIENCE_SECONDS, PATIENCE_TIMES * min(self._took[device], default=0.0))

    def _publish(self, now: DeviceNews) -> None:
        before = self._news[now.device]
        if now == before:
            return
        self._news[now.device] = now
        self._log_turn(before, now)
        self._tell(now)

    async def _health(self, device: DeviceClass) -> Health:
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                return await self._watched[device].driver.health()
        except TimeoutError:
            return Health(DeviceState.POWER_OFF, "", "no word from its driver")
        except DeviceFault as fault:
            return Health(DeviceState.HARDWARE_ERROR, fault.code, fault.completion.value)
        except Exception as error:  # a driver from outside the tree must not end the others' supervision
            log.error("%s: its driver failed: %s", device.value, type(error).__name__)
            return Health(DeviceState.HARDWARE_ERROR, "", type(error).__name__)

    async def _surveyed(self, news: DeviceNews) -> DeviceNews:
        """With fresh facts; a device that vanishes again while it is asked counts as still gone."""
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                return replace(news, facts=await self._watched[news.device].survey())
        except (DeviceFault, TimeoutError) as error:
            log.info("%s answered but could not be surveyed: %s", news.device.value, error)
            return replace(news, health=Health(DeviceState.POWER_OFF, "", "gone again while being asked"))

    def _log_turn(self, before: DeviceNews, now: DeviceNews) -> None:
        was, is_now = before.availability.usable, now.availability.usable
        if was is is_now:
            return
        if is_now is Usable.YES:
            log.info("%s is there", now.device.value)
        elif is_now is Usable.NO:
            log.warning("%s is not usable: %s %s", now.device.value, now.availability.code, now.health.detail)
