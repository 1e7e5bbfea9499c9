"""IPP messages: attributes in, bytes out and back, no I/O (RFC 8010).

Only what a client of one printer needs is written: integers, enums, booleans and strings. Everything a printer may
answer is read, or kept as bytes.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

VERSION = b"\x02\x00"
_HEAD = 8
_MOST_DEEP = 8
"""Collections nested deeper than this are an attack or nonsense."""


class MalformedIpp(ValueError):
    """Bytes that are no IPP message."""


class Operation(enum.IntEnum):
    """RFC 8011, section 5.4.15."""

    PRINT_JOB = 0x0002
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class Group(enum.IntEnum):
    """Delimiter tags."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(enum.IntEnum):
    """Value tags this client writes or tells apart when reading."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


_FIRST_DELIMITER_BEYOND = 0x10
_STRINGS = range(0x40, 0x60)

Scalar = int | bool | str


@dataclass(frozen=True, slots=True)
class Value:
    """One or more values of one syntax, to be written."""

    tag: Tag
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection attribute as read."""

    members: Mapping[str, tuple[Read, ...]]


Read = int | bool | str | bytes | tuple[int, ...] | Collection | None
"""A value as read: None for out-of-band values (unknown, no-value), bytes for syntaxes not interpreted."""

Attributes = Mapping[str, tuple[Read, ...]]


@dataclass(frozen=True, slots=True)
class Response:
    """Status code, request id and the attribute groups in their order."""

    status: int
    request_id: int
    groups: tuple[tuple[int, Attributes], ...]

    @property
    def succeeded(self) -> bool:
        """successful-ok and its variants lie below 0x0100."""
        return self.status < 0x0100

    def of(self, group: Group) -> tuple[Attributes, ...]:
        """The groups of one kind."""
        return tuple(attributes for tag, attributes in self.groups if tag == group)


def request(
    operation: Operation,
    request_id: int,
    *,
    operation_attributes: Mapping[str, Value],
    job_attributes: Mapping[str, Value] | None = None,
) -> bytes:
    """A request without its document, which follows directly behind."""
    parts = [VERSION, operation.to_bytes(2, "big"), request_id.to_bytes(4, "big"), bytes([Group.OPERATION])]
    parts += [_attribute(name, value) for name, value in operation_attributes.items()]
    if job_attributes:
        parts.append(bytes([Group.JOB]))
        parts += [_attribute(name, value) for name, value in job_attributes.items()]
    parts.append(bytes([Group.END]))
    return b"".join(parts)


def _attribute(name: str, value: Value) -> bytes:
    parts: list[bytes] = []
    written = name.encode("ascii")
    for one in value.values:
        parts.append(bytes([value.tag]) + _sized(written) + _sized(_scalar(value.tag, one)))
        # A further value of the same attribute has an empty name.
        written = b""
    return b"".join(parts)


def _scalar(tag: Tag, value: Scalar) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8")
    if tag is Tag.BOOLEAN:
        return bytes([bool(value)])
    return value.to_bytes(4, "big", signed=True)


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


class _Cursor:
    """A position in a message that refuses to run past its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise MalformedIpp("the message ends early")
        taken, self._at = self._data[self._at : end], end
        return taken

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "big")

    def sized(self) -> bytes:
        return self.take(self.number(2))


def response(data: bytes) -> Response:
    """Read a response. Raises MalformedIpp."""
    cursor = _Cursor(data)
    if cursor.take(1)[0] not in (1, 2):
        raise MalformedIpp("not a version this client knows")
    cursor.take(1)
    status, request_id = cursor.number(2), cursor.number(4)
    groups: list[tuple[int, dict[str, tuple[Read, ...]]]] = []
    name = ""
    while (tag := cursor.number(1)) != Group.END:
        if tag < _FIRST_DELIMITER_BEYOND:
            groups.append((tag, {}))
            name = ""
            continue
        if not groups:
            raise MalformedIpp("an attribute outside any group")
        name = _text(cursor.sized()) or name
        if not name:
            raise MalformedIpp("a value without an attribute")
        attributes = groups[-1][1]
        attributes[name] = (*attributes.get(name, ()), _value(cursor, tag, _MOST_DEEP))
    return Response(status, request_id, tuple(groups))


def _value(cursor: _Cursor, tag: int, depth: int) -> Read:
    data = cursor.sized()
    match tag:
        case Tag.BEGIN_COLLECTION:
            if depth == 0:
                raise MalformedIpp("collections nested too deep")
            return _collection(cursor, depth - 1)
        case Tag.INTEGER | Tag.ENUM:
            return _integers(data, 1)[0]
        case Tag.BOOLEAN:
            if len(data) != 1:
                raise MalformedIpp("a boolean has one byte")
            return data[0] != 0
        case Tag.RANGE:
            return _integers(data, 2)
        case Tag.RESOLUTION:
            if len(data) != 9:
                raise MalformedIpp("a resolution has nine bytes")
            return (*_integers(data[:8], 2), data[8])
        case Tag.TEXT_WITH_LANGUAGE | Tag.NAME_WITH_LANGUAGE:
            inner = _Cursor(data)
            inner.sized()
            return _text(inner.sized())
        case _ if tag in _STRINGS:
            return _text(data)
        case _ if tag < Tag.INTEGER:
            return None
        case _:
            return data


def _collection(cursor: _Cursor, depth: int) -> Collection:
    members: dict[str, tuple[Read, ...]] = {}
    name = ""
    while (tag := cursor.number(1)) != Tag.END_COLLECTION:
        cursor.sized()
        if tag == Tag.MEMBER_NAME:
            name = _text(cursor.sized())
            continue
        members[name] = (*members.get(name, ()), _value(cursor, tag, depth))
    cursor.sized()
    cursor.sized()
    return Collection(members)


def _integers(data: bytes, count: int) -> tuple[int, ...]:
    if len(data) != 4 * count:
        raise MalformedIpp("an integer has four bytes")
    return tuple(int.from_bytes(data[at : at + 4], "big", signed=True) for at in range(0, len(data), 4))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
