"""BER-TLV as in chips (ISO/IEC 7816-4, 5.2.2): tags of one or two bytes, definite lengths of up to three bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST_LENGTH_BYTES = 3


class InvalidTlv(ValueError):
    """The bytes are no data objects."""


@dataclass(frozen=True, slots=True)
class Header:
    """Tag, and where the value begins and how long it is."""

    tag: int
    start: int
    length: int

    @property
    def end(self) -> int:
        """Just behind the value."""
        return self.start + self.length


def header(data: bytes, at: int = 0) -> Header:
    """The header at `at`; the value itself need not be there yet. Raises InvalidTlv."""
    tag, at = _tag(data, at)
    if at >= len(data):
        raise InvalidTlv
    first = data[at]
    if first < 0x80:
        return Header(tag, at + 1, first)
    count = first & 0x7F
    if not 1 <= count <= _LONGEST_LENGTH_BYTES or at + 1 + count > len(data):
        raise InvalidTlv
    return Header(tag, at + 1 + count, int.from_bytes(data[at + 1 : at + 1 + count], "big"))


def _tag(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise InvalidTlv
    first = data[at]
    if first & 0x1F != 0x1F:
        return first, at + 1
    if at + 1 >= len(data) or data[at + 1] & 0x80:
        raise InvalidTlv
    return first << 8 | data[at + 1], at + 2


def objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """All data objects one after the other, as tag and value. Raises InvalidTlv when it comes to a broken one."""
    at = 0
    while at < len(data):
        found = header(data, at)
        if found.end > len(data):
            raise InvalidTlv
        yield found.tag, data[found.start : found.end]
        at = found.end


def only(data: bytes, tag: int) -> bytes:
    """The value of the one object that `data` is. Raises InvalidTlv."""
    found = list(objects(data))
    if len(found) != 1 or found[0][0] != tag:
        raise InvalidTlv
    return found[0][1]


def first(data: bytes, tag: int) -> bytes:
    """The value of the first object with that tag. Raises InvalidTlv where there is none."""
    for found, value in objects(data):
        if found == tag:
            return value
    raise InvalidTlv


def encode(tag: int, value: bytes) -> bytes:
    """One data object. Raises InvalidTlv for a value of 64 KiB or more."""
    name = tag.to_bytes(2 if tag > 0xFF else 1, "big")
    size = len(value)
    if size < 0x80:
        return name + bytes([size]) + value
    if size <= 0xFF:
        return name + bytes([0x81, size]) + value
    if size <= 0xFFFF:
        return name + b"\x82" + size.to_bytes(2, "big") + value
    raise InvalidTlv
