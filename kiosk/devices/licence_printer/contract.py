"""What a licence printer can do: blanks, both sides, laminate, a bin (XFS4IoT CardReader, Printer, Storage)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from kiosk.devices.making import Face, MakesItems, Verdict


@dataclass(frozen=True, slots=True)
class Licence:
    """A driving licence as printed (order 162; GA 482): main sheet and its second sheet. `portrait`: PNG."""

    number: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(repr=False)
    nationality: str = field(repr=False)
    address: str = field(repr=False)
    birth: str = field(repr=False)
    first_issue: str = field(repr=False)
    classes: str = field(repr=False)
    valid_from: str = field(repr=False)
    valid_to: str = field(repr=False)
    authority: str = field(repr=False)
    file_number: str = field(repr=False)
    record: str = field(repr=False)
    portrait: bytes = field(repr=False)

    def face(self) -> Face:
        """By the form's fields."""
        texts = {
            "number": self.number,
            "name": self.name,
            "sex": self.sex,
            "nationality": self.nationality,
            "address": self.address,
            "birth": self.birth,
            "firstIssue": self.first_issue,
            "classes": self.classes,
            "validFrom": self.valid_from,
            "validTo": self.valid_to,
            "authority": self.authority,
            "fileNumber": self.file_number,
            "record": self.record,
        }
        return Face(texts, {"portrait": self.portrait})


class LicencePrinter(MakesItems, Protocol):
    """Blanks are staged one by one; a spoiled one is retained and counted."""

    async def write(self, licence: Licence) -> None:
        """Print both sides of the staged blank. Raises SEQUENCE_ERROR without one, inkOut.

        What is not `SAME` afterwards is retained.
        """
        ...

    async def verify(self, licence: Licence) -> Verdict:
        """Read it back and compare; a picture cannot be compared."""
        ...
