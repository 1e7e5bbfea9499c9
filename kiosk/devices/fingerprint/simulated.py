"""The conversation with the simulated sensor over a serial line."""

from __future__ import annotations

import asyncio
import logging
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from kiosk.devices.fingerprint.contract import FingerImage
from kiosk.devices.fingerprint.lines_protocol import (
    STATUS_REQUEST,
    Finger,
    LineDecoder,
    Matched,
    SensorError,
    SensorState,
    capture_request,
    match_request,
)
from kiosk.devices.link import Link
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

READ_CHUNK = 4096
STATUS_SECONDS = 1.0
MATCH_SECONDS = 3.0
CAPTURE_GRACE_SECONDS = 1.5
"""How much later than its own deadline a capture's answer may arrive."""

SLICE_SECONDS = 2.0
"""A capture cannot be called off, so a long wait is asked for in slices: giving up costs the next at most this."""
SHORTEST_SLICE_SECONDS = 0.1

READ_FAILED = "readFailed"

A = TypeVar("A", bound=Finger | Matched | SensorState)


class SimulatedSettings(BaseModel):
    """`port`: path or tcp://host:port."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 115200


class SimulatedSensor:
    """A FingerprintSensor. Answers name their question, so an abandoned capture cannot be taken for a later match."""

    def __init__(self, line: Line) -> None:
        self._link = Link(line)
        self._health = Health(DeviceState.STARTING)
        self._capture_owed_until: float | None = None

    async def capture(self, *, seconds: float) -> FingerImage:
        """See FingerprintSensor.capture."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        async with self._link.lock:
            while True:
                await self._let_owed_capture_end()
                slice_seconds = min(SLICE_SECONDS, max(SHORTEST_SLICE_SECONDS, until - loop.time()))
                self._capture_owed_until = loop.time() + slice_seconds + CAPTURE_GRACE_SECONDS
                request = capture_request(round(slice_seconds * 1000))
                try:
                    finger = await self._ask(request, Finger, slice_seconds + CAPTURE_GRACE_SECONDS)
                except DeviceFault as fault:
                    if fault.completion is Completion.TIME_OUT and loop.time() < until:
                        continue
                    raise
                self._capture_owed_until = None
                return FingerImage(finger.features, finger.quality)

    async def match(self, live: bytes, reference: bytes) -> bool:
        """See FingerprintSensor.match. Features of another size raise INVALID_DATA."""
        try:
            request = match_request(live, reference)
        except ValueError:
            raise DeviceFault(Completion.INVALID_DATA) from None
        async with self._link.lock:
            await self._let_owed_capture_end()
            return (await self._ask(request, Matched, MATCH_SECONDS)).same

    async def health(self) -> Health:
        """Asks the sensor; while a finger is awaited, says what was last heard."""
        if self._link.lock.locked():
            return self._health
        async with self._link.lock:
            try:
                await self._let_owed_capture_end()
                state = await self._ask(STATUS_REQUEST, SensorState, STATUS_SECONDS)
            except DeviceFault:
                return self._health
        match state:
            case SensorState.OK:
                self._health = Health(DeviceState.ONLINE)
            case SensorState.DIRTY:
                self._health = Health(DeviceState.USER_ERROR, "", "the glass is dirty")
            case SensorState.FAULT:
                self._health = Health(DeviceState.HARDWARE_ERROR, "", "the sensor reports a fault")
        return self._health

    async def close(self) -> None:
        await self._link.drop()

    async def _ask(self, request: bytes, kind: type[A], seconds: float) -> A:
        decoder = LineDecoder()
        try:
            async with asyncio.timeout(seconds):
                await self._link.transport()
                self._link.drop_input()
                await self._link.write(request)
                answer = await self._answer(decoder, kind)
        except TransportLost as lost:
            self._capture_owed_until = None
            self._health = Health(DeviceState.POWER_OFF, "", str(lost))
            raise DeviceFault(Completion.DEVICE_NOT_READY) from None
        except TimeoutError:
            self._capture_owed_until = None
            if decoder.unfinished:
                raise self._damaged() from None
            self._health = Health(DeviceState.POWER_OFF, "", "silent")
            raise DeviceFault(Completion.DEVICE_NOT_READY) from None
        if answer is None:
            self._capture_owed_until = None
            raise self._damaged()
        self._health = Health(DeviceState.ONLINE)
        if isinstance(answer, SensorError):
            self._capture_owed_until = None
            raise _fault(answer)
        return answer

    def _damaged(self) -> DeviceFault:
        """Something was said, and it was no answer: a bad line, or a stranger where no sensor has answered yet."""
        if self._health.state is not DeviceState.ONLINE:
            self._health = Health(DeviceState.HARDWARE_ERROR, "", "no answer of a sensor")
        return DeviceFault(Completion.INVALID_DATA)

    async def _answer(self, decoder: LineDecoder, kind: type[A]) -> A | SensorError | None:
        """None where a line came that is no answer: it was ours, for nothing else was asked."""
        while True:
            for one in decoder.feed(await self._link.read(READ_CHUNK)):
                if isinstance(one, (SensorError, kind)):
                    return one
                log.info("fingerprint: passed over an answer nobody asked for")
            if decoder.damaged:
                return None

    async def _let_owed_capture_end(self) -> None:
        """A capture that was given up still runs in the sensor and would answer ERR busy to the next request."""
        if self._capture_owed_until is None:
            return
        decoder = LineDecoder()
        try:
            async with asyncio.timeout_at(self._capture_owed_until):
                while not decoder.feed(await self._link.read(READ_CHUNK)):
                    continue
        except TransportLost:
            log.debug("the line went away under an abandoned capture")
        except TimeoutError:
            log.debug("an abandoned capture was never answered")
        self._capture_owed_until = None


def _fault(error: SensorError) -> DeviceFault:
    match error:
        case SensorError.TIMEOUT:
            return DeviceFault(Completion.TIME_OUT)
        case SensorError.READ_FAILED:
            return DeviceFault(Completion.COMMAND_ERROR, READ_FAILED)
        case SensorError.BUSY:
            return DeviceFault(Completion.DEVICE_NOT_READY)
