"""What makes a step the same step in every replay, process and language (rules 3 and 8).

Kind, key and the nth occurrence of that key in the case; for effects also the digest of the declared payload.
Texts, wording of options, phase and timeouts are no part of it, so that a new translation never makes a replay
diverge.
"""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, cast

from kiosk.flows.steps import LookUp, Step, StepKind

_NOT_PAYLOAD = frozenset(field.name for field in fields(Step))


class NotPlainData(TypeError):
    """A step or query holds something that is no plain data: a set, a float, a callable. Names the type only."""


@dataclass(frozen=True, slots=True)
class StepIdentity:
    """`digest` is SHA-256 in hexadecimal for effects and "" for other steps; `occurrence` counts from 1."""

    kind: StepKind
    key: str
    occurrence: int
    digest: str

    def effect_key(self, case: str) -> str:
        """The same on both sides: case / step key / occurrence."""
        return f"{case}/{self.key}/{self.occurrence}"


def identity_of(step: Step[Any], occurrence: int) -> StepIdentity:
    """The identity of `step` as the nth of its key. Raises NotPlainData."""
    return StepIdentity(step.kind, step.key, occurrence, payload_digest(step) if step.is_effect else "")


def payload_digest(step: Step[Any]) -> str:
    """SHA-256 over the canonical JSON of the fields an effect declares itself."""
    payload = {
        field.name: plain(getattr(step, field.name)) for field in fields(step) if field.name not in _NOT_PAYLOAD
    }
    return hashlib.sha256(canonical([step.kind.value, payload]).encode()).hexdigest()


def query_identity(step: LookUp[Any]) -> str:
    """What makes two questions to headquarters equal."""
    return canonical([step.query.name, plain(step.query)])


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: equal data, equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """Dataclasses, enums, dates and tuples as what JSON knows. Raises NotPlainData for anything else."""
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in cast(tuple[Any, ...], value)]
    if isinstance(value, dict):
        table = cast(dict[Any, Any], value)
        if all(isinstance(name, str) for name in table):
            return {name: plain(item) for name, item in table.items()}
    holder = cast(Any, value)
    kind = cast(type[Any], type(holder))
    if is_dataclass(kind):
        return {field.name: plain(getattr(holder, field.name)) for field in fields(kind)}
    raise NotPlainData(f"{kind.__name__} is no plain data")
