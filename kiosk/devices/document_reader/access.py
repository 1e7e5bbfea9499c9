"""Basic access control: who knows what is printed on a document may talk to its chip (ICAO 9303 part 11, 4.3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kiosk.devices.document_reader.ciphers import (
    BLOCK,
    KEY_BYTES,
    Purpose,
    decrypt,
    derive,
    encrypt,
    retail_mac,
    same,
)

NONCE_BYTES = 8
CRYPTOGRAM_BYTES = 32
TOKEN_BYTES = CRYPTOGRAM_BYTES + BLOCK
"""Cryptogram and its MAC: what either side sends."""


class NotTheChip(ValueError):
    """The answer to the authentication was not made with the document's key, or not for this question."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Two-key 3DES keys for encryption and for MACs."""

    encryption: bytes
    mac: bytes

    @staticmethod
    def of(seed: bytes) -> KeyPair:
        """Derived from a key seed of 16 bytes."""
        return KeyPair(derive(seed, Purpose.ENCRYPT), derive(seed, Purpose.AUTHENTICATE))

    def __repr__(self) -> str:
        return "KeyPair()"


@dataclass(frozen=True, slots=True)
class Session:
    """What secure messaging begins with: keys, and the send sequence counter (part 11, 9.8.6.3)."""

    keys: KeyPair
    counter: int


def document_keys(information: str) -> KeyPair:
    """From MRZ_information: the first 16 bytes of its SHA-1 are the seed (part 11, 4.3.2)."""
    return KeyPair.of(hashlib.sha1(information.encode("ascii"), usedforsecurity=False).digest()[:KEY_BYTES])


@dataclass(frozen=True, slots=True)
class Authentication:
    """One mutual authentication: `chip_nonce` is the chip's challenge, `own_nonce` (8 bytes) and `own_key` (16 bytes)
    are fresh random bytes of ours.
    """

    keys: KeyPair
    chip_nonce: bytes
    own_nonce: bytes
    own_key: bytes

    def token(self) -> bytes:
        """The data of MUTUAL AUTHENTICATE."""
        cryptogram = encrypt(self.keys.encryption, self.own_nonce + self.chip_nonce + self.own_key)
        return cryptogram + retail_mac(self.keys.mac, cryptogram)

    def session(self, answer: bytes) -> Session:
        """From the chip's answer. Raises NotTheChip."""
        cryptogram, mac = answer[:CRYPTOGRAM_BYTES], answer[CRYPTOGRAM_BYTES:]
        if len(answer) != TOKEN_BYTES or not same(mac, retail_mac(self.keys.mac, cryptogram)):
            raise NotTheChip
        plain = decrypt(self.keys.encryption, cryptogram)
        if not same(plain[: 2 * NONCE_BYTES], self.chip_nonce + self.own_nonce):
            raise NotTheChip
        seed = bytes(a ^ b for a, b in zip(self.own_key, plain[2 * NONCE_BYTES :], strict=True))
        counter = int.from_bytes(self.chip_nonce[-4:] + self.own_nonce[-4:], "big")
        return Session(KeyPair.of(seed), counter)

    def __repr__(self) -> str:
        return "Authentication()"
