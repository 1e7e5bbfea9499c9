"""What commands of a shell are made of, and how they end."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, cast

from kiosk.devices.classes import DeviceClass
from kiosk.devices.supervisor import Driver
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

Answer = Mapping[str, object]

EXIT_DONE = 0
EXIT_REFUSED = 2
"""The device said no, or is not well; the reason is in the answer."""
EXIT_NOT_REACHABLE = 3
EXIT_USAGE = 64
"""The command line is wrong (sysexits.h, EX_USAGE); the answer says what to do."""

_AWAY = (DeviceState.POWER_OFF, DeviceState.NO_DEVICE, DeviceState.OFFLINE, DeviceState.STARTING)


class Usage(Exception):
    """The command line is not enough to carry the command out; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """Everything a command may look at."""

    seconds: float = 30.0
    show: bool = False
    board: int = 1
    lock: int = 0
    file: str = ""
    name: str = ""
    text: str = ""
    mrz: str = ""
    words: tuple[str, ...] = ()
    """What stands behind the command's name: `locker open 3`."""

    def content(self) -> bytes:
        """What `--file` holds. Raises Usage."""
        if not self.file:
            raise Usage("--file is needed: --file PATH names what is to be sent")
        try:
            return Path(self.file).read_bytes()
        except OSError as error:
            raise Usage(f"cannot read the file ({type(error).__name__}); --file PATH must name one") from None

    def named(self) -> str:
        """What `--name` says. Raises Usage."""
        if not self.name:
            raise Usage("--name is needed: --name NAME")
        return self.name


class Moves(enum.Enum):
    """Whether a command moves hardware."""

    YES = "moves"
    NO = "asks"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of one class.

    `felt` is asked before hardware moves: what the device feels in the place concerned, as a contract's word.
    """

    run: Callable[[Any, Options], Awaitable[Answer]]
    moves: Moves = Moves.NO
    felt: Callable[[Any, Options], Awaitable[str]] | None = None
    person: bool = False
    """Needs somebody who lays down a card, a finger or a code: not part of exercises."""


async def health(driver: Driver, _options: Options) -> Answer:
    """state, code, detail."""
    return health_answer(await driver.health())


def health_answer(said: Health) -> dict[str, object]:
    """A health as answers show it."""
    return {"state": said.state.value, "code": said.code, "detail": said.detail}


async def status(driver: Any, options: Options) -> Answer:
    """The class's own status where its contract has one, else the health."""
    asked = getattr(driver, "status", None)
    if asked is None:
        return await health(driver, options)
    said = await asked()
    shown = cast("dict[str, object]", plain(said))
    own = shown.pop("health", None)
    return {**cast("dict[str, object]", own), **shown} if isinstance(own, dict) else shown


async def capabilities(driver: Any, _options: Options) -> Answer:
    """What the class's contract states as capabilities; empty where it states none."""
    stated = getattr(driver, "capabilities", None)
    return {} if stated is None else cast("Answer", plain(stated))


def plain(value: object) -> object:
    """A value of a contract as JSON: enums by their words, dates in ISO form, bytes by their number only."""
    if isinstance(value, enum.Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, bytes | bytearray):
        return {"bytes": len(value)}
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        table = cast("Mapping[object, object]", value)
        return {str(plain(key)): plain(one) for key, one in table.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(one) for one in cast("frozenset[object]", value)), key=str)
    if isinstance(value, list | tuple):
        return [plain(one) for one in cast("tuple[object, ...]", value)]
    return value


def exit_of_fault(fault: DeviceFault) -> int:
    """Not reachable, or refused."""
    return EXIT_NOT_REACHABLE if fault.completion is Completion.DEVICE_NOT_READY else EXIT_REFUSED


def exit_of_answer(answer: Answer) -> int:
    """Done only when the device is well and, where something was printed, it says that it was."""
    state, code, result = answer.get("state"), answer.get("code"), answer.get("result")
    away = {one.value for one in _AWAY}
    if state in away or (result not in (None, "printed") and code in away):
        return EXIT_NOT_REACHABLE
    well = state in (None, DeviceState.ONLINE.value, DeviceState.BUSY.value)
    return EXIT_DONE if well and result in (None, "printed") else EXIT_REFUSED


@dataclass(frozen=True, slots=True)
class Move:
    """Hardware is to move at somebody's word from a shell; what the house is asked and what it writes down."""

    device: DeviceClass
    command: str
    board: int
    lock: int
    item: str = ""
    """What the device feels there: present, notPresent, unknown, notSupported; "" where nothing is concerned."""


class House(Protocol):
    """The station round the shell: what is configured, whether hardware may move, and the audit."""

    def configured(self) -> Mapping[DeviceClass, Configured]:
        """Devices by class, empty where no station is configured. Raises Usage."""
        ...

    async def refusal(self, move: Move) -> str:
        """Why hardware must not move now, in one word; "" when it may."""
        ...

    async def note(self, move: Move, outcome: str) -> None:
        """Write down what was moved and how that ended."""
        ...


@dataclass(frozen=True, slots=True)
class Configured:
    """One device of a station: its driver ("none": not fitted) and the driver's own settings."""

    driver: str
    settings: Mapping[str, object]

    @property
    def fitted(self) -> bool:
        """Whether this machine has one."""
        return self.driver != "none"
