"""Answers as JSON and back: what is stored is what a replay will be told (rule 3).

Chosen options are stored by their ids and rebuilt from the step's own options; everything else by the step's
answer type, unions told apart by their `tag`. An answer that does not come back equal is refused at once, while
the citizen is still there, not at the recovery.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from kiosk.flows.steps import Choose, ChooseMany, HasOptionId, Step, StepKind


class NotStorable(TypeError):
    """An answer of a step cannot be stored, or a stored one cannot be read. Names the step, never the answer."""


@lru_cache(maxsize=256)
def _adapter(answer_type: Any) -> TypeAdapter[Any]:
    return TypeAdapter(answer_type)


def encode(step: Step[Any], answer: Any) -> str:
    """The answer as JSON. Raises NotStorable when it is not of the step's type or would not come back equal."""
    stored = _stored_form(step, answer)
    try:
        text = _adapter(step.answer_type).dump_json(stored, warnings="error").decode()
    except (PydanticSerializationError, UnicodeError, ValueError):
        raise _refused(step, "cannot be stored") from None
    back = decode(step, text)
    if type(back) is not type(answer) or back != answer:
        raise _refused(step, "does not come back as it was")
    return text


def decode(step: Step[Any], text: str) -> Any:
    """The answer from its JSON. Raises NotStorable."""
    try:
        stored = _adapter(step.answer_type).validate_json(text, strict=True)
    except ValidationError:
        raise _refused(step, "cannot be read back") from None
    if step.kind is StepKind.CHOOSE:
        return _option(step, stored)
    if step.kind is StepKind.CHOOSE_MANY:
        return tuple(_option(step, one) for one in stored)
    return stored


def _stored_form(step: Step[Any], answer: Any) -> Any:
    try:
        if step.kind is StepKind.CHOOSE:
            return answer.option_id
        if step.kind is StepKind.CHOOSE_MANY:
            return tuple(one.option_id for one in answer)
    except (AttributeError, TypeError):
        raise _refused(step, "is no option") from None
    return answer


def _option(step: Step[Any], option_id: str) -> Any:
    options = cast(Choose[HasOptionId] | ChooseMany[HasOptionId], step).options
    found = [option for option in options if option.option_id == option_id]
    if len(found) != 1:
        raise _refused(step, "is not one of the options")
    return found[0]


def _refused(step: Step[Any], why: str) -> NotStorable:
    return NotStorable(f"the answer of {step.kind.value} {step.key!r} {why}")
