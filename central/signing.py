"""Headquarters' keys: Ed25519 signs grants and seals the sandbox's decisions, age's opens what was sealed for it."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.protocol.records import opened, public_of


class Unsealing:
    """Opens what terminals sealed for headquarters while they had no line. Made from the text of an age key file."""

    def __init__(self, key_file: str) -> None:
        self._key_file = key_file
        self.seal_for = public_of(key_file)

    def opened(self, sealed: bytes) -> bytes:
        """What lies inside. Raises NotToBeOpened."""
        return opened(sealed, self._key_file)


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
