"""What a contract can be asked, read from its Protocol: methods with their arguments, callbacks and results."""

from __future__ import annotations

import enum
import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from kiosk.devices.isolation.codec import hints_of
from kiosk.devices.words import Health

NOT_ASKED = ("close", "health")
"""Everybody's, carried out by the proxy itself."""
ENDLESS = "watch"
"""A method of this name goes on until it is cancelled: it has no deadline, and is asked again of the next process."""


class NotIsolable(TypeError):
    """A contract says something that cannot be said between processes."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `callbacks`: the declared arguments of each argument that is called back."""

    name: str
    signature: inspect.Signature
    arguments: Mapping[str, Any]
    callbacks: Mapping[str, tuple[Any, ...]]
    result: Any


@dataclass(frozen=True, slots=True)
class Described:
    """A contract. `capabilities` is the type of the property of that name, or None."""

    name: str
    methods: Mapping[str, Method]
    capabilities: Any | None


@cache
def described(contract: type[Any]) -> Described:
    """Raises NotIsolable for a contract with methods that are not coroutines."""
    methods: dict[str, Method] = {}
    capabilities: Any | None = None
    for name, member in inspect.getmembers(contract):
        if name.startswith("_"):
            continue
        if isinstance(member, property) and member.fget is not None:
            if name != "capabilities":
                raise NotIsolable(f"{contract.__name__}.{name} is a property")
            capabilities = get_type_hints(member.fget)["return"]
        elif inspect.iscoroutinefunction(member):
            methods[name] = _method(name, member)
        elif callable(member):
            raise NotIsolable(f"{contract.__name__}.{name} is not a coroutine: it is told, not asked")
    return Described(contract.__name__, methods, capabilities)


def _method(name: str, function: Callable[..., Any]) -> Method:
    hints = get_type_hints(function)
    signature = inspect.signature(function)
    arguments: dict[str, Any] = {}
    callbacks: dict[str, tuple[Any, ...]] = {}
    for parameter in list(signature.parameters)[1:]:
        called = _callback(hints[parameter])
        if called is None:
            arguments[parameter] = hints[parameter]
        else:
            callbacks[parameter] = called
    own = signature.replace(parameters=list(signature.parameters.values())[1:])
    return Method(name, own, arguments, callbacks, hints["return"])


def _callback(hint: Any) -> tuple[Any, ...] | None:
    """The arguments of a callback that returns nothing, or None for what is no callback."""
    for option in _options(hint):
        if get_origin(option) is Callable:
            given, _ = get_args(option)
            return tuple(given)
    return None


def _options(hint: Any) -> tuple[Any, ...]:
    union = isinstance(hint, types.UnionType) or get_origin(hint) is Union
    return get_args(hint) if union else (hint,)


def nothing_known(kind: Any, health: Health) -> Any:
    """A status of its class in which nothing is known but the health. Raises NotIsolable where that has no form."""
    if kind is Health:
        return health
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        for member in kind:
            if member.name == "UNKNOWN":
                return member
        raise NotIsolable(f"{kind.__name__} has no word for unknown")
    if isinstance(kind, type) and is_dataclass(kind):
        known = hints_of(kind)
        return kind(**{f.name: nothing_known(known[f.name], health) for f in fields(kind)})
    if type(None) in _options(kind):
        return None
    origin: Any = get_origin(kind)
    if origin in (dict, tuple, frozenset):
        return cast("Any", origin)()
    if kind in (bool, int, float, str):
        return kind()
    raise NotIsolable(f"no unknown for {kind!r}")
