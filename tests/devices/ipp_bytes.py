"""IPP answers written byte by byte, and requests read back, without the driver's codec."""

from __future__ import annotations

import struct

INTEGER, BOOLEAN, ENUM, NAME, KEYWORD = 0x21, 0x22, 0x23, 0x42, 0x44
OPERATION_GROUP, JOB_GROUP, END, PRINTER_GROUP = 0x01, 0x02, 0x03, 0x04

Raw = int | bool | str | bytes


def raw(value: Raw) -> bytes:
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, int):
        return struct.pack(">i", value)
    return value if isinstance(value, bytes) else value.encode()


def attribute(tag: int, name: str, *values: Raw) -> bytes:
    out = b""
    for position, value in enumerate(values):
        shown = name.encode() if position == 0 else b""
        data = raw(value)
        out += bytes([tag]) + struct.pack(">H", len(shown)) + shown + struct.pack(">H", len(data)) + data
    return out


def answer(request: bytes, *groups: bytes, status: int = 0) -> bytes:
    """An answer to this request with these groups behind the operation's."""
    head = b"\x02\x00" + struct.pack(">H", status) + request[4:8]
    charset = attribute(0x47, "attributes-charset", "utf-8") + attribute(0x48, "attributes-natural-language", "en")
    return head + bytes([OPERATION_GROUP]) + charset + b"".join(groups) + bytes([END])


def asked(request: bytes) -> tuple[int, dict[str, list[bytes]], bytes]:
    """Operation, attributes by name, and the document behind them."""
    operation = struct.unpack(">H", request[2:4])[0]
    at, name, found = 8, "", dict[str, list[bytes]]()
    while request[at] != END:
        if request[at] < 0x10:
            at += 1
            continue
        (length,) = struct.unpack(">H", request[at + 1 : at + 3])
        name = request[at + 3 : at + 3 + length].decode() or name
        at += 3 + length
        (size,) = struct.unpack(">H", request[at : at + 2])
        found.setdefault(name, []).append(request[at + 2 : at + 2 + size])
        at += 2 + size
    return operation, found, request[at + 1 :]
