"""`kiosk device list`, `kiosk device CLASS COMMAND`: one command to one device, from a shell.

JSON goes to standard output, logs to standard error. What identifies a person is masked unless asked for. Hardware
moves only where the house lets it: in simulation, in maintenance, or on a bench, which is a port named on the command
line with no station configured. Exit codes: 0 done, 2 refused by the device, 3 not reachable, 64 wrong command line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar, cast

from kiosk.devices.classes import DeviceClass
from kiosk.devices.conformance.live import CUTS, Extent, conform
from kiosk.devices.drivers import InvalidSettings, Tools, UnknownDriver
from kiosk.devices.lines import line_at
from kiosk.devices.locker.contract import ItemState
from kiosk.devices.page_printer.posting import poster
from kiosk.devices.register import REGISTER, Registered
from kiosk.devices.shell import found
from kiosk.devices.shell.exercise import exercise
from kiosk.devices.shell.table import commands_of
from kiosk.devices.shell.words import (
    EXIT_DONE,
    EXIT_NOT_REACHABLE,
    EXIT_REFUSED,
    EXIT_USAGE,
    Answer,
    Command,
    Configured,
    House,
    Move,
    Moves,
    Options,
    Usage,
    exit_of_answer,
    exit_of_fault,
    health_answer,
)
from kiosk.devices.supervisor import Driver
from kiosk.devices.traces.recorder import Recorder, traced
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

__all__ = ["BENCH", "Around", "Bench", "add_commands", "run", "run_parsed"]

T = TypeVar("T")

DEFAULT_SECONDS = 30.0
LOADED = "loaded"
"""Something lies in the compartment: it is opened for its owner, against a grant, and for nobody else."""
LOOK_SECONDS = 8.0
"""How long one configured device may take to say how it is, in `list`."""
LIST = "list"


class _Subparsers(Protocol):
    """What argparse's add_subparsers returns."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...  # noqa: A002 (argparse's word)


class Bench:
    """No station is configured: a workbench, where whoever names a port may move what is on it."""

    def configured(self) -> Mapping[DeviceClass, Configured]:
        return {}

    async def refusal(self, move: Move) -> str:  # noqa: ARG002 (House asks so)
        return ""

    async def note(self, move: Move, outcome: str) -> None:
        logging.getLogger(__name__).info("bench: %s %s: %s", move.device.value, move.command, outcome)


class Simulate(Protocol):
    """Plays the far end of a driver alone until interrupted; the exit code."""

    def __call__(self, device: DeviceClass, driver: str, *, pty: str, tcp: int | None) -> int: ...


def _nobody(device: DeviceClass, driver: str, *, pty: str, tcp: int | None) -> int:  # noqa: ARG001 (see Simulate)
    raise Usage("the simulators are not part of this installation")


@dataclass(frozen=True, slots=True)
class Around:
    """What a program that offers these commands adds: its house, its simulators, classes wired elsewhere."""

    house: House = field(default_factory=Bench)
    simulate: Simulate = _nobody
    more: Mapping[DeviceClass, Registered] = field(default_factory=dict[DeviceClass, Registered])

    @property
    def classes(self) -> dict[DeviceClass, Registered]:
        """Every class there is."""
        return {**REGISTER, **self.more}


BENCH = Around()


class _Parser(argparse.ArgumentParser):
    """Says what to do instead, and ends with the usage code."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n{self.format_usage()}")


def add_commands(subparsers: _Subparsers) -> None:
    """Add `device` to a program's subcommands; its arguments are then given to `run_parsed`."""
    _add_arguments(subparsers.add_parser("device", help="one command to one device"), BENCH)


def _add_arguments(parser: argparse.ArgumentParser, around: Around) -> None:
    classes = sorted(device.value for device in around.classes)
    parser.add_argument("device_class", metavar="CLASS", choices=[LIST, *classes], help=f"list, {', '.join(classes)}")
    parser.add_argument("device_command", metavar="COMMAND", nargs="?", default="")
    parser.add_argument("words", metavar="WORD", nargs="*", help="what a command takes: locker open 3")
    parser.add_argument("--driver", default="", help="name of the driver; where there is one only, that one")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting; JSON or text")
    parser.add_argument(
        "--seconds", type=float, default=DEFAULT_SECONDS, help="how long to wait for a person or paper"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--show", action="store_true", help="do not mask what identifies a person")
    parser.add_argument("--simulation", action="store_true", help="the device is simulated")
    parser.add_argument("--board", type=int, default=1)
    parser.add_argument("--lock", type=int, default=0)
    parser.add_argument("--file", default="", help="what to print")
    parser.add_argument("--text", default="", help="what to print, as plain lines")
    parser.add_argument("--name", default="", help="a job's or a light's name")
    parser.add_argument("--mrz", default="", help="machine-readable lines of a document, separated by /")
    parser.add_argument("--trace", type=Path, help="record bytes both ways into this file, personal data left out")
    parser.add_argument(
        "--payloads", action="store_true", help="of a simulated device: with all payloads in the trace"
    )
    parser.add_argument("--pty", default="", help="where `simulate` puts its port")
    parser.add_argument("--tcp", type=int, help="the port `simulate` listens on, on 127.0.0.1; 0: any")
    parser.add_argument("--cuts", type=int, default=CUTS, help="of `conform`: places a command is cut at")


def run(argv: Sequence[str], tools: Tools | None = None, around: Around = BENCH) -> int:
    """Carry out `CLASS COMMAND ...`; the exit code. What argparse refuses ends in SystemExit(64)."""
    parser = _Parser(prog="kiosk device")
    _add_arguments(parser, around)
    return run_parsed(parser.parse_args(argv), tools, around)


def run_parsed(arguments: argparse.Namespace, tools: Tools | None = None, around: Around = BENCH) -> int:
    """Carry out what a parser made by `add_commands` has read."""
    try:
        return _Asked(arguments, tools or _shell_tools(), around).carry_out()
    except (UnknownDriver, InvalidSettings, Usage) as wrong:
        return _fail(arguments, "usage", str(wrong), EXIT_USAGE)
    except DeviceFault as fault:
        return _fail(arguments, fault.completion.value, fault.code, exit_of_fault(fault))


class _Asked:
    """One command line, being carried out."""

    def __init__(self, arguments: argparse.Namespace, tools: Tools, around: Around) -> None:
        self._arguments = arguments
        self._around = around
        self._tools = tools
        self._wanted = cast("str", arguments.device_class)
        self._name = cast("str", arguments.device_command)

    def carry_out(self) -> int:
        """The exit code. Raises Usage, UnknownDriver, InvalidSettings, DeviceFault."""
        if self._wanted == LIST:
            return self._say(asyncio.run(self._list()), EXIT_DONE)
        device = DeviceClass(self._wanted)
        commands = commands_of(device)
        special = {"exercise": self._exercise, "conform": self._conform, "simulate": self._simulate}
        if self._name in special:
            return special[self._name](device)
        command = commands.get(self._name)
        if command is None:
            offered = ", ".join((*commands, *special))
            raise Usage(f"{self._name or 'nothing'} is not a command of {device.value}; say one of: {offered}")
        answer = asyncio.run(self._command(device, command))
        return self._say(answer, exit_of_answer(answer))

    # -- which device ------------------------------------------------------------------------------------------

    def _driver(self, device: DeviceClass) -> tuple[str, dict[str, object]]:
        """Driver and settings: the station's, with what the command line says laid over."""
        here = self._around.house.configured().get(device)
        given = _settings(cast("list[str]", self._arguments.set))
        name = cast("str", self._arguments.driver)
        if here is not None and here.fitted and name in ("", here.driver):
            return here.driver, {**here.settings, **given}
        names = self._around.classes[device].catalogue.names()
        if not name and len(names) == 1:
            name = names[0]
        if not name:
            raise Usage(f"--driver is needed; drivers of {device.value}: {', '.join(names)}")
        return name, given

    def _build(self, device: DeviceClass) -> Callable[[Tools], Driver]:
        name, settings = self._driver(device)
        entry = self._around.classes[device].catalogue.entry(name)
        return lambda tools: entry.make(settings, tools)

    def _traced(self, device: DeviceClass) -> tuple[Tools, Recorder | None]:
        file = cast("Path | None", self._arguments.trace)
        if file is None:
            return self._tools, None
        name, settings = self._driver(device)
        if self._arguments.payloads and not (self._arguments.simulation and _played(settings)):
            raise Usage("--payloads records what the device says of people: only with --simulation, on a pty")
        recorder = Recorder(device, name, settings, time.monotonic, payloads=bool(self._arguments.payloads))
        recorder.command(self._name, tuple(cast("list[str]", self._arguments.words)))
        return replace(self._tools, line=traced(self._tools.line, recorder)), recorder

    # -- commands ----------------------------------------------------------------------------------------------

    async def _command(self, device: DeviceClass, command: Command) -> Answer:
        options = self._options()
        move = Move(device, self._name, options.board, _number(options))
        async with _opened(self, device) as driver:
            if command.moves is Moves.NO:
                return await command.run(driver, options)
            if command.felt is not None:
                move = replace(move, item=await command.felt(driver, options))
            await self._let(move)
            try:
                answer = await command.run(driver, options)
            except DeviceFault as fault:
                await self._around.house.note(move, fault.code or fault.completion.value)
                raise
            await self._around.house.note(move, "done")
            return answer

    async def _let(self, move: Move) -> None:
        word = LOADED if move.item == ItemState.PRESENT.value else await self._around.house.refusal(move)
        if word:
            await self._around.house.note(move, word)
            raise DeviceFault(Completion.AUTHORISATION_REQUIRED, word)

    def _exercise(self, device: DeviceClass) -> int:
        async def main() -> tuple[Answer, int]:
            move = Move(device, "exercise", 0, 0)
            word = await self._around.house.refusal(move)
            async with _opened(self, device) as driver:
                moves = Moves.NO if word else Moves.YES
                if moves is Moves.YES:
                    await self._around.house.note(move, "begun")
                return await exercise(driver, commands_of(device), self._options(), moves, time.monotonic)

        answer, code = asyncio.run(main())
        return self._say(answer, code)

    def _conform(self, device: DeviceClass) -> int:
        if word := asyncio.run(self._around.house.refusal(Move(device, "conform", 0, 0))):
            raise DeviceFault(Completion.AUTHORISATION_REQUIRED, word)
        name, settings = self._driver(device)
        entry = self._around.classes[device].catalogue.entry(name)
        tools, recorder = self._traced(device)
        extent = Extent(cuts=cast("int", self._arguments.cuts))
        report = asyncio.run(
            conform(device, lambda ready: entry.make(settings, ready), settings, tools, commands_of(device), extent)
        )
        if recorder is not None:
            recorder.leave(cast("Path", self._arguments.trace))
        if self._arguments.json:
            _print(self._arguments, report.answer())
        else:
            print("\n".join(report.lines()))
        if not report.reached:
            return EXIT_NOT_REACHABLE
        return EXIT_DONE if report.kept else EXIT_REFUSED

    def _simulate(self, device: DeviceClass) -> int:
        pty, tcp = cast("str", self._arguments.pty), cast("int | None", self._arguments.tcp)
        if not pty and tcp is None:
            raise Usage("simulate needs --pty PATH, or --tcp PORT for a device on the network")
        name = cast("str", self._arguments.driver)
        names = self._around.classes[device].catalogue.names()
        if not name and len(names) > 1:
            raise Usage(f"--driver is needed; drivers of {device.value}: {', '.join(names)}")
        return self._around.simulate(device, name or "".join(names), pty=pty, tcp=tcp)

    async def _list(self) -> Answer:
        configured = self._around.house.configured()
        looks = await asyncio.gather(*(self._look(device, one) for device, one in configured.items()))
        drivers = {
            device.value: list(registered.catalogue.names()) for device, registered in self._around.classes.items()
        }
        return {"found": found.found(), "configured": list(looks), "drivers": drivers}

    async def _look(self, device: DeviceClass, one: Configured) -> Answer:
        port = one.settings.get("port", one.settings.get("uri", one.settings.get("source")))
        told: dict[str, object] = {"class": device.value, "driver": one.driver, "port": port}
        if not one.fitted or device not in self._around.classes:
            return {**told, **health_answer(Health(DeviceState.NO_DEVICE))}
        try:
            driver = self._around.classes[device].catalogue.make(one.driver, one.settings, self._tools)
        except (UnknownDriver, InvalidSettings) as wrong:
            return {**told, "state": None, "code": "usage", "detail": str(wrong)}
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return {**told, **health_answer(await driver.health())}
        except TimeoutError:
            return {**told, **health_answer(Health(DeviceState.POWER_OFF, "", "no word from its driver"))}
        except DeviceFault as fault:
            return {**told, **health_answer(Health(DeviceState.HARDWARE_ERROR, fault.code))}
        finally:
            await driver.close()

    # -- helpers -----------------------------------------------------------------------------------------------

    def _options(self) -> Options:
        given = self._arguments
        return Options(
            seconds=given.seconds,
            show=given.show,
            board=given.board,
            lock=given.lock,
            file=given.file,
            name=given.name,
            text=given.text,
            mrz=given.mrz,
            words=tuple(given.words),
        )

    def _say(self, answer: Answer, code: int) -> int:
        _print(self._arguments, answer)
        return code

    def opened(self, device: DeviceClass) -> tuple[Driver, Recorder | None]:
        """The driver, and who records its line."""
        tools, recorder = self._traced(device)
        return self._build(device)(tools), recorder

    def recorded(self, recorder: Recorder | None) -> None:
        """Leave the trace where it was asked for."""
        if recorder is not None:
            recorder.leave(cast("Path", self._arguments.trace))


class _opened:  # noqa: N801 (reads as a word in an async with)
    """A driver for one command; closed afterwards, its trace left behind."""

    def __init__(self, asked: _Asked, device: DeviceClass) -> None:
        self._asked = asked
        self._driver, self._recorder = asked.opened(device)

    async def __aenter__(self) -> Driver:
        return self._driver

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        await self._driver.close()
        if self._recorder is not None:
            self._recorder.ended(_ending(error))
            self._asked.recorded(self._recorder)


def _ending(error: BaseException | None) -> str:
    match error:
        case None:
            return "done"
        case DeviceFault():
            return str(error)
        case _:
            return ""


def _played(settings: Mapping[str, object]) -> bool:
    """Whether the port is a pseudo-terminal: no hardware is behind one, whatever the command line says."""
    return str(Path(str(settings.get("port", ""))).resolve()).startswith("/dev/pts/")


def _number(options: Options) -> int:
    word = options.words[0] if options.words else ""
    return int(word) if word.isdecimal() else options.lock


def _settings(pairs: Sequence[str]) -> dict[str, object]:
    settings: dict[str, object] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise Usage("settings are written --set KEY=VALUE, as in --set port=/dev/serial/by-id/NAME")
        try:
            settings[key] = json.loads(value)
        except ValueError:
            settings[key] = value
    return settings


def _fail(arguments: argparse.Namespace, completion: str, code: str, status: int) -> int:
    _print(arguments, {"error": completion, "code": code})
    return status


def _print(arguments: argparse.Namespace, answer: Answer) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=None if arguments.json else 2))


class _ShellClock:
    """Wall time, and the machine's monotonic seconds."""

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        return time.monotonic()


class _Inline:
    """A command from a shell has nothing else to do while it waits."""

    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return


def _shell_tools() -> Tools:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    made: Any = _Inline
    return Tools(clock=_ShellClock(), line=line_at, worker=made, post=poster(time.monotonic))
