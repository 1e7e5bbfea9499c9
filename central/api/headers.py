"""Headers that every answer carries, whoever made it: a page, the API, a redirect, the framework's errors.

What is no page of ours is nothing that a browser should show: it may load nothing, run nothing, and stands in no
frame. A page says what it needs instead; what an answer says itself is left alone.
"""

from __future__ import annotations

from typing import Any

from central.api.peer import Application, Scope

TRANSPORT = "max-age=31536000; includeSubDomains"
"""Strict-Transport-Security (RFC 6797): a year, with every name below this one."""

ALWAYS: dict[str, str] = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "strict-transport-security": TRANSPORT,
    "x-content-type-options": "nosniff",
}
"""Name to value, where an answer does not say otherwise."""

BYTES = {"content-disposition": 'attachment; filename="bytes.bin"'}
"""Besides, for bytes without a name of their own: kept by who fetched them, never shown."""

_OCTETS = b"application/octet-stream"


class Headers:
    """An application whose every answer has them."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        async def with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                said: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
                names = {name.lower(): value for name, value in said}
                kept = ALWAYS | BYTES if names.get(b"content-type") == _OCTETS else ALWAYS
                more = [(name.encode(), value.encode()) for name, value in kept.items() if name.encode() not in names]
                message = {**message, "headers": said + more}
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
