"""A pyusb backend whose one device is played by a task: pyusb's own code runs, libusb and the bus do not.

It speaks bulk transfers as the host controller sees them: what is written to an endpoint, and what a read of an
endpoint brings or its time-out. With `split` the device is a raw SAM-V module: heads and bodies of frames have
endpoints of their own.
"""

from __future__ import annotations

import asyncio
import errno
import queue
from dataclasses import dataclass
from typing import Any, cast

import usb.backend
import usb.core

from kiosk.devices.lines import Inbox
from kiosk.devices.transport import Transport, TransportLost
from tests.devices.farends import Player

VENDOR, PRODUCT, SERIAL = 0x0400, 0xC35A, "A1"
IBackend = cast("Any", usb.backend).IBackend
_core = cast("Any", usb.core)


@dataclass
class Fields:
    """A descriptor: attributes by name."""

    values: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


class Bus(IBackend):
    """One device, plugged in or not."""

    def __init__(self, loop: asyncio.AbstractEventLoop, endpoints: tuple[int, ...]) -> None:
        self._loop = loop
        self._endpoints = endpoints
        self.plugged = True
        self.claimed = 0
        self.written: list[tuple[int, bytes]] = []
        self._from_host = Inbox()
        self._to_host: dict[int, queue.Queue[bytes]] = {e: queue.Queue() for e in endpoints if e & 0x80}

    def unplug(self) -> None:
        self.plugged = False
        self._from_host.lose()

    # -- the device's side, on the loop --------------------------------------------------------------------------

    async def play(self, player: Player) -> None:
        try:
            await player(cast("Transport", self))
        except TransportLost:
            return

    async def read(self, most: int) -> bytes:
        return await self._from_host.read(most)

    async def write(self, data: bytes) -> None:
        ins = list(self._to_host)
        if len(ins) == 1:
            self._to_host[ins[0]].put(data)
            return
        self._to_host[0x81].put(data[:7])
        self._to_host[0x85].put(data[7:])

    # -- what pyusb asks, on its threads -------------------------------------------------------------------------

    def enumerate_devices(self) -> list[int]:
        return [1] if self.plugged else []

    def get_device_descriptor(self, _dev: int) -> Fields:
        return Fields(
            {
                "bLength": 18, "bDescriptorType": 1, "bcdUSB": 0x200, "bDeviceClass": 0, "bDeviceSubClass": 0,
                "bDeviceProtocol": 0, "bMaxPacketSize0": 64, "idVendor": VENDOR, "idProduct": PRODUCT,
                "bcdDevice": 0x100, "iManufacturer": 0, "iProduct": 0, "iSerialNumber": 3, "bNumConfigurations": 1,
                "address": 5, "bus": 1, "port_number": 2, "port_numbers": (2,), "speed": 2,
            }
        )  # fmt: skip

    def get_configuration_descriptor(self, _dev: int, config: int) -> Fields:
        if config:
            raise IndexError(config)
        return Fields(
            {
                "bLength": 9, "bDescriptorType": 2, "wTotalLength": 32, "bNumInterfaces": 1, "bConfigurationValue": 1,
                "iConfiguration": 0, "bmAttributes": 0x80, "bMaxPower": 50, "extra_descriptors": [],
            }
        )  # fmt: skip

    def get_interface_descriptor(self, _dev: int, intf: int, alt: int, _config: int) -> Fields:
        if intf or alt:
            raise IndexError(intf)
        return Fields(
            {
                "bLength": 9, "bDescriptorType": 4, "bInterfaceNumber": 0, "bAlternateSetting": 0,
                "bNumEndpoints": len(self._endpoints), "bInterfaceClass": 7, "bInterfaceSubClass": 1,
                "bInterfaceProtocol": 2, "iInterface": 0, "extra_descriptors": [],
            }
        )  # fmt: skip

    def get_endpoint_descriptor(self, _dev: int, ep: int, _intf: int, _alt: int, _config: int) -> Fields:
        return Fields(
            {
                "bLength": 7, "bDescriptorType": 5, "bEndpointAddress": self._endpoints[ep], "bmAttributes": 2,
                "wMaxPacketSize": 64, "bInterval": 0, "bRefresh": 0, "bSynchAddress": 0, "extra_descriptors": [],
            }
        )  # fmt: skip

    def open_device(self, _dev: int) -> int:
        self._there()
        return 1

    def close_device(self, _handle: int) -> None: ...

    def get_configuration(self, _handle: int) -> int:
        return 1

    def set_configuration(self, _handle: int, _value: int) -> None: ...

    def is_kernel_driver_active(self, _handle: int, _intf: int) -> bool:
        return False

    def claim_interface(self, _handle: int, _intf: int) -> None:
        self._there()
        if self.claimed:
            raise _core.USBError("busy", -6, errno.EBUSY)
        self.claimed += 1

    def release_interface(self, _handle: int, _intf: int) -> None:
        self.claimed -= 1

    def ctrl_transfer(
        self, _handle: int, _kind: int, _request: int, value: int, _index: int, data: Any, _timeout: int
    ) -> int:
        """Only string descriptors are asked for: the languages, and the serial number."""
        text = b"\x09\x04" if value & 0xFF == 0 else SERIAL.encode("utf-16-le")
        answer = bytes([len(text) + 2, 3]) + text
        count = min(len(answer), len(data))
        data[:count] = type(data)("B", answer[:count])
        return count

    def bulk_write(self, _handle: int, ep: int, _intf: int, data: Any, _timeout: int) -> int:
        self._there()
        sent = data.tobytes()
        self.written.append((ep, sent))
        self._loop.call_soon_threadsafe(self._from_host.feed, sent)
        return len(sent)

    def bulk_read(self, _handle: int, ep: int, _intf: int, buff: Any, timeout: int) -> int:
        self._there()
        try:
            data = self._to_host[ep].get(timeout=timeout / 1000)
        except queue.Empty:
            self._there()
            raise _core.USBTimeoutError("no data", -7, errno.ETIMEDOUT) from None
        buff[: len(data)] = type(buff)("B", data)
        return len(data)

    def _there(self) -> None:
        if not self.plugged:
            raise _core.USBError("no such device", -4, errno.ENODEV)
