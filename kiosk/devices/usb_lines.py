"""USB bulk transfers as a line, by pyusb: for devices that are no serial port to the system.

A serial conversation runs on it unchanged. Two kinds of pipes: one bulk endpoint each way (receipt printers, class
7), and the four of a raw SAM-V module, which takes preamble and length on one endpoint and the rest of the frame on
another, and answers so (GA 450). Reads block in libusb, so each open line has a thread for them; one process at a
time can claim an interface.
"""

from __future__ import annotations

import asyncio
import enum
import errno
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import usb.core  # pyright: ignore[reportMissingTypeStubs]
import usb.util  # pyright: ignore[reportMissingTypeStubs]

from kiosk.devices.lines import Inbox
from kiosk.devices.transport import Transport, TransportLost

READ_MILLISECONDS = 200
"""One blocking read; how long closing a line may take."""
WRITE_MILLISECONDS = 5000
FRAME_SECONDS = 1.0
"""The rest of a module's frame may follow its head by so long."""
LARGEST_READ = 4096

HEAD_OUT, BODY_OUT, HEAD_IN, BODY_IN = 0x02, 0x06, 0x81, 0x85
"""Endpoints of a raw SAM-V module."""
HEAD_BYTES = 7
"""Preamble and length."""

_BULK = 0x02
_IN = 0x80
_core = cast("Any", usb.core)
_util = cast("Any", usb.util)
_ADDRESS = re.compile(r"(usb|usb-sam-v)://([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?:/([\x21-\x7e]{1,64}))?")


class Pipes(enum.Enum):
    """How bytes are spread over endpoints."""

    PAIR = "usb"
    SAM_V = "usb-sam-v"


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """Vendor and product, and the serial number where several such devices may be there ("" takes the only one)."""

    pipes: Pipes
    vendor: int
    product: int
    serial: str = ""

    @staticmethod
    def parse(text: str) -> UsbAddress:
        """`usb://VVVV:PPPP`, `usb://VVVV:PPPP/SERIAL`, or the same with `usb-sam-v`. Raises ValueError."""
        found = _ADDRESS.fullmatch(text)
        if found is None:
            raise ValueError("a USB line is written usb://VVVV:PPPP or usb://VVVV:PPPP/SERIAL, in hexadecimal")
        return UsbAddress(Pipes(found[1]), int(found[2], 16), int(found[3], 16), found[4] or "")

    def __str__(self) -> str:
        serial = f"/{self.serial}" if self.serial else ""
        return f"{self.pipes.value}://{self.vendor:04x}:{self.product:04x}{serial}"


class UsbLine:
    """A Line. `backend` is pyusb's, None for libusb."""

    def __init__(self, address: UsbAddress, backend: object = None) -> None:
        self._address = address
        self._backend = backend

    @property
    def name(self) -> str:
        return str(self._address)

    async def open(self) -> Transport:
        loop = asyncio.get_running_loop()
        pool = ThreadPoolExecutor(1, "usb-write")
        try:
            claimed = await loop.run_in_executor(pool, self._claim)
        except (_core.USBError, NotImplementedError, ValueError, OSError) as error:
            pool.shutdown(wait=False)
            raise TransportLost(f"cannot open {self.name}: {_reason(error)}") from None
        return UsbTransport(claimed, pool, loop)

    def _claim(self) -> Claimed:
        """Find the device and take its interface for ourselves. Raises pyusb's errors, TransportLost."""
        address = self._address

        def ours(device: Any) -> bool:
            return not address.serial or device.serial_number == address.serial

        device = _core.find(
            idVendor=address.vendor, idProduct=address.product, custom_match=ours, backend=self._backend
        )
        if device is None:
            raise TransportLost(f"cannot open {self.name}: not on the bus")
        try:
            interface, endpoints = _interface(device, address.pipes)
            if device.is_kernel_driver_active(interface):
                device.detach_kernel_driver(interface)
            _util.claim_interface(device, interface)
        except BaseException:
            _util.dispose_resources(device)
            raise
        return Claimed(device, address.pipes, endpoints)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An open device whose interface is ours; endpoints as (out, in) pairs."""

    device: Any
    pipes: Pipes
    endpoints: tuple[int, int]


def _interface(device: Any, pipes: Pipes) -> tuple[int, tuple[int, int]]:
    """Number and endpoints of the interface to talk to; printers' own (class 7) first. Raises ValueError."""
    found: list[tuple[bool, int, tuple[int, int]]] = []
    for interface in device.get_active_configuration():
        bulk = [e.bEndpointAddress for e in interface if e.bmAttributes & 0x03 == _BULK]
        if pipes is Pipes.SAM_V:
            if {HEAD_OUT, BODY_OUT, HEAD_IN, BODY_IN} <= set(bulk):
                return interface.bInterfaceNumber, (HEAD_OUT, HEAD_IN)
            continue
        outs, ins = [e for e in bulk if not e & _IN], [e for e in bulk if e & _IN]
        if outs and ins:
            found.append((interface.bInterfaceClass != 7, interface.bInterfaceNumber, (outs[0], ins[0])))
    if not found:
        raise ValueError("no interface with the bulk endpoints that are needed")
    _, number, endpoints = min(found)
    return number, endpoints


class UsbTransport:
    """A Transport: a thread reads for as long as it is open, writes go out one after the other on another."""

    def __init__(self, claimed: Claimed, pool: ThreadPoolExecutor, loop: asyncio.AbstractEventLoop) -> None:
        self._claimed = claimed
        self._pool = pool
        self._loop = loop
        self._inbox = Inbox()
        self._closing = threading.Event()
        reader = self._read_frames if claimed.pipes is Pipes.SAM_V else self._read_stream
        self._thread = threading.Thread(target=self._until_lost, args=(reader,), name="usb-read", daemon=True)
        self._thread.start()

    async def read(self, most: int) -> bytes:
        return await self._inbox.read(most)

    async def write(self, data: bytes) -> None:
        """All of it. The module's four pipes take one frame a call."""
        if self._inbox.lost:
            raise TransportLost("the far end is gone")
        try:
            await self._loop.run_in_executor(self._pool, self._send, data)
        except (_core.USBError, OSError) as error:
            raise TransportLost(_reason(error)) from None

    def drop_input(self) -> int:
        return self._inbox.drop()

    async def close(self) -> None:
        if self._closing.is_set():
            return
        self._closing.set()
        self._inbox.lose()
        await self._loop.run_in_executor(self._pool, self._release)
        self._pool.shutdown(wait=False)

    # -- on threads ------------------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        device = self._claimed.device
        match self._claimed.pipes:
            case Pipes.PAIR:
                parts = ((self._claimed.endpoints[0], data),)
            case Pipes.SAM_V:
                parts = ((HEAD_OUT, data[:HEAD_BYTES]), (BODY_OUT, data[HEAD_BYTES:]))
        for endpoint, part in parts:
            sent = 0
            while sent < len(part):
                sent += int(device.write(endpoint, part[sent:], WRITE_MILLISECONDS))

    def _release(self) -> None:
        self._thread.join()
        _util.dispose_resources(self._claimed.device)

    def _until_lost(self, read: Callable[[], None]) -> None:
        try:
            while not self._closing.is_set():
                read()
        except (_core.USBError, OSError):
            self._tell(self._inbox.lose)

    def _read_stream(self) -> None:
        data = self._take(self._claimed.endpoints[1], LARGEST_READ)
        if data:
            self._tell(lambda: self._inbox.feed(data))

    def _read_frames(self) -> None:
        """A head, then as much body as it announces; what is missing after a while is left to the codec to miss."""
        head = self._take(HEAD_IN, LARGEST_READ)
        if not head:
            return
        self._tell(lambda: self._inbox.feed(head))
        wanted = int.from_bytes(head[5:HEAD_BYTES], "big") - len(head[HEAD_BYTES:])
        tries = int(FRAME_SECONDS * 1000 / READ_MILLISECONDS)
        while wanted > 0 and tries and not self._closing.is_set():
            part = self._take(BODY_IN, LARGEST_READ)
            if not part:
                tries -= 1
                continue
            wanted -= len(part)
            self._tell(lambda part=part: self._inbox.feed(part))

    def _take(self, endpoint: int, most: int) -> bytes:
        """What one transfer brought; nothing after a while."""
        try:
            return bytes(self._claimed.device.read(endpoint, most, READ_MILLISECONDS))
        except _core.USBTimeoutError:
            return b""

    def _tell(self, change: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(change)
        except RuntimeError:
            # The loop has ended; nobody reads any more.
            self._closing.set()


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return errno.errorcode.get(number, type(error).__name__) if isinstance(number, int) else type(error).__name__
