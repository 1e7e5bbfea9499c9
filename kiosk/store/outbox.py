"""Messages waiting for headquarters: sealed rows that only the sender takes from, one independent of the other.

A message's own key is destroyed when it has been sent or refused. A held message waits for the fate of another: it is
sent when that one is refused, and dropped when it is accepted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol

from pydantic import ValidationError
from sqlalchemy import Connection, delete, insert, select, update

from kiosk.clock import Clock
from kiosk.protocol.messages import FilingReply
from kiosk.store.audit import AuditChain
from kiosk.store.blobs import Shelf
from kiosk.store.engines import Database
from kiosk.store.failures import StoreUnreadable
from kiosk.store.keys import Keys
from kiosk.store.schema import effects, outbox, outbox_blobs
from kiosk.store.words import pairs_in, pairs_of

_NOTHING = b""
_AT_ONCE = 0.0
"""A time that has come by every clock: one that is set while a row waits holds no new row up."""
_WINDOW = 128
"""How many rows the sender is handed at a time: three days without a line fill memory with no more."""


class Letter(Protocol):
    """A message as it is handed in; `body` is JSON text, `blobs` are digests."""

    @property
    def key(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def blobs(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message that waits. `attempt` counts the failed ones, from 0."""

    key: str
    path: str
    body: str
    blobs: tuple[str, ...]
    attempt: int


@dataclass(frozen=True, slots=True)
class OutboxOutcome:
    """What headquarters said: accepted or refused for good, and its reply as JSON."""

    accepted: bool
    reply: str


class Outbox:
    """The queue. Coroutines that mark are durable when they return."""

    def __init__(self, database: Database, keys: Keys, clock: Clock, shelf: Shelf, chain: AuditChain) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._shelf = shelf
        self._chain = chain
        self._work = asyncio.Event()
        self._marked = asyncio.Event()

    # -- handing in ------------------------------------------------------------------------------------------------

    def add(self, connection: Connection, case: str, letter: Letter, after: str = "") -> None:
        """Queue within a transaction; `after` names the message whose refusal it waits for, or "" for none.

        A key that is queued already stays as it is: the first message of a key counts.
        """
        if connection.execute(select(outbox.c.row).where(outbox.c.key == letter.key)).first() is not None:
            return
        key = self._keys.fresh()
        connection.execute(
            insert(outbox).values(
                key=letter.key,
                case_id=case,
                path=letter.path,
                state="held" if after else "waiting",
                after=after,
                attempt=0,
                due=_AT_ONCE,
                added=self._clock.now().isoformat(),
                reason="",
                reply="",
                wrapped=self._keys.wrap(key),
                sealed=self._keys.seal(key, letter.body.encode(), letter.key),
            )
        )
        for place, sha256 in enumerate(letter.blobs):
            connection.execute(insert(outbox_blobs).values(key=letter.key, place=place, sha256=sha256))

    def added(self) -> None:
        """Rows are durable: wake the sender."""
        self._work.set()

    async def queue(self, item: Letter) -> None:
        """Queue a message that belongs to no effect, to be sent at once."""
        await self._database.write(lambda connection: self.add(connection, "", item))
        self.added()

    # -- the sender's side -----------------------------------------------------------------------------------------

    async def outbox_due(self, now: datetime, latest: datetime) -> tuple[OutboxRow, ...]:
        """Waiting rows whose time has come, at most a window of them: untried ones first, each kind oldest first.

        A time after `latest`, where no pause ends, was written under another clock and has come too. A row that
        cannot be opened is put aside.
        """
        come = (outbox.c.due <= now.timestamp()) | (outbox.c.due > latest.timestamp())
        order = (outbox.c.attempt > 0, outbox.c.row)
        window = select(outbox.c.row).where(outbox.c.state == "waiting", come).order_by(*order).limit(_WINDOW)

        def look(connection: Connection) -> Sequence[Any]:
            # In one statement: a row handed in between two of them would go up without its blobs.
            return connection.execute(
                select(outbox, outbox_blobs.c.sha256)
                .outerjoin(outbox_blobs, outbox_blobs.c.key == outbox.c.key)
                .where(outbox.c.row.in_(window))
                .order_by(*order, outbox_blobs.c.place)
            ).all()

        due: list[OutboxRow] = []
        for _, lines in groupby(await self._database.read(look), key=attrgetter("row")):
            row, *more = lines
            blobs = tuple(line.sha256 for line in (row, *more) if line.sha256 is not None)
            try:
                body = self._keys.open(self._keys.unwrap(row.wrapped), row.sealed, row.key).decode()
            except StoreUnreadable as damage:
                await self._set_aside(row.key, row.case_id, str(damage))
                continue
            due.append(OutboxRow(row.key, row.path, body, blobs, row.attempt))
        return tuple(due)

    async def waiting(self) -> int:
        """How many messages wait."""

        def look(connection: Connection) -> int:
            return len(connection.execute(select(outbox.c.row).where(outbox.c.state == "waiting")).all())

        return await self._database.read(look)

    async def blob(self, sha256: str) -> bytes:
        """The bytes of a blob of a waiting row. Raises BlobGone."""
        return await self._shelf.blob(sha256)

    async def mark_sent(self, key: str, reply_json: str) -> None:
        """Headquarters has it; the effect of that key learns the number in the reply."""
        await self._end(key, "sent", reply_json)

    async def mark_refused(self, key: str, reply_json: str) -> None:
        """Headquarters said no for good; what was held for that case is sent now."""
        await self._end(key, "refused", reply_json)

    async def mark_failed(self, key: str, reason: str, next_at: datetime) -> None:
        """Not known to be there: one more attempt made, the next not before `next_at`."""

        def act(connection: Connection) -> None:
            connection.execute(
                update(outbox)
                .where(outbox.c.key == key, outbox.c.state == "waiting")
                .values(attempt=outbox.c.attempt + 1, reason=reason, due=next_at.timestamp())
            )

        await self._database.write(act)

    async def hasten(self) -> None:
        """Whatever waits for its next attempt is due at once: headquarters is back, or a person asks."""

        def act(connection: Connection) -> None:
            connection.execute(update(outbox).where(outbox.c.state == "waiting").values(due=_AT_ONCE))

        await self._database.write(act)
        self._work.set()

    async def wait_for_work(self) -> None:
        """Returns when a row was added, or all were hastened, since the last call."""
        await self._work.wait()
        self._work.clear()

    # -- waiting for an answer -------------------------------------------------------------------------------------

    async def outcome(self, key: str, seconds: float) -> OutboxOutcome | None:
        """What headquarters said to the message of `key`, or None when it has not within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    marked = self._marked
                    found = await self._outcome(key)
                    if found is not None:
                        return found
                    await marked.wait()
        except TimeoutError:
            return None

    async def _outcome(self, key: str) -> OutboxOutcome | None:
        def look(connection: Connection) -> OutboxOutcome | None:
            row = connection.execute(select(outbox.c.state, outbox.c.reply).where(outbox.c.key == key)).first()
            if row is None or row.state not in ("sent", "refused"):
                return None
            return OutboxOutcome(row.state == "sent", row.reply)

        return await self._database.read(look)

    async def _set_aside(self, key: str, case: str, reason: str) -> None:
        """Nobody can send it any more, and nobody knows whether it was sent: a person must look."""

        def act(connection: Connection) -> None:
            connection.execute(update(outbox).where(outbox.c.key == key).values(state="unreadable", reason=reason))
            self._chain.append(connection, "message-unreadable", case, {"key": key})

        await self._database.write(act)

    async def _end(self, key: str, state: str, reply: str) -> None:
        released: list[str] = []

        def act(connection: Connection) -> tuple[str, ...]:
            case = connection.execute(
                select(outbox.c.case_id).where(outbox.c.key == key, outbox.c.state == "waiting")
            ).scalar()
            if case is None:
                return ()
            connection.execute(
                update(outbox)
                .where(outbox.c.key == key)
                .values(state=state, reply=reply, wrapped=None, sealed=_NOTHING)
            )
            held = connection.execute(
                select(outbox.c.key).where(outbox.c.after == key, outbox.c.state == "held").order_by(outbox.c.row)
            ).scalars()
            released.extend(held)
            if state == "refused":
                connection.execute(update(outbox).where(outbox.c.key.in_(released)).values(state="waiting"))
                connection.execute(
                    update(effects).where(effects.c.key == key, effects.c.state == "done").values(state="failed")
                )
                self._chain.append(connection, "message-refused", case, {"key": key})
            else:
                connection.execute(delete(outbox).where(outbox.c.key.in_(released)))
                _learn_number(connection, key, reply)
            return self._shelf.drop_unneeded(connection)

        files = await self._database.write(act)
        await self._shelf.unlink(files)
        marked, self._marked = self._marked, asyncio.Event()
        marked.set()
        if released and state == "refused":
            self.added()


def _learn_number(connection: Connection, key: str, reply: str) -> None:
    """The citizen who comes back is told headquarters' number, not the queue's."""
    try:
        number = FilingReply.model_validate_json(reply).number
    except ValidationError:
        return
    facts = connection.execute(select(effects.c.facts).where(effects.c.key == key)).scalar()
    if number and facts is not None:
        known = {**pairs_in(facts), "number": number}
        connection.execute(update(effects).where(effects.c.key == key).values(number=number, facts=pairs_of(known)))


def add_all(box: Outbox, connection: Connection, case: str, letters: Iterable[Letter], after: str = "") -> None:
    """Queue several within a transaction."""
    for letter in letters:
        box.add(connection, case, letter, after)
