"""Cabinets with generic five-byte lock boards ("8A") on one bus, 9600 8N1, half duplex.

A board knows locks and feedback contacts only. A frame with a wrong check or address gets no answer at all, and a
board that is busy with a pulse hears nothing else.
"""

from __future__ import annotations

import asyncio
import random

from kiosk.simulation.checks import xor_of
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Board, Device, FaultKind, Polarity
from kiosk.simulation.timing import Timing, draw
from kiosk.simulation.together import together
from kiosk.simulation.wires import Wire

_FRAME = 5


def closed_by(data: bytes) -> bytes:
    """The bytes with their check (XOR of all before) behind them."""
    return data + bytes([xor_of(data)])


class Locker:
    """All boards of the bus."""

    def __init__(self, scene: Scene, timing: Timing, rng: random.Random) -> None:
        self._scene = scene
        self._timing = timing
        self._rng = rng

    async def run(self, wire: Wire) -> None:
        """Answer requests, and report changes on boards that do, until the wire is gone."""
        known = set(self._scene.state.open_doors)
        bus = asyncio.Lock()
        await together(
            lock_boards_answer=self._serve(wire, bus, known), lock_boards_report=self._report(wire, bus, known)
        )

    async def _serve(self, wire: Wire, bus: asyncio.Lock, known: set[tuple[int, int]]) -> None:
        buffer = bytearray()
        while True:
            if len(buffer) < _FRAME:
                await self._more(wire, buffer)
                continue
            frame = bytes(buffer[:_FRAME])
            if xor_of(frame) or frame[0] not in (0x8A, 0x80, 0x82, 0x90, 0x9A, 0x9B):
                del buffer[0]
                continue
            del buffer[:_FRAME]
            async with bus:
                reply = await self._command(frame)
                known.clear()
                known.update(self._scene.state.open_doors)
                if reply:
                    await wire.write(reply)
            self._scene.tick(Device.LOCKER)

    async def _more(self, wire: Wire, buffer: bytearray) -> None:
        try:
            async with asyncio.timeout(self._timing.frame_gap if buffer else None):
                buffer += await wire.read(4096)
        except TimeoutError:
            buffer.clear()

    async def _report(self, wire: Wire, bus: asyncio.Lock, known: set[tuple[int, int]]) -> None:
        while True:
            await self._scene.next_change()
            async with bus:
                now = set(self._scene.state.open_doors)
                for address, lock in sorted(now ^ known):
                    board = self._scene.board(address)
                    if board is not None and board.unsolicited:
                        await wire.write(closed_by(bytes([0x82, address, lock, self._contact(board, lock)])))
                known.clear()
                known.update(now)

    def _contact(self, board: Board, lock: int) -> int:
        seen_open = self._scene.is_open(board.address, lock)
        if self._scene.find_fault(Device.LOCKER, FaultKind.CONTACT_BROKEN, board.address, lock):
            seen_open = False
        return 0x11 if seen_open == (board.polarity is Polarity.OPEN_READS_11) else 0x00

    def _contacts(self, board: Board) -> bytes:
        """A bit is set where the single answer would be 11; highest group first, lock 1 in bit 0 of the last byte."""
        bits = sum(1 << (lock - 1) for lock in range(1, board.ways + 1) if self._contact(board, lock))
        return bits.to_bytes((board.ways + 7) // 8, "big")

    async def _command(self, frame: bytes) -> bytes:
        kind, address, lock, function, _ = frame
        scene = self._scene
        if scene.strike(Device.LOCKER, FaultKind.SILENT):
            return b""
        if frame[:4] == bytes([0x80, 0x01, 0x00, 0x99]) and scene.state.boards:
            return closed_by(bytes([0x80, 0x01, scene.state.boards[0].address, 0x99]))
        board = scene.board(address)
        if board is None or lock > board.ways:
            return b""
        match kind, function:
            case (0x8A, 0x11):
                locks = [lock] if lock else list(range(1, board.ways + 1))
                for one in locks:
                    scene.pulse(address, one)
                await asyncio.sleep(draw(self._rng, self._timing.lock))
                return closed_by(bytes([0x8A, address, lock, self._contact(board, lock or 1)]))
            case (0x80, 0x33):
                await asyncio.sleep(draw(self._rng, self._timing.lock_query))
                if lock == 0:
                    return closed_by(bytes([0x80, address]) + self._contacts(board) + b"\x33")
                return closed_by(bytes([0x80, address, lock, self._contact(board, lock)]))
            case _:
                return b""
