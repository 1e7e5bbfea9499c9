"""The one connection a terminal holds to headquarters: over it it is told that something waits (protocol/events).

Nothing that comes over it is believed or used: a kind is passed on, and whoever deals with that kind asks over their
own line. So the connection may be lost, late, doubled or a stranger's: what is in force does not depend on it, and
every kind is asked for now and then without it. `h11` reads the HTTP and does no input or output of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

import h11

from kiosk.backend.bells import Bells
from kiosk.backend.https import Credentials
from kiosk.backend.proof import NoKey
from kiosk.protocol.events import BEAT_SECONDS, MEDIA_TYPE, PATH, EventKind
from kiosk.protocol.possession import NONCE_HEADER

_log = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
"""To the end of the reply's head."""

SILENT_SECONDS = 3 * BEAT_SECONDS
"""A connection on which nothing came for so long is dead, whatever the network says."""

FIRST_RETRY_SECONDS = 2.0
LONGEST_RETRY_SECONDS = 60.0
"""Pauses before the next try, doubled each time, and shortened by up to half by chance: after a failure of
headquarters not everybody comes back in the same second."""

_LONGEST_LINE = 4096
_CHUNK = 16 * 1024


class Cut(Exception):
    """The connection is of no more use; the message is a word for a technician."""


class EventLine:
    """Holds the connection for as long as `run` runs. `jitter` gives numbers from 0 to 1."""

    def __init__(self, address: str, credentials: Credentials, bells: Bells, jitter: Callable[[], float]) -> None:
        self._host, self._port, self._named = _place(address)
        self._credentials = credentials
        self._bells = bells
        self._jitter = jitter
        self._again = asyncio.Event()
        self.held = asyncio.Event()
        """Set while headquarters can tell."""

    def again(self) -> None:
        """Hold another connection at once, in place of this one or of the pause before the next."""
        self._again.set()

    async def run(self) -> None:
        """For ever. A line that is down is no trouble: everything is asked for without it."""
        pause = FIRST_RETRY_SECONDS
        while True:
            try:
                await self._until_again(self._hold())
            except (OSError, TimeoutError, ssl.SSLError, h11.RemoteProtocolError, Cut, NoKey) as failure:
                _log.debug("events: %s", type(failure).__name__)
            if self.held.is_set():
                self.held.clear()
                pause = FIRST_RETRY_SECONDS
            await self._until_again(asyncio.sleep(pause * (1 - self._jitter() / 2)))
            pause = min(LONGEST_RETRY_SECONDS, pause * 2)
            if self._again.is_set():
                self._again.clear()
                pause = FIRST_RETRY_SECONDS

    async def _until_again(self, work: Coroutine[Any, Any, None]) -> None:
        """The work, to its end or until another connection is wanted. Raises what it raised."""
        working, again = asyncio.ensure_future(work), asyncio.ensure_future(self._again.wait())
        try:
            _ = await asyncio.wait({working, again}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (working, again):
                _ = one.cancel()
            _ = await asyncio.wait({working, again})
        if not working.cancelled():
            working.result()

    async def _hold(self) -> None:
        """One connection, until it ends. Raises OSError, TimeoutError, h11.RemoteProtocolError, Cut."""
        connection = h11.Connection(h11.CLIENT)
        async with contextlib.AsyncExitStack() as closing:
            async with asyncio.timeout(CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._context())
                closing.push_async_callback(_let_go, writer)
                head = [("Host", self._named), ("Accept", MEDIA_TYPE), ("Cache-Control", "no-store")]
                proof = self._credentials.proof
                if proof is not None:
                    # A key module may take its time.
                    head += (await asyncio.to_thread(proof.fields, "GET", PATH, b"")).items()
                asked = h11.Request(method="GET", target=PATH, headers=head)
                writer.write(connection.send(asked) or b"")
                writer.write(connection.send(h11.EndOfMessage()) or b"")
                reply = await _next(connection, reader)
            if proof is not None and isinstance(reply, h11.Response):
                proof.told(_field(reply, NONCE_HEADER))
            if not isinstance(reply, h11.Response) or reply.status_code != 200:
                raise Cut("no events here")
            await self._listen(connection, reader)

    async def _listen(self, connection: h11.Connection, reader: asyncio.StreamReader) -> None:
        kinds: set[EventKind] = set()
        async for line in _lines(connection, reader):
            if not self.held.is_set():
                # Held only where the first line came: a server that answers and ends at once cannot tell.
                self.held.set()
                for kind in EventKind:
                    self._bells.ring(kind)
            if not line:
                for kind in sorted(kinds):
                    self._bells.ring(kind)
                kinds.clear()
            elif line.startswith(b"event:"):
                with contextlib.suppress(ValueError):
                    kinds.add(EventKind(line.removeprefix(b"event:").strip().decode("ascii", "replace")))

    def _context(self) -> ssl.SSLContext:
        """Read anew for each connection, so that a renewed certificate counts at once."""
        context = ssl.create_default_context(cafile=str(self._credentials.authority))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        pair = self._credentials.pair()
        if pair is not None:
            context.load_cert_chain(*pair)
        return context


async def _next(
    connection: h11.Connection, reader: asyncio.StreamReader
) -> h11.Response | h11.InformationalResponse | h11.Data | h11.EndOfMessage | h11.ConnectionClosed:
    while True:
        event = connection.next_event()
        match event:
            case h11.NEED_DATA:
                connection.receive_data(await reader.read(_CHUNK))
            case h11.Response() | h11.InformationalResponse() | h11.Data():
                return event
            case h11.EndOfMessage() | h11.ConnectionClosed():
                return event
            case _:
                raise Cut("out of turn")


def _field(reply: h11.Response, name: str) -> str:
    return next((value.decode("ascii", "replace") for field, value in reply.headers if field == name.encode()), "")


async def _lines(connection: h11.Connection, reader: asyncio.StreamReader) -> AsyncGenerator[bytes]:
    held = b""
    while True:
        async with asyncio.timeout(SILENT_SECONDS):
            event = await _next(connection, reader)
        if not isinstance(event, h11.Data):
            raise Cut("it ended")
        *lines, held = (held + bytes(event.data)).split(b"\n")
        if len(held) > _LONGEST_LINE:
            raise Cut("a line without end")
        for line in lines:
            yield line.removesuffix(b"\r")


async def _let_go(writer: asyncio.StreamWriter) -> None:
    """Without waiting for the other side to say good-bye: it may be gone."""
    writer.transport.abort()
    with contextlib.suppress(OSError, ssl.SSLError):
        await writer.wait_closed()


def _place(address: str) -> tuple[str, int, str]:
    """Host, port, and what stands in the Host header."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("headquarters' address must begin with https://")
    return parts.hostname, parts.port or 443, parts.netloc
