"""Messages to headquarters that follow from how effects ended; the outbox sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.clock import Clock
from kiosk.counter.filing import FILINGS, digest_of
from kiosk.flows.performing import OutboxItem
from kiosk.protocol.messages import Filing, FilingKind


class CounterLetters:
    """Implements kiosk.flows.book.Letters."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def refund(self, *, case: str, key: str, order: str) -> OutboxItem:
        """The filing `key` surely failed: give back what was paid for it, once."""
        return self._letter(f"{key}/refund/{order}", case, FilingKind.REFUND, {"order": order, "because": key})

    def report(self, *, case: str, key: str, kind: str, state: str, evidence: Mapping[str, str]) -> OutboxItem:
        """How one effect stands, for a person to settle."""
        payload = {
            "effect_key": key,
            "effect_kind": kind,
            "state": state,
            "evidence": {name: str(value) for name, value in sorted(evidence.items())},
        }
        return self._letter(f"{key}/left/{state}", case, FilingKind.EFFECT_REPORT, payload)

    def help_call(self, *, key: str, case: str, page: str) -> OutboxItem:
        """Somebody pressed help."""
        return self._letter(key, case, FilingKind.HELP_CALL, {"page": page})

    def _letter(self, key: str, case: str, kind: FilingKind, payload: dict[str, Any]) -> OutboxItem:
        filing = Filing(
            key=key, digest=digest_of(payload), case=case, kind=kind, payload=payload, at=self._clock.now()
        )
        return OutboxItem(key, FILINGS, filing.model_dump_json())
