"""Whose certificate is it, now: asked at each request, so that whoever is revoked is out at once."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from central.limits import PROOF_NONCE_SECONDS
from central.model import Setting
from central.model_enrolment import Origin, TerminalCertificate
from central.ports import Ids
from kiosk.protocol.possession import key_name

_NONCE_KEY = "proof-nonce-key"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A terminal whose certificate holds. `hardware`: the key that has to sign each request; empty for none."""

    terminal: str
    fingerprint: str
    hardware: bytes


def holds(row: TerminalCertificate, now: datetime) -> bool:
    """Whether a certificate lets in now."""
    return row.revoked_at is None and row.retired_at is None and now < row.not_after


def used_already(db: Session, fingerprint: str, now: datetime) -> Enrolled | None:
    """Whose it is, where it holds and was used before: all but the first request of a certificate. Writes nothing."""
    row = db.get(TerminalCertificate, fingerprint)
    if row is None or row.used_at is None or not holds(row, now):
        return None
    return Enrolled(row.terminal, fingerprint, row.hardware)


def enrolled(db: Session, fingerprint: str, now: datetime) -> Enrolled | None:
    """Whose it is; None for a certificate that is not, or not any more, of the fleet. The first use of one that was
    asked for ends those before it."""
    row = db.get(TerminalCertificate, fingerprint)
    if row is None or not holds(row, now):
        return None
    if row.used_at is None:
        row.used_at = now
        if row.origin is not Origin.MADE:
            _ = db.execute(
                update(TerminalCertificate)
                .where(
                    TerminalCertificate.terminal == row.terminal,
                    TerminalCertificate.number < row.number,
                    TerminalCertificate.retired_at.is_(None),
                )
                .values(retired_at=now)
            )
        db.flush()
    return Enrolled(row.terminal, fingerprint, row.hardware)


def enter_made(db: Session, terminal: str, certificate: x509.Certificate, now: datetime) -> None:
    """A pair that a sandbox made for a terminal of its own. One that is on the roll stays as it is there."""
    fingerprint = certificate.fingerprint(SHA256()).hex()
    public = certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    if db.get(TerminalCertificate, fingerprint) is None:
        db.add(
            TerminalCertificate(
                fingerprint=fingerprint,
                terminal=terminal,
                number=0,
                origin=Origin.MADE,
                request="",
                key=key_name(public),
                hardware=b"",
                der=certificate.public_bytes(Encoding.DER),
                issued_at=now,
                not_after=certificate.not_valid_after_utc,
            )
        )
        db.flush()


def certificates(db: Session, terminal: str) -> list[TerminalCertificate]:
    """All it was ever given, youngest first."""
    rows = select(TerminalCertificate).where(TerminalCertificate.terminal == terminal)
    return list(db.scalars(rows.order_by(TerminalCertificate.number.desc())))


# -- nonces ----------------------------------------------------------------------------------------------------------


class Nonces:
    """Nonces for signed requests: of one certificate and one minute, remembered by nobody, known to every server."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @staticmethod
    def of(db: Session, ids: Ids) -> Nonces:
        """Those of this headquarters; their key is made at the first start."""
        row = db.get(Setting, _NONCE_KEY)
        if row is None:
            row = Setting(name=_NONCE_KEY, value=ids.key().hex())
            db.add(row)
            db.flush()
        return Nonces(bytes.fromhex(row.value))

    def another(self, purpose: str) -> bytes:
        """A key for something else that every server knows as well; no nonce is made of a text like its."""
        return hmac.new(self._key, f"another key: {purpose}".encode(), hashlib.sha256).digest()

    def give(self, fingerprint: str, now: datetime) -> str:
        """The one of this minute."""
        return self._nonce(fingerprint, self._span(now))

    def takes(self, nonce: str, fingerprint: str, now: datetime) -> bool:
        """Whether it was given to this certificate in this minute or the one before."""
        span = self._span(now)
        return any(hmac.compare_digest(nonce, self._nonce(fingerprint, each)) for each in (span, span - 1))

    def _nonce(self, fingerprint: str, span: int) -> str:
        text = f"{span:x}"
        return f"{text}.{hmac.new(self._key, f'{text}.{fingerprint}'.encode(), hashlib.sha256).hexdigest()}"

    @staticmethod
    def _span(now: datetime) -> int:
        return int(now.timestamp()) // PROOF_NONCE_SECONDS
