"""What a receipt printer makes of its bytes: ESC/POS taken apart into things to do.

Commands as the common subset of Epson-compatible printers with Chinese mode (GB18030). The parser is incremental:
it takes bytes as they come and gives back whole operations; real-time requests (DLE) come out at once, ahead of
what is waiting to be printed.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace


class Align(enum.IntEnum):
    """ESC a n."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks: widths and heights are multiples, from 1 to 8."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    underline: bool = False
    inverse: bool = False
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one style."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class LineEnd:
    """The line is printed and the paper moves on."""

    align: Align


@dataclass(frozen=True, slots=True)
class Feed:
    """The paper moves by dots (8 to a millimetre)."""

    dots: int


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture: rows of `width_bytes`, a set bit is black."""

    width_bytes: int
    height: int
    data: bytes
    align: Align


@dataclass(frozen=True, slots=True)
class QrCode:
    """GS ( k: data, module size in dots, error correction level L, M, Q or H."""

    data: bytes
    module: int
    level: str
    align: Align


@dataclass(frozen=True, slots=True)
class Cut:
    """GS V, after feeding `feed` dots."""

    feed: int


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """DLE EOT n: answered at once, whatever the printer is doing."""

    n: int


@dataclass(frozen=True, slots=True)
class Recover:
    """DLE ENQ n: 1 goes on, 2 clears the buffer first."""

    n: int


@dataclass(frozen=True, slots=True)
class BufferedStatus:
    """GS r n: answered when its turn in the buffer comes."""

    n: int


@dataclass(frozen=True, slots=True)
class AutomaticStatus:
    """GS a n: which changes are reported unasked."""

    n: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bytes that mean nothing to this printer; skipped."""

    data: bytes


Operation = (
    Run
    | LineEnd
    | Feed
    | Raster
    | QrCode
    | Cut
    | StatusRequest
    | Recover
    | BufferedStatus
    | AutomaticStatus
    | Unknown
)

LINE_DOTS = 30
_ESC, _GS, _FS, _DLE = 0x1B, 0x1D, 0x1C, 0x10
_ESC_ONE_ARGUMENT = frozenset(b"RtM SVr%?{GJUp=E")
_GS_ONE_ARGUMENT = frozenset(b"BHhwfbIE:")
_QR_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}


class _Short(Exception):
    """More bytes are needed."""


class _Reader:
    def __init__(self, data: bytearray) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise _Short
        taken = bytes(self.data[self.at : self.at + count])
        self.at += count
        return taken

    def word(self) -> int:
        return int.from_bytes(self.take(2), "little")


class Parser:
    """Holds the printer's modes and the bytes of a command that is not complete yet."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._reset()

    def _reset(self) -> None:
        self._style = Style()
        self._spacing = LINE_DOTS
        self._chinese = True
        self._quad = False
        self._text = ""
        self._qr_data = b""
        self._qr_module = 3
        self._qr_level = "L"

    def feed(self, data: bytes) -> Iterator[Operation]:
        """Operations that are complete now.

        A command that is not complete is taken apart again from its first byte, so each reads all its bytes before
        it changes anything.
        """
        self._data += data
        while self._data:
            reader = _Reader(self._data)
            try:
                operations = tuple(self._next(reader))
            except _Short:
                break
            del self._data[: reader.at]
            yield from operations

    # -- text ------------------------------------------------------------------------------------------------------

    def _flush(self) -> tuple[Operation, ...]:
        text, self._text = self._text, ""
        if not text:
            return ()
        style = replace(self._style, wide=2, high=2) if self._quad else self._style
        return (Run(text, style),)

    def _character(self, reader: _Reader, first: int) -> str:
        if first < 0x80 or not self._chinese or first in (0x80, 0xFF):
            return bytes([first]).decode("cp437")
        code = bytes([first]) + reader.take(1)
        if 0x30 <= code[1] <= 0x39:
            code += reader.take(2)
        character = code.decode("gb18030", "replace")
        return character if len(character) == 1 else "\ufffd"

    def _next(self, reader: _Reader) -> Iterator[Operation]:
        first = reader.byte()
        match first:
            case 0x0A:
                yield from self._flush()
                yield LineEnd(self._style.align)
                if self._spacing > LINE_DOTS:
                    yield Feed(self._spacing - LINE_DOTS)
            case 0x0D | 0x00 | 0x18:
                return
            case 0x09:
                self._text += " " * (8 - len(self._text) % 8)
            case 0x0C:
                yield from self._flush()
                yield LineEnd(self._style.align)
            case 0x10:
                yield from self._real_time(reader)
            case 0x1B:
                yield from self._escape(reader)
            case 0x1C:
                yield from self._chinese_command(reader)
            case 0x1D:
                yield from self._group(reader)
            case _ if first < 0x20:
                yield Unknown(bytes([first]))
            case _:
                self._text += self._character(reader, first)

    # -- commands --------------------------------------------------------------------------------------------------

    def _real_time(self, reader: _Reader) -> Iterator[Operation]:
        match reader.byte():
            case 0x04:
                yield StatusRequest(reader.byte())
            case 0x05:
                yield Recover(reader.byte())
            case 0x14:
                yield Unknown(b"\x10\x14" + reader.take(3))
            case other:
                yield Unknown(bytes([_DLE, other]))

    def _restyle(self, style: Style) -> tuple[Operation, ...]:
        before = self._flush()
        self._style = style
        return before

    def _escape(self, reader: _Reader) -> Iterator[Operation]:
        letter = reader.byte()
        match letter:
            case 0x40:
                yield from self._flush()
                self._reset()
            case 0x21:
                n = reader.byte()
                yield from self._restyle(
                    replace(
                        self._style,
                        bold=bool(n & 0x08),
                        high=2 if n & 0x10 else 1,
                        wide=2 if n & 0x20 else 1,
                        underline=bool(n & 0x80),
                    )
                )
            case 0x45 | 0x47:
                yield from self._restyle(replace(self._style, bold=bool(reader.byte() & 1)))
            case 0x2D:
                yield from self._restyle(replace(self._style, underline=reader.byte() not in (0, 48)))
            case 0x61:
                n = reader.byte()
                yield from self._restyle(replace(self._style, align=Align(n % 48 if n % 48 < 3 else 0)))
            case 0x64:
                n = reader.byte()
                yield from self._flush()
                yield LineEnd(self._style.align)
                yield Feed(n * self._spacing)
            case 0x4A:
                n = reader.byte()
                yield from self._flush()
                yield LineEnd(self._style.align)
                yield Feed(n)
            case 0x32:
                self._spacing = LINE_DOTS
            case 0x33:
                self._spacing = reader.byte()
            case 0x2A:
                yield from self._columns(reader)
            case 0x24 | 0x5C:
                reader.take(2)
            case 0x63:
                reader.take(2)
            case 0x44:
                while reader.byte():
                    pass
            case 0x70:
                reader.take(3)
            case 0x69 | 0x6D:
                yield from self._flush()
                yield Cut(0)
            case _ if letter in _ESC_ONE_ARGUMENT:
                reader.byte()
            case _:
                yield Unknown(bytes([_ESC, letter]))

    def _columns(self, reader: _Reader) -> Iterator[Operation]:
        """ESC *: a band of 8 or 24 dots, column by column."""
        mode, width = reader.byte(), reader.word()
        rows = 24 if mode in (32, 33) else 8
        depth = rows // 8
        columns = reader.take(width * depth)
        stride = (width + 7) // 8
        raster = bytearray(stride * rows)
        for x in range(width):
            for y in range(rows):
                if columns[x * depth + y // 8] & (0x80 >> y % 8):
                    raster[y * stride + x // 8] |= 0x80 >> x % 8
        yield from self._flush()
        yield Raster(stride, rows, bytes(raster), self._style.align)

    def _chinese_command(self, reader: _Reader) -> Iterator[Operation]:
        letter = reader.byte()
        match letter:
            case 0x26:
                self._chinese = True
            case 0x2E:
                self._chinese = False
            case 0x57:
                n = reader.byte()
                yield from self._flush()
                self._quad = bool(n & 1)
            case 0x21:
                n = reader.byte()
                yield from self._restyle(
                    replace(
                        self._style,
                        wide=2 if n & 0x04 else 1,
                        high=2 if n & 0x08 else 1,
                        underline=bool(n & 0x80),
                    )
                )
            case 0x2D | 0x43:
                reader.byte()
            case 0x53:
                reader.take(2)
            case _:
                yield Unknown(bytes([_FS, letter]))

    def _group(self, reader: _Reader) -> Iterator[Operation]:
        letter = reader.byte()
        match letter:
            case 0x21:
                n = reader.byte()
                yield from self._restyle(replace(self._style, wide=(n >> 4 & 7) + 1, high=(n & 7) + 1))
            case 0x42:
                yield from self._restyle(replace(self._style, inverse=bool(reader.byte() & 1)))
            case 0x56:
                mode = reader.byte()
                feed = reader.byte() if mode >= 65 else 0
                yield from self._flush()
                yield Cut(feed)
            case 0x76:
                reader.take(2)
                width, height = reader.word(), reader.word()
                data = reader.take(width * height)
                yield from self._flush()
                yield Raster(width, height, data, self._style.align)
            case 0x28:
                yield from self._parenthesis(reader)
            case 0x72:
                yield BufferedStatus(reader.byte())
            case 0x61:
                yield AutomaticStatus(reader.byte())
            case 0x4C | 0x57 | 0x50:
                reader.take(2)
            case 0x6B:
                mode = reader.byte()
                if mode >= 65:
                    reader.take(reader.byte())
                else:
                    while reader.byte():
                        pass
                yield Unknown(bytes([_GS, letter, mode]))
            case _ if letter in _GS_ONE_ARGUMENT:
                reader.byte()
            case _:
                yield Unknown(bytes([_GS, letter]))

    def _parenthesis(self, reader: _Reader) -> Iterator[Operation]:
        letter, length = reader.byte(), reader.word()
        body = reader.take(length)
        if letter != 0x6B or length < 3 or body[0] != 49:
            yield Unknown(bytes([_GS, 0x28, letter]))
            return
        function, parameters = body[1], body[2:]
        match function:
            case 67:
                self._qr_module = max(1, min(16, parameters[0]))
            case 69:
                self._qr_level = _QR_LEVELS.get(parameters[0], "L")
            case 80:
                self._qr_data = parameters[1:]
            case 81:
                yield from self._flush()
                yield QrCode(self._qr_data, self._qr_module, self._qr_level, self._style.align)
            case _:
                return
