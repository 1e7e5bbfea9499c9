"""Messages to headquarters that are no effects of their own: reports, refunds asked for, calls for help."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.clock import Clock
from kiosk.people.satisfaction import Satisfaction
from kiosk.protocol.commands import CommandEnded
from kiosk.protocol.filings import (
    BinEmptied,
    DoubtSettled,
    EffectReport,
    HelpCall,
    MaintenanceEnded,
    RecordsSent,
    RefundAsked,
    ServiceRated,
    SlipReported,
)
from kiosk.protocol.messages import Filing, FilingKind, Message
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
        return self._filing(case, f"{key}/refund/{order}", FilingKind.REFUND, RefundAsked(order=order, because=key))

    def report(self, *, case: str, key: str, kind: str, state: str, evidence: Mapping[str, str]) -> WrittenLetter:
        """Say how an effect stands."""
        report = EffectReport(effect_key=key, effect_kind=kind, state=state, evidence=dict(evidence))
        return self._filing(case, f"{key}/stands/{state}", FilingKind.EFFECT_REPORT, report)

    def help_call(
        self, *, key: str, page: str, service: str = "", language: str = "", voice: bool = False
    ) -> WrittenLetter:
        """Somebody pressed help on this kind of page, in a visit to this service."""
        call = HelpCall(page=page, service=service, language=language, voice=voice)
        return self._filing("", key, FilingKind.HELP_CALL, call)

    def rated(self, *, key: str, service: str, rating: Satisfaction) -> WrittenLetter:
        """好差评 of a visit to a service; of whom is not said, nor of which visit."""
        return self._filing("", key, FilingKind.SERVICE_RATING, ServiceRated(service=service, rating=rating))

    def maintenance(self, *, key: str, ended: MaintenanceEnded) -> WrittenLetter:
        """A technician handed the machine back."""
        return self._filing("", key, FilingKind.MAINTENANCE, ended)

    def records(self, *, key: str, sent: RecordsSent) -> WrittenLetter:
        """A technician sends what happened here, sealed."""
        return self._filing("", key, FilingKind.RECORDS, sent)

    def bin_emptied(self, *, emptied: BinEmptied) -> WrittenLetter:
        """Two people emptied a bin into a bag: once for each bag."""
        return self._filing("", f"bag/{emptied.bag}/{emptied.device}", FilingKind.BIN_EMPTIED, emptied)

    def doubt_settled(self, *, settled: DoubtSettled) -> WrittenLetter:
        """Two people at the machine said what they found of something in doubt: once for each doubt."""
        return self._filing("", f"doubt/{settled.doubt}", FilingKind.DOUBT_SETTLED, settled)

    def slip(self, *, case: str, key: str, slip: SlipReported) -> WrittenLetter:
        """What became of the paper with the number of a matter that was handed to the desk."""
        return self._filing(case, key, FilingKind.SLIP, slip)

    def command_ended(self, *, key: str, ended: CommandEnded) -> WrittenLetter:
        """What came of a command of headquarters."""
        return self._filing("", key, FilingKind.COMMAND_ENDED, ended)

    def _filing(self, case: str, key: str, kind: FilingKind, content: Message) -> WrittenLetter:
        payload = content.model_dump(mode="json")
        filing = Filing(
            key=key,
            digest=hashlib.sha256(text_of(payload).encode()).hexdigest(),
            case=case,
            kind=kind,
            payload=payload,
            at=self._clock.now(),
        )
        return WrittenLetter(key, FILINGS, filing.model_dump_json())
