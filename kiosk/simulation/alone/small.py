"""Devices of few words: relay boards, a presence sensor, a code scanner, a supply behind a network server."""

from __future__ import annotations

import asyncio

from kiosk.simulation.alone.reading import exactly
from kiosk.simulation.together import together
from kiosk.simulation.wires import Wire

REPORT_SECONDS = 0.1
CODE_SECONDS = 0.4
CODE = b"6901234567892\r"
_SCANNED = bytes.fromhex("02000001003331")
_SUPPLY = {"ups.status": "OL", "battery.charge": "100", "battery.runtime": "1800"}
_LONGEST_LINE = 256


async def relays(wire: Wire) -> None:
    """LCUS: takes A0 channel state check, and answers nothing."""
    while True:
        _ = await wire.read(4)


async def presence(wire: Wire) -> None:
    """LD2410: ten reports a second; somebody stands still at 0.8 m, then comes closer, then is gone, then again."""
    turn = 0
    while True:
        state = (2, 3, 0)[turn // 30 % 3]
        body = bytes([2, 0xAA, state]) + (60).to_bytes(2, "little") + b"\x32" + (80).to_bytes(2, "little")
        body += b"\x64\x00\x00\x55\x00"
        head, tail = bytes.fromhex("F4F3F2F1"), bytes.fromhex("F8F7F6F5")
        await wire.write(head + len(body).to_bytes(2, "little") + body + tail)
        await asyncio.sleep(REPORT_SECONDS)
        turn += 1


async def scanner(wire: Wire) -> None:
    """GM65: answers what it is told; while it looks somebody shows it a code."""
    looking = asyncio.Event()

    async def hear() -> None:
        while True:
            if await exactly(wire, 1) != b"\x7e":
                continue
            told = await exactly(wire, 8)
            await wire.write(_SCANNED)
            if told[5]:
                looking.set()
            else:
                looking.clear()

    async def show() -> None:
        while True:
            await looking.wait()
            await asyncio.sleep(CODE_SECONDS)
            if looking.is_set():
                looking.clear()
                await wire.write(CODE)

    await together(scanner_hears=hear(), scanner_reads=show())


async def supply(wire: Wire) -> None:
    """upsd with one supply on mains, whatever it is called: GET VAR only."""
    pending = b""
    while True:
        pending += await wire.read(1024)
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            await wire.write(_supplied(line.decode("ascii", "replace").split()).encode() + b"\n")
        if len(pending) > _LONGEST_LINE:
            pending = b""


def _supplied(words: list[str]) -> str:
    match words:
        case ["GET", "VAR", name, variable] if variable in _SUPPLY:
            return f'VAR {name} {variable} "{_SUPPLY[variable]}"'
        case ["GET", "VAR", _, _]:
            return "ERR VAR-NOT-SUPPORTED"
        case _:
            return "ERR UNKNOWN-COMMAND"
