"""What a reader of travel documents can do, and what it finds."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.devices.words import Health
from kiosk.people.travel_document import ChipKey, Mrz

NO_MEDIA = "noMedia"
INVALID_MEDIA = "invalidMedia"
MEDIA_LOST = "mediaLost"
SECURITY_FAIL = "securityFail"
ACCESS_DENIED = "accessDenied"
NO_ATR = "atrNotObtained"
COLLISION = "cardCollision"
OTHER_PROTOCOL = "protocolNotSupported"


class PortraitFormat(enum.Enum):
    """How the picture is encoded; the chip says so and the picture's first bytes agree."""

    JPEG = "image/jpeg"
    JPEG_2000 = "image/jp2"


@dataclass(frozen=True, slots=True)
class Portrait:
    """The face of DG2, encoded as the chip has it. Width and height in pixels, as the chip says (0: it does not)."""

    format: PortraitFormat
    width: int
    height: int
    picture: bytes

    def __repr__(self) -> str:
        return f"Portrait({self.format.value}, {len(self.picture)} bytes)"


@dataclass(frozen=True, slots=True)
class Details:
    """DG11, ICAO 9303 part 10, 4.7.11: name in the nation's own script, personal number, birth, birthplace, address.

    What a chip does not say is empty or None.
    """

    name: str
    number: str
    birth: date | None
    birthplace: str
    address: str

    def __repr__(self) -> str:
        return "Details()"


class Signature(enum.Enum):
    """EF.SOD. Present is not verified: the issuer's certificate is not public for exit-entry passes."""

    PRESENT = "present"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """One reading. What the chip does not list is None. `signature` is unverified: see `Signature`."""

    mrz: Mrz
    portrait: Portrait | None
    details: Details | None
    signature: Signature
    exchanges: int
    """Commands the chip answered."""
    wire_seconds: float
    """Time spent waiting for its answers; the rest of a reading is ours."""
    own_seconds: float
    """From the document's being found to this value, less `wire_seconds`."""

    def __repr__(self) -> str:
        return f"DocumentRead({self.mrz.layout.value}, {self.exchanges} exchanges)"


@dataclass(frozen=True, slots=True)
class DocumentReaderCapabilities:
    """Static. Access protocols by their names in ICAO 9303 part 11, and the data groups that are read."""

    access: tuple[str, ...]
    groups: tuple[str, ...]


class DocumentReader(Protocol):
    """Commands end in a result or a DeviceFault. Reading moves and changes nothing."""

    @property
    def capabilities(self) -> DocumentReaderCapabilities: ...

    async def read(
        self, key: ChipKey, *, seconds: float, document_seen: Callable[[], None] | None = None
    ) -> DocumentRead:
        """Wait for a document and read what its chip lists of DG1, DG2, DG11 and EF.SOD.

        `document_seen` is called once when one is found. Raises DeviceFault: TIME_OUT when none came; COMMAND_ERROR
        with accessDenied (the chip does not know this key: wrong document, or a zone read wrongly), mediaLost (taken
        away while reading: lay it down again), invalidMedia (no travel document, or data that make no sense),
        securityFail (an answer that is not the chip's, or a chip that is not this document's), atrNotObtained (a chip
        that does not wake up), cardCollision (several documents at once); UNSUPPORTED with protocolNotSupported (a
        chip without basic access control); DEVICE_NOT_READY when the reader, its service or the chip is silent.
        """
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
