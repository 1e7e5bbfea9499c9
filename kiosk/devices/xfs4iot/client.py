"""A client of one XFS4IoT service: commands, their acknowledges, events and one completion each, on one connection.

A connection is opened by the first question and dropped when lost; the next question opens another. Whoever gives up
a command has it cancelled at the service, and no other command is sent before that one has ended: its hardware is
still moving.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault
from kiosk.devices.xfs4iot.addresses import Address
from kiosk.devices.xfs4iot.messages import (
    LARGEST_ID,
    SUCCESS,
    Kind,
    MalformedMessage,
    Message,
    command,
    fault_of,
    parse,
)
from kiosk.devices.xfs4iot.websocket import WebSocket

log = logging.getLogger(__name__)

OPEN_SECONDS = 6.0
"""For the line and the handshake."""
ACKNOWLEDGE_SECONDS = 3.0
"""A service acknowledges at once, whatever its hardware does."""
GRACE_SECONDS = 2.0
"""How much later than its own timeout a command may end."""
CANCEL_SECONDS = 10.0
"""A cancelled command ends where its hardware can stop; one that does not end has a hung service."""
MOST_MALFORMED = 20
"""On one connection; a service that says so much nonsense is none."""

Told = Callable[[Message], None]


def nobody(_message: Message) -> None:
    """Nobody listens to these events."""


class Unreachable(Exception):
    """The service cannot be reached, or was lost; the message is a technician's detail."""


@dataclass(eq=False)
class _Pending:
    """A command that has not ended."""

    acknowledged: asyncio.Future[Message]
    completed: asyncio.Future[Message]
    told: Told


@dataclass(eq=False)
class _Connection:
    """One WebSocket, its reader, and what is under way on it."""

    socket: WebSocket
    pending: dict[int, _Pending] = field(default_factory=dict[int, _Pending])
    abandoned: set[int] = field(default_factory=set[int])
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    reader: asyncio.Task[None] | None = None
    cancelling: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    lost: str = ""
    malformed: int = 0

    def lose(self, why: str) -> None:
        """Everybody who waits on it is told."""
        self.lost = self.lost or why
        for one in tuple(self.pending.values()):
            for waiting in (one.acknowledged, one.completed):
                if not waiting.done():
                    waiting.set_exception(Unreachable(self.lost))
                    # Looked at here, so that one nobody waits for any more is no unheard failure.
                    _ = waiting.exception()
        self.pending.clear()
        self.abandoned.clear()


class Client:
    """`line` opens nothing, it names a place; `hear` is told unsolicited events and must not block."""

    def __init__(self, line: Callable[[str], Line], address: Address, hear: Told) -> None:
        self._line = line
        self._address = address
        self._hear = hear
        self._connection: _Connection | None = None
        self._openings = 0
        self._opening = asyncio.Lock()
        self._last_id = 0

    @property
    def openings(self) -> int:
        """How often it has been connected: what was known before may no longer be true."""
        return self._openings

    @property
    def connected(self) -> bool:
        """Whether the last connection still stands, as far as anybody has noticed."""
        return self._connection is not None and not self._connection.lost

    async def connect(self) -> None:
        """Connect if need be. Raises Unreachable."""
        _ = await self._open()

    async def ask(
        self,
        name: str,
        payload: Mapping[str, Any] | None = None,
        *,
        seconds: float,
        told: Told = nobody,
        stop: float = CANCEL_SECONDS,
    ) -> Message:
        """Carry one command out; its completion. `seconds` is the service's own deadline, `stop` what it is given to
        end a command that is cancelled.

        Raises DeviceFault when the service says no (see `fault_of`) or does not end in time (TIME_OUT, acted), and
        Unreachable when it is lost before the command ends: then nobody knows what the hardware has done.
        """
        connection = await self._open()
        request_id = self._next_id()
        loop = asyncio.get_running_loop()
        pending = _Pending(loop.create_future(), loop.create_future(), told)
        connection.pending[request_id] = pending
        try:
            await self._send(connection, command(name, request_id, payload, milliseconds=round(seconds * 1000)))
            await self._acknowledged(connection, pending)
            completion = await self._completed(connection, request_id, pending, seconds, stop)
        except asyncio.CancelledError:
            # Also when it was given up while being sent: it may be on its way.
            if not connection.lost and not pending.completed.done():
                self._abandon(connection, request_id)
            raise
        finally:
            if request_id not in connection.abandoned:
                _ = connection.pending.pop(request_id, None)
        if completion.completion != SUCCESS:
            raise fault_of(completion)
        return completion

    async def settled(self) -> None:
        """Wait until every command that was given up has ended; a service that does not end one is dropped."""
        connection = self._connection
        if connection is None or connection.lost:
            return
        ending = [connection.pending[one].completed for one in sorted(connection.abandoned)]
        if not ending:
            return
        _, still = await asyncio.wait(ending, timeout=CANCEL_SECONDS + GRACE_SECONDS)
        if still:
            await self.drop("a cancelled command does not end")

    async def drop(self, why: str) -> None:
        """Close the connection; the next question opens another."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        connection.lose(why)
        tasks = [task for task in (connection.reader, *connection.cancelling) if task is not None]
        for task in tasks:
            _ = task.cancel()
        _ = await asyncio.gather(*tasks, return_exceptions=True)
        await connection.socket.close()

    async def close(self) -> None:
        """Nothing stays open."""
        await self.drop("closed")

    # -- opening ------------------------------------------------------------------------------------------------

    async def _open(self) -> _Connection:
        async with self._opening:
            if self._connection is not None and not self._connection.lost:
                return self._connection
            if self._connection is not None:
                await self.drop(self._connection.lost)
            uri = self._address.uri
            if self._address.service:
                uri = await self._published()
            socket = await self._socket(uri)
            connection = _Connection(socket)
            reading = self._read(connection)
            connection.reader = asyncio.get_running_loop().create_task(reading, name="xfs4iot-reader")
            self._connection = connection
            self._openings += 1
            return connection

    async def _socket(self, uri: str) -> WebSocket:
        transport = None
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                transport = await self._line(self._address.port_of(uri)).open()
                socket = WebSocket(transport, uri)
                await socket.shake_hands()
        except (TransportLost, TimeoutError, asyncio.CancelledError) as failed:
            if transport is not None:
                await transport.close()
            if isinstance(failed, asyncio.CancelledError):
                raise
            raise Unreachable(str(failed) or "silent") from None
        return socket

    async def _published(self) -> str:
        """Ask the service publisher where the service is (ServicePublisher.GetServices)."""
        socket = await self._socket(self._address.uri)
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await socket.send(command("ServicePublisher.GetServices", 1, None, milliseconds=1000))
                while True:
                    message = parse(await socket.receive())
                    if message.kind is Kind.COMPLETION:
                        return self._address.found_in(message)
        except (TransportLost, TimeoutError, MalformedMessage, LookupError) as failed:
            raise Unreachable(f"the service publisher: {failed or 'silent'}") from None
        finally:
            await socket.close()

    # -- hearing --------------------------------------------------------------------------------------------------

    async def _read(self, connection: _Connection) -> None:
        try:
            while True:
                self._sort(connection, await connection.socket.receive())
        except TransportLost as lost:
            connection.lose(str(lost))

    def _sort(self, connection: _Connection, text: str) -> None:
        try:
            message = parse(text)
        except MalformedMessage as malformed:
            connection.malformed += 1
            log.info("xfs4iot: a message was dropped: %s", malformed)
            if connection.malformed >= MOST_MALFORMED:
                raise TransportLost("nonsense") from None
            return
        if message.kind is Kind.UNSOLICITED:
            self._hear(message)
            return
        pending = None if message.request_id is None else connection.pending.get(message.request_id)
        if pending is None:
            log.debug("xfs4iot: %s of nobody's request", message.kind.value)
            return
        match message.kind:
            case Kind.ACKNOWLEDGE:
                _settle(pending.acknowledged, message)
            case Kind.EVENT:
                pending.told(message)
            case Kind.COMPLETION:
                # Some services complete so fast that they acknowledge afterwards, or not at all.
                _settle(pending.acknowledged, message)
                _settle(pending.completed, message)
                if message.request_id in connection.abandoned:
                    connection.abandoned.discard(message.request_id)
                    del connection.pending[message.request_id]
            case Kind.COMMAND:
                log.info("xfs4iot: a service sends commands")

    # -- asking -----------------------------------------------------------------------------------------------------

    def _next_id(self) -> int:
        self._last_id = self._last_id % LARGEST_ID + 1
        return self._last_id

    async def _send(self, connection: _Connection, text: str) -> None:
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS), connection.sending:
                await connection.socket.send(text)
        except (TransportLost, TimeoutError) as failed:
            connection.lose(str(failed) or "the line takes nothing")
            raise Unreachable(connection.lost) from None

    async def _acknowledged(self, connection: _Connection, pending: _Pending) -> None:
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                answer = await pending.acknowledged
        except TimeoutError:
            connection.lose("silent")
            raise Unreachable("silent") from None
        if answer.kind is Kind.ACKNOWLEDGE and answer.status:
            # Refused: nothing follows, and nothing moves.
            raise DeviceFault(Completion.DEVICE_NOT_READY, answer.status)

    async def _completed(
        self, connection: _Connection, request_id: int, pending: _Pending, seconds: float, stop: float
    ) -> Message:
        try:
            async with asyncio.timeout(seconds + GRACE_SECONDS):
                return await asyncio.shield(pending.completed)
        except TimeoutError:
            pass
        await self._send_cancel(connection, request_id)
        try:
            async with asyncio.timeout(stop):
                return await asyncio.shield(pending.completed)
        except TimeoutError:
            connection.lose("a cancelled command does not end")
            raise DeviceFault(Completion.TIME_OUT, acted=True) from None

    def _abandon(self, connection: _Connection, request_id: int) -> None:
        """Have it cancelled in the background; `settled` waits for its end."""
        connection.abandoned.add(request_id)

        async def cancel() -> None:
            try:
                await self._send_cancel(connection, request_id)
            except Unreachable:
                return

        task = asyncio.get_running_loop().create_task(cancel(), name="xfs4iot-cancel")
        connection.cancelling.add(task)
        task.add_done_callback(connection.cancelling.discard)

    async def _send_cancel(self, connection: _Connection, request_id: int) -> None:
        """Its own completion is nobody's business: the cancelled command's is."""
        payload = {"requestIds": [request_id]}
        await self._send(connection, command("Common.Cancel", self._next_id(), payload, milliseconds=1000))


def _settle(waiting: asyncio.Future[Message], message: Message) -> None:
    if not waiting.done():
        waiting.set_result(message)
