"""A network of two layers in ONNX's own bytes: the recogniser's interface is OpenCV's, only its learning is missing.

onnx.proto3 (IR version 7, operators of version 11) in protobuf's wire format. A picture goes in, 3 x 112 x 112, and
the means of its 16 x 16 tiles come out.
"""

from __future__ import annotations


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, *parts: bytes) -> bytes:
    whole = b"".join(parts)
    return _varint(field << 3 | 2) + _varint(len(whole)) + whole


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _ints(name: str, *values: int) -> bytes:
    return _bytes(5, _text(1, name), *(_number(8, value) for value in values), _number(20, 7))


def _node(kind: str, given: str, gives: str, *attributes: bytes) -> bytes:
    return _bytes(1, _text(1, given), _text(2, gives), _text(3, gives), _text(4, kind), *attributes)


def _tensor(field: int, name: str, *shape: int) -> bytes:
    sizes = _bytes(2, *(_bytes(1, _number(1, size)) for size in shape))
    return _bytes(field, _text(1, name), _bytes(2, _bytes(1, _number(1, 1), sizes)))


def tiles_of_a_face() -> bytes:
    """The model's file."""
    graph = _bytes(
        7,
        _node("AveragePool", "data", "tiles", _ints("kernel_shape", 7, 7), _ints("strides", 7, 7)),
        _node("Flatten", "tiles", "fc1"),
        _text(2, "tiles"),
        _tensor(11, "data", 1, 3, 112, 112),
        _tensor(12, "fc1", 1, 768),
    )
    return b"".join((_number(1, 7), graph, _bytes(8, _number(2, 11))))
