"""The conversation with a scanner on a serial line (USB-CDC or TTL, 8-N-1), told to look or looking by itself."""

from __future__ import annotations

import asyncio
import enum
import logging

from pydantic import BaseModel, ConfigDict

from kiosk.devices.link import Link
from kiosk.devices.scanner.contract import Code, ScannerCapabilities, Trigger
from kiosk.devices.scanner.framing import (
    IDLE_GAP_SECONDS,
    Framing,
    Gm65,
    Gm65Answers,
    Refused,
    Text,
    gm65_request,
)
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

ANSWER_SECONDS = 0.5
"""A module's answer to being told something."""
TELLINGS = 2
"""How often a module is told before it counts as silent."""
LOOK_SECONDS = 3.0
"""How long a module looks after it was told; then it is told again."""
CODE_SECONDS = 5.0
"""Longest time from a code's first byte to its end: 4 KiB at 9600 baud. A line that never falls quiet is no code."""
READ_CHUNK = 1024

BARCODE_INVALID = "barcodeInvalid"


class Told(enum.Enum):
    """How the scanner comes to look."""

    NOTHING = "nothing"
    GM65 = "gm65"


class SerialScannerSettings(BaseModel):
    """`port`: path or tcp://host:port. `trigger`: `nothing` for scanners that look by themselves, or `gm65`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 9600
    trigger: Told = Told.NOTHING


class _Silence(Exception):
    """No answer in time."""


class SerialScanner:
    """A Scanner."""

    def __init__(self, line: Line, settings: SerialScannerSettings) -> None:
        self._link = Link(line)
        self._told = settings.trigger
        self._answers = Gm65Answers()
        self._health = Health(DeviceState.STARTING)

    @property
    def capabilities(self) -> ScannerCapabilities:
        """Static."""
        match self._told:
            case Told.NOTHING:
                return ScannerCapabilities(Trigger.ITSELF, answers=False)
            case Told.GM65:
                return ScannerCapabilities(Trigger.HOST, answers=True)

    async def scan(self, *, seconds: float) -> Code:
        """See Scanner.scan."""
        async with self._link.lock:
            try:
                await self._link.transport()
                self._link.drop_input()
                self._answers = Gm65Answers()
                read = await self._next(seconds)
            except TransportLost as lost:
                raise self._dead(str(lost)) from None
            except _Silence:
                raise self._dead("silent") from None
        self._health = Health(DeviceState.ONLINE)
        match read:
            case Text(text):
                return Code(text)
            case Refused():
                log.info("scanner: a code was refused: %s", read.value)
                raise DeviceFault(Completion.COMMAND_ERROR, BARCODE_INVALID)
            case None:
                raise DeviceFault(Completion.TIME_OUT)

    async def health(self) -> Health:
        """Asks a module that can be asked by telling it to rest; of others only that their port is there."""
        if self._link.lock.locked():
            return self._health
        async with self._link.lock:
            try:
                await self._link.transport()
                self._link.drop_input()
                # Only reading shows that a line nobody writes to is gone.
                await self._read(asyncio.get_running_loop().time())
                await self._tell(Gm65.REST)
            except TransportLost as lost:
                self._dead(str(lost))
                return self._health
            except _Silence:
                self._dead("silent")
                return self._health
        detail = "" if self.capabilities.answers else "its port is there; it cannot be asked"
        self._health = Health(DeviceState.ONLINE, "", detail)
        return self._health

    async def close(self) -> None:
        await self._link.drop()

    # -- one code ------------------------------------------------------------------------------------

    async def _next(self, seconds: float) -> Text | Refused | None:
        """None when nobody showed a code. Raises TransportLost, _Silence."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            framing = Framing()
            framing.feed(await self._tell(Gm65.LOOK))
            again = until if self._told is Told.NOTHING else min(until, loop.time() + LOOK_SECONDS)
            if framing.begun or await self._first(framing, again):
                return await self._rest_of(framing)
            if loop.time() >= until:
                await self._tell(Gm65.REST)
                return None

    async def _first(self, framing: Framing, until: float) -> bool:
        """Whether a code begins in time."""
        while not framing.begun:
            data = await self._read(until)
            if data is None:
                return False
            framing.feed(self._without_answers(data))
        return True

    async def _rest_of(self, framing: Framing) -> Text | Refused:
        """Read until the line is quiet."""
        loop = asyncio.get_running_loop()
        until = loop.time() + CODE_SECONDS
        while loop.time() < until:
            data = await self._read(loop.time() + IDLE_GAP_SECONDS)
            if data is None:
                return framing.end()
            framing.feed(data)
        return Refused.TOO_LONG

    async def _tell(self, what: Gm65) -> bytes:
        """Tell a module that is told things; what it sent of a code meanwhile. Raises TransportLost, _Silence."""
        if self._told is Told.NOTHING:
            return b""
        loop = asyncio.get_running_loop()
        for _ in range(TELLINGS):
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._link.write(gm65_request(what))
            except TimeoutError:
                continue
            until = loop.time() + ANSWER_SECONDS
            while (data := await self._read(until)) is not None:
                answers, code = self._answers.feed(data)
                if answers or (code and what is Gm65.LOOK):
                    # To an order to look a code is an answer too; to any other it may be another device's word.
                    return code
        raise _Silence

    def _without_answers(self, data: bytes) -> bytes:
        match self._told:
            case Told.NOTHING:
                return data
            case Told.GM65:
                return self._answers.feed(data)[1]

    async def _read(self, until: float) -> bytes | None:
        try:
            async with asyncio.timeout_at(until):
                return await self._link.read(READ_CHUNK)
        except TimeoutError:
            return None

    def _dead(self, detail: str) -> DeviceFault:
        self._health = Health(DeviceState.POWER_OFF, "", detail)
        return DeviceFault(Completion.DEVICE_NOT_READY)
