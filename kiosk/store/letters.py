"""Messages to headquarters that follow from how effects ended, as filings of kind effect-report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.clock import Clock
from kiosk.protocol.filings import EffectReport
from kiosk.protocol.messages import Filing, FilingKind
from kiosk.store.words import text_of

FILINGS = "/v1/filings"


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A message ready for the outbox."""

    key: str
    path: str
    body: str
    blobs: tuple[str, ...] = ()


class FilingLetters:
    """Writes them; the same effect in the same state always has the same key and digest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def refund(self, *, case: str, key: str, order: str) -> WrittenLetter:
        """Ask that `order` be refunded: the filing with effect key `key`, which it paid for, surely failed."""
        report = EffectReport(
            effect_key=key, effect_kind="refund", state="requested", evidence={"order": order, "because": key}
        )
        return self._filing(case, f"{key}/refund/{order}", report)

    def report(self, *, case: str, key: str, kind: str, state: str, evidence: Mapping[str, str]) -> WrittenLetter:
        """Say how an effect stands."""
        report = EffectReport(effect_key=key, effect_kind=kind, state=state, evidence=dict(evidence))
        return self._filing(case, f"{key}/stands/{state}", report)

    def _filing(self, case: str, key: str, report: EffectReport) -> WrittenLetter:
        payload = report.model_dump(mode="json")
        filing = Filing(
            key=key,
            digest=hashlib.sha256(text_of(payload).encode()).hexdigest(),
            case=case,
            kind=FilingKind.EFFECT_REPORT,
            payload=payload,
            at=self._clock.now(),
        )
        return WrittenLetter(key, FILINGS, filing.model_dump_json())
