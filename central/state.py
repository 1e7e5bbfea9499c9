"""The server's folder: DIR/central, locked by whoever serves it, and DIR/population.json shared with the world."""

from __future__ import annotations

import enum
import fcntl
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from central.fleet.authority import Pair
from kiosk.people.synthetic import PopulationKey


class Locked(Exception):
    """Another process serves this folder."""


class Outfit(enum.Enum):
    """Where the terminals' certificates come from. MADE: a sandbox makes pairs for its own. ENROLLED: each terminal
    asks for its own, and nothing is made."""

    MADE = "made"
    ENROLLED = "enrolled"


@dataclass(frozen=True, slots=True)
class State:
    """Paths under one state directory."""

    directory: Path

    @property
    def central(self) -> Path:
        """Everything of the server's."""
        return self.directory / "central"

    @property
    def database(self) -> Path:
        """The default database."""
        return self.central / "central.sqlite3"

    @property
    def address(self) -> Path:
        """Where the server answers while it does."""
        return self.central / "address.json"

    @property
    def authority(self) -> Path:
        """The private authority's folder."""
        return self.central / "authority"

    @property
    def server(self) -> Pair:
        """The server's own certificate."""
        return Pair(self.central / "server" / "cert.pem", self.central / "server" / "key.pem")

    @property
    def proxy(self) -> Path:
        """Where the pair of a reverse proxy lies unless it is said otherwise."""
        return self.central / "proxy"

    @property
    def offline_keys(self) -> Path:
        """A sandbox's own keys of root and targets; in earnest they lie on a medium kept apart."""
        return self.central / "configuration-keys" / "offline"

    @property
    def online_keys(self) -> Path:
        """A sandbox's own daily keys."""
        return self.central / "configuration-keys" / "online"

    def terminal(self, name: str) -> Path:
        """What a sandbox terminal is given: cert.pem, key.pem, ca.pem, grant-key.pub, root.json."""
        return self.central / "terminals" / name

    def lock(self) -> int:
        """Hold the folder until the process ends. Raises Locked."""
        self.central.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.central / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Locked(str(self.central)) from None
        return descriptor

    def population(self, seed: int, today: date) -> PopulationKey:
        """The key both processes share: whoever comes first writes it, whole or not at all."""
        file = self.directory / "population.json"
        self.directory.mkdir(parents=True, exist_ok=True)
        part = self.directory / f"population.{os.getpid()}.part"
        _ = part.write_text(PopulationKey(seed, today).to_json() + "\n", encoding="utf-8")
        try:
            os.link(part, file)
        except FileExistsError:
            pass
        finally:
            part.unlink()
        return PopulationKey.from_json(file.read_text(encoding="utf-8"))
