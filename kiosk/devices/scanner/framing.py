"""Codes as a serial scanner sends them, and the GM65 family's commands: bytes in, values out, no I/O.

A code ends with CR, LF or both, or, from scanners set up without an ending, with silence. A code may hold CR in
itself: then what follows would pass for a second code that nobody showed. So a code is over only when the line is
quiet after its end; bytes behind an end make the whole of it refused.

A GM65 command is 7E 00, type, length, address(2), data, AB CD (which stands for "no check"); it is answered by
02 00, type, length, data, check(2).
"""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass

IDLE_GAP_SECONDS = 0.1
"""Silence that ends a code."""
LONGEST = 4096
"""Bytes; the largest QR code holds fewer."""

_ENDS = b"\r\n"


class Refused(enum.Enum):
    """Why a code is not passed on. The code itself is never told."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    NOT_TEXT = "not UTF-8"
    CONTROL = "control or invisible characters"
    SEVERAL = "more than one line"


@dataclass(frozen=True, slots=True)
class Text:
    """A code's printable text."""

    text: str

    def __repr__(self) -> str:
        return f"Text({len(self.text)} characters)"


class Framing:
    """Collects one code. Memory stays bounded however much arrives."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in what arrived."""
        room = LONGEST + len(_ENDS) + 1 - len(self._bytes)
        self._bytes += data[: max(0, room)]

    @property
    def begun(self) -> bool:
        """Whether anything has arrived."""
        return bool(self._bytes)

    def end(self) -> Text | Refused:
        """The line has been quiet: what came is one code, or is refused."""
        code = bytes(self._bytes)
        self._bytes.clear()
        body = code.rstrip(_ENDS)
        if len(body) > LONGEST or len(code) > LONGEST + len(_ENDS):
            return Refused.TOO_LONG
        if not body:
            return Refused.EMPTY
        if any(end in body for end in _ENDS):
            return Refused.SEVERAL
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return Refused.NOT_TEXT
        return Text(text) if all(map(_printable, text)) else Refused.CONTROL


_HARMLESS_SPACE = " "


def _printable(character: str) -> bool:
    """Letters, marks, numbers, signs and the plain space.

    Out are all other spaces, line ends, controls, marks that turn the direction of text, surrogates, private and
    unassigned characters.
    """
    return character == _HARMLESS_SPACE or unicodedata.category(character)[0] not in "CZ"


_COMMAND_HEAD = b"\x7e\x00"
_ANSWER_HEAD = b"\x02\x00\x00\x01"
_WRITE = 0x08
_TRIGGER_ADDRESS = b"\x00\x02"
_NO_CHECK = b"\xab\xcd"
_ANSWER_SIZE = 7


class Gm65(enum.Enum):
    """What a GM65 is told: look now, look no more."""

    LOOK = 1
    REST = 0


def gm65_request(what: Gm65) -> bytes:
    """The bytes that say so."""
    return _COMMAND_HEAD + bytes([_WRITE, 1]) + _TRIGGER_ADDRESS + bytes([what.value]) + _NO_CHECK


class Gm65Answers:
    """Takes a module's answers out of what it sends, where they stand before or between codes."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> tuple[int, bytes]:
        """How many answers came, and what remains, which is a code's. Not to be given what comes amid a code."""
        self._pending += data
        answers = 0
        while self._pending.startswith(_ANSWER_HEAD) and len(self._pending) >= _ANSWER_SIZE:
            del self._pending[:_ANSWER_SIZE]
            answers += 1
        if self._pending and _ANSWER_HEAD.startswith(bytes(self._pending[: len(_ANSWER_HEAD)])):
            return answers, b""
        rest = bytes(self._pending)
        self._pending.clear()
        return answers, rest
