"""An examination booth as docs/devices/exam-booth.md has it.

AA 55 | length | type | sequence | payload | CRC-16
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import struct
from dataclasses import dataclass, field

from kiosk.simulation.wires import Wire, WireGone

_STATUS, _HEIGHT, _DISTANCE, _NOISE, _TONE, _STOP = range(1, 7)
_BUSY, _UNKNOWN, _OUT_OF_RANGE, _SENSOR, _HEADSET, _NOBODY = range(1, 7)
_MOST_TONE_MS, _MOST_LEVEL = 3000, 600


class Fault(enum.Enum):
    """What goes wrong with the next answer, once."""

    SILENT = "silent"
    CORRUPT = "corrupt"
    NOISE = "noise"
    WRONG_SEQUENCE = "wrong-sequence"
    DOUBLED = "doubled"
    SHORT = "short"
    SENSOR = "sensor"
    OTHER_TONE = "other-tone"


def crc16(data: bytes) -> int:
    """Bit by bit: polynomial 1021, start FFFF."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1 & 0xFFFF
    return crc


def frame(kind: int, sequence: int, payload: bytes) -> bytes:
    """One frame."""
    body = bytes([len(payload) + 2, kind, sequence]) + payload
    return b"\xaa\x55" + body + crc16(body).to_bytes(2, "big")


@dataclass
class Booth:
    """Who is in it and what it measures. Times are seconds since 1970, UTC."""

    readings: tuple[int, int, int] = (1724, 1731, 1726)
    posture: int = 2
    distance: int = 850
    worn: int = 1
    noise: int = 385
    button: int = 0
    presses: int = 0
    broken: int = 0
    calibration: bytes = b"CAL-0042"
    calibrated: int = 1_767_225_600
    """2026-01-01."""
    valid_until: int = 1_798_761_600
    """2027-01-01."""
    measure_seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list[Fault])
    played: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])
    stopped: int = 0
    _tone: asyncio.Task[None] | None = None

    def press(self) -> None:
        """Push the button in."""
        self.button, self.presses = 1, (self.presses + 1) % 256

    def let_go(self) -> None:
        """Let it out."""
        self.button = 0

    async def run(self, wire: Wire) -> None:
        """Serve one plugging-in; ends with WireGone."""
        pending = bytearray()
        try:
            while True:
                pending += await wire.read(64)
                while found := self._cut(pending):
                    kind, sequence, payload = found
                    await self._hear(wire, kind, sequence, payload)
        finally:
            if self._tone is not None:
                self._tone.cancel()

    def _cut(self, pending: bytearray) -> tuple[int, int, bytes] | None:
        """The next whole frame; bytes that begin none are dropped."""
        while len(pending) >= 3:
            if bytes(pending[:2]) != b"\xaa\x55" or not 2 <= pending[2] <= 64:
                del pending[0]
                continue
            end = 3 + pending[2]
            if len(pending) < end + 2:
                return None
            body, check = bytes(pending[2:end]), int.from_bytes(pending[end : end + 2], "big")
            if crc16(body) != check:
                del pending[0]
                continue
            del pending[: end + 2]
            return body[1], body[2], body[3:]
        return None

    async def _hear(self, wire: Wire, kind: int, sequence: int, payload: bytes) -> None:
        if kind == _TONE and self._tone is None:
            self._tone = asyncio.get_running_loop().create_task(self._play(wire, sequence, payload))
            return
        if kind == _STOP:
            self.stopped += 1
            if self._tone is not None:
                self._tone.cancel()
                self._tone = None
            await self._answer(wire, kind, sequence, b"")
        elif self._tone is not None:
            await self._refuse(wire, sequence, _BUSY)
        else:
            await self._measure(wire, kind, sequence)

    async def _measure(self, wire: Wire, kind: int, sequence: int) -> None:
        await asyncio.sleep(self.measure_seconds)
        if kind != _STATUS and self._strikes(Fault.SENSOR):
            await self._refuse(wire, sequence, _SENSOR)
            return
        match kind:
            case 0x01:
                payload = bytes([self.worn, self.button, self.presses, self.broken]) + self._stamp()
            case 0x02 if self.posture != 2:
                await self._refuse(wire, sequence, _NOBODY)
                return
            case 0x02:
                payload = self._stamp() + struct.pack(">HHH", *self.readings)
            case 0x03:
                payload = self._stamp() + struct.pack(">HB", self.distance if self.posture else 0xFFFF, self.posture)
            case 0x04:
                payload = self._stamp() + struct.pack(">H", self.noise)
            case _:
                await self._refuse(wire, sequence, _UNKNOWN)
                return
        await self._answer(wire, kind, sequence, payload)

    async def _play(self, wire: Wire, sequence: int, payload: bytes) -> None:
        with contextlib.suppress(WireGone):
            await self._sound(wire, sequence, payload)

    async def _sound(self, wire: Wire, sequence: int, payload: bytes) -> None:
        ear, hertz, level, milliseconds = struct.unpack(">BHhH", payload)
        if not self.worn:
            refused = _HEADSET
        elif ear > 1 or level > _MOST_LEVEL or not 0 < milliseconds <= _MOST_TONE_MS:
            refused = _OUT_OF_RANGE
        else:
            refused = 0
            await asyncio.sleep(milliseconds / 1000)
            self.played.append((ear, hertz, level, milliseconds))
        self._tone = None
        if refused:
            await self._refuse(wire, sequence, refused)
            return
        if self._strikes(Fault.OTHER_TONE):
            payload = struct.pack(">BHhH", 1 - ear, hertz, level, milliseconds)
        await self._answer(wire, _TONE, sequence, self._stamp() + payload)

    def _stamp(self) -> bytes:
        return self.calibration.ljust(8) + struct.pack(">II", self.calibrated, self.valid_until)

    async def _refuse(self, wire: Wire, sequence: int, code: int) -> None:
        await wire.write(frame(0xFF, sequence, bytes([code])))

    async def _answer(self, wire: Wire, kind: int, sequence: int, payload: bytes) -> None:
        if self._strikes(Fault.SILENT):
            return
        if self._strikes(Fault.SHORT):
            payload = payload[:-1]
        if self._strikes(Fault.WRONG_SEQUENCE):
            await wire.write(frame(kind | 0x80, (sequence + 7) % 256, payload))
        data = frame(kind | 0x80, sequence, payload)
        if self._strikes(Fault.CORRUPT):
            data = data[:-3] + bytes([data[-3] ^ 0x10]) + data[-2:]
        if self._strikes(Fault.NOISE):
            data = b"\x00\xaa\x55\xff\xaa" + data
        await wire.write(data * 2 if self._strikes(Fault.DOUBLED) else data)

    def _strikes(self, fault: Fault) -> bool:
        if fault not in self.faults:
            return False
        self.faults.remove(fault)
        return True
