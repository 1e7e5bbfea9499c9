"""The outbox: the only sender of filings and effect reports, and the only one that repeats (rules 9, 34).

Its rows are durable before it hears of them. A row ends sent or refused; until then it is tried again, later each
time up to a limit, never given up. "duplicate" from headquarters is success. A row that cannot be sent, for whatever
reason, delays no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from kiosk.backend.exchange import Cause, Exchange, Rejected, Unreachable
from kiosk.backend.headquarters import ask, read, send_blob
from kiosk.backend.patience import Patience
from kiosk.clock import Clock, Ids
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.messages import FilingReply

FILINGS = "/v1/filings"
BLOB_MISSING = "blob-missing"
"""Headquarters' word for a filing whose blobs it has not: nothing is decided, the next attempt brings them again."""
NO_REPLY = "{}"
"""What is noted as the reply of a message that is answered without a body."""


class OutboxRow(Protocol):
    """One message to be sent: `body` is JSON text, `blobs` the digests that go up first, `attempt` counts from 0."""

    @property
    def key(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def body(self) -> str: ...

    @property
    def blobs(self) -> tuple[str, ...]: ...

    @property
    def attempt(self) -> int: ...


class OutboxBook(Protocol):
    """What the store keeps of the outbox. Each mark is durable when it returns."""

    async def outbox_due(self, now: datetime) -> Sequence[OutboxRow]:
        """Rows neither sent nor refused whose time has come, oldest first."""
        ...

    async def blob(self, sha256: str) -> bytes:
        """The bytes of a blob of a waiting row. Raises if it is gone."""
        ...

    async def mark_sent(self, key: str, reply_json: str) -> None:
        """Headquarters has it; the reply, a FilingReply or {}, is kept with the row."""
        ...

    async def mark_refused(self, key: str, reply_json: str) -> None:
        """Headquarters said no for good; `reply_json` is always a FilingReply that says refused."""
        ...

    async def mark_failed(self, key: str, reason: str, next_at: datetime) -> None:
        """Not known to be there: one more attempt made, the next one not before `next_at`."""
        ...

    async def wait_for_work(self) -> None:
        """Returns when a row was added since the last call."""
        ...


class Outbox:
    """Sends what is due, one row after the other. `run` is its loop; `send_due` one pass of it."""

    def __init__(
        self, exchange: Exchange, book: OutboxBook, clock: Clock, ids: Ids, patience: Patience | None = None
    ) -> None:
        self._exchange = exchange
        self._book = book
        self._clock = clock
        self._ids = ids
        self._patience = patience if patience is not None else Patience()
        self._stuck: dict[str, str] = {}
        self._quiet_until = 0.0
        """Monotonic, so that a wrong clock set right keeps nobody quiet."""

    @property
    def stuck(self) -> tuple[str, ...]:
        """Reasons, sorted, why rows are waiting although headquarters can be reached; for the heartbeat's alarms."""
        return tuple(sorted(set(self._stuck.values())))

    async def run(self) -> None:
        """Send for ever: at once when there is work, and again for what had failed. Ends only by cancellation."""
        while True:
            wake_at = await self._pass_surviving()
            pause = self._patience.outbox_look_again
            if wake_at is not None:
                pause = min(pause, max(0.0, (wake_at - self._clock.now()).total_seconds()))
            await self._wait(pause)

    async def send_due(self) -> datetime | None:
        """Try every row that is due once. Says when the earliest of those that failed is due again.

        Asked to be left alone for a while, it leaves the rest of the rows for then.
        """
        wake_at: datetime | None = None
        for row in await self._book.outbox_due(self._clock.now()):
            quiet = self._quiet_until - self._clock.monotonic()
            if quiet > 0:
                later = self._clock.now() + timedelta(seconds=quiet)
                return later if wake_at is None else min(wake_at, later)
            next_at = await self._try(row)
            if next_at is not None and (wake_at is None or next_at < wake_at):
                wake_at = next_at
        return wake_at

    async def _pass_surviving(self) -> datetime | None:
        """A store that cannot be read now (a full disk) is the store's alarm; the outbox looks again later."""
        try:
            wake_at = await self.send_due()
        except Exception as failure:
            self._stuck["store"] = f"store-{type(failure).__name__}"
            return None
        self._stuck.pop("store", None)
        return wake_at

    async def _wait(self, pause: float) -> None:
        try:
            async with asyncio.timeout(pause):
                await self._book.wait_for_work()
        except TimeoutError:
            return
        except Exception:
            await asyncio.sleep(pause)

    async def _try(self, row: OutboxRow) -> datetime | None:
        """Send one row and mark what came of it; whatever goes wrong with it ends here."""
        asked = 0.0
        try:
            reason = await self._send(row)
        except Unreachable as failure:
            reason = str(failure)
            asked = failure.retry_after
            if failure.cause is Cause.GARBAGE:
                self._stuck[row.key] = "garbage"
        except Exception as failure:
            reason = f"row-{type(failure).__name__}"
            self._stuck[row.key] = reason
        if reason is None:
            self._stuck.pop(row.key, None)
            return None
        # A little later than asked, each terminal by another little: all were asked the same.
        wait = max(self._pause(row.attempt), asked * (1.0 + 0.25 * self._ids.jitter()))
        next_at = self._clock.now() + timedelta(seconds=wait)
        if asked > 0:
            self._quiet_until = self._clock.monotonic() + wait
        try:
            await self._book.mark_failed(row.key, reason, next_at)
        except Exception as failure:
            self._stuck[row.key] = f"store-{type(failure).__name__}"
        return next_at

    async def _send(self, row: OutboxRow) -> str | None:
        """None when the row has ended; else why it has to wait. Raises Unreachable or what the book raises."""
        try:
            for sha256 in row.blobs:
                await send_blob(self._exchange, sha256, await self._book.blob(sha256), self._patience.blob)
        except Rejected as no:
            return self._waits(row, f"blob-{no.problem.code}")
        try:
            body = await ask(self._exchange, "POST", row.path, row.body.encode(), seconds=self._patience.filing)
        except Rejected as no:
            if no.status in (401, 403):
                return self._waits(row, f"not-let-in-{no.problem.code}")
            if no.problem.code == BLOB_MISSING:
                return self._waits(row, BLOB_MISSING)
            await self._book.mark_refused(row.key, _refused(no).model_dump_json())
            return None
        if row.path != FILINGS:
            await self._book.mark_sent(row.key, _kept(body))
            return None
        reply = read(FilingReply, body)
        if reply.status == "refused":
            await self._book.mark_refused(row.key, reply.model_dump_json())
        else:
            await self._book.mark_sent(row.key, reply.model_dump_json())
        return None

    def _waits(self, row: OutboxRow, reason: str) -> str:
        self._stuck[row.key] = reason
        return reason

    def _pause(self, attempt: int) -> float:
        """Doubling, between half and the whole of the step, so that many terminals do not come back at once."""
        step = min(self._patience.outbox_longest_retry, self._patience.outbox_first_retry * 2 ** min(attempt, 16))
        return step * (0.5 + 0.5 * self._ids.jitter())


def _refused(no: Rejected) -> FilingReply:
    """A Problem is told in the words of a filing's reply, so that whoever waits for the row reads one form."""
    return FilingReply(status="refused", refusal=Refusal(RefusalCode.OTHER, (("problem", no.problem.code),)))


def _kept(body: bytes) -> str:
    text = body.decode("utf-8", "replace").strip()
    return text or NO_REPLY
