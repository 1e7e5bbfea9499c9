"""One HTTP POST to a printer: blocking, on a fresh connection, never repeated (RFC 8010 section 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.util.retry import Retry

CONNECT_SECONDS = 3.0
LARGEST_ANSWER = 4 << 20
_CHUNK = 1 << 16


class PostFailed(Exception):
    """No usable answer. `sent` False is a promise that the printer got nothing of the request."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class IppPost:
    """One request, `seconds` overall and `gap_seconds` between bytes; `ca`: file of trusted certificates or ""."""

    url: str
    body: bytes
    gap_seconds: float
    seconds: float
    ca: str

    def __repr__(self) -> str:
        return f"IppPost({len(self.body)} bytes)"


Poster = Callable[[IppPost], bytes]
"""Carries out one post, in a Worker. Raises PostFailed."""


def http_url(printer_uri: str) -> str:
    """The HTTP address of ipp://host[:631]/path or ipps://. Raises ValueError on another scheme."""
    parts = urlsplit(printer_uri)
    schemes = {"ipp": "http", "ipps": "https", "http": "http", "https": "https"}
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError("a printer's address is ipp://host:port/path or ipps://...")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{schemes[parts.scheme]}://{host}:{parts.port or 631}{parts.path or '/'}"


def poster(monotonic: Callable[[], float]) -> Poster:
    """The real thing, by `requests`. Its read timeout is per gap, hence the deadline of our own.

    `monotonic` counts seconds and is called on the worker's thread.
    """

    def post(order: IppPost) -> bytes:
        session = requests.Session()
        # The printer stands in the terminal's own network: no proxies, no netrc.
        session.trust_env = False
        adapter = HTTPAdapter(max_retries=Retry(0, redirect=0))
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        with session:
            try:
                return _exchange(session, order, monotonic)
            except requests.RequestException as error:
                raise PostFailed(type(error).__name__, sent=not _surely_unsent(error)) from None

    return post


def _exchange(session: requests.Session, order: IppPost, monotonic: Callable[[], float]) -> bytes:
    until = monotonic() + order.seconds
    with session.post(
        order.url,
        data=order.body,
        headers={"Content-Type": "application/ipp", "Accept": "application/ipp", "Connection": "close"},
        timeout=(min(CONNECT_SECONDS, order.seconds), order.gap_seconds),
        verify=order.ca or True,
        stream=True,
        allow_redirects=False,
    ) as answer:
        if answer.status_code != requests.codes.ok:
            raise PostFailed(f"HTTP {answer.status_code}", sent=True)
        received = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            received += chunk
            if len(received) > LARGEST_ANSWER:
                raise PostFailed("answer too large", sent=True)
            if monotonic() > until:
                raise PostFailed("answer too slow", sent=True)
        return bytes(received)


def _surely_unsent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.exceptions.SSLError):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
