"""Who called, and whether it is they: the certificate at the end of the line, or the one a proxy saw; and, where the
key lies in a module, its signature under this very request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from central.api.peer import Peer
from central.fleet.roll import Enrolled, Nonces
from kiosk.protocol import possession

SHOWN = "kiosk-client-certificate"
"""Header in which a reverse proxy hands on the certificate it verified: PEM, percent-encoded."""

_LONGEST = 8000


class Pretended(Exception):
    """Somebody who is no proxy says whose certificate they saw; or a proxy says nothing that can be read."""


def caller(peer: Peer | None, proxy: str, shown: str | None) -> Peer | None:
    """Who is behind this connection. `proxy` is the fingerprint of the one proxy that is believed, "" for none.

    Whether the certificate is of the fleet the roll knows; the proxy's word is only that its holder is there.
    Raises Pretended.
    """
    if peer is None or not proxy or peer.fingerprint != proxy:
        if shown is not None:
            raise Pretended
        return peer
    if not shown or len(shown) > _LONGEST:
        raise Pretended
    try:
        certificate = x509.load_pem_x509_certificate(unquote(shown).encode())
    except ValueError:
        raise Pretended from None
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Peer(str(names[0].value) if names else "", certificate.fingerprint(SHA256()).hex())


@dataclass(frozen=True, slots=True)
class Possession:
    """What a request's signature comes to. `suspicious`: it is there and another key's, or of another request."""

    proved: bool
    suspicious: bool


def possession_of(
    entry: Enrolled, asked: possession.Asked, fields: Mapping[str, str], nonces: Nonces, now: datetime
) -> Possession:
    """Whether the key module that this terminal enrolled with signed this request, just now."""
    public = possession.read_key(entry.hardware)
    signed = possession.read(fields)
    if public is None or signed is None:
        return Possession(proved=False, suspicious=False)
    if not possession.holds(signed, asked, public):
        return Possession(proved=False, suspicious=True)
    return Possession(proved=nonces.takes(signed.nonce, entry.fingerprint, now), suspicious=False)
