"""Inviting, enrolling, renewing, revoking: what makes and unmakes a terminal of the fleet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from central.console.record import record
from central.desks.desk import BEIJING, Desk
from central.desks.incidents import SILENT, raise_alarm
from central.desks.settling import Reason
from central.fleet.authority import Authority, BadRequest
from central.fleet.roll import certificates, holds
from central.limits import RENEWAL_GRACE
from central.model import TerminalRow
from central.model_enrolment import EnrolmentCode, KeyWanted, Origin, TerminalCertificate
from central.model_watch import Incident
from central.problems import Declined, unknown
from central.pushing.books import push
from central.tables import Tables
from kiosk.protocol import possession
from kiosk.protocol.enrolment import (
    CODE_ALPHABET,
    CODE_LENGTH,
    EnrolmentRequest,
    IssuedCertificate,
    RenewalRequest,
    enrolment_text,
    read_code,
    renewal_text,
    request_digest,
    written,
)
from kiosk.protocol.events import EventKind

IDENTITY_REFUSED = "identity-refused"
"""An alarm: a terminal's certificate was shown by somebody who may not, or not any more."""

_BITS = 5
_ALARMED_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is told once: the code, and until when it can be used."""

    terminal: str
    code: str
    expires: datetime

    def as_json(self) -> dict[str, str]:
        """As the command prints it."""
        return {
            "terminal": self.terminal,
            "code": written(self.code),
            "expires": self.expires.astimezone(BEIJING).isoformat(timespec="seconds"),
        }


def invite(desk: Desk, terminal: str, by: str, life: timedelta, wanted: KeyWanted) -> Invitation:
    """A code for one terminal; those that were open for it are void. Raises Declined(404) for no terminal."""
    if terminal not in desk.tables.terminals:
        raise unknown("terminal")
    _void(desk.db, terminal, desk.now)
    bits = int.from_bytes(desk.ids.key())
    code = "".join(CODE_ALPHABET[(bits >> _BITS * at) % 32] for at in range(CODE_LENGTH))
    row = EnrolmentCode(
        digest=_digest(code), terminal=terminal, wanted=wanted, by=by.strip(), at=desk.now, expires=desk.now + life
    )
    desk.db.add(row)
    record(desk.db, desk.now, by.strip(), "terminal-invite", terminal)
    return Invitation(terminal, code, row.expires)


def enrol(asked: EnrolmentRequest, desk: Desk) -> IssuedCertificate:
    """The certificate for whoever holds an open code. Raises Declined: 403 "code", "hardware", "proof"; 409 "blocked"
    for a key that another terminal has; 422 "request"."""
    row = desk.db.scalars(
        select(EnrolmentCode).where(EnrolmentCode.digest == _digest(read_code(asked.code))).with_for_update()
    ).first()
    digest = request_digest(asked.request)
    if row is None or row.terminal != asked.terminal or row.void_at is not None or desk.now >= row.expires:
        raise _no_code()
    if row.used_at is not None:
        before = _issued_for(desk.db, row.terminal, digest) if row.used_for == digest else None
        if before is None or not holds(before, desk.now):
            raise _no_code()
        return _told(before, desk)
    hardware = _hardware(asked, row.wanted)
    issued = _issue(desk, row.terminal, asked.request, Origin.CODE, hardware)
    row.used_at, row.used_for = desk.now, digest
    _known(desk, row.terminal).revoked = False
    record(desk.db, desk.now, row.by, "terminal-enrolled", row.terminal)
    return _told(issued, desk)


def renew(asked: RenewalRequest, desk: Desk) -> IssuedCertificate:
    """The next certificate for whoever holds the key of one that is neither revoked nor retired nor long over.

    Raises Declined: 403 "certificate" or "proof", 409 "blocked", 422 "request".
    """
    row = desk.db.get(TerminalCertificate, asked.certificate, with_for_update=True)
    if row is None or row.revoked_at is not None or desk.now >= row.not_after + RENEWAL_GRACE:
        raise _no_certificate()
    text = renewal_text(asked.certificate, asked.request)
    signature = possession.unwritten(asked.signature)
    if signature is None or not possession.verifies(_key_of(row.der), signature, text):
        raise _no_certificate()
    if row.hardware and not _module_signed(row.hardware, asked.proof, text):
        raise Declined(403, "proof", "this terminal's key module did not sign it")
    before = _issued_for(desk.db, row.terminal, request_digest(asked.request))
    if before is not None and holds(before, desk.now):
        return _told(before, desk)
    if row.retired_at is not None:
        raise _no_certificate()
    return _told(_issue(desk, row.terminal, asked.request, Origin.RENEWAL, row.hardware), desk)


def revoke(desk: Desk, terminal: str, reason: Reason) -> int:
    """Nothing it has lets it in any more, from the next request on; how many certificates that were. Its open codes
    are void. Raises Declined(404)."""
    if terminal not in desk.tables.terminals:
        raise unknown("terminal")
    _void(desk.db, terminal, desk.now)
    out = [row for row in certificates(desk.db, terminal) if row.revoked_at is None]
    for row in out:
        row.revoked_at = desk.now
    _known(desk, terminal).revoked = True
    push(desk.db, EventKind.IDENTITY, [terminal], desk.now)
    record(desk.db, desk.now, reason.by.strip(), "terminal-revoke", terminal, reason.because.strip())
    return sum(row.retired_at is None and desk.now < row.not_after for row in out)


def suspect(desk: Desk, fingerprint: str) -> None:
    """Somebody showed a certificate of the fleet and was refused: an alarm, at most once a minute, unless it was
    revoked. Its successor was used already, or its key module did not sign: there may be a copy of it."""
    row = desk.db.get(TerminalCertificate, fingerprint)
    if row is None or row.revoked_at is not None:
        return
    live = select(Incident.last_at).where(Incident.live == f"{row.terminal}|{IDENTITY_REFUSED}")
    last = desk.db.scalars(live).first()
    if last is None or desk.now - last >= _ALARMED_AGAIN:
        raise_alarm(desk.db, desk.now, row.terminal, IDENTITY_REFUSED)


def terminals(db: Session, tables: Tables, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Every terminal: how it stands with its certificate, when it was last heard, when the certificate ends."""
    return {"terminals": [_line(db, tables, name, now) for name in sorted(tables.terminals)]}


def _line(db: Session, tables: Tables, name: str, now: datetime) -> dict[str, Any]:
    rows = certificates(db, name)
    live = [row for row in rows if holds(row, now)]
    # The one in use; a successor that was fetched counts from its first use.
    row = next((r for r in live if r.used_at is not None), live[0] if live else (rows[0] if rows else None))
    invited = db.scalars(
        select(EnrolmentCode.expires).where(
            EnrolmentCode.terminal == name,
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.void_at.is_(None),
            EnrolmentCode.expires > now,
        )
    ).first()
    standing = db.get(TerminalRow, name)
    seen = standing.seen_at if standing is not None else None
    return {
        "terminal": name,
        "site": tables.terminals[name].site,
        "status": _status(row, bool(live), standing is not None and standing.revoked, invited is not None),
        "heard": "never" if seen is None else "now" if now - seen < SILENT else "silent",
        "last_seen": _moment(seen),
        "key": None if row is None else "hardware" if row.hardware else "file",
        "certificate_until": _moment(row.not_after if row is not None else None),
        "invited_until": _moment(invited),
    }


def _status(row: TerminalCertificate | None, live: bool, revoked: bool, invited: bool) -> str:
    if live:
        return "enrolled"
    if invited:
        return "invited"
    if revoked:
        return "revoked"
    return "new" if row is None else "expired"


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(BEIJING).isoformat(timespec="seconds")


# -- small steps -----------------------------------------------------------------------------------------------------


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _void(db: Session, terminal: str, now: datetime) -> None:
    still = (EnrolmentCode.terminal == terminal, EnrolmentCode.used_at.is_(None), EnrolmentCode.void_at.is_(None))
    _ = db.execute(update(EnrolmentCode).where(*still).values(void_at=now))


def _known(desk: Desk, terminal: str) -> TerminalRow:
    row = desk.db.get(TerminalRow, terminal, with_for_update=True)
    if row is None:
        row = TerminalRow(id=terminal, site=desk.tables.terminals[terminal].site)
        desk.db.add(row)
        desk.db.flush()
    return row


def _hardware(asked: EnrolmentRequest, wanted: KeyWanted) -> bytes:
    if not asked.hardware:
        if wanted is KeyWanted.HARDWARE:
            raise Declined(403, "hardware", "this terminal was invited with a key module")
        return b""
    der = possession.unwritten(asked.hardware)
    text = enrolment_text(asked.terminal, asked.request)
    if der is None or not _module_signed(der, asked.proof, text):
        raise Declined(403, "proof", "the key module named did not sign it")
    return der


def _module_signed(der: bytes, proof: str, text: bytes) -> bool:
    key, signature = possession.read_key(der), possession.unwritten(proof)
    return key is not None and signature is not None and possession.verifies(key, signature, text)


def _issued_for(db: Session, terminal: str, digest: str) -> TerminalCertificate | None:
    found = select(TerminalCertificate).where(
        TerminalCertificate.request == digest, TerminalCertificate.terminal == terminal
    )
    return db.scalars(found.order_by(TerminalCertificate.number.desc())).first()


def _issue(desk: Desk, terminal: str, pem: str, origin: Origin, hardware: bytes) -> TerminalCertificate:
    certificate = _signed(_authority(desk), pem, terminal, desk.now)
    der = certificate.public_bytes(Encoding.DER)
    key = possession.key_name(_key_of(der))
    others = (TerminalCertificate.key == key, TerminalCertificate.terminal != terminal)
    if desk.db.scalars(select(TerminalCertificate.terminal).where(*others)).first() is not None:
        raise Declined(409, "blocked", "another terminal has this key")
    row = TerminalCertificate(
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        terminal=terminal,
        number=desk.next("certificate"),
        origin=origin,
        request=request_digest(pem),
        key=key,
        hardware=hardware,
        der=der,
        issued_at=desk.now,
        not_after=certificate.not_valid_after_utc,
    )
    desk.db.add(row)
    desk.db.flush()
    return row


def _authority(desk: Desk) -> Authority:
    if desk.authority is None:
        raise Declined(503, "down", "this server signs no certificates")
    return desk.authority


def _signed(authority: Authority, pem: str, terminal: str, now: datetime) -> x509.Certificate:
    try:
        return authority.sign(x509.load_pem_x509_csr(pem.encode()), terminal, now)
    except BadRequest as bad:
        raise Declined(422, "request", str(bad)) from None
    except (ValueError, TypeError, x509.InvalidVersion):
        raise Declined(422, "request", "it cannot be read") from None


def _key_of(der: bytes) -> ec.EllipticCurvePublicKey:
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def _told(row: TerminalCertificate, desk: Desk) -> IssuedCertificate:
    return IssuedCertificate(
        certificate=x509.load_der_x509_certificate(row.der).public_bytes(Encoding.PEM).decode(),
        not_after=row.not_after.astimezone(BEIJING),
        grant_key=desk.signer.public_pem.decode(),
    )


def _no_code() -> Declined:
    return Declined(403, "code", "it is wrong, used, void or over, or of another terminal")


def _no_certificate() -> Declined:
    return Declined(403, "certificate", "it is not one that can be renewed by whoever asks")
