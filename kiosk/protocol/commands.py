"""What somebody at headquarters tells one terminal to do: signed, dated, once, and answered with what came of it.

A command is signed with the key of grants; its text begins otherwise than a grant's, so that neither passes as the
other. Why it was given is headquarters' to keep.
"""

from __future__ import annotations

import enum
import json
from datetime import UTC
from typing import Literal

from pydantic import AwareDatetime, Field

from kiosk.protocol.messages import Message


class CommandKind(enum.StrEnum):
    """What can be told."""

    OUT_OF_SERVICE = "out-of-service"
    BACK_IN_SERVICE = "back-in-service"
    RESTART = "restart"
    DIAGNOSTICS = "diagnostics"
    TEST_DEVICE = "test-device"
    LOCK_COMPARTMENT = "lock-compartment"
    UNLOCK_COMPARTMENT = "unlock-compartment"


class Urgency(enum.StrEnum):
    """BETWEEN_VISITS: refused while somebody is being served. SAFETY: the visit under way ends in order first."""

    BETWEEN_VISITS = "between-visits"
    SAFETY = "safety"


LONGEST_TEXT = 60
"""Of what citizens read while the terminal is out of service, in characters of either language."""


class Command(Message):
    """One command. `signature` is Ed25519 over `signed_text()` by headquarters' key, in hexadecimal.

    `text_zh` and `text_en` are what citizens read while the terminal is out of service; `device`, `board` and
    `compartment` say of what a test or a lock is.
    """

    number: str
    kind: CommandKind
    terminal: str
    nonce: str
    issued: AwareDatetime
    expires: AwareDatetime
    urgency: Urgency = Urgency.BETWEEN_VISITS
    text_zh: str = ""
    text_en: str = ""
    device: str = ""
    board: int = 0
    compartment: int = 0
    signature: str

    def signed_text(self) -> bytes:
        """The bytes that are signed: no field can flow into its neighbour."""
        parts = (
            self.number,
            self.kind.value,
            self.terminal,
            self.nonce,
            self.issued.astimezone(UTC).isoformat(),
            self.expires.astimezone(UTC).isoformat(),
            self.urgency.value,
            self.text_zh,
            self.text_en,
            self.device,
            self.board,
            self.compartment,
        )
        return b"command-1\n" + json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()


class Commands(Message):
    """What waits for the asking terminal, oldest first; repeated until it is reported on or its time is over."""

    commands: tuple[Command, ...] = ()


class CommandEnded(Message):
    """What came of a command, as a filing.

    `code` says why not; `found` is what a test or a collection brought, by name; `blob` is the SHA-256 of what was
    collected, which went up before.
    """

    number: str = Field(max_length=20)
    outcome: Literal["done", "refused", "failed"]
    code: str = Field(default="", max_length=60)
    found: dict[str, str] = Field(default_factory=dict)
    blob: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
