"""A VNC client in a few lines: RFB 3.3 (RFC 6143), raw encoding, one picture and one pointer."""

from __future__ import annotations

import socket
import struct
import time
from types import TracebackType
from typing import Self

from PIL import Image

PATIENCE = 30.0
_FORMAT = struct.pack(">BBBBHHHBBBxxx", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
_RAW = 0


class Viewer:
    """Somebody who looks at the screen over VNC and taps on it."""

    def __init__(self, host: str, port: int) -> None:
        self._line = socket.create_connection((host, port), PATIENCE)
        assert self._take(12) == b"RFB 003.003\n"
        self._line.sendall(b"RFB 003.003\n")
        (security,) = struct.unpack(">I", self._take(4))
        assert security == 1, "no authentication is spoken on loopback"
        self._line.sendall(b"\x01")
        self.width, self.height = struct.unpack(">HH", self._take(4))
        self._take(16)
        (length,) = struct.unpack(">I", self._take(4))
        self._take(length)
        self._line.sendall(b"\x00\x00\x00\x00" + _FORMAT)
        self._line.sendall(struct.pack(">BxHi", 2, 1, _RAW))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.close()

    def _take(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            data = self._line.recv(count - len(got))
            assert data, "the server hung up"
            got += data
        return bytes(got)

    def picture(self) -> Image.Image:
        """The whole screen as it is now."""
        shown = Image.new("RGB", (self.width, self.height))
        self._line.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0, self.width, self.height))
        while True:
            (kind,) = self._take(1)
            if kind == 0:
                break
            assert kind == 2, f"message {kind} was not asked for"
        (rectangles,) = struct.unpack(">xH", self._take(3))
        for _ in range(rectangles):
            x, y, w, h, encoding = struct.unpack(">HHHHi", self._take(12))
            assert encoding == _RAW
            shown.paste(Image.frombytes("RGB", (w, h), self._take(w * h * 4), "raw", "BGRX"), (x, y))
        return shown

    def tap(self, x: int, y: int) -> None:
        """Press, rest as a finger does, and let go."""
        self._line.sendall(struct.pack(">BBHH", 5, 0, x, y))
        self._line.sendall(struct.pack(">BBHH", 5, 1, x, y))
        time.sleep(0.1)
        self._line.sendall(struct.pack(">BBHH", 5, 0, x, y))

    def until_it_looks(self, other_than: Image.Image) -> Image.Image:
        """The first picture that differs in more than a tenth of the screen."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            now = self.picture()
            if share_that_differs(now, other_than) > 0.1:
                return now
            time.sleep(0.05)
        raise AssertionError("the screen stayed as it was")


def share_that_differs(one: Image.Image, other: Image.Image) -> float:
    """0: the same picture; 1: no pixel alike. Compared at an eighth of the size."""
    from PIL import ImageChops

    size = (one.width // 8, one.height // 8)
    difference = ImageChops.difference(one.convert("L").resize(size), other.convert("L").resize(size))
    return sum(difference.histogram()[12:]) / (size[0] * size[1])
