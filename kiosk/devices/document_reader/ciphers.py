"""The primitives of ICAO 9303 part 11 with 3DES: key derivation (9.7.1), CBC from zero, retail MAC (9.8.6.3)."""

from __future__ import annotations

import enum
import hashlib
import hmac

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

BLOCK = 8
KEY_BYTES = 16
_ZERO_VECTOR = bytes(BLOCK)
_PAD = b"\x80"


class InvalidPadding(ValueError):
    """What was decrypted does not end as ISO/IEC 9797-1 padding method 2 ends."""


class Purpose(enum.IntEnum):
    """The counter of the key derivation."""

    ENCRYPT = 1
    AUTHENTICATE = 2


def derive(seed: bytes, purpose: Purpose) -> bytes:
    """A 16-byte two-key 3DES key: SHA-1 of seed and counter, parity adjusted (part 11, 9.7.1.1)."""
    digest = hashlib.sha1(seed + int(purpose).to_bytes(4, "big"), usedforsecurity=False).digest()
    return bytes(byte & 0xFE | (byte.bit_count() & 1 == byte & 1) for byte in digest[:KEY_BYTES])


def pad(data: bytes) -> bytes:
    """ISO/IEC 9797-1 padding method 2: always at least one byte."""
    return data + _PAD + bytes(-(len(data) + 1) % BLOCK)


def unpad(data: bytes) -> bytes:
    """The reverse. Raises InvalidPadding."""
    bare = data.rstrip(b"\0")
    if not bare.endswith(_PAD) or len(data) - len(bare) >= BLOCK:
        raise InvalidPadding
    return bare[:-1]


def encrypt(key: bytes, data: bytes) -> bytes:
    """3DES-CBC of whole blocks."""
    encryptor = Cipher(TripleDES(_three(key)), modes.CBC(_ZERO_VECTOR)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt(key: bytes, data: bytes) -> bytes:
    """3DES-CBC of whole blocks."""
    decryptor = Cipher(TripleDES(_three(key)), modes.CBC(_ZERO_VECTOR)).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def retail_mac(key: bytes, data: bytes) -> bytes:
    """ISO/IEC 9797-1 MAC algorithm 3 with DES over `data` with its padding: eight bytes."""
    padded = pad(data)
    first, second = key[:BLOCK], key[BLOCK:]
    chained = encrypt(first + first, padded)[-BLOCK:]
    return encrypt(first + first, decrypt(second + second, chained))


def same(one: bytes, other: bytes) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one, other)


def _three(key: bytes) -> bytes:
    """Two keys as three: the first is used again. A single DES key given twice makes this single DES."""
    return key + key[:BLOCK]
