"""A signature under each request by a key that cannot leave its machine: HTTP Message Signatures (RFC 9421).

One profile of it, and nothing else is understood: the signature covers method, path, query and the digest of the body
(RFC 9530), in this order, with ECDSA on P-256 and SHA-256 (RFC 9421 section 3.3.4), and carries a nonce that
headquarters gave to this very certificate a short while ago, so that no clock of the terminal's is needed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

NONCE_HEADER = "kiosk-nonce"
"""In headquarters' answers to a terminal with a key module: the nonce for its next requests."""

WANTED = "proof"
"""Code of the problem that says: sign it with the nonce given here and ask again. Nothing was done."""

LABEL = "kiosk"
DIGEST, INPUT, SIGNATURE = "content-digest", "signature-input", "signature"
_COVERED = '("@method" "@path" "@query" "content-digest")'
_COORDINATE = 32
_INPUT = re.compile(
    re.escape(f"{LABEL}={_COVERED}")
    + r';nonce="(?P<nonce>[0-9a-z.]{1,120})";keyid="(?P<key>[0-9a-f]{64})";alg="ecdsa-p256-sha256"'
)
_SIGNATURE = re.compile(re.escape(LABEL) + r"=:(?P<value>[A-Za-z0-9+/=]{86,90}):")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as both ends see it. `query` is without its question mark; "" for none."""

    method: str
    path: str
    query: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request's headers say: which key, which nonce, the signature."""

    key: str
    nonce: str
    digest: str
    signature: bytes


def digest_field(body: bytes) -> str:
    """Content-Digest (RFC 9530 section 2)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def parameters(nonce: str, key: str) -> str:
    """The value of @signature-params."""
    return f'{_COVERED};nonce="{nonce}";keyid="{key}";alg="ecdsa-p256-sha256"'


def signature_base(asked: Asked, nonce: str, key: str) -> bytes:
    """What is signed (RFC 9421 section 2.5)."""
    lines = (
        f'"@method": {asked.method}',
        f'"@path": {asked.path}',
        f'"@query": ?{asked.query}',
        f'"content-digest": {digest_field(asked.body)}',
        f'"@signature-params": {parameters(nonce, key)}',
    )
    return "\n".join(lines).encode()


def headers(asked: Asked, nonce: str, key: str, signature: bytes) -> dict[str, str]:
    """The three fields that a signed request carries."""
    return {
        DIGEST: digest_field(asked.body),
        INPUT: f"{LABEL}={parameters(nonce, key)}",
        SIGNATURE: f"{LABEL}=:{base64.b64encode(signature).decode()}:",
    }


def read(fields: Mapping[str, str]) -> Signed | None:
    """What the fields (by lower-case name) say; None where they are not there or not in this profile."""
    stated = _INPUT.fullmatch(fields.get(INPUT, ""))
    value = _SIGNATURE.fullmatch(fields.get(SIGNATURE, ""))
    if stated is None or value is None:
        return None
    signature = unwritten(value["value"])
    return None if signature is None else Signed(stated["key"], stated["nonce"], fields.get(DIGEST, ""), signature)


def holds(signed: Signed, asked: Asked, public: ec.EllipticCurvePublicKey) -> bool:
    """Whether this key signed this request."""
    if signed.key != key_name(public) or signed.digest != digest_field(asked.body):
        return False
    return verifies(public, signed.signature, signature_base(asked, signed.nonce, signed.key))


# -- keys ------------------------------------------------------------------------------------------------------------


def spki(public: ec.EllipticCurvePublicKey) -> bytes:
    """SubjectPublicKeyInfo, DER."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_name(public: ec.EllipticCurvePublicKey) -> str:
    """What a key is called: SHA-256 of its SubjectPublicKeyInfo, in hexadecimal."""
    return hashlib.sha256(spki(public)).hexdigest()


def read_key(der: bytes) -> ec.EllipticCurvePublicKey | None:
    """A public key on P-256; None for anything else."""
    try:
        key = load_der_public_key(der)
    except (ValueError, TypeError):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) else None


def sign(key: ec.EllipticCurvePrivateKey, text: bytes) -> bytes:
    """The two numbers of a signature, 32 bytes each, as key modules and RFC 9421 have them."""
    r, s = decode_dss_signature(key.sign(text, ec.ECDSA(SHA256())))
    return r.to_bytes(_COORDINATE) + s.to_bytes(_COORDINATE)


def verifies(public: ec.EllipticCurvePublicKey, signature: bytes, text: bytes) -> bool:
    """Whether `signature`, two numbers of 32 bytes, is this key's over `text`."""
    if len(signature) != 2 * _COORDINATE:
        return False
    r, s = (int.from_bytes(signature[at : at + _COORDINATE]) for at in (0, _COORDINATE))
    try:
        public.verify(encode_dss_signature(r, s), text, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def in_writing(value: bytes) -> str:
    """Base64."""
    return base64.b64encode(value).decode()


def unwritten(text: str) -> bytes | None:
    """The bytes of a base64 text; None where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
