"""The booth's serial frames, written down in docs/devices/exam-booth.md: bytes in, values out, no I/O.

AA 55 | length | type | sequence | payload | CRC-16      length counts type to payload; numbers are big endian
"""

from __future__ import annotations

import binascii
import enum
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kiosk.devices.exam_booth.contract import Calibration, Call, Ear, Posture, Tone, Worn

_START = b"\xaa\x55"
_CRC_START = 0xFFFF
_SHORTEST, _LONGEST = 2, 64
_ANSWER = 0x80
_EARS = {Ear.LEFT: 0, Ear.RIGHT: 1}
_POSTURES = {0: Posture.NOBODY, 1: Posture.SEATED, 2: Posture.STANDING}
_WORN = {0: Worn.NO, 1: Worn.YES}
_STAMP = struct.Struct(">8sII")
NOT_READ = 0xFFFF


class Ask(enum.Enum):
    """Types of requests; an answer's is the same with the highest bit set."""

    STATUS = 0x01
    HEIGHT = 0x02
    DISTANCE = 0x03
    NOISE = 0x04
    TONE = 0x05
    STOP = 0x06


ERROR = 0xFF
"""An answer's type when the request was refused."""


class Refused(enum.Enum):
    """The byte of an ERROR answer."""

    BUSY = 1
    UNKNOWN = 2
    OUT_OF_RANGE = 3
    SENSOR_FAULT = 4
    HEADSET_OFF = 5
    NOBODY = 6


class Unreadable(ValueError):
    """A frame arrived whole and its payload is not what its type has."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame with a good check. Readings are a person's: never shown."""

    type: int
    sequence: int
    payload: bytes = field(repr=False)

    def answers(self, ask: Ask, sequence: int) -> bool:
        """Whether it is the answer to this very request."""
        return self.sequence == sequence and self.type in (ask.value | _ANSWER, ERROR)


def crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, not reflected; of "123456789" it is 29B1."""
    return binascii.crc_hqx(data, _CRC_START)


def request(ask: Ask, sequence: int, payload: bytes = b"") -> bytes:
    """A request's bytes."""
    body = bytes([2 + len(payload), ask.value, sequence]) + payload
    return _START + body + crc(body).to_bytes(2, "big")


def tone_payload(tone: Tone) -> bytes:
    """ear, hertz(2), tenths of dB HL(2), milliseconds(2)."""
    return struct.pack(">BHhH", _EARS[tone.ear], tone.hertz, tone.level_db_hl * 10, round(tone.seconds * 1000))


class Decoder:
    """Collects bytes and yields frames; skips what is none."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> tuple[Frame, ...]:
        """Frames completed by these bytes, in order."""
        self._pending += data
        found: list[Frame] = []
        while True:
            start = self._pending.find(_START)
            del self._pending[: max(0, len(self._pending) - 1) if start < 0 else start]
            if start < 0 or len(self._pending) < 3:
                return tuple(found)
            length = self._pending[2]
            if not _SHORTEST <= length <= _LONGEST:
                del self._pending[0]
                continue
            whole = 3 + length + 2
            if len(self._pending) < whole:
                return tuple(found)
            body, check = bytes(self._pending[2 : 3 + length]), self._pending[3 + length : whole]
            if crc(body) != int.from_bytes(check, "big"):
                del self._pending[0]
                continue
            del self._pending[:whole]
            found.append(Frame(body[1], body[2], body[3:]))


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """A STATUS answer. `presses` counts the button's presses since power on, modulo 256: none is missed."""

    headset: Worn
    call: Call
    presses: int
    sound: bool
    calibration: Calibration


def refusal(payload: bytes) -> Refused:
    """Of an ERROR answer. Raises Unreadable."""
    try:
        (byte,) = payload
        return Refused(byte)
    except ValueError:
        raise Unreadable from None


def status_said(payload: bytes) -> StatusSaid:
    """worn, button, presses, self-test, stamp. Raises Unreadable."""
    worn, button, presses, test = _unpacked(">BBBB", payload[:4])
    if button > 1 or test > 1:
        raise Unreadable
    call = Call.PRESSED if button else Call.RELEASED
    return StatusSaid(_WORN.get(worn, Worn.UNKNOWN), call, presses, not test, _calibration(payload[4:]))


def height_said(payload: bytes) -> tuple[Calibration, tuple[int, int, int]]:
    """stamp, three readings in millimetres; NOT_READ where one failed. Raises Unreadable."""
    one, two, three = _unpacked(">HHH", payload[_STAMP.size :])
    return _calibration(payload[: _STAMP.size]), (one, two, three)


def distance_said(payload: bytes) -> tuple[Calibration, int, Posture]:
    """stamp, millimetres, posture. Raises Unreadable."""
    mm, posture = _unpacked(">HB", payload[_STAMP.size :])
    if posture not in _POSTURES:
        raise Unreadable
    return _calibration(payload[: _STAMP.size]), mm, _POSTURES[posture]


def noise_said(payload: bytes) -> tuple[Calibration, float]:
    """stamp, tenths of dB(A). Raises Unreadable."""
    (tenths,) = _unpacked(">H", payload[_STAMP.size :])
    return _calibration(payload[: _STAMP.size]), tenths / 10


def tone_said(payload: bytes) -> tuple[Calibration, bytes]:
    """stamp, and what was played in the form it was asked for. Raises Unreadable."""
    return _calibration(payload[: _STAMP.size]), payload[_STAMP.size :]


def _calibration(stamp: bytes) -> Calibration:
    """id(8, ASCII, filled with blanks), calibrated(4), valid until(4): seconds since 1970, UTC."""
    if len(stamp) != _STAMP.size:
        raise Unreadable
    name, calibrated, until = _STAMP.unpack(stamp)
    try:
        text = bytes(name).decode("ascii").strip()
    except UnicodeDecodeError:
        raise Unreadable from None
    if not text.isprintable():
        raise Unreadable
    return Calibration(text, datetime.fromtimestamp(calibrated, UTC), datetime.fromtimestamp(until, UTC))


def _unpacked(form: str, data: bytes) -> tuple[int, ...]:
    try:
        return struct.unpack(form, data)
    except struct.error:
        raise Unreadable from None
