"""The text lines of NUT's upsd, as far as a listener needs them: bytes in, values out, no I/O (NUT net protocol).

GET VAR name variable        VAR name variable "value"      or      ERR reason
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

LONGEST = 1024
"""Bytes of one line; upsd sends none longer."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_VAR = re.compile(r'VAR (\S+) (\S+) "((?:[^"\\]|\\.)*)"')
_ERR = re.compile(r"ERR ([A-Z-]{1,40})(?: .*)?")
_ESCAPED = re.compile(r"\\(.)")


class Variable(enum.Enum):
    """What is asked for."""

    STATUS = "ups.status"
    CHARGE = "battery.charge"
    RUNTIME = "battery.runtime"


@dataclass(frozen=True, slots=True)
class Value:
    """One variable's value."""

    ups: str
    variable: str
    value: str


@dataclass(frozen=True, slots=True)
class Error:
    """upsd's reason, such as DATA-STALE, DRIVER-NOT-CONNECTED, UNKNOWN-UPS, VAR-NOT-SUPPORTED, ACCESS-DENIED."""

    reason: str


class Unintelligible(enum.Enum):
    """A line that is neither."""

    LINE = "line"


Said = Value | Error | Unintelligible


def is_name(name: str) -> bool:
    """Whether a supply may be called so; anything else could smuggle a second command into a line."""
    return _NAME.fullmatch(name) is not None


def get_request(ups: str, variable: Variable) -> bytes:
    """Ask for one variable. Raises ValueError for what is no name."""
    if not is_name(ups):
        raise ValueError("a supply's name is letters, digits, dot, dash and underscore")
    return f"GET VAR {ups} {variable.value}\n".encode("ascii")


class LineDecoder:
    """Collects bytes and yields what each line said. An endless line is cut off, and is unintelligible."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> tuple[Said, ...]:
        """Lines completed by these bytes, in order."""
        self._pending += data
        *lines, rest = bytes(self._pending).split(b"\n")
        # One byte too many is kept, so that its line is known to be too long.
        self._pending = bytearray(rest[: LONGEST + 1])
        return tuple(parse_line(line) for line in lines)


def parse_line(line: bytes) -> Said:
    """One line without its end."""
    if len(line) > LONGEST:
        return Unintelligible.LINE
    text = line.decode("utf-8", "replace").rstrip("\r")
    if found := _VAR.fullmatch(text):
        return Value(found[1], found[2], _ESCAPED.sub(r"\1", found[3]))
    if found := _ERR.fullmatch(text):
        return Error(found[1])
    return Unintelligible.LINE


def number(text: str) -> int | None:
    """A charge or a time, which may have decimals; None when it is no such thing."""
    found = re.fullmatch(r"([0-9]{1,9})(?:\.[0-9]*)?", text)
    return int(found[1]) if found else None
