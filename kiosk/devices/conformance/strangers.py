"""Devices that are not the one expected: what each says to anything it hears, for ports that were swapped.

The bytes are from the protocols' own documents and examples, so that a driver's codec is not asked about itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from kiosk.devices.classes import DeviceClass
from kiosk.devices.transport import Transport, TransportLost


@dataclass(frozen=True, slots=True)
class Stranger:
    """`classes`: whose device this is, so no stranger there. `unasked` seconds: says it by itself so often."""

    says: bytes
    classes: frozenset[DeviceClass] = frozenset()
    unasked: float = 0.0


def _of(*classes: DeviceClass) -> frozenset[DeviceClass]:
    return frozenset(classes)


STRANGERS: Mapping[str, Stranger] = {
    "an id reader": Stranger(bytes.fromhex("AAAAAA9669000400009094"), _of(DeviceClass.ID_READER)),
    "a lock board": Stranger(bytes.fromhex("8001010080"), _of(DeviceClass.LOCKER)),
    "a lock controller": Stranger(bytes.fromhex("0200350320000000005A"), _of(DeviceClass.LOCKER)),
    "a receipt printer": Stranger(b"\x12", _of(DeviceClass.RECEIPT_PRINTER)),
    "a card dispenser": Stranger(b"\x06" + bytes.fromhex("F200000650313030323003A5"), _of(DeviceClass.DISPENSER)),
    "a motor card reader": Stranger(b"\x06", _of(DeviceClass.INTAKE)),
    "a code scanner": Stranger(bytes.fromhex("020000010000003331"), _of(DeviceClass.SCANNER)),
    "a code that is shown": Stranger(b"6901234567892\r", _of(DeviceClass.SCANNER), 0.5),
    "a presence sensor": Stranger(
        bytes.fromhex("F4F3F2F10D0002AA0251000000003B00005500F8F7F6F5"), _of(DeviceClass.PRESENCE), 0.1
    ),
    "a fingerprint sensor": Stranger(b"STATUS ok\n", _of(DeviceClass.FINGERPRINT)),
    "a supply": Stranger(b'VAR other ups.status "OL"\n', _of(DeviceClass.UPS)),
    "a relay board": Stranger(bytes.fromhex("A00100A1"), _of(DeviceClass.DOOR, DeviceClass.LIGHTS)),
    "an examination booth": Stranger(
        bytes.fromhex("AA551681010100000043414C2D303034326955B9006B36EC80A002"),
        _of(DeviceClass.EXAM_BOOTH),
    ),
    "an input board": Stranger(bytes.fromhex("C5050134"), _of(DeviceClass.HELP_BUTTON, DeviceClass.KEY_SWITCH), 0.1),
    "a modem": Stranger(b"\r\nOK\r\n"),
    "a positioning receiver": Stranger(b"$GPGGA,000000.00,,,,,0,00,99.99,,,,,,*60\r\n", frozenset(), 1.0),
}

ECHO = "a line that echoes"
"""A loopback plug, or a half-duplex line with its echo left on."""


def stranger(name: str) -> Callable[[Transport], Awaitable[None]]:
    """What plays it: for STRANGERS and ECHO."""

    async def play(far: Transport) -> None:
        try:
            if name == ECHO:
                while True:
                    await far.write(await far.read(4096))
            said = STRANGERS[name]
            while said.unasked:
                await far.write(said.says)
                await asyncio.sleep(said.unasked)
            while True:
                await far.read(4096)
                await asyncio.sleep(0.01)
                await far.write(said.says)
        except TransportLost:
            return

    return play
