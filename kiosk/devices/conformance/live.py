"""The rules on a real line: real hardware, a simulator on a pty, anyone's simulator on TCP.

A hand holds the cable between the driver and the port, so that the line can be cut after any byte, made deaf and put
back. What cannot be tried on this device or this kind of line is said to be not shown, with the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from kiosk.devices.classes import DeviceClass
from kiosk.devices.conformance.cutting import Hand
from kiosk.devices.conformance.memory import frozen, pauses, rarer, strangers_to
from kiosk.devices.conformance.strangers import stranger
from kiosk.devices.conformance.words import Broken, Finding, NotShown, Report, Rule, Verdict, must
from kiosk.devices.drivers import Tools
from kiosk.devices.lines import MemoryLine
from kiosk.devices.shell.words import Command, Moves, Options, Usage
from kiosk.devices.supervisor import DeviceNews, Driver, Supervisor, Usable, Watched
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import DeviceFault, DeviceState

LONGEST_SECONDS = 150.0
"""No command of any driver may take longer, whatever happens on its line."""
AWAY_SECONDS = 4.0
"""How long the cable is out while a supervisor watches: a few of its looks."""
BACK_SECONDS = 40.0
"""Until the supervisor must have found it again: its longest pause and a half."""
GIVE_UP_SECONDS = 10.0
_TRIES = 3
_SHORTEST_SECRET = 2
_PERSONAL = ("name", "number", "address", "code_text")
"""Of answers: what names a person."""

CUTS = 12
Build = Callable[[Tools], Driver]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is tried. `cuts`: places each command is cut at. `wait_seconds`: for commands that await a person.
    `away_seconds`: how long the cable is out while a supervisor watches.
    """

    cuts: int = CUTS
    wait_seconds: float = 1.0
    away_seconds: float = AWAY_SECONDS


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)


@dataclass(frozen=True, slots=True)
class Absence:
    """What is logged when the cable is pulled, and when it is put back; when it was tried meanwhile."""

    down: Sequence[logging.LogRecord]
    back: Sequence[logging.LogRecord]
    tries: Sequence[float]


@dataclass
class Bench:
    """One device on a line whose cable is in our hand."""

    device: DeviceClass
    build: Build
    settings: Mapping[str, object]
    tools: Tools
    commands: Mapping[str, Command]
    extent: Extent
    records: list[logging.LogRecord]
    said: list[str]
    """Faults' texts."""
    secrets: set[str]
    cuttable: bool = True
    """Whether its line went through our hands: some drivers have devices that are not on a line of ours."""
    absence: Absence | None = None
    """Once seen, for both rules about it."""

    @contextlib.asynccontextmanager
    async def driver(self) -> AsyncGenerator[tuple[Driver, Hand]]:
        """A fresh driver."""
        hand = Hand()

        def line(port: str, baud: int) -> Line:
            return hand.line(self.tools.line(port, baud))

        driver = self.build(replace(self.tools, line=line))
        try:
            yield driver, hand
        finally:
            await driver.close()

    async def run(self, command: Command, driver: Driver) -> bool:
        """To its one end, within the deadline: whether it succeeded."""
        options = Options(seconds=self.extent.wait_seconds, show=True, lock=1, name="conformance")
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                answer = await command.run(driver, options)
        except DeviceFault as fault:
            self.said.append(str(fault))
            return False
        except Usage:
            return False
        except TimeoutError:
            raise Broken(f"no end within {LONGEST_SECONDS:g} s") from None
        for name in _PERSONAL:
            told = answer.get(name)
            if isinstance(told, str) and len(told) >= _SHORTEST_SECRET:
                self.secrets.add(told)
        return True

    async def usable(self, driver: Driver) -> None:
        """Online within a few looks."""
        state = DeviceState.STARTING
        for _ in range(_TRIES):
            state = (await driver.health()).state
            if state in (DeviceState.ONLINE, DeviceState.BUSY):
                return
        raise Broken(f"not usable again: {state.value}")


def _needs_cable(bench: Bench) -> None:
    if not bench.cuttable:
        raise NotShown("its line is not ours to cut")


async def _capabilities(bench: Bench) -> str:
    async with bench.driver() as (driver, hand):
        before = getattr(driver, "capabilities", None)
        if before is None:
            raise NotShown("its contract states none")
        must(frozen(before), "capabilities are not a frozen dataclass")
        must(not hand.openings, "the line was opened to know them")
        await driver.health()
        must(cast("Any", driver).capabilities == before, "they changed")
        return ""


async def _status(bench: Bench) -> str:
    async with bench.driver() as (driver, _hand):
        asked = getattr(driver, "status", None)
        if asked is None:
            await driver.health()
            return "health only"
        must(frozen(await asked()), "status is not a frozen dataclass")
        return ""


async def _power_off(bench: Bench) -> str:
    async with bench.driver() as (driver, hand):
        _needs_cable(bench)
        hand.pull()
        state = (await driver.health()).state
        must(state is not DeviceState.NO_DEVICE, "unplugged, it is noDevice")
        must(state is DeviceState.POWER_OFF, f"unplugged, it is {state.value}")
        return ""


async def _silence(bench: Bench) -> str:
    async with bench.driver() as (driver, hand):
        _needs_cable(bench)
        hand.deafen()
        async with asyncio.timeout(LONGEST_SECONDS):
            state = (await driver.health()).state
        if not hand.written:
            must(state in (DeviceState.ONLINE, DeviceState.POWER_OFF), f"silent, it is {state.value}")
            return "it is not asked, it is listened to"
        if _tells(driver):
            must(state is DeviceState.POWER_OFF, f"silent, it is {state.value}")
            return ""
        return f"it cannot be asked: {state.value}"


def _tells(driver: Driver) -> bool:
    """Whether the device can be asked: relays are told and do not answer, a plain scanner says codes only."""
    answers = getattr(getattr(driver, "capabilities", None), "answers", True)
    return bool(answers) and not hasattr(driver, "release") and not hasattr(driver, "set")


async def _one_at_a_time(bench: Bench) -> str:
    async with bench.driver() as (driver, _hand):
        ends = await asyncio.gather(*(bench.run(command, driver) for command in bench.commands.values()))
        await bench.usable(driver)
        return f"{len(ends)} at once"


async def _deadline(bench: Bench) -> str:
    longest, which = 0.0, ""
    for name, command in bench.commands.items():
        async with bench.driver() as (driver, hand):
            _needs_cable(bench)
            hand.deafen()
            began = time.monotonic()
            await bench.run(command, driver)
            if time.monotonic() - began > longest:
                longest, which = time.monotonic() - began, name
    return f"longest {longest:.1f} s: {which}"


async def _lengths(bench: Bench) -> dict[str, int]:
    lengths: dict[str, int] = {}
    for name, command in bench.commands.items():
        async with bench.driver() as (driver, hand):
            _needs_cable(bench)
            await bench.run(command, driver)
            if hand.passed:
                lengths[name] = hand.passed
    if not lengths:
        raise NotShown("no bytes pass")
    return lengths


def spread(size: int, cuts: int) -> Sequence[int]:
    """Places to cut at: every byte where there are few, else the first, the last and an even spread between."""
    if size <= cuts:
        return range(1, size + 1)
    return sorted({1, size, *(1 + (size - 1) * n // max(1, cuts - 1) for n in range(cuts))})


async def _unplugged(bench: Bench) -> str:
    tried = 0
    for name, size in (await _lengths(bench)).items():
        for at in spread(size, bench.extent.cuts):
            async with bench.driver() as (driver, hand):
                hand.wait_for(at, hand.pull)
                await bench.run(bench.commands[name], driver)
                hand.at = None
                hand.put_back()
                try:
                    await bench.usable(driver)
                except Broken as broken:
                    raise Broken(f"{broken} ({name} cut after byte {at} of {size})") from None
                tried += 1
    return f"{tried} cuts"


async def _cancel(bench: Bench) -> str:
    tried = 0
    for name, size in (await _lengths(bench)).items():
        for at in spread(size, max(1, bench.extent.cuts // 2)):
            async with bench.driver() as (driver, hand):
                running = asyncio.get_running_loop().create_task(bench.run(bench.commands[name], driver))
                hand.wait_for(at, running.cancel)
                done, _ = await asyncio.wait([running], timeout=LONGEST_SECONDS + GIVE_UP_SECONDS)
                must(done, f"{name}, given up after byte {at}, does not end")
                if not running.cancelled() and (failure := running.exception()) is not None:
                    raise failure
                hand.at = None
                await bench.usable(driver)
                tried += 1
    return f"{tried} times"


async def _asks(bench: Bench) -> str:
    async with bench.driver() as (driver, hand):
        _needs_cable(bench)
        await bench.usable(driver)
        if not _tells(driver):
            raise NotShown("it cannot be asked")
        for _ in range(_TRIES):
            hand.pull()
            await driver.health()
            hand.put_back()
            before = hand.passed
            await bench.usable(driver)
            must(hand.passed > before, "there without a byte")
        return ""


async def _absence(bench: Bench) -> Absence:
    if bench.absence is None:
        bench.absence = await _watched(bench)
    return bench.absence


async def _watched(bench: Bench) -> Absence:
    async with bench.driver() as (driver, hand):
        _needs_cable(bench)
        news: list[DeviceNews] = []
        supervisor = Supervisor({bench.device: Watched(driver)}, jitter=lambda: 0.5, tell=news.append)
        watching = asyncio.get_running_loop().create_task(supervisor.run())
        try:
            await _until(
                lambda: bool(news) and news[-1].availability.usable is Usable.YES, "not usable to begin with"
            )
            began, first = len(bench.records), len(hand.openings)
            hand.pull()
            supervisor.nudge(bench.device)
            await _until(lambda: news[-1].availability.usable is Usable.NO, "being away is not noticed")
            await asyncio.sleep(bench.extent.away_seconds)
            down, tries = tuple(bench.records[began:]), tuple(hand.openings[first:])
            began = len(bench.records)
            hand.put_back()
            await _until(lambda: news[-1].availability.usable is Usable.YES, "being back is not noticed")
            return Absence(down, tuple(bench.records[began:]), tries)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def _until(condition: Callable[[], bool], told: str) -> None:
    until = time.monotonic() + BACK_SECONDS
    while not condition():
        must(time.monotonic() < until, told)
        await asyncio.sleep(0.02)


async def _logged_once(bench: Bench) -> str:
    seen = await _absence(bench)
    for records, level, word in ((seen.down, logging.WARNING, "down"), (seen.back, logging.INFO, "back")):
        heard = [record for record in records if record.levelno >= logging.INFO]
        must([r.levelno for r in heard] == [level], f"{word}: {len(heard)} lines")
    return ""


async def _back_off(bench: Bench) -> str:
    waited = pauses((await _absence(bench)).tries)
    must(rarer(waited), "its pauses do not grow")
    return f"pauses {', '.join(f'{pause:.1f}' for pause in waited)} s"


async def _no_person(bench: Bench) -> str:
    told = [*bench.said, *(record.getMessage() for record in bench.records)]
    for secret in bench.secrets:
        must(not any(secret in text for text in told), "a log or an error names what the device said of a person")
    if not bench.secrets:
        raise NotShown("it said nothing of a person")
    return f"{len(bench.secrets)} things looked for in {len(told)} texts"


async def _exclusive(bench: Bench) -> str:
    async with bench.driver() as (driver, hand):
        _needs_cable(bench)
        await bench.usable(driver)
        port = hand.lines[0]
        if not port.startswith("/"):
            raise NotShown("only a serial port can be taken twice")
        try:
            second = await bench.tools.line(port, 9600).open()
        except TransportLost:
            return ""
        await second.close()
        raise Broken("a second program gets the same port")


_COUNTERS = ("retained", "counts")


async def _counters(bench: Bench) -> str:
    async def counted() -> dict[str, object]:
        async with bench.driver() as (driver, _hand):
            there = {name: getattr(driver, name) for name in _COUNTERS if hasattr(driver, name)}
            return {name: await ask() for name, ask in there.items()}

    before = await counted()
    if not before:
        raise NotShown("it counts nothing")
    must(await counted() == before, "they changed")
    return ", ".join(before)


async def _stranger(bench: Bench) -> str:
    async with bench.driver() as (driver, _hand):
        _needs_cable(bench)
        if not _tells(driver):
            raise NotShown("it cannot be asked, and not be told from another")
    names = strangers_to(bench.device)
    wrong = await asyncio.gather(*(_taken_in_by(bench, name) for name in names))
    must(not any(wrong), f"takes for its own: {', '.join(name for name in wrong if name)}")
    return f"{len(names)} tried"


async def _taken_in_by(bench: Bench, name: str) -> str:
    playing: list[asyncio.Task[None]] = []

    def answer(far: Any) -> None:
        async def play() -> None:
            await stranger(name)(far)

        playing.append(asyncio.get_running_loop().create_task(play()))

    def line(_port: str, _baud: int) -> Line:
        return MemoryLine("stranger", answer)

    driver = bench.build(replace(bench.tools, line=line))
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return name if (await driver.health()).state is DeviceState.ONLINE else ""
    finally:
        await driver.close()
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


TRIALS: Mapping[Rule, Callable[[Bench], Awaitable[str]]] = {
    Rule.CAPABILITIES: _capabilities,
    Rule.STATUS: _status,
    Rule.POWER_OFF: _power_off,
    Rule.SILENCE: _silence,
    Rule.ONE_AT_A_TIME: _one_at_a_time,
    Rule.DEADLINE: _deadline,
    Rule.CANCEL: _cancel,
    Rule.UNPLUGGED: _unplugged,
    Rule.ASKS: _asks,
    Rule.LOGGED_ONCE: _logged_once,
    Rule.BACK_OFF: _back_off,
    Rule.EXCLUSIVE: _exclusive,
    Rule.COUNTERS: _counters,
    Rule.STRANGER: _stranger,
    # Last: it looks at what all the others made the driver say.
    Rule.NO_PERSON: _no_person,
}


async def conform(
    device: DeviceClass,
    build: Build,
    settings: Mapping[str, object],
    tools: Tools,
    commands: Mapping[str, Command],
    extent: Extent,
    rules: Sequence[Rule] = tuple(TRIALS),
) -> Report:
    """Try every rule on the device on the line of its settings. Commands that move hardware are left alone."""
    asking = {name: command for name, command in commands.items() if command.moves is Moves.NO}
    keeper = _Records()
    room = logging.getLogger("kiosk.devices")
    level = room.level
    room.addHandler(keeper)
    room.setLevel(logging.DEBUG)
    bench = Bench(device, build, settings, tools, asking, extent, keeper.kept, [], set())
    began = time.monotonic()
    try:
        async with bench.driver() as (driver, hand):
            said = await driver.health()
            bench.cuttable = bool(hand.lines)
        if said.state not in (DeviceState.ONLINE, DeviceState.BUSY):
            return Report(device.value, False, (), time.monotonic() - began)
        findings = [await _tried(rule, bench) for rule in rules]
    finally:
        room.removeHandler(keeper)
        room.setLevel(level)
    return Report(device.value, True, tuple(findings), time.monotonic() - began)


async def _tried(rule: Rule, bench: Bench) -> Finding:
    try:
        return Finding(rule, Verdict.KEPT, await TRIALS[rule](bench))
    except NotShown as why:
        return Finding(rule, Verdict.NOT_SHOWN, str(why))
    except Broken as how:
        return Finding(rule, Verdict.BROKEN, str(how))
    except TimeoutError:
        return Finding(rule, Verdict.BROKEN, f"no end within {LONGEST_SECONDS:g} s")
    except DeviceFault as fault:
        return Finding(rule, Verdict.BROKEN, f"refused: {fault.completion.value} {fault.code}")
    except Exception as error:  # a driver must raise nothing else; whatever it raises breaks the rule
        return Finding(rule, Verdict.BROKEN, f"raised {type(error).__name__}")
