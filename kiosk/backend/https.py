"""Exchange over HTTPS with a client certificate and a private authority (rule 34).

A connection of its own for each request: a pooled connection that died in the meantime is repeated by the HTTP
library even when told not to. The read timeout of sockets bounds the gap between two bytes, not the whole, so the
event loop shuts the socket down at the deadline while the worker's thread still reads from it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import logging
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool, Retry
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.poolmanager import PoolManager

from kiosk.backend.behalf import visit_now
from kiosk.backend.exchange import Arrival, Cause, Reply, Unreachable
from kiosk.backend.patience import Patience
from kiosk.backend.proof import NoKey, Proof
from kiosk.clock import Worker
from kiosk.protocol.possession import NONCE_HEADER
from kiosk.protocol.tracing import HEADER, Trace

_log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_SECONDS = re.compile(r"\d{1,6}(?:\.\d{1,9})?")
_HANDLING = "X-Handling-Seconds"
_LONGEST_WAIT = 3600.0
_X509_NOT_YET_VALID = 9
_X509_EXPIRED = 10
_LINES = itertools.count()


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where the files lie that prove who is who: the authority that signed headquarters, and our own certificate.

    Read anew for each request, so that a renewed certificate counts at once. Without a certificate nobody is proved;
    `proof` signs each request where our key lies in a module.
    """

    authority: Path
    certificate: Path | None = None
    key: Path | None = None
    proof: Proof | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All that must be there."""
        return tuple(file for file in (self.authority, self.certificate, self.key) if file is not None)

    def pair(self) -> tuple[Path, Path] | None:
        """Certificate and key as they belong together now.

        Both are looked up through one and the same link: while a renewed pair takes the place of the one before,
        no two halves of different pairs are read.
        """
        if self.certificate is None or self.key is None:
            return None
        if self.certificate.parent != self.key.parent:
            return self.certificate, self.key
        folder = self.certificate.parent.resolve()
        return folder / self.certificate.name, folder / self.key.name


class _Guard:
    """The one socket of a request, shut down from another thread when its time is over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._twin: socket.socket | None = None
        self._over = False
        self._secured = False

    @property
    def over(self) -> bool:
        return self._over

    @property
    def arrival(self) -> Arrival:
        return Arrival.PERHAPS if self._secured else Arrival.SURELY_NOT

    def hold(self, sock: socket.socket) -> None:
        """Keep a twin of the descriptor: TLS takes the original object apart, the connection is the same."""
        with self._lock:
            if self._over:
                sock.close()
                raise TimeoutError
            self._twin = sock.dup()

    def secured(self) -> None:
        """The handshake is done: from now on the request may arrive."""
        self._secured = True

    def check(self) -> None:
        """Raises TimeoutError once the time is over: headers cut short by us would else pass for a whole reply."""
        if self._over:
            raise TimeoutError

    def shut(self) -> None:
        with self._lock:
            self._over = True
            if self._twin is not None:
                with contextlib.suppress(OSError):
                    self._twin.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        with self._lock:
            if self._twin is not None:
                self._twin.close()
                self._twin = None


class _GuardedConnection(HTTPSConnection):
    guard: _Guard

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        self.guard.hold(sock)
        return sock

    def connect(self) -> None:
        super().connect()
        self.guard.secured()


class _GuardedPool(HTTPSConnectionPool):
    ConnectionCls = cast(Any, _GuardedConnection)
    guard: _Guard

    def _new_conn(self) -> Any:
        connection: Any = super()._new_conn()
        connection.guard = self.guard
        return connection


class _GuardedPools(PoolManager):
    def __init__(self, guard: _Guard) -> None:
        super().__init__(num_pools=1, maxsize=1, block=False, retries=Retry(0))
        self._guard = guard
        self.pool_classes_by_scheme = {"https": _GuardedPool}

    def _new_pool(self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None) -> Any:
        pool = super()._new_pool(scheme, host, port, request_context)
        assert isinstance(pool, _GuardedPool)
        pool.guard = self._guard
        return pool


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, guard: _Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=Retry(0, read=False))

    def init_poolmanager(self, *_args: Any, **_kwargs: Any) -> None:
        self.poolmanager = _GuardedPools(self._guard)


class HttpsExchange:
    """Requests through one worker. Lookups and the outbox are given workers of their own, so that neither waits.

    `address` is `https://host:port`; `largest_reply` is in bytes.
    """

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        worker: Worker,
        patience: Patience | None = None,
        largest_reply: int = 8 * 1024 * 1024,
    ) -> None:
        if not address.startswith("https://"):
            raise ValueError("headquarters' address must begin with https://")
        # It would log addresses, and a traceback for what is an ordinary cut line here; what counts is raised.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)
        self._address = address.rstrip("/")
        self._credentials = credentials
        self._worker = worker
        self._patience = patience if patience is not None else Patience()
        self._largest_reply = largest_reply
        self._line, self._sent = next(_LINES), 0

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        """See Exchange. Time spent waiting for the worker counts; a request given up while waiting is never sent."""
        guard = _Guard()
        loop = asyncio.get_running_loop()
        began, outcome = loop.time(), "unreachable"
        timer = loop.call_later(seconds, guard.shut)
        self._sent += 1
        trace = Trace.of(visit_now(), f"{self._line} {self._sent} {began!r}")
        try:
            async with asyncio.timeout(seconds + self._patience.grace):
                send = partial(self._send, guard, method, path, body, content_type, trace)
                reply = await self._worker.run(send)
                outcome = str(reply.status)
                return reply
        except TimeoutError:
            raise Unreachable(Cause.TIME_OUT, guard.arrival) from None
        finally:
            timer.cancel()
            guard.shut()
            if trace is not None:
                # Only the kind of path: the rest of one may be a number that a person holds.
                said = f"{method} {'/'.join(path.split('/')[:3])} {outcome} in {loop.time() - began:.3f} s"
                _log.info(said, extra={"visit": trace.visit, "trace": trace.trace, "span": trace.span})

    def _send(
        self, guard: _Guard, method: str, path: str, body: bytes, content_type: str, trace: Trace | None
    ) -> Reply:
        try:
            guard.check()
            reply = self._proved(guard, method, path, body, content_type, trace)
            guard.check()
            return reply
        except Unreachable:
            raise
        except (OSError, HTTPError, ValueError, HTTPException) as failure:
            arrival = guard.arrival
            cause = Cause.TIME_OUT if guard.over else cause_of(failure, arrival)
            detail = type(failure).__name__
        finally:
            guard.release()
        raise Unreachable(cause, arrival, detail)

    def _proved(
        self, guard: _Guard, method: str, path: str, body: bytes, content_type: str, trace: Trace | None
    ) -> Reply:
        """Once, or twice where headquarters did nothing but ask for a signature with another nonce."""
        proof = self._credentials.proof
        traced = {} if trace is None else {HEADER: trace.header}
        if proof is None:
            return self._request(guard, method, path, body, content_type, traced)[0]
        try:
            fields = {**traced, **proof.fields(method, path, body)}
            reply, nonce = self._request(guard, method, path, body, content_type, fields)
            if proof.wanted(reply, nonce):
                guard.release()
                guard.check()
                fields = {**traced, **proof.fields(method, path, body)}
                reply, nonce = self._request(guard, method, path, body, content_type, fields)
        except NoKey as missing:
            raise Unreachable(Cause.CREDENTIALS, Arrival.SURELY_NOT, str(missing)) from None
        proof.told(nonce)
        return reply

    def _request(
        self, guard: _Guard, method: str, path: str, body: bytes, content_type: str, fields: Mapping[str, str]
    ) -> tuple[Reply, str]:
        if not all(file.is_file() for file in self._credentials.files):
            raise Unreachable(Cause.CREDENTIALS, Arrival.SURELY_NOT, "a certificate file is missing")
        with requests.Session() as session:
            session.trust_env = False
            session.mount("https://", _GuardedAdapter(guard))
            session.verify = str(self._credentials.authority)
            pair = self._credentials.pair()
            if pair is not None:
                session.cert = (str(pair[0]), str(pair[1]))
            with session.request(
                method,
                self._address + path,
                data=body or None,
                headers={
                    "Content-Type": content_type,
                    "Accept-Encoding": "identity",
                    "Connection": "close",
                    **fields,
                },
                timeout=(self._patience.connect, self._patience.gap),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = self._read(response)
                date = _date(response.headers.get("Date", ""))
                wait = _retry_after(response.headers)
                reply = Reply(response.status_code, content, _handling(response.headers), date, wait)
                return reply, response.headers.get(NONCE_HEADER, "")

    def _read(self, response: requests.Response) -> bytes:
        held = bytearray()
        for chunk in response.iter_content(_CHUNK):
            held += chunk
            if len(held) > self._largest_reply:
                raise Unreachable(Cause.TOO_LARGE, Arrival.PERHAPS)
        return bytes(held)


def _chain(failure: BaseException) -> Iterator[BaseException]:
    """The failure and everything inside it: libraries wrap by argument, by attribute and by context."""
    waiting: list[object] = [failure]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting.extend((*one.args, getattr(one, "reason", None), one.__cause__, one.__context__))


def cause_of(failure: BaseException, arrival: Arrival) -> Cause:
    """What a failure of the HTTP library comes down to."""
    for one in _chain(failure):
        match one:
            case ssl.SSLCertVerificationError() if one.verify_code == _X509_NOT_YET_VALID:
                return Cause.CERTIFICATE_NOT_YET_VALID
            case ssl.SSLCertVerificationError() if one.verify_code == _X509_EXPIRED:
                return Cause.CERTIFICATE_EXPIRED
            case ssl.SSLEOFError():
                return Cause.CUT
            case ssl.SSLError():
                return Cause.TLS
            case TimeoutError():
                return Cause.TIME_OUT
            case ConnectionResetError() | BrokenPipeError():
                return Cause.CUT
            case OSError(errno=errno.ETIMEDOUT):
                return Cause.TIME_OUT
            case _:
                continue
    return Cause.CUT if arrival is Arrival.PERHAPS else Cause.REFUSED


def _handling(headers: Mapping[str, str]) -> float:
    """Headquarters' own seconds; 0 where it does not say, or says something else."""
    said = headers.get(_HANDLING, "")
    return float(said) if _SECONDS.fullmatch(said) else 0.0


def _retry_after(headers: Mapping[str, str]) -> float:
    """Retry-After in its form with seconds, at most an hour; headquarters never sends the form with a date."""
    said = headers.get("Retry-After", "")
    return min(float(said), _LONGEST_WAIT) if _SECONDS.fullmatch(said) else 0.0


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
