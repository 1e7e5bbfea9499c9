"""Makes and signs the metadata of The Update Framework over a store of files.

Paths: `metadata/...` and `targets/...`, with consistent snapshots: whoever fetches while somebody publishes sees the
old state or the new. Source: The Update Framework specification 1.0, sections 4 and 6.
"""

# The library names its classes in tuf.api.metadata without listing them as exported.
# pyright: reportPrivateImportUsage=false

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from central.configuration.keys import DELEGATED, OFFLINE, ONLINE, Keys
from kiosk.protocol.configuration import (
    LARGEST_BUNDLED,
    LARGEST_PART,
    ConfigurationSet,
    PartFile,
    PartRole,
    part_path,
    set_path,
)

S = TypeVar("S", Root, Snapshot, Targets, Timestamp)

LIFETIMES = {
    "root": timedelta(days=730),
    "targets": timedelta(days=365),
    "snapshot": timedelta(days=30),
    "timestamp": timedelta(days=3),
    **dict.fromkeys(DELEGATED, timedelta(days=180)),
}
"""How long each role's signature is believed. The timestamp's is the longest anybody can freeze a terminal."""


_DEPTHS = ("/*", "/*/*", "/*/*/*")
"""A star does not reach over a slash (specification 4.5); folders in folders are named."""


def pinned(parts: Mapping[str, bytes]) -> dict[str, PartFile]:
    """What a set says of its parts."""
    return {
        path: PartFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
        for path, content in parts.items()
    }


class Files(Protocol):
    """Where the repository lies."""

    def get(self, path: str, /) -> bytes | None: ...

    def put(self, path: str, content: bytes, /) -> None: ...


class NotSigned(Exception):
    """Too few keys at hand for a role, or something is not there; nothing was written."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository over its files, with the keys at hand and the time of signing."""

    files: Files
    keys: Keys
    now: datetime

    def create(self) -> bytes:
        """An empty repository; the root's metadata, which machines are given by hand. Raises NotSigned."""
        root = Root(expires=self._until("root"), consistent_snapshot=True)
        for role in ("root", "targets", *ONLINE):
            for signer in self._signers(role, self._threshold(role)):
                root.add_key(signer.public_key, role)
            root.roles[role].threshold = self._threshold(role)
        delegations = Delegations({}, {})
        assert delegations.roles is not None
        for name in DELEGATED:
            delegations.roles[name] = DelegatedRole(
                name, [], 1, terminating=True, paths=[f"{name}{deep}" for deep in _DEPTHS]
            )
        targets = Targets(expires=self._until("targets"), delegations=delegations)
        for name in DELEGATED:
            for signer in self._signers(name, 1):
                targets.add_key(signer.public_key, name)
        signed = self._signed("root", root)
        self.files.put("metadata/1.root.json", signed)
        meta = {"targets.json": self._store("targets", targets)}
        for name in DELEGATED:
            meta[f"{name}.json"] = self._store(name, Targets(expires=self._until(name)))
        self._snapshot(Snapshot(expires=self._until("snapshot"), meta=meta))
        return signed

    def publish(self, document: ConfigurationSet, parts: Mapping[str, bytes]) -> None:
        """Add a set and sign what changed. Raises NotSigned, ValueError for parts that are not the set's."""
        if pinned(parts) != document.parts:
            raise ValueError("the parts are not those of the set")
        content = {set_path(document.number): document.model_dump_json().encode()}
        content |= {part_path(path, document.parts[path].sha256): each for path, each in parts.items()}
        if any(len(each) > LARGEST_PART for each in content.values()):
            raise ValueError("a part is larger than terminals take")
        by_role: dict[str, dict[str, bytes]] = {}
        for path, each in content.items():
            by_role.setdefault(PartRole(path.partition("/")[0]).value, {})[path] = each
        for role in (*by_role, *ONLINE):
            _ = self._signers(role, 1)
        snapshot = self._read("snapshot", Snapshot)
        for role, added in by_role.items():
            targets = self._read(role, Targets)
            for path, each in added.items():
                if path == set_path(document.number) and path in targets.targets:
                    raise NotSigned(f"there is a set {document.number} already")
                info = TargetFile.from_data(path, each, ["sha256"])
                targets.targets[path] = info
                folder, _, name = path.rpartition("/")
                self.files.put(f"targets/{folder}/{info.hashes['sha256']}.{name}", each)
            targets.version += 1
            targets.expires = self._until(role)
            snapshot.meta[f"{role}.json"] = self._store(role, targets)
        snapshot.version += 1
        snapshot.expires = self._until("snapshot")
        self._snapshot(snapshot)

    def parts(self, document: ConfigurationSet) -> dict[str, bytes]:
        """The parts of a set that was published, by path. Raises NotSigned."""
        found: dict[str, bytes] = {}
        for path, part in document.parts.items():
            content = self.files.get(f"targets/{part_path(path, part.sha256).replace('/', f'/{part.sha256}.')}")
            if content is None:
                raise NotSigned(f"{path} of set {document.number} is not there")
            found[path] = content
        return found

    def refresh(self) -> None:
        """Sign the timestamp anew, so that terminals know that nothing is withheld. Raises NotSigned.

        The snapshot too where half of its time is over: nothing may have been published since.
        """
        snapshot = self._read("snapshot", Snapshot)
        if snapshot.expires - self.now < LIFETIMES["snapshot"] / 2:
            snapshot.version += 1
            snapshot.expires = self._until("snapshot")
            self._snapshot(snapshot)
            return
        timestamp = self._read("timestamp", Timestamp)
        timestamp.version += 1
        timestamp.expires = self._until("timestamp")
        self.files.put("metadata/timestamp.json", self._signed("timestamp", timestamp))

    def stale(self) -> bool:
        """Whether it is time to refresh: a third of the timestamp's time is over. False without a repository."""
        content = self.files.get("metadata/timestamp.json")
        if content is None:
            return False
        return Metadata[Timestamp].from_bytes(content).signed.expires - self.now < LIFETIMES["timestamp"] * 2 / 3

    def set(self, number: int) -> ConfigurationSet:
        """A set that was published. Raises NotSigned."""
        path = set_path(number)
        info = self._read("settings", Targets).targets.get(path)
        folder, _, name = path.rpartition("/")
        content = None if info is None else self.files.get(f"targets/{folder}/{info.hashes['sha256']}.{name}")
        if content is None:
            raise NotSigned(f"there is no set {number}")
        return ConfigurationSet.model_validate_json(content)

    def needed_for(self, number: int) -> dict[str, bytes | None]:
        """What a terminal that holds nothing but its first root asks for to verify a set, as far as it is small.

        None for what is not there and is asked for all the same: the root after the newest. Parts of the set come by
        themselves. Nothing where there is no repository or no such set.
        """
        timestamp = self.files.get("metadata/timestamp.json")
        if timestamp is None:
            return {}
        needed: dict[str, bytes | None] = {"metadata/timestamp.json": timestamp}
        version = 2
        while (path := f"metadata/{version}.root.json") not in needed:
            needed[path] = self.files.get(path)
            version += needed[path] is not None
        snapshot = Metadata[Timestamp].from_bytes(timestamp).signed.snapshot_meta.version
        needed[f"metadata/{snapshot}.snapshot.json"] = content = self._versioned("snapshot", snapshot)
        meta = Metadata[Snapshot].from_bytes(content).signed.meta
        for role in ("targets", PartRole.SETTINGS.value):
            path = f"metadata/{meta[f'{role}.json'].version}.{role}.json"
            needed[path] = content = self._versioned(role, meta[f"{role}.json"].version)
        info = Metadata[Targets].from_bytes(content).signed.targets.get(set_path(number))
        if info is not None:
            folder, _, name = set_path(number).rpartition("/")
            path = f"targets/{folder}/{info.hashes['sha256']}.{name}"
            needed[path] = self.files.get(path)
        return {
            path: content for path, content in needed.items() if content is None or len(content) <= LARGEST_BUNDLED
        }

    def newest(self) -> int:
        """The highest number of a set; 0 where there is none. Raises NotSigned without a repository."""
        names = (
            path.removeprefix("settings/").removesuffix(".json") for path in self._read("settings", Targets).targets
        )
        return max((int(name) for name in names if name.isdecimal()), default=0)

    def _snapshot(self, snapshot: Snapshot) -> None:
        meta = self._store("snapshot", snapshot)
        held = self.files.get("metadata/timestamp.json")
        if held is None:
            timestamp = Timestamp(expires=self._until("timestamp"), snapshot_meta=meta)
        else:
            timestamp = Metadata[Timestamp].from_bytes(held).signed
            timestamp.version += 1
            timestamp.expires = self._until("timestamp")
            timestamp.snapshot_meta = meta
        self.files.put("metadata/timestamp.json", self._signed("timestamp", timestamp))

    def _store(self, role: str, signed: S) -> MetaFile:
        content = self._signed(role, signed)
        self.files.put(f"metadata/{signed.version}.{role}.json", content)
        return MetaFile.from_data(signed.version, content, ["sha256"])

    def _signed(self, role: str, signed: S) -> bytes:
        metadata = Metadata(signed)
        for signer in self._signers(role, self._threshold(role)):
            _ = metadata.sign(signer, append=True)
        return metadata.to_bytes()

    def _signers(self, role: str, least: int) -> tuple[CryptoSigner, ...]:
        signers = self.keys.of(role)
        if len(signers) < least:
            raise NotSigned(f"{role} needs {least} keys, {len(signers)} are at hand")
        return signers

    def _threshold(self, role: str) -> int:
        return OFFLINE[role][1] if role in OFFLINE else 1

    def _until(self, role: str) -> datetime:
        return (self.now + LIFETIMES[role]).replace(microsecond=0)

    def _read(self, role: str, kind: type[S]) -> S:
        """The newest metadata of a role, found from the timestamp downwards."""
        content = self.files.get("metadata/timestamp.json")
        if content is None:
            raise NotSigned("there is no repository here")
        timestamp = Metadata[Timestamp].from_bytes(content).signed
        if role != "timestamp":
            content = self._versioned("snapshot", timestamp.snapshot_meta.version)
            if role != "snapshot":
                versions = Metadata[Snapshot].from_bytes(content).signed.meta
                content = self._versioned(role, versions[f"{role}.json"].version)
        signed = Metadata[S].from_bytes(content).signed
        assert isinstance(signed, kind)
        return signed

    def _versioned(self, role: str, version: int) -> bytes:
        content = self.files.get(f"metadata/{version}.{role}.json")
        if content is None:
            raise NotSigned(f"version {version} of {role} is not there")
        return content
