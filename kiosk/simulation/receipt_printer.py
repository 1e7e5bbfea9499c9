"""A thermal receipt printer with ESC/POS, an 80 mm roll and a cutter.

Bytes are received into a buffer and printed from it in order, at the speed of paper; DLE EOT is answered as it
arrives, whatever the printer is doing. Paper that ends, a cover that opens or a cutter that jams stops printing where
it is, and printing goes on when the trouble is over. Pulling the cable empties the buffer.
"""

from __future__ import annotations

import asyncio
import random
from typing import Protocol

from kiosk.simulation.escpos import (
    AutomaticStatus,
    BufferedStatus,
    Cut,
    Feed,
    LineEnd,
    Operation,
    Parser,
    QrCode,
    Raster,
    Recover,
    Run,
    StatusRequest,
    Unknown,
)
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind, Job
from kiosk.simulation.timing import Timing, draw
from kiosk.simulation.together import together
from kiosk.simulation.wires import Wire

DOTS_PER_MM = 8
TEXT_ROW_DOTS = 24
_BUFFER_OPERATIONS = 4096
_CUTTER_GAP_DOTS = 80
"""Paper between the head and the knife."""


class PaperSink(Protocol):
    """Where finished papers go."""

    async def receipt(self, operations: tuple[Operation, ...]) -> None:
        """One cut receipt."""
        ...

    async def page(self, pdf: bytes, job: Job) -> None:
        """One finished job of the page printer."""
        ...


class ReceiptPrinter:
    """One printer."""

    def __init__(self, scene: Scene, timing: Timing, rng: random.Random, papers: PaperSink) -> None:
        self._scene = scene
        self._timing = timing
        self._rng = rng
        self._papers = papers
        self._automatic = 0
        self._printed: list[Operation] = []

    async def run(self, wire: Wire) -> None:
        """Receive and print until the wire is gone; what was in the buffer is gone then too."""
        self._automatic = 0
        buffer: asyncio.Queue[Operation] = asyncio.Queue(_BUFFER_OPERATIONS)
        await together(
            receipt_printer_receives=self._receive(wire, buffer),
            receipt_printer_prints=self._print(wire, buffer),
            receipt_printer_reports=self._watch(wire),
        )

    async def _receive(self, wire: Wire, buffer: asyncio.Queue[Operation]) -> None:
        parser = Parser()
        while True:
            data = await wire.read(4096)
            if self._scene.strike(Device.RECEIPT_PRINTER, FaultKind.SILENT):
                continue
            for operation in parser.feed(data):
                await self._received(wire, operation, buffer)

    async def _received(self, wire: Wire, operation: Operation, buffer: asyncio.Queue[Operation]) -> None:
        match operation:
            case StatusRequest(n):
                reply = self._status(n)
                if reply:
                    await wire.write(reply)
            case Recover(n):
                if n == 2:
                    while not buffer.empty():
                        buffer.get_nowait()
            case AutomaticStatus(n):
                self._automatic = n
                if n:
                    await wire.write(self._automatic_status())
            case _:
                await buffer.put(operation)

    # -- status ----------------------------------------------------------------------------------------------------

    def _has(self, kind: FaultKind) -> bool:
        return self._scene.has(Device.RECEIPT_PRINTER, kind)

    @property
    def _offline(self) -> bool:
        stopping = (FaultKind.COVER_OPEN, FaultKind.CUTTER, FaultKind.OVERHEAT, FaultKind.OFFLINE)
        return self._scene.paper_out or any(self._has(kind) for kind in stopping)

    def _status(self, n: int) -> bytes:
        cover, out = self._has(FaultKind.COVER_OPEN), self._scene.paper_out
        cutter, hot = self._has(FaultKind.CUTTER), self._has(FaultKind.OVERHEAT)
        match n:
            case 1:
                bits = 0x08 * self._offline
            case 2:
                bits = 0x04 * cover | 0x20 * out | 0x40 * (cutter or hot)
            case 3:
                bits = 0x08 * cutter | 0x40 * hot
            case 4:
                bits = 0x0C * self._scene.paper_low | 0x60 * out
            case _:
                return b""
        return bytes([0x12 | bits])

    def _paper_sensor(self) -> int:
        return 0x03 * self._scene.paper_low | 0x0C * self._scene.paper_out

    def _automatic_status(self) -> bytes:
        first = 0x10 | 0x08 * self._offline | 0x20 * self._has(FaultKind.COVER_OPEN)
        second = 0x08 * self._has(FaultKind.CUTTER) | 0x40 * self._has(FaultKind.OVERHEAT)
        return bytes([first, second, self._paper_sensor(), 0x0F])

    async def _watch(self, wire: Wire) -> None:
        last = self._automatic_status()
        while True:
            await self._scene.next_change()
            now = self._automatic_status()
            if now != last and self._automatic:
                await wire.write(now)
            last = now

    # -- printing --------------------------------------------------------------------------------------------------

    async def _print(self, wire: Wire, buffer: asyncio.Queue[Operation]) -> None:
        self._printed = []
        while True:
            operation = await buffer.get()
            match operation:
                case BufferedStatus(n):
                    # Buffered: it waits until the printer can print again, and is not carried out without paper.
                    await self._scene.until(lambda: not self._offline)
                    await wire.write(bytes([self._paper_sensor() if n in (1, 49) else 0]))
                case Cut(feed):
                    await self._move(feed + _CUTTER_GAP_DOTS)
                    await self._scene.until(lambda: not self._has(FaultKind.CUTTER))
                    await asyncio.sleep(draw(self._rng, self._timing.cut))
                    printed, self._printed = tuple(self._printed), []
                    await self._papers.receipt((*printed, Feed(feed)))
                case Run():
                    self._printed.append(operation)
                case LineEnd():
                    await self._move(self._row_dots())
                    self._printed.append(operation)
                    self._scene.tick(Device.RECEIPT_PRINTER)
                case Feed(dots):
                    await self._move(dots)
                    self._printed.append(operation)
                case Raster():
                    await self._move(operation.height)
                    self._printed.append(operation)
                case QrCode():
                    await self._move(40 * operation.module)
                    self._printed.append(operation)
                case Unknown():
                    self._printed.append(operation)
                case StatusRequest() | Recover() | AutomaticStatus():
                    raise AssertionError("real-time requests are never buffered")

    def _row_dots(self) -> int:
        height = 1
        for operation in reversed(self._printed):
            if not isinstance(operation, Run):
                break
            height = max(height, operation.style.high)
        return height * TEXT_ROW_DOTS + 6

    async def _move(self, dots: int) -> None:
        """Move the paper, row by row, stopping wherever it cannot go on."""
        left = dots
        while left > 0:
            await self._scene.until(lambda: not self._offline)
            step = min(left, TEXT_ROW_DOTS)
            await asyncio.sleep(draw(self._rng, self._timing.print_line) * step / TEXT_ROW_DOTS)
            left -= step
        self._scene.use_paper(dots / DOTS_PER_MM)
