"""The private certificate authority: who the server is, who the terminals are, and who may speak for them.

A server signs terminals' requests itself, since what it signs is worth nothing without the row that goes with it: the
application looks a certificate up at each request. Servers of one database share the authority's folder.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from central.limits import AUTHORITY_LIFETIME, CERTIFICATE_AHEAD, CERTIFICATE_LIFETIME, TERMINAL_LIFETIME


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path

    @property
    def exists(self) -> bool:
        """Both are there."""
        return self.certificate.is_file() and self.key.is_file()


class BadRequest(ValueError):
    """A request for a certificate that is not signed; says why, quoting nothing of it."""


class Authority:
    """Lives in a folder; creates itself on first use, once even under servers that begin together."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._now = now
        self.pair = Pair(folder / "ca.pem", folder / "ca-key.pem")
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.pair.exists:
                self._create()
        self._certificate = x509.load_pem_x509_certificate(self.pair.certificate.read_bytes())
        key = load_pem_private_key(self.pair.key.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("the authority's key is of another kind")
        self._key = key

    def server(self, pair: Pair, hosts: tuple[str, ...]) -> None:
        """Sign a pair for this server's names and addresses."""
        names: list[x509.GeneralName] = []
        for host in hosts:
            try:
                names.append(x509.IPAddress(ipaddress.ip_address(host)))
            except ValueError:
                names.append(x509.DNSName(host))
        self._sign(pair, hosts[0], x509.SubjectAlternativeName(names), ExtendedKeyUsageOID.SERVER_AUTH)

    def terminal(self, pair: Pair, name: str) -> None:
        """Sign a pair for a terminal or a proxy; its common name is that name."""
        alternative = x509.SubjectAlternativeName([x509.DNSName(name)])
        self._sign(pair, name, alternative, ExtendedKeyUsageOID.CLIENT_AUTH)

    def sign(self, request: x509.CertificateSigningRequest, name: str, now: datetime) -> x509.Certificate:
        """A terminal's certificate for the key of its request, and for nothing else that stands in it.

        Raises BadRequest for a request that its own key did not sign, of another name, or of another kind of key.
        """
        key = request.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise BadRequest("its key is not on the curve P-256")
        if not request.is_signature_valid:
            raise BadRequest("its own key did not sign it")
        asked = [part.value for part in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        if asked != [name]:
            raise BadRequest("its common name is not the terminal's")
        return self._certificate_for(
            key,
            name,
            x509.SubjectAlternativeName([x509.DNSName(name)]),
            ExtendedKeyUsageOID.CLIENT_AUTH,
            (now - CERTIFICATE_AHEAD, now + TERMINAL_LIFETIME),
        )

    def _create(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kiosk sandbox authority")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - CERTIFICATE_LIFETIME)
            .not_valid_after(self._now + AUTHORITY_LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        _write(self.pair, certificate, key)

    def _sign(
        self, pair: Pair, name: str, alternative: x509.SubjectAlternativeName, usage: x509.ObjectIdentifier
    ) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        span = (self._now - CERTIFICATE_LIFETIME, self._now + CERTIFICATE_LIFETIME)
        certificate = self._certificate_for(key.public_key(), name, alternative, usage, span)
        pair.certificate.parent.mkdir(parents=True, exist_ok=True)
        _write(pair, certificate, key)

    def _certificate_for(
        self,
        key: ec.EllipticCurvePublicKey,
        name: str,
        alternative: x509.SubjectAlternativeName,
        usage: x509.ObjectIdentifier,
        span: tuple[datetime, datetime],
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(span[0])
            .not_valid_after(span[1])
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(alternative, critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def fingerprint(certificate_pem: bytes) -> str:
    """SHA-256 of a certificate, in hexadecimal."""
    return x509.load_pem_x509_certificate(certificate_pem).fingerprint(hashes.SHA256()).hex()


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write(pair: Pair, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    descriptor = os.open(pair.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        _ = file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _ = pair.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
