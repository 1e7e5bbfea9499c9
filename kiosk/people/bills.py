"""What a bill is for, by the name headquarters gave it."""

from __future__ import annotations

_FEES = (
    "temporary-id-card",
    "driving-licence",
    "vehicle-licence",
    "temporary-plate",
    "passport",
    "hk-macao-pass",
    "taiwan-pass",
)
"""Fees with a wording of their own; every other one is for an identity card."""


def bill_topic(reference: str) -> str:
    """The wording of `fine:NUMBER` and `fee:ENTRY:DATE` on pages and papers."""
    kind, _, rest = reference.partition(":")
    if kind == "fine":
        return "bill-fine"
    if kind == "endorsement":
        return "bill-endorsement"
    entry = rest.partition(":")[0]
    return f"bill-{entry}" if entry in _FEES else "bill-fee"
