"""What a maker of temporary identity cards can do: blanks, print, laminate, a bin (XFS4IoT)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from kiosk.devices.making import Face, MakesItems, Verdict


@dataclass(frozen=True, slots=True)
class TemporaryId:
    """A temporary resident identity card as printed (its Measures of 2005). `portrait`: PNG."""

    name: str = field(repr=False)
    sex: str = field(repr=False)
    ethnicity: str = field(repr=False)
    birth: str = field(repr=False)
    address: str = field(repr=False)
    number: str = field(repr=False)
    authority: str = field(repr=False)
    valid_from: str = field(repr=False)
    valid_to: str = field(repr=False)
    portrait: bytes = field(repr=False)

    def face(self) -> Face:
        """By the form's fields."""
        texts = {
            "name": self.name,
            "sex": self.sex,
            "ethnicity": self.ethnicity,
            "birth": self.birth,
            "address": self.address,
            "number": self.number,
            "authority": self.authority,
            "validFrom": self.valid_from,
            "validTo": self.valid_to,
        }
        return Face(texts, {"portrait": self.portrait})


class TemporaryIdMaker(MakesItems, Protocol):
    """Blanks are staged one by one; a spoiled one is retained and counted."""

    async def write(self, card: TemporaryId) -> None:
        """Print both sides of the staged blank. Raises SEQUENCE_ERROR without one, inkOut.

        What is not `SAME` afterwards is retained.
        """
        ...

    async def verify(self, card: TemporaryId) -> Verdict:
        """Read it back and compare; a picture cannot be compared."""
        ...
