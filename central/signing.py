"""Headquarters' Ed25519 key: it signs grants and seals the sandbox's decisions."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class GrantSigner:
    """Made from 32 secret bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def sign(self, text: bytes) -> str:
        """The signature in hexadecimal."""
        return self._key.sign(text).hex()

    @property
    def public_pem(self) -> bytes:
        """For a terminal's grant-key.pub: SubjectPublicKeyInfo, PEM."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def public_raw(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()
