"""What an endorsement writer can do: a card reader and a rewriting printer in one path (XFS4IoT)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.devices.making import Face, HandsOut, Verdict
from kiosk.people.travel_document import ChipKey


@dataclass(frozen=True, slots=True)
class CardIn:
    """A pass was drawn in. `atr`: what its chip answered to reset; empty when it has none or did not answer."""

    atr: bytes


@dataclass(frozen=True, slots=True)
class Endorsement:
    """One line on the back: kind and place, how often, until when, how long a stay, issued where and when."""

    kind: str = field(repr=False)
    entries: str = field(repr=False)
    valid_to: str = field(repr=False)
    stay: str = field(repr=False)
    issued_at: str = field(repr=False)
    issued_on: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Endorsements:
    """All that stands on the back of a pass, in order: rewriting erases all, so what stays is written again."""

    lines: tuple[Endorsement, ...] = field(repr=False)

    def face(self) -> Face:
        """By the form's fields: line1Kind, line1Entries, ..., line2Kind, ..."""
        texts: dict[str, str] = {}
        for n, line in enumerate(self.lines, 1):
            texts |= {
                f"line{n}Kind": line.kind,
                f"line{n}Entries": line.entries,
                f"line{n}ValidTo": line.valid_to,
                f"line{n}Stay": line.stay,
                f"line{n}IssuedAt": line.issued_at,
                f"line{n}IssuedOn": line.issued_on,
            }
        return Face(texts)


class EndorsementWriter(HandsOut, Protocol):
    """A visitor's pass is inside from `take_in` until `taken` or `retain`: on the terminal's books all that time."""

    async def take_in(self, *, seconds: float, refused: Callable[[], None]) -> CardIn:
        """Wait for a pass and draw it in. `refused` is called for each card pushed back: one may try again.

        Raises TIME_OUT, invalidMedia, occupied, mediaJam. Given up, the slot closes again.
        """
        ...

    async def transmit(self, apdu: bytes) -> bytes:
        """One command to the pass's chip; the answer with its two status bytes. Raises noMedia, UNSUPPORTED."""
        ...

    async def chip_number(self, key: ChipKey) -> str:
        """The number the chip says of itself, read with what opens that pass's chip and no other's.

        Raises accessDenied where it is another pass, invalidMedia for no travel document, UNSUPPORTED, noMedia.
        """
        ...

    async def write(self, endorsements: Endorsements) -> None:
        """Erase the back and write it anew. Fails with acted=True once erasing may have begun: `verify` tells."""
        ...

    async def verify(self, endorsements: Endorsements) -> Verdict:
        """Read the back and compare."""
        ...
