"""Receipts as ESC/POS bytes for a roll printer of 576 dots.

Text goes in GB18030's two-byte part after FS &, which every such printer sold in China can set; a line with any other
character (a rare one in a name, traditional Mongolian) goes as dots. QR codes are the printer's own (GS ( k).
"""

from __future__ import annotations

from typing import Any, Protocol, cast

from escpos.printer import Dummy

from kiosk.documents.drawing import MODULE, line_picture, rule_picture
from kiosk.documents.layout import Code, Gap, Ink, Item, Line, Rule, lay_out
from kiosk.documents.papers import Sheet

_CHINESE_ON = b"\x1c\x26"
_CODE_CORRECTION_M = 1
_PROFILE = "TM-P80"
"""Any profile of 576 dots with codes of its own; only its width is used."""


class _Escpos(Protocol):
    """What is used of python-escpos, which is untyped."""

    output: bytes

    def set(self, **what: Any) -> None: ...

    def image(self, img_source: Any, *, impl: str) -> None: ...

    def qr(self, content: str, *, ec: int, size: int, native: bool) -> None: ...

    def hw(self, hw: str) -> None: ...

    def cut(self) -> None: ...

    def raw(self, content: bytes) -> None: ...


class _Roll(Dummy):
    """python-escpos without a printer, with its bytes' door open."""

    def raw(self, content: bytes) -> None:
        self._raw(content)


def receipt(sheet: Sheet, language: str) -> bytes:
    """The bytes of one receipt, from initialising to the cut."""
    roll = cast(_Escpos, _Roll(profile=_PROFILE))
    roll.hw("INIT")
    roll.raw(_CHINESE_ON)
    for item in lay_out(sheet, language):
        _emit(roll, item)
    roll.cut()
    return roll.output


def warm() -> None:
    """Load the typeface for drawn lines, so that the first receipt does not wait for it."""
    line_picture(Line("\u9fa5"))


def can_be_set(text: str) -> bool:
    """Whether a printer's own Chinese font has all of a text: ASCII and GBK."""
    try:
        return len(text.encode("gbk")) >= len(text)
    except UnicodeEncodeError:
        return False


def _emit(roll: _Escpos, item: Item) -> None:
    match item:
        case Line() if can_be_set(item.text):
            size = item.size.value
            bold, invert = item.ink is not Ink.PLAIN, item.ink is Ink.REVERSED
            roll.set(align=item.align.value, bold=bold, invert=invert, custom_size=True, width=size, height=size)
            roll.raw(item.text.encode("gb18030") + b"\n")
        case Line():
            _plain(roll, "left")
            roll.image(line_picture(item), impl="bitImageRaster")
        case Rule():
            _plain(roll, "left")
            roll.image(rule_picture(), impl="bitImageRaster")
        case Gap(dots=dots):
            roll.raw(b"\x1b\x4a" + bytes([dots]))
        case Code(content=content):
            _plain(roll, "center")
            roll.qr(content, ec=_CODE_CORRECTION_M, size=MODULE, native=True)


def _plain(roll: _Escpos, align: str) -> None:
    roll.set(align=align, bold=False, invert=False, custom_size=True, width=1, height=1)
