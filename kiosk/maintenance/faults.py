"""Every fault of every device, and the short way by which a person mends it.

Names are those the devices themselves use (XFS4IoT's words where it has one); a state stands for the fault where a
device gives none. Each has a text `defect-DEVICE-NAME` with `.technician`, and one for each move that is its own; a
fault clears only when the device says so.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class Move(enum.Enum):
    """One thing a person does; each has its drawing."""

    OPEN = "open"
    PULL = "pull"
    PUT = "put"
    CLEAN = "clean"
    CLOSE = "close"
    CABLE = "cable"
    WAIT = "wait"
    CALL = "call"
    """Nothing a person can do here: headquarters sends somebody, or a part."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a device, what to do, and the supply that ends it ("" where none does)."""

    device: str
    name: str
    moves: tuple[Move, ...]
    supply: str = ""

    @property
    def text(self) -> str:
        """The key of its text."""
        return f"defect-{self.device}-{self.name}"


_JAM = (Move.OPEN, Move.PULL, Move.CLOSE)
_FILL = (Move.OPEN, Move.PUT, Move.CLOSE)
_SHUT = (Move.CLOSE,)
_AWAY = (Move.CABLE,)
_BROKEN = (Move.CABLE, Move.CALL)
_BIN = (Move.OPEN, Move.PULL, Move.CLOSE)
_MACHINE: Mapping[str, tuple[Move, ...]] = MappingProxyType(
    {
        "mediaJam": _JAM,
        "empty": _FILL,
        "retainBinFull": _BIN,
        "occupied": (Move.PULL,),
        "invalidMedia": _JAM,
        "mediaUnverified": (Move.CLEAN, Move.CALL),
        "inkOut": _FILL,
        "wrongDevice": _BROKEN,
        "storageUnknown": _SHUT,
    }
)
"""What machines with a path, units and a bin have in common."""
_MACHINE_SUPPLY = MappingProxyType({"empty": "blanks", "inkOut": "ink"})

_OWN: Mapping[str, Mapping[str, tuple[Move, ...]]] = MappingProxyType(
    {
        "id-reader": {"securityFail": (Move.CALL,)},
        "document-reader": {},
        "camera": {
            "sourceLost": _AWAY,
            "unplugged": _AWAY,
            "frozen": _AWAY,
            "frameTooLarge": (Move.CALL,),
            "processDied": (Move.WAIT, Move.CALL),
            "processHung": (Move.WAIT, Move.CALL),
        },
        "fingerprint": {"userError": (Move.CLEAN,)},
        "receipt-printer": {
            "paperOut": _FILL,
            "coverOpen": _SHUT,
            "cutterError": _JAM,
            "overheated": (Move.OPEN, Move.WAIT, Move.CLOSE),
            "unrecoverable": _BROKEN,
            "paperJammed": _JAM,
        },
        "page-printer": {
            "paperOut": _FILL,
            "paperJammed": _JAM,
            "tonerOut": _FILL,
            "coverOpen": _SHUT,
            "stackerFull": (Move.PULL,),
            "overheated": (Move.WAIT,),
        },
        "locker": {"door-open": _SHUT, "parked-case": (Move.CALL,)},
        "dispenser": {**_MACHINE, "insideReader": _BROKEN, "cardTooLong": _JAM, "cardTooShort": _JAM},
        "intake": {"mediaJam": _JAM, "retainBinFull": _BIN, "invalidMedia": _JAM},
        "endorsement-writer": {**_MACHINE, "parked-case": (Move.CALL,)},
        "licence-printer": _MACHINE,
        "plate-printer": {**_MACHINE, "parked-case": (Move.CALL,)},
        "temporary-id-maker": _MACHINE,
        "scanner": {"barcodeInvalid": (Move.CLEAN,)},
        "exam-booth": {
            "calibrationExpired": (Move.CALL,),
            "calibrationInvalid": (Move.CALL,),
            "sensorFault": _BROKEN,
            "headsetOff": (Move.PUT,),
        },
        "door": {"freedByFire": (Move.CALL,)},
        "lights": {},
        "presence": {},
        "audio": {
            "noMixer": _BROKEN,
            "noPlayer": _BROKEN,
            "playerHangs": _BROKEN,
            "playerFailed": _BROKEN,
        },
        "help-button": {"cableOff": _AWAY, "bouncing": (Move.CLEAN,), "stuck": (Move.CLEAN,)},
        "key-switch": {"cableOff": _AWAY, "bouncing": (Move.CLEAN,), "stuck": (Move.CLEAN,)},
        "ups": {},
    }
)
_SUPPLIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "receipt-printer": {"paperOut": "paper"},
        "page-printer": {"paperOut": "paper", "tonerOut": "toner"},
        **dict.fromkeys(
            ("dispenser", "endorsement-writer", "licence-printer", "plate-printer", "temporary-id-maker"),
            _MACHINE_SUPPLY,
        ),
    }
)

STATES: Mapping[str, tuple[Move, ...]] = MappingProxyType(
    {
        "powerOff": _AWAY,
        "offline": _AWAY,
        "noDevice": _BROKEN,
        "hardwareError": _BROKEN,
        "userError": (Move.CLOSE, Move.CALL),
        "fraudAttempt": (Move.CALL,),
        "potentialFraud": (Move.CALL,),
        "deviceBusy": (Move.WAIT,),
        "starting": (Move.WAIT,),
        "driverFailed": _BROKEN,
        "closed": (Move.WAIT, Move.CALL),
        "other": _BROKEN,
    }
)
"""Faults any device may have, told alike for all of them (`defect-some-NAME`)."""
SOME = "some"

DEVICES = tuple(_OWN)

COUNTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "receipt-printer": ("paper",),
        "page-printer": ("paper", "toner"),
        "endorsement-writer": ("ink",),
        "plate-printer": ("blanks", "ink"),
    }
)
"""What can be exchanged and counted in each device, fault or none."""


BIN_FULL = "retainBinFull"
HOLDING_DOCUMENTS = ("dispenser", "endorsement-writer")
"""Devices whose bins hold documents of people: two empty one, and count."""


def fault_of(device: str, name: str) -> Fault:
    """The fault of a device by its name; one nobody described is `other`, with the way that is right for any."""
    own = _OWN.get(device, {})
    if name in own:
        return Fault(device, name, own[name], _SUPPLIES.get(device, {}).get(name, ""))
    known = name if name in STATES else "other"
    return Fault(SOME, known, STATES[known])


def every_fault() -> tuple[Fault, ...]:
    """All that are described, devices in their order, then those of any device."""
    own = tuple(fault_of(device, name) for device, names in _OWN.items() for name in names)
    return own + tuple(Fault(SOME, name, moves) for name, moves in STATES.items())
