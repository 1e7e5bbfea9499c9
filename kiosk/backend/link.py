"""The state of the line: online or offline since when, heartbeats, headquarters' clock beside ours (rule 26)."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from kiosk.backend.exchange import Cause, Exchange, Rejected, Reply, Unreachable
from kiosk.backend.headquarters import Headquarters
from kiosk.backend.patience import Patience
from kiosk.clock import Clock
from kiosk.protocol.messages import Heartbeat, HeartbeatReply


class LinkState(enum.Enum):
    """Whether headquarters answers. CHECKING until the first heartbeat has ended."""

    CHECKING = "checking"
    ONLINE = "online"
    OFFLINE = "offline"


class LinkAlarm(enum.Enum):
    """What a technician must see to; each is a page and an alarm."""

    WRONG_CLOCK = "wrong-clock"
    CERTIFICATE = "certificate"
    NOT_LET_IN = "not-let-in"


@dataclass(frozen=True, slots=True)
class Link:
    """The line as last seen. `skew_seconds` is our clock minus headquarters', None before the first answer.

    `cause` says why the line is down; `reply` is the last heartbeat's answer.
    """

    state: LinkState
    since: datetime
    cause: Cause | None = None
    skew_seconds: float | None = None
    alarms: frozenset[LinkAlarm] = frozenset()
    reply: HeartbeatReply | None = None


class LinkWatch:
    """Beats every half minute, on every change, and sooner while the line is down.

    `report` builds the heartbeat to be sent; `changed` is called with each new state of the line.
    """

    def __init__(
        self,
        headquarters: Headquarters,
        clock: Clock,
        report: Callable[[], Awaitable[Heartbeat]],
        changed: Callable[[Link], None],
        patience: Patience | None = None,
    ) -> None:
        self._headquarters = headquarters
        self._clock = clock
        self._report = report
        self._changed = changed
        self._patience = patience if patience is not None else Patience()
        self._link = Link(LinkState.CHECKING, clock.now())
        self._now = asyncio.Event()

    @property
    def link(self) -> Link:
        """The line as last seen."""
        return self._link

    def beat_now(self) -> None:
        """Something the heartbeat tells has changed, or a request just showed that the line has."""
        self._now.set()

    async def run(self) -> None:
        """Beat for ever. Ends only by cancellation."""
        while True:
            self._now.clear()
            await self.beat()
            await asyncio.sleep(self._patience.heartbeat_apart)
            every = self._patience.heartbeat_every
            if self._link.state is LinkState.OFFLINE:
                every = self._patience.heartbeat_offline_every
            try:
                async with asyncio.timeout(max(0.0, every - self._patience.heartbeat_apart)):
                    await self._now.wait()
            except TimeoutError:
                continue

    async def beat(self) -> Link:
        """One heartbeat, and the line after it."""
        heartbeat = await self._report()
        before, started = self._clock.now(), self._clock.monotonic()
        try:
            reply = await self._headquarters.heartbeat(heartbeat)
        except Unreachable as failure:
            self._settle(LinkState.OFFLINE, replace(self._link, cause=failure.cause, alarms=self._after(failure)))
        except Rejected:
            alarms = self._link.alarms | {LinkAlarm.NOT_LET_IN}
            self._settle(LinkState.OFFLINE, replace(self._link, cause=None, alarms=alarms))
        else:
            half = (self._clock.monotonic() - started) / 2
            skew = (before - reply.at).total_seconds() + half
            wrong = abs(skew) > self._patience.clock_skew
            alarms = frozenset({LinkAlarm.WRONG_CLOCK}) if wrong else frozenset[LinkAlarm]()
            seen = replace(self._link, cause=None, skew_seconds=skew, alarms=alarms, reply=reply)
            self._settle(LinkState.ONLINE, seen)
        return self._link

    def _after(self, failure: Unreachable) -> frozenset[LinkAlarm]:
        """A certificate that is not valid yet is a clock that lags; one that is over may be either, and says so."""
        match failure.cause:
            case Cause.CERTIFICATE_NOT_YET_VALID:
                return self._link.alarms | {LinkAlarm.WRONG_CLOCK}
            case Cause.CERTIFICATE_EXPIRED:
                return self._link.alarms | {LinkAlarm.WRONG_CLOCK, LinkAlarm.CERTIFICATE}
            case Cause.TLS | Cause.CREDENTIALS:
                return self._link.alarms | {LinkAlarm.CERTIFICATE}
            case _:
                return self._link.alarms

    def _settle(self, state: LinkState, seen: Link) -> None:
        since = self._link.since if state is self._link.state else self._clock.now()
        self._link = replace(seen, state=state, since=since)
        self._changed(self._link)


@dataclass(frozen=True, slots=True)
class Finished:
    """One request as it went, for those who measure: seconds in flight, of which headquarters' own."""

    method: str
    seconds: float
    handling_seconds: float
    answered: bool


class Observer(Protocol):
    """Is told of every request that ended."""

    def finished(self, request: Finished) -> None: ...


class WatchedExchange:
    """An exchange that tells an observer how long each request took and whether it was answered."""

    def __init__(self, exchange: Exchange, clock: Clock, observer: Observer) -> None:
        self._exchange = exchange
        self._clock = clock
        self._observer = observer

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        """See Exchange."""
        started = self._clock.monotonic()
        try:
            reply = await self._exchange.exchange(method, path, body, content_type=content_type, seconds=seconds)
        except Unreachable:
            self._observer.finished(Finished(method, self._clock.monotonic() - started, 0.0, answered=False))
            raise
        took = self._clock.monotonic() - started
        self._observer.finished(Finished(method, took, reply.handling_seconds, answered=True))
        return reply
