"""What every driver on a line keeps, in memory on the virtual clock. docs/devices/conformance.md says it in words.

A subject is one driver, what plays its device, and its commands. The suite cuts the line after every byte either side
sends, in every command, and looks at what the caller is told, how long it took, and whether the driver is usable
afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import enum
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, TypeVar, cast

from kiosk.devices.classes import DeviceClass
from kiosk.devices.conformance.strangers import ECHO, STRANGERS, stranger
from kiosk.devices.conformance.words import Broken, must
from kiosk.devices.lines import MemoryLine
from kiosk.devices.supervisor import DeviceNews, Driver, Supervisor, Usable, Watched
from kiosk.devices.transport import Line, Transport, TransportLost
from kiosk.devices.words import DeviceFault, DeviceState, Health
from kiosk.virtual import run_virtual

T = TypeVar("T")

LONGEST_SECONDS = 150.0
"""No command of any driver may take longer, whatever happens on its line."""

LONG_TALK, LONG_TALK_EDGE = 2000, 6
"""From so many bytes on it is a talk of many messages, each like the other: fewer are tried."""
EDGE = 24
"""Bytes at either end of a long command that are all tried, and how many between them."""
EVERY_BYTE = "KIOSK_EVERY_BYTE"
"""Set in the environment, every byte of long commands is tried too."""

SAME_LOOK_SECONDS = 0.05

Command = Callable[[Any], Awaitable[object]]
Player = Callable[[Transport], Awaitable[None]]
"""Plays a device on the far end of its line, until that is lost."""

START = datetime(2026, 1, 1, tzinfo=UTC)
"""When virtual time begins."""


@dataclass(frozen=True)
class Subject:
    """A driver under test. `far` makes a fresh device in its normal state, which lasts over reconnections.

    `commands` work on that device one after the other; each must succeed on a sound line. `secrets` are what the
    device says about people: none may reach a log or an error.
    """

    device: DeviceClass
    name: str
    build: Callable[[Line], Driver]
    far: Callable[[], Player]
    commands: Mapping[str, Command]
    secrets: tuple[str, ...] = ()
    answers: bool = True
    """Whether the device can be asked at all; relays cannot."""

    def __str__(self) -> str:
        return f"{self.device.value}-{self.name}"


class _Counting:
    """A far end that counts the bytes of both directions together."""

    def __init__(self, far: Transport, cut: Cut) -> None:
        self._far = far
        self._cut = cut

    async def read(self, most: int) -> bytes:  # noqa: ARG002 (one byte at a time, however many are asked for)
        data = await self._far.read(1)
        self._cut.passed()
        return data

    async def write(self, data: bytes) -> None:
        for byte in data:
            await self._far.write(bytes([byte]))
            # The other side takes each byte before the next one may be the last.
            await asyncio.sleep(0)
            self._cut.passed()

    def drop_input(self) -> int:
        return self._far.drop_input()

    async def close(self) -> None:
        await self._far.close()


@dataclass
class Cut:
    """Counts bytes; after `at` of them `happens`, once."""

    at: int | None = None
    happens: Callable[[], object] = bool
    bytes: int = 0

    def passed(self) -> None:
        """One more byte."""
        self.bytes += 1
        if self.bytes == self.at:
            self.happens()


@dataclass
class Bench:
    """A driver and its device on a line that can be cut."""

    driver: Driver
    line: MemoryLine
    cut: Cut
    failures: list[BaseException] = field(default_factory=list[BaseException])


@contextlib.asynccontextmanager
async def bench(subject: Subject) -> AsyncGenerator[Bench]:
    """Fresh driver, fresh device."""
    cut = Cut()
    far = subject.far()
    playing: list[asyncio.Task[None]] = []
    failures: list[BaseException] = []

    async def play(end: Transport) -> None:
        try:
            await far(_Counting(end, cut))
        except TransportLost:
            return
        except Exception as error:
            failures.append(error)

    def answer(end: Transport) -> None:
        # A device has one life: what it played to the line before is over.
        for old in playing:
            old.cancel()
        playing.append(asyncio.get_running_loop().create_task(play(end)))

    line = MemoryLine("bench", answer)
    driver = subject.build(line)
    try:
        yield Bench(driver, line, cut, failures)
    finally:
        await driver.close()
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)
    for failure in failures:
        raise failure


class Ending(enum.Enum):
    """How a command came back: with a value, or with the one exception it may raise."""

    VALUE = "value"
    FAULT = "fault"


async def ending(coming: Awaitable[object], *, secrets: tuple[str, ...] = ()) -> Ending:
    """Within the deadline, exactly once, as a value or a DeviceFault that names nobody."""
    async with asyncio.timeout(LONGEST_SECONDS):
        try:
            await coming
        except DeviceFault as fault:
            must(not any(secret in str(fault) for secret in secrets), "a fault names a person")
            return Ending.FAULT
    return Ending.VALUE


async def usable(driver: Driver) -> None:
    """Online again within a few looks: a driver may need one to notice that its line is back."""
    said: Health | None = None
    for _ in range(3):
        said = await driver.health()
        if said.state is DeviceState.ONLINE:
            return
    raise Broken(f"not usable again: {said}")


def virtually(body: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run on the virtual clock."""
    return run_virtual(body(), START)


def frozen(value: object) -> bool:
    """Whether a value is an instance of a frozen dataclass."""
    return dataclasses.is_dataclass(value) and bool(cast("Any", type(value)).__dataclass_params__.frozen)


def some_of(size: int) -> tuple[int, ...]:
    """The bytes to try: every one of short commands; of long ones both ends and a spread, or all if asked for."""
    edge = EDGE if size < LONG_TALK else LONG_TALK_EDGE
    if size <= edge * 4 or os.environ.get(EVERY_BYTE):
        return tuple(range(1, size + 1))
    middle = range(edge, size - edge, max(1, (size - 2 * edge) // edge))
    return tuple(sorted({*range(1, edge + 1), *middle, *range(size - edge, size + 1)}))


# -- the rules -----------------------------------------------------------------------------------------


def commands_succeed_on_a_sound_line(subject: Subject) -> dict[str, int]:
    """Each command, on a fresh device; how many bytes passed."""

    async def count(command: Command) -> int:
        async with bench(subject) as there:
            ended = await ending(command(there.driver), secrets=subject.secrets)
            must(ended is Ending.VALUE, "a command fails on a sound line")
            await asyncio.sleep(0)
            return there.cut.bytes

    return {name: virtually(lambda c=command: count(c)) for name, command in subject.commands.items()}


def status_is_a_value(subject: Subject) -> None:
    """Before anything was asked, unplugged, and silent: health raises nothing and claims nothing."""

    async def deaf(far: Transport) -> None:
        while True:
            await far.read(1)

    async def absent() -> None:
        async with bench(subject) as there:
            there.line.unplug()
            async with asyncio.timeout(LONGEST_SECONDS):
                said = await there.driver.health()
            must(said.state is DeviceState.POWER_OFF, f"unplugged, it is {said.state.value}")

    async def silent() -> None:
        async with bench(dataclasses.replace(subject, far=lambda: deaf)) as there:
            async with asyncio.timeout(LONGEST_SECONDS):
                state = (await there.driver.health()).state
            expected = DeviceState.POWER_OFF if subject.answers else DeviceState.ONLINE
            must(state is expected, f"silent, it is {state.value}")

    virtually(absent)
    virtually(silent)


def capabilities_are_static(subject: Subject) -> None:
    """Where a driver states any: known before the line was opened, the same afterwards, and immutable."""

    async def body() -> None:
        async with bench(subject) as there:
            before = getattr(there.driver, "capabilities", None)
            if before is None:
                return
            must(frozen(before), "capabilities are not a frozen dataclass")
            must(there.cut.bytes == 0, "the line was opened to know the capabilities")
            await there.driver.health()
            must(cast("Any", there.driver).capabilities == before, "capabilities changed")

    virtually(body)


def unplugged_at_every_byte_it_stays_usable(subject: Subject, command: str, sizes: Mapping[str, int]) -> int:
    """The line is cut after one byte after the other, and put back a second later; how many cuts that was."""

    async def once(at: int) -> None:
        async with bench(subject) as there:
            there.cut.at, there.cut.happens = at, there.line.unplug
            running = asyncio.get_running_loop().create_task(
                ending(subject.commands[command](there.driver), secrets=subject.secrets)
            )

            async def put_back() -> None:
                await asyncio.sleep(1)
                there.line.plug()

            putting = asyncio.get_running_loop().create_task(put_back())
            await running
            await putting
            there.line.plug()
            await usable(there.driver)

    cuts = some_of(sizes[command])
    for at in cuts:
        try:
            virtually(lambda at=at: once(at))
        except BaseException as error:
            error.add_note(f"{subject} {command}: cut after byte {at} of {sizes[command]}")
            raise
    return len(cuts)


def cancelled_at_every_byte_it_stays_usable(subject: Subject, command: str, sizes: Mapping[str, int]) -> None:
    """The caller gives up after each byte in turn: cancelled at once, and the next question gets its own answer."""

    async def once(at: int) -> None:
        async with bench(subject) as there:
            running = asyncio.get_running_loop().create_task(
                ending(subject.commands[command](there.driver), secrets=subject.secrets)
            )
            loop = asyncio.get_running_loop()
            gave_up = loop.time()

            def give_up() -> None:
                nonlocal gave_up
                gave_up = loop.time()
                running.cancel()

            there.cut.at, there.cut.happens = at, give_up
            await asyncio.gather(running, return_exceptions=True)
            must(there.cut.bytes < at or loop.time() - gave_up < 10, "a command given up goes on")
            await usable(there.driver)

    size = sizes[command]
    for at in some_of(size):
        try:
            virtually(lambda at=at: once(at))
        except BaseException as error:
            error.add_note(f"{subject} {command}: given up after byte {at} of {size}")
            raise


def one_command_at_a_time(subject: Subject) -> None:
    """All commands at once: each comes back exactly once, and none hangs."""

    async def body() -> None:
        async with bench(subject) as there:
            at_once = [ending(one(there.driver), secrets=subject.secrets) for one in subject.commands.values()]
            endings = await asyncio.gather(*at_once)
            must(len(endings) == len(at_once), "a command did not come back")
            await usable(there.driver)

    virtually(body)


def down_and_back_are_logged_once(subject: Subject, records: list[logging.LogRecord]) -> None:
    """Over an hour's absence and a return, supervised: one line when down, one when back, no name in any."""

    async def body() -> None:
        async with bench(subject) as there:
            news: list[DeviceNews] = []
            watched = {subject.device: Watched(there.driver)}
            supervisor = Supervisor(watched, jitter=lambda: 0.5, tell=news.append)
            watching = asyncio.get_running_loop().create_task(supervisor.run())
            await asyncio.sleep(60)
            must([n.availability.usable for n in news][-1] is Usable.YES, "not usable to begin with")
            records.clear()
            there.line.unplug()
            await asyncio.sleep(3600)
            down = [r for r in records if r.levelno >= logging.INFO]
            must(
                [r.levelno for r in down] == [logging.WARNING], f"down was logged as {[r.getMessage() for r in down]}"
            )
            records.clear()
            there.line.plug()
            await asyncio.sleep(120)
            back = [r for r in records if r.levelno >= logging.INFO]
            must([r.levelno for r in back] == [logging.INFO], f"back was logged as {[r.getMessage() for r in back]}")
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    virtually(body)


class _Openings:
    """A line that notes when it is opened, and what was said on it since."""

    def __init__(self, inner: MemoryLine) -> None:
        self._inner = inner
        self.times: list[float] = []

    @property
    def name(self) -> str:
        return self._inner.name

    async def open(self) -> Transport:
        self.times.append(asyncio.get_running_loop().time())
        return await self._inner.open()


def after_every_connect_the_device_is_asked(subject: Subject) -> None:
    """A device that can be asked is there only once it has said something on the new connection."""

    async def body() -> None:
        async with bench(subject) as there:
            await usable(there.driver)
            for _ in range(3):
                there.line.unplug()
                await there.driver.health()
                there.line.plug()
                before = there.cut.bytes
                await usable(there.driver)
                must(not subject.answers or there.cut.bytes > before, "there without having been asked")

    virtually(body)


def absent_it_is_looked_for_ever_more_rarely(subject: Subject) -> tuple[float, ...]:
    """Over ten minutes without its device, supervised: pauses grow, and stay grown; those pauses in seconds."""

    async def body() -> tuple[float, ...]:
        async with bench(subject) as there:
            there.line.unplug()
            line = _Openings(there.line)
            driver = subject.build(line)
            supervisor = Supervisor({subject.device: Watched(driver)}, jitter=lambda: 0.5, tell=lambda _news: None)
            watching = asyncio.get_running_loop().create_task(supervisor.run())
            await asyncio.sleep(600)
            waited = pauses(line.times)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            return waited

    waited = virtually(body)
    must(rarer(waited), f"pauses of {', '.join(f'{pause:.2f}' for pause in waited[:6])} ... s")
    return waited


def pauses(times: Sequence[float]) -> tuple[float, ...]:
    """Seconds between looks; what is tried again at once belongs to the same look."""
    return tuple(gap for gap in (after - before for before, after in pairwise(times)) if gap > SAME_LOOK_SECONDS)


def rarer(waited: Sequence[float]) -> bool:
    """Whether pauses grow and stay grown, up to what a loaded machine adds."""
    return len(waited) > 1 and waited[-1] > waited[0] * 1.5 and all(b > a * 0.8 for a, b in pairwise(waited))


def a_stranger_is_noticed(subject: Subject) -> tuple[str, ...]:
    """Another device on the port, or an echo: never online. Which ones were tried; a device that cannot be asked
    cannot be told from another.
    """
    if not subject.answers:
        return ()

    async def body(name: str) -> None:
        async with bench(dataclasses.replace(subject, far=lambda: stranger(name))) as there:
            for _ in range(3):
                async with asyncio.timeout(LONGEST_SECONDS):
                    said = await there.driver.health()
                must(said.state is not DeviceState.ONLINE, f"takes {name} for its own device")

    names = strangers_to(subject.device)
    for name in names:
        virtually(lambda name=name: body(name))
    return names


def strangers_to(device: DeviceClass) -> tuple[str, ...]:
    """Who may stand on the port of such a device by mistake."""
    return (*(name for name, one in STRANGERS.items() if device not in one.classes), ECHO)


RuleCheck = Callable[[Subject], object]


def unplugged_anywhere_it_stays_usable(subject: Subject) -> None:
    """Every command of it, cut after every byte."""
    sizes = commands_succeed_on_a_sound_line(subject)
    for command in subject.commands:
        _ = unplugged_at_every_byte_it_stays_usable(subject, command, sizes)


def cancelled_anywhere_it_stays_usable(subject: Subject) -> None:
    """Every command of it, given up after every byte."""
    sizes = commands_succeed_on_a_sound_line(subject)
    for command in subject.commands:
        cancelled_at_every_byte_it_stays_usable(subject, command, sizes)


def logged_once_and_nobody_named(subject: Subject) -> None:
    """Down and back are logged once each, and no line of it names a person."""
    records: list[logging.LogRecord] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    keeper = Keeper(logging.DEBUG)
    room = logging.getLogger()
    level = room.level
    room.addHandler(keeper)
    room.setLevel(logging.DEBUG)
    try:
        down_and_back_are_logged_once(subject, records)
    finally:
        room.removeHandler(keeper)
        room.setLevel(level)
    for record in records:
        must(not any(secret in record.getMessage() for secret in subject.secrets), "a log names a person")


RULES: tuple[RuleCheck, ...] = (
    commands_succeed_on_a_sound_line,
    capabilities_are_static,
    status_is_a_value,
    one_command_at_a_time,
    unplugged_anywhere_it_stays_usable,
    cancelled_anywhere_it_stays_usable,
    after_every_connect_the_device_is_asked,
    logged_once_and_nobody_named,
    absent_it_is_looked_for_ever_more_rarely,
    a_stranger_is_noticed,
)
"""All of them, for a driver's own tests: each raises Broken for a rule that is not kept."""
