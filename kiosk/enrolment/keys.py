"""Keys and certificates in files, one folder a generation; a link says which generation is in use.

    identity -> identities/0002
    identities/0001/terminal.key, request.pem, terminal.crt      the one before
    identities/0002/...                                          in use
    identities/0003/terminal.key, request.pem                    asked for, not certified yet

A power cut at any moment leaves either the old pair in use or the new one, and a request that was sent can be sent
again as it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from kiosk.backend.proof import NoKey, Signing
from kiosk.protocol import possession

REQUEST = "request.pem"
_KEPT = 2


class KeyStore(Signing, Protocol):
    """Where a private key lies: in a file or in a module. All raise NoKey."""

    def make(self) -> None:
        """A new key where there is none; one that is there stays."""
        ...


class FileKey:
    """A key in a file that only its owner reads."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def make(self) -> None:
        """See KeyStore. A file that holds no key is replaced: nothing was ever signed with it."""
        try:
            _ = self._key()
        except NoKey:
            key = ec.generate_private_key(ec.SECP256R1())
            write_whole(self._file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)

    def public(self) -> ec.EllipticCurvePublicKey:
        """See Signing."""
        return self._key().public_key()

    def sign(self, text: bytes) -> bytes:
        """See Signing."""
        return possession.sign(self._key(), text)

    def request(self, name: str) -> str:
        """A PKCS#10 request for this key, PEM."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(self._key(), SHA256())
        return made.public_bytes(Encoding.PEM).decode()

    def _key(self) -> ec.EllipticCurvePrivateKey:
        try:
            key = load_pem_private_key(self._file.read_bytes(), None)
        except (OSError, ValueError, TypeError) as failure:
            raise NoKey(f"no key can be read ({type(failure).__name__})") from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise NoKey("the key is of another kind")
        return key


class NotOurs(Exception):
    """A certificate that is not for the key that was asked for."""


class Generations:
    """The pairs of a terminal. `certificate` and `key` are as the settings name them, both below one link."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._link = certificate.parent
        self._all = self._link.with_name("identities")
        self._certificate, self._key = certificate.name, key.name
        self._one_place = certificate.parent == key.parent

    @property
    def ours(self) -> bool:
        """Whether a new pair can take the place of the one before: not where files were laid by somebody else."""
        return self._one_place and (self._link.is_symlink() or not self._link.exists())

    def certificate(self) -> x509.Certificate | None:
        """The one in use."""
        try:
            return x509.load_pem_x509_certificate((self._link / self._certificate).read_bytes())
        except (OSError, ValueError):
            return None

    def key(self) -> FileKey:
        """The key in use."""
        return FileKey(self._link / self._key)

    def asking(self, name: str) -> str:
        """The request for the next pair, made with its key where there is none. Raises OSError, NoKey."""
        folder = self._next()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = FileKey(folder / self._key)
        key.make()
        file = folder / REQUEST
        with contextlib.suppress(OSError, ValueError):
            held = file.read_text("ascii")
            asked = x509.load_pem_x509_csr(held.encode())
            named = [part.value for part in asked.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
            if named == [name] and asked.public_key() == key.public():
                return held
        request = key.request(name)
        write_whole(file, request.encode(), 0o644)
        return request

    def adopt(self, certificate: str) -> None:
        """The pair that was asked for is in use from now on. Raises NotOurs, OSError, NoKey."""
        folder = self._next()
        try:
            public = x509.load_pem_x509_certificate(certificate.encode()).public_key()
        except ValueError:
            raise NotOurs from None
        if public != FileKey(folder / self._key).public():
            raise NotOurs
        write_whole(folder / self._certificate, certificate.encode(), 0o644)
        part = self._link.with_name(f"{self._link.name}.part")
        part.unlink(missing_ok=True)
        part.symlink_to(folder.relative_to(self._link.parent))
        part.replace(self._link)
        _sync(self._link.parent)
        # Whoever began a request with the pair before may still be reading it.
        for old in self._numbers()[:-_KEPT]:
            shutil.rmtree(self._folder(old), ignore_errors=True)

    def _next(self) -> Path:
        """The generation after the one in use."""
        used = self._link.resolve().name if self._link.is_symlink() else ""
        return self._folder(int(used) + 1 if used.isdecimal() else 1)

    def _folder(self, number: int) -> Path:
        return self._all / f"{number:04d}"

    def _numbers(self) -> list[int]:
        return sorted(int(each.name) for each in self._all.iterdir() if each.name.isdecimal())


def write_whole(file: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, on disk when this returns. Raises OSError."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
