"""One WebSocket over a transport: `websockets` without its I/O, so that it runs on any line (RFC 6455)."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from kiosk.devices.transport import Transport, TransportLost
from kiosk.devices.xfs4iot.messages import LONGEST

READ_CHUNK = 65_536

# The library would log frames, which may name people.
_SILENT = logging.getLogger(f"{__name__}.frames")
_SILENT.disabled = True


class WebSocket:
    """Text messages both ways. `receive` is one reader's; `send` must not be called by two at once."""

    def __init__(self, transport: Transport, uri: str) -> None:
        self._transport = transport
        self._protocol = ClientProtocol(parse_uri(uri), max_size=LONGEST, logger=_SILENT)
        self._parts: list[bytes] = []
        self._whole: list[str] = []

    async def shake_hands(self) -> None:
        """The opening handshake. Raises TransportLost, also when the far end is no WebSocket of this path."""
        self._protocol.send_request(self._protocol.connect())
        await self._flush()
        while True:
            for event in await self._events():
                if isinstance(event, Response):
                    if self._protocol.handshake_exc is not None:
                        raise TransportLost("the far end refuses the WebSocket")
                    return

    async def send(self, text: str) -> None:
        """Raises TransportLost."""
        try:
            self._protocol.send_text(text.encode())
        except InvalidState:
            raise TransportLost("the WebSocket is closed") from None
        await self._flush()

    async def receive(self) -> str:
        """The next message. Raises TransportLost."""
        while not self._whole:
            for event in await self._events():
                if isinstance(event, Frame):
                    self._take(event)
        return self._whole.pop(0)

    async def close(self) -> None:
        """Say goodbye as far as the line is there, and close it."""
        try:
            if self._protocol.state.name == "OPEN":
                self._protocol.send_close(1000)
                await self._flush()
        except (TransportLost, InvalidState):
            # Nobody is there to say goodbye to.
            return
        finally:
            await self._transport.close()

    def _take(self, frame: Frame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
            return
        self._parts.append(bytes(frame.data))
        if sum(map(len, self._parts)) > LONGEST:
            raise TransportLost("a message without an end")
        if frame.fin:
            data, self._parts = b"".join(self._parts), []
            self._whole.append(data.decode("utf-8", "replace"))

    async def _events(self) -> Sequence[object]:
        try:
            self._protocol.receive_data(await self._transport.read(READ_CHUNK))
        except (InvalidHandshake, ValueError):
            raise TransportLost("the far end speaks no WebSocket") from None
        await self._flush()
        events = self._protocol.events_received()
        if self._protocol.close_expected() and not events:
            raise TransportLost("the service has closed")
        return events

    async def _flush(self) -> None:
        """Also what the protocol answers by itself: pongs, and a goodbye to a far end that breaks the rules."""
        # In one piece: whoever is given up amid a write must not leave half a frame on the line.
        if data := b"".join(self._protocol.data_to_send()):
            await self._transport.write(data)
