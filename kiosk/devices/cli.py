"""`kiosk device CLASS COMMAND --driver NAME --set key=value`: one command to one device, from a shell.

JSON goes to standard output, logs to standard error. What identifies a person is masked unless asked for, and what
moves hardware is refused outside simulation: in a station that is the maintenance mode's business, where it is
audited.
"""

from __future__ import annotations

import argparse
import asyncio
import enum
import json
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from kiosk.devices.dispenser.contract import Dispenser, PresentPermit, Taken
from kiosk.devices.door.contract import Door
from kiosk.devices.drivers import (
    DISPENSERS,
    DOORS,
    FINGERPRINT_SENSORS,
    ID_READERS,
    INTAKES,
    LIGHTS,
    LOCKERS,
    PAGE_PRINTERS,
    PRESENCE_SENSORS,
    RECEIPT_PRINTERS,
    SCANNERS,
    SUPPLIES,
    Catalogue,
    InvalidSettings,
    Tools,
    UnknownDriver,
)
from kiosk.devices.fingerprint.contract import FingerprintSensor
from kiosk.devices.id_reader.contract import CardRead, IdReader
from kiosk.devices.intake.contract import Intake
from kiosk.devices.lights.contract import FlashRate, Light, Lights
from kiosk.devices.lines import line_at
from kiosk.devices.locker.contract import Compartment, Locker, OpenPermit
from kiosk.devices.page_printer.contract import PagePrinter
from kiosk.devices.page_printer.posting import poster
from kiosk.devices.presence.contract import PresenceSensor
from kiosk.devices.receipt_printer.contract import PrintReport, PrintResult, ReceiptPrinter
from kiosk.devices.scanner.contract import Scanner
from kiosk.devices.supervisor import Driver
from kiosk.devices.ups.contract import Ups
from kiosk.devices.words import DeviceFault, DeviceState, Health
from kiosk.people.id_card import masked_name

T = TypeVar("T")
D = TypeVar("D", bound=Driver)

Answer = Mapping[str, object]

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2

DEFAULT_SECONDS = 30.0


class _Subparsers(Protocol):
    """What argparse's add_subparsers returns."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...  # noqa: A002 (argparse's word)


@dataclass(frozen=True, slots=True)
class _Options:
    """Everything a command may look at."""

    seconds: float
    show: bool
    board: int
    lock: int
    file: str
    name: str


class _Moves(enum.Enum):
    """Whether a command moves hardware."""

    YES = "moves"
    NO = "asks"


@dataclass(frozen=True, slots=True)
class _Command:
    """One command of one class."""

    run: Callable[[Any, _Options], Awaitable[Answer]]
    moves: _Moves = _Moves.NO


def _health_answer(health: Health) -> Answer:
    return {"state": health.state.value, "code": health.code, "detail": health.detail}


async def _health(driver: Driver, _options: _Options) -> Answer:
    return _health_answer(await driver.health())


def _masked_number(number: str) -> str:
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}" if len(number) > 10 else "*" * len(number)


def _card_answer(read: CardRead, options: _Options) -> Answer:
    card = read.card
    personal: dict[str, str] = {"name": masked_name(card.name), "number": _masked_number(card.number)}
    if options.show:
        personal = {
            "name": card.name,
            "number": card.number,
            "sex": card.sex.value,
            "ethnicity": card.ethnicity,
            "birth": card.birth.isoformat(),
            "address": card.address,
        }
    return {
        "kind": card.kind.value,
        **personal,
        "authority": card.authority,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": None if card.valid_to is None else card.valid_to.isoformat(),
        "photo_bytes": len(read.photo),
        "fingers": len(read.fingers),
        "wire_seconds": round(read.wire_seconds, 6),
        "own_seconds": round(read.own_seconds, 6),
    }


async def _read_card(reader: IdReader, options: _Options) -> Answer:
    read = await reader.read(seconds=options.seconds, card_seen=_say_card_seen)
    return _card_answer(read, options)


def _say_card_seen() -> None:
    logging.getLogger(__name__).info("a card is on the reader")


async def _sam_id(reader: IdReader, _options: _Options) -> Answer:
    return {"sam_id": await reader.sam_id()}


async def _reset(reader: IdReader, _options: _Options) -> Answer:
    await reader.reset()
    return {"reset": True}


async def _capture(sensor: FingerprintSensor, options: _Options) -> Answer:
    image = await sensor.capture(seconds=options.seconds)
    return {"quality": image.quality, "feature_bytes": len(image.features)}


async def _open(locker: Locker, options: _Options) -> Answer:
    permit = OpenPermit(f"shell-{options.board}-{options.lock}", Compartment(options.board, options.lock))
    return {"board": options.board, "lock": options.lock, "door": (await locker.open(permit)).value}


async def _door(locker: Locker, options: _Options) -> Answer:
    door = await locker.door(Compartment(options.board, options.lock))
    return {"board": options.board, "lock": options.lock, "door": door.value}


async def _doors(locker: Locker, options: _Options) -> Answer:
    doors = await locker.doors(options.board)
    return {"board": options.board, "doors": {str(lock): state.value for lock, state in doors.items()}}


async def _item(locker: Locker, options: _Options) -> Answer:
    item = await locker.item(Compartment(options.board, options.lock))
    return {"board": options.board, "lock": options.lock, "item": item.value}


def _report_answer(report: PrintReport | None) -> Answer:
    if report is None:
        return {"result": None}
    return {"result": report.result.value, "code": report.code}


async def _receipt_status(printer: ReceiptPrinter, _options: _Options) -> Answer:
    status = await printer.status()
    return {**_health_answer(status.health), "paper": status.paper.value}


async def _receipt_print(printer: ReceiptPrinter, options: _Options) -> Answer:
    return _report_answer(await printer.print(_file(options)))


async def _page_status(printer: PagePrinter, _options: _Options) -> Answer:
    status = await printer.status()
    return {**_health_answer(status.health), "paper": status.paper.value, "toner": status.toner.value}


async def _page_print(printer: PagePrinter, options: _Options) -> Answer:
    report = await printer.print(_file(options), job_name=_job_name(options), seconds=options.seconds)
    return _report_answer(report)


async def _page_find(printer: PagePrinter, options: _Options) -> Answer:
    return _report_answer(await printer.find(_job_name(options)))


async def _dispenser_status(dispenser: Dispenser, _options: _Options) -> Answer:
    status = await dispenser.status()
    return {
        **_health_answer(status.health),
        "card": status.card.value,
        "stacker": status.stacker.value,
        "bin": status.bin.value,
    }


async def _dispenser_capabilities(dispenser: Dispenser, _options: _Options) -> Answer:
    return asdict(dispenser.capabilities)


async def _issue(dispenser: Dispenser, options: _Options) -> Answer:
    """A card of the stack at the gate; what is not taken in time goes into the bin."""
    await dispenser.stage()
    await dispenser.present(PresentPermit("shell"))
    taken = await dispenser.taken(seconds=options.seconds)
    if taken is Taken.LEFT:
        await dispenser.retain()
    return {"taken": taken.value}


async def _retain(dispenser: Dispenser, _options: _Options) -> Answer:
    await dispenser.retain()
    return {"retained": await dispenser.retained()}


async def _scan(scanner: Scanner, options: _Options) -> Answer:
    code = await scanner.scan(seconds=options.seconds)
    shown = code.text if options.show else "*" * len(code.text)
    return {"code_text": shown, "characters": len(code.text), "symbology": code.symbology.value}


async def _intake_status(intake: Intake, _options: _Options) -> Answer:
    status = await intake.status()
    return {**_health_answer(status.health), "card": status.card.value, "entry_open": status.entry_open}


async def _take_in(intake: Intake, options: _Options) -> Answer:
    await intake.take_in(seconds=options.seconds)
    return {"card": (await intake.where()).value}


async def _give_back(intake: Intake, options: _Options) -> Answer:
    return {"given_back": (await intake.give_back(seconds=options.seconds)).value}


async def _keep(intake: Intake, _options: _Options) -> Answer:
    await intake.keep()
    return asdict(await intake.counts())


async def _release(door: Door, _options: _Options) -> Answer:
    await door.release()
    return {"door": (await door.state()).value}


async def _door_state(door: Door, _options: _Options) -> Answer:
    return {"door": (await door.state()).value}


async def _light(lights: Lights, options: _Options) -> Answer:
    """`--name statusGood`, for `--seconds`."""
    try:
        light = Light(_job_name(options))
    except ValueError:
        raise _Usage(f"--name is one of {', '.join(light.value for light in Light)}") from None
    await lights.set(light, FlashRate.CONTINUOUS)
    await asyncio.sleep(options.seconds)
    await lights.set(light, FlashRate.OFF)
    return {"light": light.value}


async def _look(sensor: PresenceSensor, _options: _Options) -> Answer:
    seen = await sensor.look()
    return {
        "presence": seen.presence.value,
        "moving": seen.moving.value,
        "moving_cm": seen.moving_cm,
        "still_cm": seen.still_cm,
    }


async def _ups_status(ups: Ups, _options: _Options) -> Answer:
    status = await ups.status()
    return {
        **_health_answer(status.health),
        "power_in": status.power_in.value,
        "battery": status.battery.value,
        "charge": status.charge,
        "runtime": status.runtime,
    }


class _Usage(Exception):
    """The command line is not enough to carry the command out."""


def _file(options: _Options) -> bytes:
    if not options.file:
        raise _Usage("--file is needed")
    try:
        return Path(options.file).read_bytes()
    except OSError as error:
        raise _Usage(f"cannot read the file: {type(error).__name__}") from None


def _job_name(options: _Options) -> str:
    if not options.name:
        raise _Usage("--name is needed")
    return options.name


@dataclass(frozen=True, slots=True)
class _Class:
    """One device class on the command line."""

    catalogue: Catalogue[Driver]
    commands: Mapping[str, _Command]


_CLASSES: dict[str, _Class] = {
    shown.catalogue.device.value: shown
    for shown in (
        _Class(
            ID_READERS,
            {
                "read": _Command(_read_card),
                "health": _Command(_health),
                "sam-id": _Command(_sam_id),
                "reset": _Command(_reset),
            },
        ),
        _Class(FINGERPRINT_SENSORS, {"capture": _Command(_capture), "health": _Command(_health)}),
        _Class(
            LOCKERS,
            {
                "open": _Command(_open, _Moves.YES),
                "door": _Command(_door),
                "doors": _Command(_doors),
                "item": _Command(_item),
                "health": _Command(_health),
            },
        ),
        _Class(
            RECEIPT_PRINTERS,
            {
                "status": _Command(_receipt_status),
                "print": _Command(_receipt_print, _Moves.YES),
                "health": _Command(_health),
            },
        ),
        _Class(
            PAGE_PRINTERS,
            {
                "status": _Command(_page_status),
                "print": _Command(_page_print, _Moves.YES),
                "find": _Command(_page_find),
                "health": _Command(_health),
            },
        ),
        _Class(
            DISPENSERS,
            {
                "status": _Command(_dispenser_status),
                "capabilities": _Command(_dispenser_capabilities),
                "issue": _Command(_issue, _Moves.YES),
                "capture": _Command(_retain, _Moves.YES),
                "health": _Command(_health),
            },
        ),
        _Class(
            INTAKES,
            {
                "status": _Command(_intake_status),
                "take-in": _Command(_take_in, _Moves.YES),
                "give-back": _Command(_give_back, _Moves.YES),
                "keep": _Command(_keep, _Moves.YES),
                "health": _Command(_health),
            },
        ),
        _Class(
            DOORS,
            {
                "release": _Command(_release, _Moves.YES),
                "state": _Command(_door_state),
                "health": _Command(_health),
            },
        ),
        _Class(LIGHTS, {"light": _Command(_light), "health": _Command(_health)}),
        _Class(PRESENCE_SENSORS, {"look": _Command(_look), "health": _Command(_health)}),
        _Class(SUPPLIES, {"status": _Command(_ups_status), "health": _Command(_health)}),
        _Class(SCANNERS, {"scan": _Command(_scan), "health": _Command(_health)}),
    )
}


def add_commands(subparsers: _Subparsers) -> None:
    """Add `device` to a program's subcommands; its arguments are then given to `run_parsed`."""
    _add_arguments(subparsers.add_parser("device", help="one command to one device"))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device_class", metavar="CLASS", choices=sorted(_CLASSES))
    parser.add_argument("device_command", metavar="COMMAND")
    parser.add_argument("--driver", required=True, help="name of the driver")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting; JSON or text")
    parser.add_argument(
        "--seconds", type=float, default=DEFAULT_SECONDS, help="how long to wait for a person or paper"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--show", action="store_true", help="do not mask what identifies a person")
    parser.add_argument("--simulation", action="store_true", help="the device is simulated: it may be moved")
    parser.add_argument("--board", type=int, default=1)
    parser.add_argument("--lock", type=int, default=0)
    parser.add_argument("--file", default="", help="what to print")
    parser.add_argument("--name", default="", help="a job's name")


def run(argv: Sequence[str], tools: Tools | None = None) -> int:
    """Carry out `CLASS COMMAND ...`; the exit code. Usage errors end in SystemExit(2), as argparse does."""
    parser = argparse.ArgumentParser(prog="kiosk device")
    _add_arguments(parser)
    return run_parsed(parser.parse_args(argv), tools)


def run_parsed(arguments: argparse.Namespace, tools: Tools | None = None) -> int:
    """Carry out what a parser made by `add_commands` has read."""
    shown = _CLASSES[cast("str", arguments.device_class)]
    name = cast("str", arguments.device_command)
    command = shown.commands.get(name)
    if command is None:
        return _fail(arguments, "usage", f"commands of {shown.catalogue.device.value}: {', '.join(shown.commands)}")
    if command.moves is _Moves.YES and not arguments.simulation:
        return _fail(arguments, "authorisationRequired", "hardware moves only in maintenance, or with --simulation")
    options = _Options(
        seconds=arguments.seconds,
        show=arguments.show,
        board=arguments.board,
        lock=arguments.lock,
        file=arguments.file,
        name=arguments.name,
    )
    try:
        entry = shown.catalogue.entry(cast("str", arguments.driver))
        settings = _settings(cast("list[str]", arguments.set))
        answer = asyncio.run(
            _carry_out(lambda ready: entry.make(settings, ready), command, options, tools or _shell_tools())
        )
    except (UnknownDriver, InvalidSettings, _Usage) as wrong:
        return _fail(arguments, "usage", str(wrong))
    except DeviceFault as fault:
        return _fail(arguments, fault.completion.value, fault.code)
    _print(arguments, answer)
    well = answer.get("state") in (None, DeviceState.ONLINE.value, DeviceState.BUSY.value)
    printed = answer.get("result") in (None, PrintResult.PRINTED.value)
    return EXIT_OK if well and printed else EXIT_FAILED


async def _carry_out(build: Callable[[Tools], Driver], command: _Command, options: _Options, tools: Tools) -> Answer:
    driver = build(tools)
    try:
        return await command.run(driver, options)
    finally:
        await driver.close()


def _settings(pairs: Sequence[str]) -> dict[str, object]:
    settings: dict[str, object] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise _Usage("settings are written key=value")
        try:
            settings[key] = json.loads(value)
        except ValueError:
            settings[key] = value
    return settings


def _fail(arguments: argparse.Namespace, completion: str, code: str) -> int:
    _print(arguments, {"error": completion, "code": code})
    return EXIT_USAGE if completion == "usage" else EXIT_FAILED


def _print(arguments: argparse.Namespace, answer: Answer) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=None if arguments.json else 2))


class _ShellClock:
    """Wall time, and the running loop's seconds."""

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class _Inline:
    """A command from a shell has nothing else to do while it waits."""

    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return


def _shell_tools() -> Tools:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    clock = _ShellClock()
    return Tools(clock=clock, line=line_at, worker=_Inline, post=poster(time.monotonic))
