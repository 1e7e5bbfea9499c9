"""The wire to headquarters, with a real TLS server behind it that wants a client certificate."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.simulation.client import WorldClient, WorldError, start_world
from tests.simulation.worlds import PATIENCE, until

_PAGE = (
    b'<!doctype html><form method="post"><input type="hidden" name="token" value="t">'
    b'<button name="answer" value="confirm">yes</button><button name="answer" value="decline">no</button></form>'
)


def _certificate(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1 that is also its own authority and the client's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "headquarters of a test")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


class _Request(BaseHTTPRequestHandler):
    timeout = PATIENCE

    @property
    def headquarters(self) -> Headquarters:
        assert isinstance(self.server, Headquarters)
        return self.server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self.headquarters.heard.append(f"{self.command} {self.rfile.read(length).decode()}")
        self.send_response(200)
        self.send_header("Content-Length", str(len(_PAGE)))
        self.end_headers()
        self.wfile.write(_PAGE)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


class Headquarters(ThreadingHTTPServer):
    """A server that remembers what it was asked."""

    daemon_threads = False

    def __init__(self, certificate: Path, wanted: ssl.VerifyMode) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.certificate = certificate
        self.heard: list[str] = []
        self.address = f"127.0.0.1:{self.server_port}"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.load_verify_locations(certificate)
        context.verify_mode = wanted
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what these tests are about."""


def _serving(folder: Path, wanted: ssl.VerifyMode) -> Generator[Headquarters]:
    with Headquarters(_certificate(folder), wanted) as headquarters:
        thread = threading.Thread(target=headquarters.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield headquarters
        headquarters.shutdown()
        thread.join(PATIENCE)


@pytest.fixture
def headquarters(tmp_path: Path) -> Generator[Headquarters]:
    yield from _serving(tmp_path, ssl.CERT_REQUIRED)


@pytest.fixture
def people_listener(tmp_path: Path) -> Generator[Headquarters]:
    yield from _serving(tmp_path, ssl.CERT_NONE)


def post(address: str, certificate: Path, body: str) -> int:
    with requests.Session() as session:
        session.trust_env = False
        reply = session.post(
            f"https://{address}/", data=body, cert=str(certificate), verify=str(certificate), timeout=PATIENCE
        )
        return reply.status_code


def test_tls_with_both_certificates_passes_untouched(folder: Path, headquarters: Headquarters) -> None:
    ports = start_world(folder, upstream=headquarters.address)
    assert post(ports["headquarters"], headquarters.certificate, "one") == 200
    assert headquarters.heard == ["POST one"]


def test_a_network_that_is_down_refuses_and_comes_back_at_the_same_address(
    folder: Path, headquarters: Headquarters
) -> None:
    ports = start_world(folder, upstream=headquarters.address)
    world = WorldClient(folder)
    world.call("network", state="down")
    with pytest.raises(requests.ConnectionError):
        post(ports["headquarters"], headquarters.certificate, "lost")
    world.call("network", state="up")
    assert answers_again(ports, headquarters)
    assert headquarters.heard == ["POST again"]


def answers_again(ports: dict[str, str], headquarters: Headquarters) -> bool:
    def attempt() -> bool:
        try:
            return post(ports["headquarters"], headquarters.certificate, "again") == 200
        except requests.ConnectionError:
            return False

    until(attempt)
    return True


def test_the_request_arrives_and_the_answer_does_not(folder: Path, headquarters: Headquarters) -> None:
    ports = start_world(folder, upstream=headquarters.address)
    WorldClient(folder).call("network", state="drop-after-request")
    with pytest.raises(requests.ConnectionError):
        post(ports["headquarters"], headquarters.certificate, "x" * 100_000)
    until(lambda: headquarters.heard == ["POST " + "x" * 100_000])


def test_a_slow_network_is_slow(folder: Path, headquarters: Headquarters) -> None:
    ports = start_world(folder, upstream=headquarters.address, pace=0.1)
    WorldClient(folder).call("network", state="slow")
    with pytest.raises(requests.Timeout), requests.Session() as session:
        session.trust_env = False
        both = str(headquarters.certificate)
        session.get(f"https://{ports['headquarters']}/", cert=both, verify=both, timeout=0.1)


@pytest.mark.parametrize("state", ["wrong-certificate", "garbage"])
def test_somebody_else_who_answers_is_not_believed(folder: Path, headquarters: Headquarters, state: str) -> None:
    ports = start_world(folder, upstream=headquarters.address)
    WorldClient(folder).call("network", state=state)
    with pytest.raises(requests.exceptions.SSLError):
        post(ports["headquarters"], headquarters.certificate, "secret")
    assert headquarters.heard == []


def test_nobody_behind_the_wire_is_a_cut_connection(folder: Path, tmp_path: Path) -> None:
    ports = start_world(folder)
    with pytest.raises(requests.ConnectionError):
        post(ports["headquarters"], _certificate(tmp_path), "x")


def test_a_phone_pays_or_declines(folder: Path, people_listener: Headquarters) -> None:
    start_world(folder, central=f"https://{people_listener.address}")
    world = WorldClient(folder)
    assert world.call("pay", url=f"https://{people_listener.address}/pay/x")["status"] == 200
    assert world.call("pay-decline", url="/pay/x")["status"] == 200
    assert people_listener.heard == ["GET ", "POST token=t&answer=confirm", "GET ", "POST token=t&answer=decline"]
    assert [p["outcome"] for p in world.call("phone")["payments"]] == ["confirm", "decline"]
    with pytest.raises(WorldError):
        world.call("pay", url="https://127.0.0.1:1/pay/x")
    with pytest.raises(WorldError):
        world.call("pay", url="not an address")
