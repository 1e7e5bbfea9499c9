"""Keys: one of the station in a file, one of each case wrapped by it, and pseudonyms.

AES-256-GCM seals, AES key wrap (RFC 3394) wraps, HKDF-SHA-256 (RFC 5869) makes a key for each use of the station's.
Who destroys a wrapped key destroys what it sealed.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from kiosk.clock import Ids
from kiosk.store.failures import StoreUnreadable

_NONCE = 12


class Keys:
    """The station's keys in memory. `station` is 32 random bytes."""

    def __init__(self, station: bytes, ids: Ids) -> None:
        self._wrapping = _derived(station, b"kiosk wrapping 1")
        self._pseudonyms = _derived(station, b"kiosk pseudonyms 1")
        self.staff_pepper = staff_pepper(station)
        self._ids = ids

    def fresh(self) -> bytes:
        """A new 256-bit key."""
        return self._ids.key()

    def wrap(self, key: bytes) -> bytes:
        """`key` so that only this station can use it."""
        return aes_key_wrap(self._wrapping, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Raises StoreUnreadable when another station wrapped it."""
        try:
            return aes_key_unwrap(self._wrapping, wrapped)
        except InvalidUnwrap:
            raise StoreUnreadable("a key was wrapped by another station") from None

    def seal(self, key: bytes, data: bytes, bound_to: str) -> bytes:
        """Nonce and AES-256-GCM of `data`; opens only with the same `bound_to`."""
        nonce = bytes.fromhex(self._ids.nonce())[:_NONCE]
        return nonce + AESGCM(key).encrypt(nonce, data, bound_to.encode())

    def open(self, key: bytes, sealed: bytes, bound_to: str) -> bytes:
        """Raises StoreUnreadable."""
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
        except (InvalidTag, ValueError):
            raise StoreUnreadable("a sealed value does not open") from None

    def pseudonym(self, number: str) -> str:
        """The same 128 bits in hexadecimal for the same identity number on this station; "" for ""."""
        if not number:
            return ""
        return hmac.digest(self._pseudonyms, number.encode(), "sha256")[:16].hex()


def staff_pepper(station: bytes) -> bytes:
    """What keys the verifiers of this station's technicians; made of the station's key, never the key itself."""
    return _derived(station, b"kiosk staff 1")


def _derived(station: bytes, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(station)


def station_key(path: Path, ids: Ids) -> bytes:
    """The station's key from its file, made on first start, readable by its owner only. Raises StoreUnreadable."""
    if path.exists():
        key = path.read_bytes()
        if len(key) != 32:
            raise StoreUnreadable("the station's key has a wrong length")
        return key
    key = ids.key()
    write_durably(path, key)
    return key


def write_durably(path: Path, data: bytes) -> None:
    """All of it under its name, or nothing: written beside, synced, renamed, the directory synced."""
    beside = path.with_name(path.name + ".new")
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
        os.fsync(file)
    finally:
        os.close(file)
    beside.rename(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make names in a directory durable."""
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
