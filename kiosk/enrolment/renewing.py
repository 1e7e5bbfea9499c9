"""Keeps the certificate of a running terminal young: renewed by itself when half of its life is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from cryptography import x509

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.backend.proof import NoKey
from kiosk.clock import Clock
from kiosk.enrolment.enrolling import Enrolment, NothingToRenew
from kiosk.enrolment.keys import NotOurs

_log = logging.getLogger(__name__)

LOOK_SECONDS = 600.0
"""Between two looks whether it is time, and between two tries when it is."""

SHARE = 0.5
"""Of a certificate's life, after which the next is asked for: at seven days there is half a week of tries."""

SPREAD = 0.1
"""So much later at most, by chance: a fleet that was enrolled in one hour does not renew in one."""


class Renewing:
    """`jitter` gives numbers from 0 to 1."""

    def __init__(self, enrolment: Enrolment, clock: Clock, jitter: Callable[[], float]) -> None:
        self._enrolment = enrolment
        self._clock = clock
        self._share = SHARE + SPREAD * jitter()
        self._said = ""

    async def run(self) -> None:
        """For ever. Without a certificate of its own there is nothing to do, and it looks again."""
        while True:
            _ = await self.once()
            await asyncio.sleep(LOOK_SECONDS)

    def due(self) -> bool:
        """Whether the certificate in use has had its share."""
        held = self._enrolment.generations.certificate() if self._enrolment.generations.ours else None
        return held is not None and self._clock.now() >= self._when(held)

    async def once(self) -> bool:
        """Renew where it is time; whether there is a new one. A failure is logged once and tried again."""
        if not self.due():
            return False
        try:
            until = await self._enrolment.renew()
        except (Rejected, Unreachable, NoKey, NotOurs, NothingToRenew, OSError) as failure:
            self._say(f"the certificate is not renewed: {type(failure).__name__} {_reason(failure)}".rstrip())
            return False
        self._say(f"the certificate is renewed until {until.isoformat(timespec='minutes')}")
        return True

    def _when(self, held: x509.Certificate) -> datetime:
        return held.not_valid_before_utc + (held.not_valid_after_utc - held.not_valid_before_utc) * self._share

    def _say(self, words: str) -> None:
        if words != self._said:
            _log.warning("%s", words)
            self._said = words


def _reason(failure: Exception) -> str:
    match failure:
        case Rejected():
            return failure.problem.code
        case Unreachable() | NoKey():
            return str(failure)
        case _:
            return ""
