"""How records leave a terminal: lines of JSON, packed, and sealed for people at headquarters.

The seal is age (age-encryption.org/v1, X25519 and ChaCha20-Poly1305): any tool that knows the format opens it with
one of the keys it was made for. A terminal has only public keys, so it cannot read what it wrote.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt, x25519

_SECRET = "AGE-SECRET-KEY-"
_LARGEST = 512 * 1024 * 1024
"""Unpacked bytes: more is no file of ours."""


class NobodyToSealFor(ValueError):
    """No key of anybody who may read it is known here, or one that is none."""


class NotToBeOpened(ValueError):
    """A file that this key does not open, or that is none. Never quotes either."""


def packed(lines: Iterable[str]) -> bytes:
    """Lines of JSON, gzip; the same lines give the same bytes."""
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)


def unpacked(content: bytes, largest: int = _LARGEST) -> Iterator[dict[str, Any]]:
    """The lines again; no more than `largest` bytes of them are ever unpacked. Raises NotToBeOpened."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            text = file.read(largest + 1)
        if len(text) > largest:
            raise NotToBeOpened("larger than any record of a terminal")
        lines = text.decode().splitlines()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise NotToBeOpened("no records of a terminal") from None
    for line in lines:
        yield cast(dict[str, Any], json.loads(line))


def sealed_for(recipients: Sequence[str], content: bytes) -> bytes:
    """An age file for every one of these (age1...). Raises NobodyToSealFor."""
    if not recipients:
        raise NobodyToSealFor("no key to seal records for is in force")
    try:
        known = [x25519.Recipient.from_str(one) for one in recipients]
    except RecipientError:
        raise NobodyToSealFor("a key to seal records for is none") from None
    return encrypt(content, known)


def opened(sealed: bytes, key_file: str) -> bytes:
    """What is in an age file, by the text of a key file. Raises NotToBeOpened."""
    try:
        return decrypt(sealed, [_identity(key_file)])
    except DecryptError:
        raise NotToBeOpened("this key does not open it, or it was changed") from None


def fresh_key_file() -> str:
    """A new key, as age-keygen writes them: the public part in a comment."""
    fresh = x25519.Identity.generate()
    return f"# public key: {fresh.to_public()}\n{fresh}\n"


def public_of(key_file: str) -> str:
    """What records are sealed for. Raises NotToBeOpened."""
    return str(_identity(key_file).to_public())


def _identity(key_file: str) -> x25519.Identity:
    line = next((line for line in key_file.splitlines() if line.startswith(_SECRET)), "")
    try:
        return x25519.Identity.from_str(line)
    except IdentityError:
        raise NotToBeOpened("no key of age's") from None
