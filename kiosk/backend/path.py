"""The way to headquarters, gone step by step as a request goes it; it ends at the first step that fails.

Nothing here changes anything, at headquarters or here, and nothing of what is found is believed by any other part:
it is what a technician reads who stands before a machine without a line.
"""

from __future__ import annotations

import asyncio
import enum
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlsplit

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificate

from kiosk.backend.exchange import JSON, Cause, Exchange, Reply, Unreachable
from kiosk.backend.https import Credentials
from kiosk.backend.patience import Patience
from kiosk.clock import Clock, Worker

SERVER_PATH, SIGN_ON_PATH = "/healthz", "/v1/configuration"
"""Both only ask; the second is answered to terminals that headquarters knows."""
NEAR_DAYS = 14
_ROUTE_PROBES = ("192.0.2.1", "2001:db8::1")
"""Of nobody (RFC 5737, RFC 3849): what the route to anywhere is told by. Nothing is sent there."""
_LONGEST_HEAD = 16 * 1024
_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME (openssl/x509_vfy.h), which Python's ssl has no name for."""
_DATE = re.compile(rb"^date:[ \t]*([^\r\n]{1,64})\r?$", re.IGNORECASE | re.MULTILINE)
_EXPIRED, _EARLY = 10, 9
_OTHER_NAME = frozenset({62, 63, 64})
"""X509_V_ERR_*: certificate expired, not yet valid; host, mail and address mismatch."""


class Step(enum.Enum):
    """One step, in the order they are gone."""

    ADDRESS = "address"
    """An interface with an address, and a route that leads there."""
    NAME = "name"
    TIME = "time"
    TLS = "tls"
    SERVER = "server"
    SIGN_ON = "sign-on"


class Verdict(enum.Enum):
    """NOTE: it works, and somebody should know something of it."""

    WORKS = "works"
    NOTE = "note"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Found:
    """One step. `why` is a word for what is wrong, "" for nothing; `facts` are for whoever looks further."""

    step: Step
    verdict: Verdict
    why: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for each step, waiting for its worker included."""

    address: float = 2.0
    name: float = 6.0
    time: float = 8.0
    tls: float = 8.0
    server: float = 8.0
    sign_on: float = 10.0
    refusal: float = 2.0
    """For what the other side says of our certificate; within the step that asks for it."""

    def of(self, step: Step) -> float:
        """For that step."""
        match step:
            case Step.ADDRESS:
                return self.address
            case Step.NAME:
                return self.name
            case Step.TIME:
                return self.time
            case Step.TLS:
                return self.tls
            case Step.SERVER:
                return self.server
            case Step.SIGN_ON:
                return self.sign_on


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a handshake showed, and the Date of an answer where one was asked for."""

    certificate: Certificate
    version: str
    date: datetime | None = None


class Net(Protocol):
    """The machine's own network."""

    def source(self, address: str) -> str:
        """The address requests to that address would come from. Raises OSError."""
        ...

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses a name stands for. Raises OSError."""
        ...

    async def greet(self, host: str, port: int, context: ssl.SSLContext, asking: str) -> Spoken:
        """Shake hands, and ask for that path where one is named. Raises OSError."""
        ...

    async def refuses(self, host: str, port: int, context: ssl.SSLContext) -> bool:
        """Shake hands and say nothing: True once the other side says no or hangs up, which nobody does so early who
        waits for a request. Returns only then. Raises OSError where hands are not shaken.
        """
        ...


class Sockets:
    """The real one. `worker` waits for the resolver, which nobody can interrupt."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def source(self, address: str) -> str:
        """See Net. A connected datagram socket has chosen its route and sends nothing."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((address, 9))
            return str(asking.getsockname()[0])

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """See Net."""
        found = await self._worker.run(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return tuple(dict.fromkeys(str(place[0]) for *_, place in found))

    async def greet(self, host: str, port: int, context: ssl.SSLContext, asking: str) -> Spoken:
        """See Net."""
        reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
        try:
            held: ssl.SSLObject = writer.get_extra_info("ssl_object")
            certificate = load_der_x509_certificate(held.getpeercert(binary_form=True) or b"")
            date = None
            if asking:
                writer.write(f"GET {asking} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
                date = _date(await reader.read(_LONGEST_HEAD))
            return Spoken(certificate, held.version() or "", date)
        finally:
            await _hang_up(writer)

    async def refuses(self, host: str, port: int, context: ssl.SSLContext) -> bool:
        """See Net. In TLS 1.3 our handshake is over before our certificate is judged (RFC 8446, section 2). Its alert
        may be overtaken by the reset of a connection with a request under way, so there is none here; and Python's
        own servers send none at all (https://github.com/python/cpython/issues/98078).
        """
        reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
        try:
            while await reader.read(_LONGEST_HEAD):
                pass
        except OSError:
            return True
        finally:
            await _hang_up(writer)
        return True


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


def _date(head: bytes) -> datetime | None:
    found = _DATE.search(head.partition(b"\r\n\r\n")[0])
    if found is None:
        return None
    try:
        return parsedate_to_datetime(found[1].decode("ascii", "replace"))
    except ValueError:
        return None


class PathCheck:
    """Goes the way to `address` (https://host:port) with what proves this terminal."""

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        exchange: Exchange,
        net: Net,
        clock: Clock,
        limits: Limits | None = None,
    ) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 443
        self._credentials = credentials
        self._exchange = exchange
        self._net = net
        self._clock = clock
        self._limits = limits if limits is not None else Limits()

    async def walk(self) -> tuple[Found, ...]:
        """Every step up to the first that fails. Raises nothing of its own."""
        ways: tuple[tuple[Step, str, Callable[[], Awaitable[Found]]], ...] = (
            (Step.ADDRESS, "no-route", self._address),
            (Step.NAME, "name-silent", self._name),
            (Step.TIME, "", self._time),
            (Step.TLS, "port-silent", self._tls),
            (Step.SERVER, "server-silent", self._server),
            (Step.SIGN_ON, "sign-on-silent", self._sign_on),
        )
        gone: list[Found] = []
        for step, late, way in ways:
            try:
                async with asyncio.timeout(self._limits.of(step)):
                    found = await way()
            except TimeoutError:
                # Without an answer the clock cannot be judged: the next step says why there is none.
                found = _fails(step, late) if late else _untold()
            gone.append(found)
            if found.verdict is Verdict.FAILS:
                break
        return tuple(gone)

    # -- the steps -------------------------------------------------------------------------------------------------

    async def _address(self) -> Found:
        places = (self._host,) if _literal(self._host) else _ROUTE_PROBES
        source = self._source(places)
        if not source and not _literal(self._host):
            # A network of its own may lead to headquarters and nowhere else.
            with suppress(OSError):
                source = self._source(await self._net.resolve(self._host, self._port))
        if not source:
            return _fails(Step.ADDRESS, "no-route")
        facts = (("source", source),)
        if ipaddress.ip_address(source.partition("%")[0]).is_link_local:
            return Found(Step.ADDRESS, Verdict.FAILS, "self-assigned", facts)
        return Found(Step.ADDRESS, Verdict.WORKS, "", facts)

    def _source(self, places: tuple[str, ...]) -> str:
        for place in places:
            with suppress(OSError):
                return self._net.source(place)
        return ""

    async def _name(self) -> Found:
        if _literal(self._host):
            return Found(Step.NAME, Verdict.WORKS, "", (("host", self._host),))
        try:
            found = await self._net.resolve(self._host, self._port)
        except socket.gaierror as failure:
            silent = failure.errno == socket.EAI_AGAIN
            return _fails(Step.NAME, "name-silent" if silent else "name-unknown", ("host", self._host))
        except OSError:
            return _fails(Step.NAME, "name-silent", ("host", self._host))
        return Found(Step.NAME, Verdict.WORKS, "", (("host", self._host), ("found", ", ".join(found[:3]))))

    async def _time(self) -> Found:
        """By the Date of whoever our authority vouches for; for how long it does is left aside, or a clock that is
        far off could never be told from a certificate that is over."""
        asked = self._clock.now()
        try:
            context = self._context()
            context.verify_flags |= _NO_CHECK_TIME
            spoken = await self._net.greet(self._host, self._port, context, SERVER_PATH)
        except (OSError, ValueError):
            return _untold()
        if spoken.date is None:
            return _untold()
        off = (asked + (self._clock.now() - asked) / 2 - spoken.date).total_seconds()
        facts = (("offset", f"{off:+.0f} s"),)
        if abs(off) > Patience().clock_skew:
            return Found(Step.TIME, Verdict.FAILS, "clock-off", facts)
        return Found(Step.TIME, Verdict.WORKS, "", facts)

    async def _tls(self) -> Found:
        own = self._own()
        if isinstance(own, str):
            return _fails(Step.TLS, own)
        ours = ("own-days", str(self._days(own)))
        if own.not_valid_after_utc < self._clock.now():
            return _fails(Step.TLS, "own-over", ours)
        try:
            context = self._context()
        except (OSError, ValueError):
            return _fails(Step.TLS, "own-broken")
        try:
            spoken = await self._net.greet(self._host, self._port, context, "")
        except ssl.SSLCertVerificationError as failure:
            return _fails(Step.TLS, _judged(failure), ours)
        except ssl.SSLError:
            return _fails(Step.TLS, "tls-broken", ours)
        except ConnectionRefusedError:
            return _fails(Step.TLS, "port-refused", ("port", str(self._port)))
        except ConnectionError:
            return _fails(Step.TLS, "tls-broken", ours)
        except OSError:
            return _fails(Step.TLS, "port-silent", ("port", str(self._port)))
        theirs = ("server-days", str(self._days(spoken.certificate)))
        near = "own-soon" if self._near(own) else "server-soon" if self._near(spoken.certificate) else ""
        verdict = Verdict.NOTE if near else Verdict.WORKS
        return Found(Step.TLS, verdict, near, (("version", spoken.version), theirs, ours))

    async def _server(self) -> Found:
        try:
            reply = await self._ask(SERVER_PATH, self._limits.server)
        except Unreachable as failure:
            match failure.cause:
                case Cause.TIME_OUT:
                    return _fails(Step.SERVER, "server-silent")
                case Cause.TLS | Cause.CREDENTIALS:
                    # It took the connection and says no to who we are: that is the next step's to tell.
                    return Found(Step.SERVER, Verdict.WORKS)
                case _:
                    if await self._refused():
                        return Found(Step.SERVER, Verdict.WORKS)
                    return _fails(Step.SERVER, "server-cut", ("cause", failure.cause.value))
        if reply.status >= 500:
            return _fails(Step.SERVER, "server-ill", ("status", str(reply.status)))
        return Found(Step.SERVER, Verdict.WORKS, "", (("status", str(reply.status)),))

    async def _sign_on(self) -> Found:
        try:
            reply = await self._ask(SIGN_ON_PATH, self._limits.sign_on)
        except Unreachable as failure:
            match failure.cause:
                case Cause.TLS:
                    return _fails(Step.SIGN_ON, "certificate-refused")
                case Cause.CREDENTIALS:
                    return _fails(Step.SIGN_ON, "key-module")
                case _:
                    if await self._refused():
                        return _fails(Step.SIGN_ON, "certificate-refused")
                    return _fails(Step.SIGN_ON, "sign-on-silent", ("cause", failure.cause.value))
        facts = ("status", str(reply.status))
        if reply.status in (401, 403):
            return _fails(Step.SIGN_ON, "not-let-in", facts)
        if reply.status >= 500:
            return _fails(Step.SIGN_ON, "server-ill", facts)
        return Found(Step.SIGN_ON, Verdict.WORKS, "", (facts,))

    # -- what they share -------------------------------------------------------------------------------------------

    async def _refused(self) -> bool:
        """Whether a connection that was cut was cut because of who we are."""
        with suppress(OSError, ValueError):
            async with asyncio.timeout(self._limits.refusal):
                return await self._net.refuses(self._host, self._port, self._context())
        return False

    async def _ask(self, path: str, seconds: float) -> Reply:
        return await self._exchange.exchange("GET", path, b"", content_type=JSON, seconds=seconds)

    def _context(self) -> ssl.SSLContext:
        """Raises OSError (an ssl.SSLError too) where files are missing, broken or do not belong together."""
        context = ssl.create_default_context(cafile=str(self._credentials.authority))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        pair = self._credentials.pair()
        if pair is not None and all(file.is_file() for file in pair):
            context.load_cert_chain(*pair)
        return context

    def _own(self) -> Certificate | str:
        """Our own certificate, or what is wrong with our files."""
        pair = self._credentials.pair()
        if not self._credentials.authority.is_file():
            return "authority-missing"
        if pair is None or not all(file.is_file() for file in pair):
            return "own-missing"
        try:
            return load_pem_x509_certificate(pair[0].read_bytes())
        except (OSError, ValueError):
            return "own-broken"

    def _days(self, certificate: Certificate) -> int:
        return (certificate.not_valid_after_utc - self._clock.now()).days

    def _near(self, certificate: Certificate) -> bool:
        """Its end is near, for one with so long a life: one for a week is renewed when half of it is over."""
        life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        left = certificate.not_valid_after_utc - self._clock.now()
        return left < min(timedelta(days=NEAR_DAYS), life / 4)


def broken(path: tuple[Found, ...]) -> Found | None:
    """The step that fails, or None."""
    return next((found for found in path if found.verdict is Verdict.FAILS), None)


def _judged(failure: ssl.SSLCertVerificationError) -> str:
    """What is wrong with the certificate the other side showed."""
    if failure.verify_code == _EXPIRED:
        return "server-over"
    if failure.verify_code == _EARLY:
        return "server-early"
    return "server-name" if failure.verify_code in _OTHER_NAME else "server-chain"


def _fails(step: Step, why: str, *facts: tuple[str, str]) -> Found:
    return Found(step, Verdict.FAILS, why, facts)


def _untold() -> Found:
    return Found(Step.TIME, Verdict.NOTE, "clock-untold")


def _literal(host: str) -> bool:
    try:
        _ = ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
