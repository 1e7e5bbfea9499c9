"""A pressure mat on a serial port, as a presence sensor of the terminal.

The mat is asked `W` and a line end and answers the weight on it in kilograms, as `W 071` and a line end; 9600 8N1.
It is a device made up for this example, so that the whole of a driver can be read in one file: a codec without I/O,
a conversation over a transport, settings, and the entry that says for which version of the contracts it was written.
"""

from __future__ import annotations

import asyncio
import re

from pydantic import BaseModel, ConfigDict, Field

from kiosk.devices.classes import DeviceClass
from kiosk.devices.drivers import DriverEntry, Tools
from kiosk.devices.link import Link
from kiosk.devices.presence.contract import Moving, Presence, PresenceCapabilities, Sighting
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

CONTRACT = 1
"""Written down, not imported: a terminal with other contracts must notice."""

QUESTION = b"W\n"
ANSWER_SECONDS = 0.5
TRIES = 2
LONGEST = 16
_ANSWER = re.compile(rb"W ([0-9]{3})")


class MatSettings(BaseModel):
    """What a station says of it. `least_kg`: what counts as a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    port: str
    baud: int = 9600
    least_kg: int = Field(default=15, ge=1, le=200)


# -- the codec: bytes in, values out, no I/O


class Decoder:
    """Collects bytes; yields a weight for each sound line, and None for each other."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> tuple[int | None, ...]:
        """Lines completed by these bytes, in order."""
        *lines, rest = (self._pending + data).split(b"\n")
        self._pending = rest if len(rest) <= LONGEST else b""
        return tuple(weight(line) for line in lines)


def weight(line: bytes) -> int | None:
    """Kilograms."""
    found = _ANSWER.fullmatch(line)
    return int(found[1]) if found else None


# -- the conversation: one question at a time, each with a deadline, ended by a value or a DeviceFault


class Mat:
    """A PresenceSensor."""

    def __init__(self, line: Line, settings: MatSettings) -> None:
        self._link = Link(line)
        self._settings = settings

    @property
    def capabilities(self) -> PresenceCapabilities:
        """Static. A mat feels who stands still; how far they are it does not know."""
        return PresenceCapabilities(sees_still=True, measures=False)

    async def look(self) -> Sighting:
        """See PresenceSensor.look."""
        try:
            kilograms = await self._ask()
        except TransportLost:
            raise DeviceFault(Completion.DEVICE_NOT_READY) from None
        if kilograms is None:
            raise DeviceFault(Completion.DEVICE_NOT_READY, "silent")
        there = kilograms >= self._settings.least_kg
        return Sighting(
            Presence.PRESENT if there else Presence.NOT_PRESENT, Moving.STILL if there else Moving.NOBODY, 0, 0
        )

    async def health(self) -> Health:
        """Asks the mat: a port that can be opened is not yet a mat."""
        try:
            kilograms = await self._ask()
        except TransportLost as lost:
            return Health(DeviceState.POWER_OFF, "", str(lost))
        if kilograms is None:
            return Health(DeviceState.POWER_OFF, "", "silent")
        return Health(DeviceState.ONLINE)

    async def close(self) -> None:
        """Let go of the port."""
        await self._link.drop()

    async def _ask(self) -> int | None:
        """None when nothing sensible was answered. Raises TransportLost; the next question opens the line again."""
        async with self._link.lock:
            for _ in range(TRIES):
                await self._link.transport()
                # What arrived unasked, or too late for an earlier question, is no answer to this one.
                self._link.drop_input()
                await self._link.write(QUESTION)
                try:
                    async with asyncio.timeout(ANSWER_SECONDS):
                        return await self._answer()
                except TimeoutError:
                    continue
            return None

    async def _answer(self) -> int:
        decoder = Decoder()
        while True:
            for kilograms in decoder.feed(await self._link.read(64)):
                if kilograms is not None:
                    return kilograms


# -- the entry: what the terminal finds by the entry point


def _build(settings: MatSettings, tools: Tools) -> Mat:
    return Mat(tools.line(settings.port, settings.baud), settings)


DRIVER = DriverEntry(DeviceClass.PRESENCE, "example-mat", MatSettings, _build, contract=CONTRACT)
