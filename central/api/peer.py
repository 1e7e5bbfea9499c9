"""Lets the application see who called: uvicorn itself keeps the client's certificate to itself."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

PEER = "kiosk.peer"
"""Key of the caller in the ASGI scope's extensions."""

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Peer:
    """The verified client certificate: its common name and SHA-256."""

    name: str
    fingerprint: str


def peer_of(ssl_object: ssl.SSLObject | None) -> Peer | None:
    """Who is at the other end of a TLS connection; None without TLS or certificate."""
    if ssl_object is None:
        return None
    der = ssl_object.getpeercert(binary_form=True)
    words = ssl_object.getpeercert()
    if not der or not words:
        return None
    subject = cast(tuple[tuple[tuple[str, str], ...], ...], words.get("subject", ()))
    names = [value for part in subject for key, value in part if key == "commonName"]
    return Peer(names[0] if names else "", hashlib.sha256(der).hexdigest())


class PeerProtocol(H11Protocol):
    """HTTP/1.1 whose requests carry the peer in scope["extensions"]."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        peer = peer_of(cast(ssl.SSLObject | None, transport.get_extra_info("ssl_object")))
        inner = cast(Application, self.app)

        async def with_peer(scope: Scope, receive: Any, send: Any) -> None:
            extensions = dict(scope.get("extensions") or {})
            extensions[PEER] = peer
            scope["extensions"] = extensions
            await inner(scope, receive, send)

        self.app = cast(Any, with_peer)
