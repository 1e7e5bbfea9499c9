"""The readiness report: what a machine says of itself, signed so that headquarters knows which machine said it.

Signed is the canonical JSON of the report, by the key of the terminal's certificate: ECDSA over SHA-256 (FIPS 186-5)
or Ed25519 (RFC 8032). The certificate goes with it, and is only worth what its fingerprint is known for.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

KIND = "readiness-report-1"
ECDSA, ED25519 = "ecdsa-sha256", "ed25519"


class NotSigned(RuntimeError):
    """The terminal's key cannot be used; says why, never what it is."""


class NotProved(ValueError):
    """A report that is not what this certificate's key signed; says what is wrong with it."""


def canonical(report: dict[str, Any]) -> str:
    """The text that is signed: equal reports, equal text."""
    return json.dumps(report, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def report_of(
    *, terminal: str, at: datetime, settings_version: str, findings: list[dict[str, str]], **more: Any
) -> dict[str, Any]:
    """Which machine, when, under which settings, and every finding (`verdict` works, note or fails)."""
    return {
        "kind": KIND,
        "terminal": terminal,
        "at": at.isoformat(timespec="seconds"),
        "settings_version": settings_version,
        "works": not any(finding["verdict"] == "fails" for finding in findings),
        "findings": findings,
        **more,
    }


def sign(text: str, key_pem: bytes) -> tuple[str, str]:
    """Algorithm and signature (base64) by a private key. Raises NotSigned."""
    try:
        key = load_pem_private_key(key_pem, None)
    except (ValueError, TypeError) as failure:
        raise NotSigned(f"the terminal's key cannot be read ({type(failure).__name__})") from None
    match key:
        case ec.EllipticCurvePrivateKey():
            name, signature = ECDSA, key.sign(text.encode(), ec.ECDSA(SHA256()))
        case ed25519.Ed25519PrivateKey():
            name, signature = ED25519, key.sign(text.encode())
        case _:
            raise NotSigned("the terminal's key is of a kind that signs no reports")
    return name, base64.b64encode(signature).decode("ascii")


def fingerprint_that_signed(text: str, algorithm: str, certificate: str, signature: str) -> str:
    """SHA-256 of the certificate (hex) whose key signed this text. Raises NotProved."""
    try:
        held = load_pem_x509_certificate(certificate.encode())
        raw = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        raise NotProved("certificate or signature cannot be read") from None
    key = held.public_key()
    try:
        match key:
            case ec.EllipticCurvePublicKey() if algorithm == ECDSA:
                key.verify(raw, text.encode(), ec.ECDSA(SHA256()))
            case ed25519.Ed25519PublicKey() if algorithm == ED25519:
                key.verify(raw, text.encode())
            case _:
                raise NotProved("the certificate's key is of another kind than the algorithm")
    except InvalidSignature:
        raise NotProved("the signature is not of this text and certificate") from None
    return held.fingerprint(SHA256()).hex()
