"""The outbox: the only sender of filings and effect reports, and the only one that repeats (rules 9, 34).

Its rows are durable before it hears of them. A row ends sent or refused; until then it is tried again, later each
time up to a limit, never given up. "duplicate" from headquarters is success. A row that cannot be sent, for whatever
reason, delays no other.

A row on its first attempt goes alone and before all others: somebody may stand there waiting for its answer. Filings
that failed before go together; a batch that fails as a whole is halved until what poisons it goes alone.

Pauses are kept in steady time: the wall clock once read, moved on by the monotonic one. A clock that jumps changes no
pause; after a restart, a time further off than any pause can be was written under another clock and has come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from kiosk.backend.behalf import on_behalf_of
from kiosk.backend.exchange import Arrival, Cause, Exchange, Rejected, Unreachable
from kiosk.backend.headquarters import PART, WHOLE, ask, read, send_blob
from kiosk.backend.patience import Patience
from kiosk.clock import Clock, Ids
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.messages import BATCH_LIMIT, BatchItem, BatchReply, FilingReply, Problem

FILINGS = "/v1/filings"
BATCHES = "/v1/batches"
BATCH_BYTES = 256 * 1024
"""A batch is not begun longer than this: a line of 256 kbit/s carries it within a filing's deadline."""
UNANSWERED = 3
"""After so many requests in a row without an answer the line is taken for dead, and the rest of a pass left."""
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

    async def outbox_due(self, now: datetime, latest: datetime) -> Sequence[OutboxRow]:
        """Rows neither sent nor refused whose time has come, or lies after `latest`; some of them, untried first."""
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


@dataclass(slots=True)
class _Pass:
    """One look through the rows that are due. `unanswered` counts requests in a row."""

    tried: set[str] = field(default_factory=set[str])
    wake_at: datetime | None = None
    unanswered: int = 0

    @property
    def line_is_dead(self) -> bool:
        return self.unanswered >= UNANSWERED

    def wakes(self, at: datetime) -> None:
        self.wake_at = at if self.wake_at is None else min(self.wake_at, at)


class Outbox:
    """Sends what is due. `run` is its loop; `send_due` one pass of it."""

    def __init__(
        self, exchange: Exchange, book: OutboxBook, clock: Clock, ids: Ids, patience: Patience | None = None
    ) -> None:
        self._exchange = exchange
        self._book = book
        self._clock = clock
        self._ids = ids
        self._patience = patience if patience is not None else Patience()
        self._stuck: dict[str, str] = {}
        self._company: dict[str, int] = {}
        """With how many others a row may travel, where a batch with it has failed."""
        self._quiet_until = 0.0
        """Monotonic, so that a wrong clock set right keeps nobody quiet."""
        self._began = clock.now() - timedelta(seconds=clock.monotonic())

    @property
    def stuck(self) -> tuple[str, ...]:
        """Reasons, sorted, why rows are waiting although headquarters can be reached; for the heartbeat's alarms."""
        return tuple(sorted(set(self._stuck.values())))

    def steady(self) -> datetime:
        """The time pauses are kept in: it never jumps while this object lives."""
        return self._began + timedelta(seconds=self._clock.monotonic())

    async def run(self) -> None:
        """Send for ever: at once when there is work, and again for what had failed. Ends only by cancellation."""
        while True:
            wake_at = await self._pass_surviving()
            pause = self._patience.outbox_look_again
            if wake_at is not None:
                pause = min(pause, max(0.0, (wake_at - self.steady()).total_seconds()))
            await self._wait(pause)

    async def send_due(self) -> datetime | None:
        """Try every row that is due once. Says when the earliest of those that failed is due again, in steady time.

        Asked to be left alone for a while, or met by silence only, it leaves the rest of the rows for then.
        """
        way = _Pass()
        while rows := [row for row in await self._due() if row.key not in way.tried]:
            if self._kept_back(way):
                break
            if _alone(rows[0]):
                await self._send_alone(rows[0], way)
            else:
                await self._send_together(self._company_of(rows), way)
        return way.wake_at

    async def _due(self) -> Sequence[OutboxRow]:
        now = self.steady()
        return await self._book.outbox_due(now, now + timedelta(seconds=self._patience.outbox_longest_retry))

    def _kept_back(self, way: _Pass) -> bool:
        """Whether nothing more is to be sent now."""
        quiet = self._quiet_until - self._clock.monotonic()
        if quiet > 0:
            way.wakes(self.steady() + timedelta(seconds=quiet))
        return quiet > 0 or way.line_is_dead

    def _company_of(self, rows: Sequence[OutboxRow]) -> list[OutboxRow]:
        """Those that go together: filings that failed before, as many as each of them may go with."""
        company: list[OutboxRow] = []
        most, size = BATCH_LIMIT, 0
        for row in (row for row in rows if not _alone(row)):
            most = min(most, self._company.get(row.key, BATCH_LIMIT))
            size += len(row.body)
            if company and (len(company) >= most or size > BATCH_BYTES):
                break
            company.append(row)
        return company

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

    async def _untried_first(self, way: _Pass) -> None:
        """Nobody who stands there waits behind a backlog."""
        while fresh := [row for row in await self._due() if row.attempt == 0 and row.key not in way.tried]:
            if self._kept_back(way):
                return
            await self._send_alone(fresh[0], way)

    # -- one row -------------------------------------------------------------------------------------------------

    async def _send_alone(self, row: OutboxRow, way: _Pass) -> None:
        """Blobs and message of one row; whatever goes wrong with it ends here."""
        way.tried.add(row.key)
        with on_behalf_of(row.key):
            if await self._send_blobs(row, way):
                await self._send_message(row, way)

    async def _send_blobs(self, row: OutboxRow, way: _Pass) -> bool:
        """Whether headquarters has them all; if not, the row waits."""
        try:
            for sha256 in row.blobs:
                content = await self._book.blob(sha256)
                part = WHOLE if row.attempt == 0 else PART
                await send_blob(self._exchange, sha256, content, self._patience.blob, part)
                way.unanswered = 0
        except Rejected as no:
            await self._postpone(row, f"blob-{no.problem.code}", way, stuck=True)
        except Exception as failure:
            await self._failed(row, failure, way)
        else:
            return True
        return False

    async def _send_message(self, row: OutboxRow, way: _Pass) -> None:
        try:
            body = await ask(self._exchange, "POST", row.path, row.body.encode(), seconds=self._patience.filing)
            reply = read(FilingReply, body) if row.path == FILINGS else None
        except Rejected as no:
            way.unanswered = 0
            await self._declined(row, no.problem, way, not_let_in=no.status in (401, 403))
        except Exception as failure:
            await self._failed(row, failure, way)
        else:
            way.unanswered = 0
            if reply is None:
                await self._marked(row, way, sent=_kept(body))
            else:
                await self._done(row, reply, way)

    # -- many rows -----------------------------------------------------------------------------------------------

    async def _send_together(self, rows: Sequence[OutboxRow], way: _Pass) -> None:
        """Blobs of each, then all messages whose blobs are there."""
        way.tried.update(row.key for row in rows)
        ready: list[OutboxRow] = []
        for row in rows:
            if row.blobs:
                await self._untried_first(way)
                if self._kept_back(way):
                    break
            if await self._send_blobs(row, way):
                ready.append(row)
        await self._send_batch(ready, way)

    async def _send_batch(self, rows: Sequence[OutboxRow], way: _Pass) -> None:
        """All in one request; what fails as a whole is halved. Rows that are not got to stay due."""
        if not rows:
            return
        await self._untried_first(way)
        if self._kept_back(way):
            return
        if len(rows) == 1:
            await self._send_message(rows[0], way)
            return
        try:
            answers = await self._asked_together(rows)
        except Rejected as no:
            way.unanswered = 0
            if no.status in (401, 403):
                for row in rows:
                    await self._declined(row, no.problem, way, not_let_in=True)
                return
        except Exception as failure:
            for row in rows:
                self._company[row.key] = max(1, len(rows) // 2)
            self._count(failure, way)
            if way.line_is_dead or (isinstance(failure, Unreachable) and _not_to_be_halved(failure)):
                for row in rows:
                    await self._failed(row, failure, way, counted=True)
                return
        else:
            way.unanswered = 0
            for row, answer in zip(rows, answers, strict=True):
                await self._answered(row, answer, way)
            return
        half = len(rows) // 2
        await self._send_batch(rows[:half], way)
        await self._send_batch(rows[half:], way)

    async def _asked_together(self, rows: Sequence[OutboxRow]) -> Sequence[BatchItem]:
        """An answer for each row. Raises Unreachable, Rejected, and what a row that is no text raises."""
        together = '{"items":[' + ",".join(row.body for row in rows) + "]}"
        body = await ask(self._exchange, "POST", BATCHES, together.encode(), seconds=self._patience.filing)
        answers = read(BatchReply, body).items
        if len(answers) != len(rows) or any(a.key not in (row.key, "") for a, row in zip(answers, rows, strict=True)):
            raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, "answers to something else")
        return answers

    async def _answered(self, row: OutboxRow, answer: BatchItem, way: _Pass) -> None:
        self._company.pop(row.key, None)
        if answer.state == "done" and answer.reply is not None:
            await self._done(row, answer.reply, way)
        elif answer.problem is None:
            await self._postpone(row, "garbage: BatchItem", way, stuck=True)
        elif answer.state == "declined":
            await self._declined(row, answer.problem, way)
        else:
            await self._postpone(row, f"later-{answer.problem.code}", way)

    # -- what came of it -----------------------------------------------------------------------------------------

    async def _done(self, row: OutboxRow, reply: FilingReply, way: _Pass) -> None:
        said = reply.model_dump_json()
        if reply.status == "refused":
            await self._marked(row, way, refused=said)
        else:
            await self._marked(row, way, sent=said)

    async def _declined(self, row: OutboxRow, problem: Problem, way: _Pass, *, not_let_in: bool = False) -> None:
        if not_let_in:
            await self._postpone(row, f"not-let-in-{problem.code}", way, stuck=True)
        elif problem.code == BLOB_MISSING:
            await self._postpone(row, BLOB_MISSING, way, stuck=True)
        else:
            await self._marked(row, way, refused=_refused(problem).model_dump_json())

    async def _marked(self, row: OutboxRow, way: _Pass, *, sent: str = "", refused: str = "") -> None:
        """The row has ended; where that cannot be written down now, it is sent again and answered as before."""
        try:
            if sent:
                await self._book.mark_sent(row.key, sent)
            else:
                await self._book.mark_refused(row.key, refused)
        except Exception as failure:
            await self._failed(row, failure, way)
            return
        self._stuck.pop(row.key, None)
        self._company.pop(row.key, None)

    async def _failed(self, row: OutboxRow, failure: Exception, way: _Pass, *, counted: bool = False) -> None:
        """What the line or the row itself raised."""
        if not counted:
            self._count(failure, way)
        if isinstance(failure, Unreachable):
            if failure.cause is Cause.GARBAGE:
                self._stuck[row.key] = "garbage"
            await self._postpone(row, str(failure), way, asked=failure.retry_after)
        else:
            await self._postpone(row, f"row-{type(failure).__name__}", way, stuck=True)

    def _count(self, failure: Exception, way: _Pass) -> None:
        if isinstance(failure, Unreachable) and failure.cause not in _ANSWERED:
            way.unanswered += 1
        else:
            way.unanswered = 0

    async def _postpone(
        self, row: OutboxRow, reason: str, way: _Pass, *, stuck: bool = False, asked: float = 0.0
    ) -> None:
        """One attempt more, and when the next is; `asked` is how long headquarters wants to be left alone."""
        if stuck:
            self._stuck[row.key] = reason
        # A little later than asked, each terminal by another little: all were asked the same.
        wait = max(self._pause(row.attempt), asked * (1.0 + 0.25 * self._ids.jitter()))
        next_at = self.steady() + timedelta(seconds=wait)
        if asked > 0:
            self._quiet_until = self._clock.monotonic() + wait
        try:
            await self._book.mark_failed(row.key, reason, next_at)
        except Exception as failure:
            self._stuck[row.key] = f"store-{type(failure).__name__}"
        way.wakes(next_at)

    def _pause(self, attempt: int) -> float:
        """Doubling, between half and the whole of the step, so that many terminals do not come back at once."""
        step = min(self._patience.outbox_longest_retry, self._patience.outbox_first_retry * 2 ** min(attempt, 16))
        return step * (0.5 + 0.5 * self._ids.jitter())


_FAILED = "500"
"""A server that met what it did not foresee, perhaps in one of the rows; every other such status is about itself."""
_ANSWERED = (Cause.SERVER_ERROR, Cause.GARBAGE, Cause.TOO_LARGE)


def _alone(row: OutboxRow) -> bool:
    """Somebody may wait for what was never tried; what is no filing has no place in a batch."""
    return row.attempt == 0 or row.path != FILINGS


def _not_to_be_halved(failure: Unreachable) -> bool:
    """Nothing arrived, or headquarters says that it cannot serve at all now: no row is to blame."""
    unable = failure.cause is Cause.SERVER_ERROR and failure.detail != _FAILED
    return failure.arrival is Arrival.SURELY_NOT or unable


def _refused(problem: Problem) -> FilingReply:
    """A Problem is told in the words of a filing's reply, so that whoever waits for the row reads one form."""
    return FilingReply(status="refused", refusal=Refusal(RefusalCode.OTHER, (("problem", problem.code),)))


def _kept(body: bytes) -> str:
    text = body.decode("utf-8", "replace").strip()
    return text or NO_REPLY
