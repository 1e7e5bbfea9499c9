"""The wire between the terminal and headquarters: passes TLS through untouched, until it is told to misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Network
from kiosk.simulation.timing import Timing

_CONNECT_SECONDS = 5.0
_DRAIN_SECONDS = 10.0
_QUIET_SECONDS = 0.5
"""A request counts as through once the terminal has been quiet this long after encrypted data."""

_HANDSHAKE_SECONDS = 10.0
_APPLICATION_DATA = 23
_GARBAGE = b"SSH-2.0-OpenSSH_9.2\r\n" + bytes(range(256))


def unsigned_certificate(path: Path) -> None:
    """Write a key and a certificate nobody signed, for 127.0.0.1, unless they are there."""
    if path.exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "not headquarters")])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )


class _Records:
    """Follows TLS records in one direction to tell encrypted data from the handshake in the clear."""

    def __init__(self) -> None:
        self._skip = 0
        self._head = b""
        self.encrypted = False

    def feed(self, data: bytes) -> None:
        while data:
            if self._skip:
                skipped = min(self._skip, len(data))
                self._skip -= skipped
                data = data[skipped:]
                continue
            self._head, data = self._head + data[: 5 - len(self._head)], data[5 - len(self._head) :]
            if len(self._head) == 5:
                self.encrypted = self.encrypted or self._head[0] == _APPLICATION_DATA
                self._skip = int.from_bytes(self._head[3:5], "big")
                self._head = b""


class HeadquartersWire:
    """One proxy; the state of the network at the moment a byte arrives decides what becomes of it."""

    def __init__(self, scene: Scene, timing: Timing, certificate: Path) -> None:
        self._scene = scene
        self._timing = timing
        self._certificate = certificate

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the terminal."""
        with contextlib.suppress(OSError, TimeoutError, EOFError):
            match self._scene.state.network:
                case Network.GARBAGE:
                    writer.write(_GARBAGE)
                    await writer.drain()
                case Network.WRONG_CERTIFICATE:
                    await self._impersonate(reader, writer)
                case Network.DROP_AFTER_REQUEST:
                    await self._drop(reader, writer)
                case Network.UP | Network.SLOW | Network.DOWN:
                    await self._pass(reader, writer)

    async def _impersonate(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate)
        async with asyncio.timeout(_HANDSHAKE_SECONDS):
            await writer.start_tls(context)
            while await reader.read(4096):
                pass

    async def _upstream(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, _, port = self._scene.state.upstream.rpartition(":")
        if not host:
            raise ConnectionRefusedError("nobody told where headquarters listens")
        async with asyncio.timeout(_CONNECT_SECONDS):
            return await asyncio.open_connection(host, int(port))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await self._upstream()

        async def outwards() -> None:
            await _pump(reader, back, lambda: 0.0)

        async def inwards() -> None:
            await _pump(there, writer, self._delay)

        both = [
            asyncio.create_task(outwards(), name="to headquarters"),
            asyncio.create_task(inwards(), name="from headquarters"),
        ]
        try:
            await asyncio.gather(*both)
        finally:
            for one in both:
                one.cancel()
            back.transport.abort()

    def _delay(self) -> float:
        return self._timing.slow_network if self._scene.state.network is Network.SLOW else 0.0

    async def _drop(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let the handshake through, and the request; then hang up and let headquarters finish alone."""
        there, back = await self._upstream()
        outgoing = _Records()

        async def inwards() -> None:
            with contextlib.suppress(OSError):
                while data := await there.read(65536):
                    if not outgoing.encrypted:
                        writer.write(data)

        answering = asyncio.create_task(inwards(), name="from headquarters, dropped")
        try:
            while True:
                try:
                    async with asyncio.timeout(_QUIET_SECONDS if outgoing.encrypted else _HANDSHAKE_SECONDS):
                        data = await reader.read(65536)
                except TimeoutError:
                    break
                if not data:
                    break
                outgoing.feed(data)
                back.write(data)
                await back.drain()
            writer.transport.abort()
            async with asyncio.timeout(_DRAIN_SECONDS):
                await asyncio.shield(answering)
        finally:
            answering.cancel()
            back.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: Callable[[], float]) -> None:
    while data := await reader.read(65536):
        if seconds := delay():
            await asyncio.sleep(seconds)
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
