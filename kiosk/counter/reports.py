"""What headquarters must hear of an effect that opened or moved something."""

from __future__ import annotations

from typing import Any

from kiosk.counter.filing import FILINGS, digest_of
from kiosk.flows.performing import At, OutboxItem, Settled
from kiosk.protocol.messages import Filing, FilingKind


def report(at: At, kind: str, settled: Settled) -> Settled:
    """Add what headquarters must hear of an opening: how it ended, with its evidence."""
    payload: dict[str, Any] = {
        "effect_key": at.key,
        "effect_kind": kind,
        "state": settled.state.value,
        "evidence": {k: str(v) for k, v in sorted(settled.evidence.items())},
    }
    filing = Filing(
        key=f"{at.key}/report",
        digest=digest_of(payload),
        case=at.case,
        kind=FilingKind.EFFECT_REPORT,
        payload=payload,
        at=at.opening.now,
    )
    item = OutboxItem(filing.key, FILINGS, filing.model_dump_json())
    return Settled(settled.state, settled.answer, settled.evidence, (*settled.reports, item))
