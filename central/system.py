"""The ports of a server in earnest."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class SystemIds:
    """The operating system's randomness."""

    def nonce(self) -> str:
        return secrets.token_hex(16)

    def key(self) -> bytes:
        return secrets.token_bytes(32)


def no_pause(seconds: float) -> None:
    """For a command that a person waits for: slow agencies of the sandbox hold up nobody."""
    del seconds
