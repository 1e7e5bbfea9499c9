"""What the tests of this room stand on: a loop with virtual time, fixed ids, a TLS server with bad manners."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.backend.https import Credentials

T = TypeVar("T")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class _JumpingSelector(selectors.DefaultSelector):
    """Instead of waiting, moves the loop's time on."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "nothing scheduled: a wake-up was lost"
            self.time += max(0.0, timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only when nothing else is to be done."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self._jumping.time


def run_virtually(main: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


@dataclass
class LoopClock:
    """Wall time that follows the loop's time from NOON, `ahead` seconds wrong."""

    ahead: float = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=asyncio.get_running_loop().time() + self.ahead)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class FixedIds:
    def case_id(self) -> str:
        return "0" * 26

    def nonce(self) -> str:
        return "0" * 32

    def key(self) -> bytes:
        return bytes(32)

    def jitter(self) -> float:
        return 0.5


class ThreadWorker:
    """One thread, as in earnest."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)

    async def run(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    async def close(self) -> None:
        self._pool.shutdown()


# -- certificates ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Authority:
    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime) -> Any:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def make_authority(name: str) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    built = _builder(name, name, key, now - timedelta(days=900), now + timedelta(days=900))
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return Authority(name, key, built.sign(key, hashes.SHA256()))


def issue(authority: Authority, name: str, folder: Path, begins: int = -1, ends: int = 30) -> tuple[Path, Path]:
    """Certificate and key files for 127.0.0.1; `begins` and `ends` are days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    built = _builder(name, authority.name, key, now + timedelta(days=begins), now + timedelta(days=ends))
    built = built.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
    )
    certificate, private = folder / f"{name}.crt", folder / f"{name}.key"
    certificate.write_bytes(built.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


@dataclass(frozen=True)
class Papers:
    """All certificates of one test run."""

    folder: Path
    authority: Authority
    credentials: Credentials

    @staticmethod
    def make(folder: Path) -> Papers:
        authority = make_authority("station")
        file = folder / "authority.crt"
        file.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
        return Papers(folder, authority, Credentials(file, *issue(authority, "terminal", folder)))


# -- the server --------------------------------------------------------------------------------------------------


class Manner(enum.Enum):
    ANSWER = "answer"
    SILENT = "silent"
    DRIP = "drip"
    DRIP_BODY = "drip-body"
    CUT = "cut"
    CUT_IN_BODY = "cut-in-body"
    NOT_HTTP = "not-http"


@dataclass
class Server:
    """Listens on loopback with TLS and client certificates; treats each connection in its manner."""

    certificate: tuple[Path, Path]
    clients: Path
    manner: Manner = Manner.ANSWER
    status: int = 200
    body: bytes = b"{}"
    handling: str = "0.0125"
    more: str = ""
    date: str = "Sun, 22 Nov 2026 12:00:00 GMT"
    requests: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])
    connections: int = 0

    def __enter__(self) -> Server:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*self.certificate)
        self._context.load_verify_locations(self.clients)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()
        return self

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self._socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw: socket.socket) -> None:
        raw.settimeout(5)
        try:
            with self._context.wrap_socket(raw, server_side=True) as connection:
                self._treat(connection)
        except OSError:
            raw.close()

    def _treat(self, connection: ssl.SSLSocket) -> None:
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append((head.split(b"\r\n")[0].decode(), body))
        opening = (
            f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.body)}\r\nContent-Type: application/json\r\n"
            f"X-Handling-Seconds: {self.handling}\r\nDate: {self.date}\r\n"
            f"{self.more}\r\n"
        ).encode()
        match self.manner:
            case Manner.ANSWER:
                connection.sendall(opening + self.body)
            case Manner.SILENT:
                self._over.wait(5)
            case Manner.DRIP:
                self._drip(connection, opening + self.body)
            case Manner.DRIP_BODY:
                connection.sendall(opening)
                self._drip(connection, self.body * 1000)
            case Manner.CUT:
                connection.shutdown(socket.SHUT_RDWR)
            case Manner.CUT_IN_BODY:
                connection.sendall(opening + self.body[:1])
                connection.shutdown(socket.SHUT_RDWR)
            case Manner.NOT_HTTP:
                connection.sendall(b"what do you want\r\n\r\n")

    def _drip(self, connection: ssl.SSLSocket, content: bytes) -> None:
        for byte in content:
            if self._over.wait(0.02):
                return
            connection.sendall(bytes([byte]))
