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
    TURN = "turn"
    """Set something straight: the camera in its bracket."""
    CLOSE = "close"
    CABLE = "cable"
    WAIT = "wait"
    CALL = "call"
    """Nothing a person can do here: headquarters sends somebody, or a part."""


class Ends(enum.Enum):
    """What the device shows when a fault is over; no word of a person alone ends one."""

    WORKS = "works"
    """It says by itself that it works again."""
    TRIAL = "trial"
    """It worked all along; what it is there for comes out right when it is tried."""
    MEASURE = "measure"
    """It is measured anew, and the measure is within its tolerance."""
    DOOR = "door"
    """The contact of that very door tells that it opened, and then that it is shut."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a device, what to do, and the supply that ends it ("" where none does)."""

    device: str
    name: str
    moves: tuple[Move, ...]
    supply: str = ""
    ends: Ends = Ends.WORKS

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
_WIPE = (Move.OPEN, Move.CLEAN, Move.CLOSE)

ROLLERS_DIRTY = "rollers-dirty"
"""So much went through since they were cleaned."""
SURFACE_DIRTY = "surface-dirty"
"""So many of the last documents could not be read."""
AIM_OFF = "aim-off"
"""The camera was measured, and looks beside where faces are."""
DOOR_OPEN = "door-open"
DOOR_STUCK = "door-stuck"
"""A door was told to open, and its contact says that it did not; with its place."""
_ENDS: Mapping[str, Ends] = MappingProxyType(
    {ROLLERS_DIRTY: Ends.TRIAL, SURFACE_DIRTY: Ends.TRIAL, AIM_OFF: Ends.MEASURE, DOOR_STUCK: Ends.DOOR}
)
"""Faults of devices that say themselves that they work."""

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
        "id-reader": {"securityFail": (Move.CALL,), SURFACE_DIRTY: (Move.CLEAN,)},
        "document-reader": {SURFACE_DIRTY: (Move.CLEAN,)},
        "camera": {
            "sourceLost": _AWAY,
            "unplugged": _AWAY,
            "frozen": _AWAY,
            "frameTooLarge": (Move.CALL,),
            "processDied": (Move.WAIT, Move.CALL),
            "processHung": (Move.WAIT, Move.CALL),
            AIM_OFF: (Move.OPEN, Move.TURN, Move.CLOSE),
        },
        "fingerprint": {"userError": (Move.CLEAN,)},
        "receipt-printer": {
            "paperOut": _FILL,
            "coverOpen": _SHUT,
            "cutterError": _JAM,
            "overheated": (Move.OPEN, Move.WAIT, Move.CLOSE),
            "unrecoverable": _BROKEN,
            "paperJammed": _JAM,
            ROLLERS_DIRTY: _WIPE,
        },
        "page-printer": {
            "paperOut": _FILL,
            "paperJammed": _JAM,
            "tonerOut": _FILL,
            "coverOpen": _SHUT,
            "stackerFull": (Move.PULL,),
            "overheated": (Move.WAIT,),
            ROLLERS_DIRTY: _WIPE,
        },
        "locker": {DOOR_OPEN: _SHUT, "parked-case": (Move.CALL,), DOOR_STUCK: _JAM},
        "dispenser": {
            **_MACHINE,
            "insideReader": _BROKEN,
            "cardTooLong": _JAM,
            "cardTooShort": _JAM,
            ROLLERS_DIRTY: _WIPE,
        },
        "intake": {"mediaJam": _JAM, "retainBinFull": _BIN, "invalidMedia": _JAM},
        "endorsement-writer": {**_MACHINE, "parked-case": (Move.CALL,), ROLLERS_DIRTY: _WIPE},
        "licence-printer": _MACHINE,
        "plate-printer": {**_MACHINE, "parked-case": (Move.CALL,), ROLLERS_DIRTY: _WIPE},
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
        return Fault(device, name, own[name], _SUPPLIES.get(device, {}).get(name, ""), _ENDS.get(name, Ends.WORKS))
    known = name if name in STATES else "other"
    return Fault(SOME, known, STATES[known])


def every_fault() -> tuple[Fault, ...]:
    """All that are described, devices in their order, then those of any device."""
    own = tuple(fault_of(device, name) for device, names in _OWN.items() for name in names)
    return own + tuple(Fault(SOME, name, moves) for name, moves in STATES.items())
