"""The keys of the signed repository, as PEM files in folders; root's and targets' belong on media kept apart."""

# securesystemslib names its classes without listing them as exported.
# pyright: reportPrivateImportUsage=false

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner

from kiosk.protocol.configuration import PartRole

OFFLINE = {"root": (3, 2), "targets": (3, 2)}
"""Role -> how many keys there are, and how many have to sign. Used when keys or delegations change, never daily."""

ONLINE = ("snapshot", "timestamp")

DELEGATED = tuple(role.value for role in PartRole)
"""Each signs only what lies below its own name."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Signers by role; a role whose keys are elsewhere has none here."""

    signers: dict[str, tuple[CryptoSigner, ...]] = field(default_factory=dict[str, tuple[CryptoSigner, ...]])

    @staticmethod
    def fresh() -> Keys:
        """New keys for every role."""
        counts = {role: count for role, (count, _) in OFFLINE.items()} | dict.fromkeys((*ONLINE, *DELEGATED), 1)
        return Keys({r: tuple(CryptoSigner.generate_ed25519() for _ in range(n)) for r, n in counts.items()})

    @staticmethod
    def read(folders: Iterable[Path]) -> Keys:
        """All ROLE-N.pem of these folders. Raises OSError, ValueError for what is no Ed25519 key."""
        found: dict[str, tuple[CryptoSigner, ...]] = {}
        for file in sorted(file for folder in folders for file in folder.glob("*.pem")):
            key = load_pem_private_key(file.read_bytes(), None)
            if not isinstance(key, Ed25519PrivateKey):
                raise ValueError(f"{file.name} is no Ed25519 key")
            role = file.stem.rpartition("-")[0]
            found[role] = (*found.get(role, ()), CryptoSigner(key))
        return Keys(found)

    def write(self, offline: Path, online: Path) -> None:
        """One file a key, readable by its owner only, never over one that is there. Raises OSError."""
        for role, signers in self.signers.items():
            folder = offline if role in OFFLINE else online
            folder.mkdir(parents=True, exist_ok=True)
            for number, signer in enumerate(signers, 1):
                place = folder / f"{role}-{number}.pem"
                descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    _ = file.write(signer.private_bytes)

    def of(self, role: str) -> tuple[CryptoSigner, ...]:
        """The signers of a role that are at hand."""
        return self.signers.get(role, ())
