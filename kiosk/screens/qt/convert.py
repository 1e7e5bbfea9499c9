"""The one way from our values to QML (rule 20): whatever Qt would pass on as an opaque object is refused here."""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Mapping
from typing import Any, TypeAlias, cast

QmlValue: TypeAlias = "bool | int | float | str | list[QmlValue] | dict[str, QmlValue] | None"

_EXACT = 2**53
"""JavaScript numbers hold whole numbers exactly up to here."""


class NotForQmlError(TypeError):
    """A value that QML cannot hold. The message names the way to it and its type, never the value."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


def to_qml(value: object, path: str = "snapshot") -> QmlValue:
    """Dataclasses become maps, tuples and lists become lists, enum members their values, None stays null.

    Raises NotForQmlError for anything else: dates, decimals, bytes, sets, maps with keys that are no strings, whole
    numbers beyond 2**53, floats that are not finite, text with half a surrogate pair.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return to_qml(value.value, path)
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        if abs(value) > _EXACT:
            raise NotForQmlError(path, "whole number beyond 2**53")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotForQmlError(path, "float that is not finite")
        return float(value)
    if isinstance(value, list | tuple):
        items = cast("list[object]", value)
        return [to_qml(item, f"{path}[{index}]") for index, item in enumerate(items)]
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return {_key(key, path): to_qml(item, f"{path}.{key}") for key, item in entries.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        record: Any = value
        return {
            field.name: to_qml(getattr(record, field.name), f"{path}.{field.name}")
            for field in dataclasses.fields(record)
        }
    raise NotForQmlError(path, f"{type(value).__name__} has no meaning in QML")


def _text(value: str, path: str) -> str:
    # A picture is a long text of plain characters.
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise NotForQmlError(path, "text with half a surrogate pair")
    return str(value)


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise NotForQmlError(path, "map with a key that is no string")
    return key
