"""The conversation with a booth that speaks the frames of docs/devices/exam-booth.md."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from kiosk.clock import Clock
from kiosk.devices.exam_booth.contract import (
    CALIBRATION_EXPIRED,
    CALIBRATION_INVALID,
    FREQUENCIES,
    HEADSET_OFF,
    HIGHEST_LEVEL,
    LOWEST_LEVEL,
    NOBODY_THERE,
    READ_FAILED,
    SENSOR_FAULT,
    BoothCapabilities,
    BoothStatus,
    Calibration,
    Call,
    Distance,
    Height,
    Noise,
    Posture,
    Tone,
    TonePlayed,
    Worn,
)
from kiosk.devices.exam_booth.frames import (
    ERROR,
    NOT_READ,
    Ask,
    Decoder,
    Refused,
    StatusSaid,
    Unreadable,
    distance_said,
    height_said,
    noise_said,
    refusal,
    request,
    status_said,
    tone_payload,
    tone_said,
)
from kiosk.devices.link import Link
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

T = TypeVar("T")

READ_CHUNK = 256
ANSWER_SECONDS = 1.0
HEIGHT_SECONDS = 5.0
"""Three readings with a head that holds still between them."""
NOISE_SECONDS = 3.0
"""Slow weighting: a second's average, and settling."""
TONE_GRACE_SECONDS = 1.0
LOOK_SECONDS = 0.2
"""Between two looks at the call button."""

_CAPABILITIES = BoothCapabilities(FREQUENCIES, LOWEST_LEVEL, HIGHEST_LEVEL)


class BoothSettings(BaseModel):
    """`port`: path or tcp://host:port, 8-N-1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 115200


class SimulatedBooth:
    """An ExamBooth. Answers carry their request's sequence, so a late one is never taken for another's."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self._link = Link(line)
        self._clock = clock
        self._sequence = 0
        self._may_sound = False
        self._status = BoothStatus(Health(DeviceState.STARTING), Worn.UNKNOWN, Call.UNKNOWN, None)
        self._presses: int | None = None

    @property
    def capabilities(self) -> BoothCapabilities:
        """Static."""
        return _CAPABILITIES

    async def height(self) -> Height:
        """See ExamBooth."""
        calibration, readings = await self._measured(Ask.HEIGHT, HEIGHT_SECONDS, height_said)
        self._holds(calibration)
        if NOT_READ in readings:
            raise DeviceFault(Completion.COMMAND_ERROR, READ_FAILED)
        return Height(readings, calibration, self._clock.now())

    async def distance(self) -> Distance:
        """See ExamBooth."""
        calibration, mm, posture = await self._measured(Ask.DISTANCE, ANSWER_SECONDS, distance_said)
        self._holds(calibration)
        if posture is not Posture.NOBODY and mm == NOT_READ:
            raise DeviceFault(Completion.COMMAND_ERROR, READ_FAILED)
        return Distance(0 if posture is Posture.NOBODY else mm, posture, calibration, self._clock.now())

    async def noise(self) -> Noise:
        """See ExamBooth."""
        calibration, dba = await self._measured(Ask.NOISE, NOISE_SECONDS, noise_said)
        self._holds(calibration)
        return Noise(dba, calibration, self._clock.now())

    async def play(self, tone: Tone) -> TonePlayed:
        """See ExamBooth. A calibration that has expired is noticed before anything sounds."""
        async with self._link.lock:
            said = await self._said()
            self._holds(said.calibration)
            if said.headset is not Worn.YES:
                raise DeviceFault(Completion.COMMAND_ERROR, HEADSET_OFF)
            asked = tone_payload(tone)
            self._may_sound = True
            try:
                answer = await self._ask(Ask.TONE, tone.seconds + TONE_GRACE_SECONDS, asked)
            except DeviceFault as fault:
                refused = fault.completion is not Completion.DEVICE_NOT_READY or bool(fault.code)
                raise DeviceFault(fault.completion, fault.code, acted=not refused) from None
            self._may_sound = False
            calibration, played = self._understood(tone_said, answer)
            if played != asked:
                raise DeviceFault(Completion.HARDWARE_ERROR, SENSOR_FAULT, acted=True)
        return TonePlayed(tone, calibration, self._clock.now())

    async def status(self) -> BoothStatus:
        """See ExamBooth. While another command runs, what was last heard."""
        if self._link.lock.locked():
            return self._status
        async with self._link.lock:
            try:
                _ = await self._said()
            except DeviceFault:
                return self._status
        return self._status

    async def health(self) -> Health:
        return (await self.status()).health

    async def watch(self, tell: Callable[[Call], None]) -> None:
        """See ExamBooth. A press between two looks is told as a press and a release."""
        told: Call | None = None
        while True:
            before = self._presses
            now = (await self.status()).call
            if before is not None and self._presses is not None and self._presses != before and now is Call.RELEASED:
                tell(Call.PRESSED)
                told = Call.PRESSED
            if now is not told:
                tell(now)
                told = now
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        await self._link.drop()

    # -- asking ---------------------------------------------------------------------------------------------------

    async def _measured(self, ask: Ask, seconds: float, reader: Callable[[bytes], T]) -> T:
        async with self._link.lock:
            return self._understood(reader, await self._ask(ask, seconds))

    async def _said(self) -> StatusSaid:
        """Under the lock."""
        said = self._understood(status_said, await self._ask(Ask.STATUS, ANSWER_SECONDS))
        health = Health(DeviceState.ONLINE, self._trouble(said.calibration))
        if not said.sound:
            health = Health(DeviceState.HARDWARE_ERROR, SENSOR_FAULT)
        self._status = BoothStatus(health, said.headset, said.call, said.calibration)
        self._presses = said.presses
        return said

    def _understood(self, reader: Callable[[bytes], T], payload: bytes) -> T:
        try:
            return reader(payload)
        except Unreadable:
            raise self._gone("answers that cannot be read") from None

    def _trouble(self, calibration: Calibration) -> str:
        now = self._clock.now()
        if calibration.calibrated > now or calibration.valid_until <= calibration.calibrated or not calibration.id:
            return CALIBRATION_INVALID
        return CALIBRATION_EXPIRED if now >= calibration.valid_until else ""

    def _holds(self, calibration: Calibration) -> None:
        """Raises calibrationExpired, calibrationInvalid: figures nobody vouches for are none."""
        trouble = self._trouble(calibration)
        if trouble:
            log.warning("exam booth: %s", trouble)
            raise DeviceFault(Completion.COMMAND_ERROR, trouble)

    async def _ask(self, ask: Ask, seconds: float, payload: bytes = b"") -> bytes:
        """The answer's payload. A tone that was given up is stopped first."""
        if self._may_sound and ask is not Ask.TONE:
            self._may_sound = False
            _ = await self._exchanged(Ask.STOP, ANSWER_SECONDS, b"")
        return await self._exchanged(ask, seconds, payload)

    async def _exchanged(self, ask: Ask, seconds: float, payload: bytes) -> bytes:
        self._sequence = (self._sequence + 1) % 256
        try:
            async with asyncio.timeout(seconds):
                _ = await self._link.transport()
                _ = self._link.drop_input()
                await self._link.write(request(ask, self._sequence, payload))
                decoder = Decoder()
                while True:
                    for frame in decoder.feed(await self._link.read(READ_CHUNK)):
                        if not frame.answers(ask, self._sequence):
                            log.info("exam booth: passed over an answer nobody asked for")
                        elif frame.type == ERROR:
                            raise _fault(refusal(frame.payload))
                        else:
                            return frame.payload
        except TransportLost as lost:
            raise self._gone(str(lost)) from None
        except TimeoutError:
            raise self._gone("silent") from None
        except Unreadable:
            raise self._gone("answers that cannot be read") from None

    def _gone(self, detail: str) -> DeviceFault:
        self._status = BoothStatus(Health(DeviceState.POWER_OFF, "", detail), Worn.UNKNOWN, Call.UNKNOWN, None)
        self._presses = None
        return DeviceFault(Completion.DEVICE_NOT_READY)


def _fault(refused: Refused) -> DeviceFault:
    match refused:
        case Refused.BUSY:
            return DeviceFault(Completion.DEVICE_NOT_READY, DeviceState.BUSY.value)
        case Refused.UNKNOWN:
            return DeviceFault(Completion.UNSUPPORTED)
        case Refused.OUT_OF_RANGE:
            return DeviceFault(Completion.INVALID_DATA)
        case Refused.SENSOR_FAULT:
            return DeviceFault(Completion.HARDWARE_ERROR, SENSOR_FAULT)
        case Refused.HEADSET_OFF:
            return DeviceFault(Completion.COMMAND_ERROR, HEADSET_OFF)
        case Refused.NOBODY:
            return DeviceFault(Completion.COMMAND_ERROR, NOBODY_THERE)
