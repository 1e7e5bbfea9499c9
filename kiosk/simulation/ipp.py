"""The wire form of IPP (RFC 8010), as far as a printer needs it."""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass, field


class Tag(enum.IntEnum):
    """Delimiters and value tags of RFC 8010, 3.5."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED_GROUP = 0x05
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    RESOLUTION = 0x32
    RANGE = 0x33
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name, the tag of its values, and the raw values."""

    name: str
    tag: int
    values: tuple[bytes, ...]

    def text(self) -> str:
        """The first value as text."""
        return self.values[0].decode("utf-8", "replace") if self.values else ""

    def number(self) -> int:
        """The first value as a 32-bit integer. Raises Malformed."""
        if not self.values or len(self.values[0]) != 4:
            raise Malformed(f"{self.name} is no integer")
        return int(struct.unpack(">i", self.values[0])[0])


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response; `code` is the operation or the status. `groups` are (delimiter, attributes)."""

    version: tuple[int, int]
    code: int
    request_id: int
    groups: tuple[tuple[int, tuple[Attribute, ...]], ...] = ()
    data: bytes = b""

    def get(self, name: str) -> Attribute | None:
        """The first attribute of that name in any group."""
        return next((a for _, attributes in self.groups for a in attributes if a.name == name), None)


class Malformed(ValueError):
    """Not an IPP message."""


@dataclass
class _Group:
    tag: int
    attributes: list[tuple[str, int, list[bytes]]] = field(default_factory=list[tuple[str, int, list[bytes]]])


def parse(body: bytes) -> Message:
    """Raises Malformed."""
    try:
        major, minor, code, request_id = struct.unpack_from(">BBHi", body)
        groups: list[_Group] = []
        at = 8
        while True:
            tag = body[at]
            at += 1
            if tag == Tag.END:
                break
            if tag < 0x10:
                groups.append(_Group(tag))
                continue
            name, at = _counted(body, at)
            value, at = _counted(body, at)
            if not groups:
                raise Malformed("a value outside of a group")
            attributes = groups[-1].attributes
            if name:
                attributes.append((name.decode("ascii", "replace"), tag, [value]))
            elif attributes:
                attributes[-1][2].append(value)
    except (struct.error, IndexError):
        raise Malformed("the message ends too early") from None
    return Message(
        (major, minor),
        code,
        request_id,
        tuple((g.tag, tuple(Attribute(n, t, tuple(v)) for n, t, v in g.attributes)) for g in groups),
        body[at:],
    )


def _counted(body: bytes, at: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">H", body, at)
    value = body[at + 2 : at + 2 + length]
    if len(value) != length:
        raise Malformed("a value ends too early")
    return value, at + 2 + length


def compose(message: Message) -> bytes:
    """The bytes of a message."""
    parts = [struct.pack(">BBHi", *message.version, message.code, message.request_id)]
    for tag, attributes in message.groups:
        parts.append(bytes([tag]))
        for attribute in attributes:
            for position, value in enumerate(attribute.values):
                name = b"" if position else attribute.name.encode("ascii")
                parts.append(struct.pack(">BH", attribute.tag, len(name)) + name)
                parts.append(struct.pack(">H", len(value)) + value)
    return b"".join([*parts, bytes([Tag.END]), message.data])


def text(tag: Tag, name: str, *values: str) -> Attribute:
    """An attribute of any character-string syntax."""
    return Attribute(name, tag, tuple(value.encode() for value in values))


def integer(name: str, *values: int, tag: Tag = Tag.INTEGER) -> Attribute:
    """An integer or enum attribute."""
    return Attribute(name, tag, tuple(struct.pack(">i", value) for value in values))


def boolean(name: str, value: object) -> Attribute:
    """A boolean attribute."""
    return Attribute(name, Tag.BOOLEAN, (b"\1" if value else b"\0",))
