"""What of a line may be written down. Closed by default: of bytes nobody vouches for only their number is kept.

Vouched for, driver by driver, are frames whose every field is known to be about hardware. A driver without an entry
here, such as one from outside the tree, leaves lengths and times only.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from typing import Protocol

from kiosk.devices.classes import DeviceClass

Part = bytes | int
"""Bytes as they were, or how many were left out."""


class Way(enum.Enum):
    """Which way bytes went."""

    TO_DEVICE = "to-device"
    TO_HOST = "to-host"


class Redaction(Protocol):
    """One line's filter; it may keep what it needs of earlier bytes."""

    def parts(self, way: Way, data: bytes) -> tuple[Part, ...]:
        """The chunk as it may be written down; lengths add up to the chunk's."""
        ...


class Closed:
    """Nothing but lengths."""

    def parts(self, way: Way, data: bytes) -> tuple[Part, ...]:  # noqa: ARG002 (see Redaction)
        return (len(data),) if data else ()


class Open:
    """A protocol that says nothing about people: locks, relays, motors, distances, volts."""

    def parts(self, way: Way, data: bytes) -> tuple[Part, ...]:  # noqa: ARG002 (see Redaction)
        return (data,) if data else ()


class SamVFrames:
    """Frames too short to hold a card's record pass; of longer ones preamble and length; noise does not."""

    LONGEST = 32
    """Data bytes: the module's number has 16, an additional address 70."""
    _HEAD = 10
    _PREAMBLE = bytes.fromhex("AAAAAA9669")

    def __init__(self) -> None:
        self._head: dict[Way, bytes] = dict.fromkeys(Way, b"")
        self._left: dict[Way, tuple[int, bool]] = dict.fromkeys(Way, (0, False))

    def parts(self, way: Way, data: bytes) -> tuple[Part, ...]:
        made: list[Part] = []
        for byte in data:
            self._one(way, byte, made)
        return tuple(_joined(made))

    def _one(self, way: Way, byte: int, made: list[Part]) -> None:
        left, shown = self._left[way]
        if left:
            made.append(bytes([byte]) if shown else 1)
            self._left[way] = (left - 1, shown)
            return
        head = self._head[way] + bytes([byte])
        if not self._PREAMBLE.startswith(head[: len(self._PREAMBLE)]):
            # Not (any more) a frame: what looked like a preamble was written down, this byte is not.
            self._head[way] = b""
            made.append(1)
            return
        made.append(bytes([byte]))
        if len(head) < 7:
            self._head[way] = head
            return
        self._head[way] = b""
        length = int.from_bytes(head[5:7], "big")
        # A request has a command and a parameter, an answer three status bytes; both a check at the end.
        self._left[way] = (length, length <= self.LONGEST)


class EscPosCommands:
    """To the printer: real-time and status commands, written alone. From it: status bytes, all of them."""

    _STATUS = re.compile(rb"(?:\x10[\x04\x05][\x01-\x04]|\x1d[\x61\x72][\x00-\xff])+", re.DOTALL)

    def parts(self, way: Way, data: bytes) -> tuple[Part, ...]:
        if not data:
            return ()
        match way:
            case Way.TO_HOST:
                return (data,)
            case Way.TO_DEVICE:
                return (data,) if self._STATUS.fullmatch(data) else (len(data),)


class SensorLines:
    """Whole lines about the sensor itself; never features."""

    _OURS = re.compile(rb"(?:STATUS(?: [a-z-]{1,20})?|CAPTURE(?: [0-9.]{1,8})?|MATCH (?:yes|no)|ERR [a-z-]{1,20})\n")

    def parts(self, way: Way, data: bytes) -> tuple[Part, ...]:
        return (data,) if self._OURS.fullmatch(data) else Closed().parts(way, data)


class ScannerFrames:
    """What a scanner is told and its seven-byte answer; never a code."""

    _OURS = re.compile(rb"\x7e\x00.{7}|\x02\x00\x00\x01.{3}", re.DOTALL)

    def parts(self, way: Way, data: bytes) -> tuple[Part, ...]:
        return (data,) if self._OURS.fullmatch(data) else Closed().parts(way, data)


VOUCHED: Mapping[tuple[DeviceClass, str], Callable[[], Redaction]] = {
    (DeviceClass.ID_READER, "sam-v"): SamVFrames,
    (DeviceClass.FINGERPRINT, "simulated"): SensorLines,
    (DeviceClass.RECEIPT_PRINTER, "escpos"): EscPosCommands,
    (DeviceClass.SCANNER, "serial-scanner"): ScannerFrames,
    (DeviceClass.LOCKER, "lock-8a"): Open,
    (DeviceClass.LOCKER, "kerong-cu16"): Open,
    (DeviceClass.DISPENSER, "crt-591"): Open,
    (DeviceClass.INTAKE, "crt-310"): Open,
    (DeviceClass.DOOR, "relay-lcus"): Open,
    (DeviceClass.LIGHTS, "relay-lcus"): Open,
    (DeviceClass.PRESENCE, "ld2410"): Open,
    (DeviceClass.UPS, "nut"): Open,
}


def redaction_for(device: DeviceClass, driver: str) -> Redaction:
    """The filter of a driver; `Closed` for one nobody vouches for."""
    return VOUCHED.get((device, driver), Closed)()


def _joined(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        match joined[-1] if joined else None, part:
            case int(before), int(more):
                joined[-1] = before + more
            case bytes(before), bytes(more):
                joined[-1] = before + more
            case _:
                joined.append(part)
    return joined
