"""Values of contracts as JSON and back, by their types: what is not declared is neither sent nor believed.

Nothing is pickled: a process that went wild can send wrong values of the right types, and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import enum
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

MOST_DEPTH = 16


class NotSendable(TypeError):
    """A value is not of its declared type, or a type has no form here. Names types, never values."""


@lru_cache(maxsize=512)
def hints_of(kind: type[Any]) -> dict[str, Any]:
    """The resolved types of a dataclass's fields."""
    return get_type_hints(kind)


def encode(value: Any, hint: Any, depth: int = 0) -> Any:
    """A value as JSON. Raises NotSendable."""
    _within(depth)
    if isinstance(hint, type) and not get_args(hint):
        return _encode_plain(value, hint, depth)
    match get_origin(hint), get_args(hint):
        case (types.UnionType, options) | (_, options) if _is_union(hint):
            return _encode_union(value, options, depth)
        case (kind, (one, last)) if kind is tuple and last is Ellipsis:
            return [encode(part, one, depth + 1) for part in _a(value, tuple)]
        case (kind, parts) if kind is tuple:
            given = _a(value, tuple)
            if len(given) != len(parts):
                raise NotSendable("a tuple of another length")
            return [encode(part, one, depth + 1) for part, one in zip(given, parts, strict=True)]
        case (kind, (one,)) if kind in (list, frozenset, set):
            made = [encode(part, one, depth + 1) for part in _a(value, cast("type[Any]", kind))]
            return made if kind is list else sorted(made, key=repr)
        case (kind, (key, one)) if kind in (dict, Mapping):
            pairs = cast("Mapping[Any, Any]", _a(value, Mapping)).items()
            return [[encode(k, key, depth + 1), encode(v, one, depth + 1)] for k, v in pairs]
        case _:
            raise NotSendable(f"no form for {hint!r}")


def decode(data: Any, hint: Any, depth: int = 0) -> Any:
    """A value from its JSON. Raises NotSendable."""
    _within(depth)
    if isinstance(hint, type) and not get_args(hint):
        return _decode_plain(data, hint, depth)
    match get_origin(hint), get_args(hint):
        case (types.UnionType, options) | (_, options) if _is_union(hint):
            return _decode_union(data, options, depth)
        case (kind, (one, last)) if kind is tuple and last is Ellipsis:
            return tuple(decode(part, one, depth + 1) for part in _items(data))
        case (kind, parts) if kind is tuple:
            given = _items(data)
            if len(given) != len(parts):
                raise NotSendable("a tuple of another length")
            return tuple(decode(part, one, depth + 1) for part, one in zip(given, parts, strict=True))
        case (kind, (one,)) if kind in (list, frozenset, set):
            return cast("Any", kind)(decode(part, one, depth + 1) for part in _items(data))
        case (kind, (key, one)) if kind in (dict, Mapping):
            return dict(_pair(pair, key, one, depth) for pair in _items(data))
        case _:
            raise NotSendable(f"no form for {hint!r}")


def _pair(data: Any, key: Any, one: Any, depth: int) -> tuple[Any, Any]:
    pair = _items(data)
    if len(pair) != 2:
        raise NotSendable("no pair")
    return decode(pair[0], key, depth + 1), decode(pair[1], one, depth + 1)


def _within(depth: int) -> None:
    if depth > MOST_DEPTH:
        raise NotSendable("nested too deep")


def _is_union(hint: Any) -> bool:
    return isinstance(hint, types.UnionType) or get_origin(hint) is Union


def _a(value: Any, kind: type[Any]) -> Any:
    if not isinstance(value, kind):
        raise NotSendable(f"{type(value).__name__} where {kind.__name__} is declared")
    return value


def _items(data: Any) -> Sequence[Any]:
    return cast("list[Any]", _a(data, list))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _encode_plain(value: Any, hint: type[Any], depth: int) -> Any:
    if issubclass(hint, enum.Enum):
        return _a(value, hint).value
    if is_dataclass(hint):
        _exactly(value, hint)
        known = hints_of(hint)
        return {f.name: encode(getattr(value, f.name), known[f.name], depth + 1) for f in fields(hint)}
    if hint is bytes:
        return base64.b64encode(_a(value, bytes)).decode("ascii")
    if hint in (date, datetime):
        return _exactly(value, hint).isoformat()
    if hint is float and _number(value):
        return float(value)
    if hint in (str, int, bool, type(None)):
        return _exactly(value, hint)
    raise NotSendable(f"{type(value).__name__} where {hint.__name__} is declared")


def _exactly(value: Any, hint: type[Any]) -> Any:
    if type(value) is not hint:
        raise NotSendable(f"{type(value).__name__} where {hint.__name__} is declared")
    return value


def _decode_plain(data: Any, hint: type[Any], depth: int) -> Any:
    if is_dataclass(hint):
        table = cast("dict[str, Any]", _a(data, dict))
        known = hints_of(hint)
        if set(table) != {f.name for f in fields(hint)}:
            raise NotSendable(f"other fields than {hint.__name__} has")
        made = {name: decode(part, known[name], depth + 1) for name, part in table.items()}
        try:
            return hint(**made)
        except (TypeError, ValueError) as wrong:
            raise NotSendable(f"{hint.__name__} refuses its fields: {type(wrong).__name__}") from None
    try:
        if issubclass(hint, enum.Enum):
            return hint(data)
        if hint is bytes:
            return base64.b64decode(_a(data, str), validate=True)
        if hint in (date, datetime):
            return hint.fromisoformat(_a(data, str))
    except (ValueError, TypeError, binascii.Error):
        raise NotSendable(f"nothing that {hint.__name__} knows") from None
    if hint is float and _number(data):
        return float(data)
    if hint in (str, int, bool, type(None)):
        return _exactly(data, hint)
    raise NotSendable(f"{type(data).__name__} where {hint.__name__} is declared")


def _encode_union(value: Any, options: Sequence[Any], depth: int) -> Any:
    if value is None and type(None) in options:
        return None
    for number, option in enumerate(options):
        try:
            return {"option": number, "value": encode(value, option, depth + 1)}
        except NotSendable:
            continue
    raise NotSendable(f"{type(value).__name__} is none of the declared types")


def _decode_union(data: Any, options: Sequence[Any], depth: int) -> Any:
    if data is None and type(None) in options:
        return None
    table = cast("dict[str, Any]", _a(data, dict))
    number = table.get("option")
    if type(number) is not int or not 0 <= number < len(options) or set(table) != {"option", "value"}:
        raise NotSendable("no option of the declared types")
    return decode(table["value"], options[number], depth + 1)
