"""What is asked about a lost card: when, where and how, from lists."""

from __future__ import annotations

from kiosk.flows.steps import Field, FieldKind
from kiosk.people.household import LOSS_MANNERS, LOSS_PLACES


def loss_questions() -> tuple[Field, ...]:
    """The same for a report and for a replacement."""
    return (
        Field("loss_date", FieldKind.DATE_PAST),
        Field("loss_place", FieldKind.OPTION, tuple((p, f"loss-place-{p}") for p in LOSS_PLACES)),
        Field("loss_manner", FieldKind.OPTION, tuple((m, f"loss-manner-{m}") for m in LOSS_MANNERS)),
    )
