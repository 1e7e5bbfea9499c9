"""What a reader of identity cards can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health
from kiosk.people.id_card import IdCard


@dataclass(frozen=True, slots=True)
class CardRead:
    """One reading. `photo` is the chip's 1,024 opaque bytes, `fingers` two 512-byte templates or none."""

    card: IdCard
    photo: bytes
    fingers: tuple[bytes, ...]
    wire_seconds: float
    """Time spent waiting for the device's bytes; the rest of a reading is ours."""
    own_seconds: float = 0.0
    """From sending the search that found the card to this value, less `wire_seconds`: our share, nothing else's."""


class IdReader(Protocol):
    """Commands end in a result or a DeviceFault; its codes are invalidMedia, securityFail and mediaLost."""

    async def read(self, *, seconds: float, card_seen: Callable[[], None] | None = None) -> CardRead:
        """Wait for a card and read text, photo and fingerprints.

        `card_seen` is called once when a card is found, before it is read. A card that has been read must leave
        the field before it is found again. Raises DeviceFault: TIME_OUT when none came; COMMAND_ERROR with
        invalidMedia (not an identity card or data that make no sense), securityFail (not authentic), mediaLost
        (pulled while reading: lay it down again).
        """
        ...

    async def additional_address(self) -> str:
        """The newest address written on the card after it was issued, "" when it has none.

        Of the card that was read last, as long as it lies there; another one must be read first (sequenceError).
        """
        ...

    async def health(self) -> Health: ...

    async def sam_id(self) -> str:
        """The security module's number, raw and as text."""
        ...

    async def reset(self) -> None: ...

    async def close(self) -> None: ...
