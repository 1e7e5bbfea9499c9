"""What a unit's status bytes, sensors and error codes say, in XFS words."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from kiosk.devices.dispenser.contract import CardPlace, Stock
from kiosk.devices.words import Completion, DeviceFault

MEDIA_JAM = "mediaJam"
EMPTY = "empty"
RETAIN_BIN_FULL = "retainBinFull"
CARD_TOO_LONG = "cardTooLong"
CARD_TOO_SHORT = "cardTooShort"
NO_MEDIA = "noMedia"
OCCUPIED = "occupied"
UNVERIFIED = "mediaUnverified"
INVALID_MEDIA = "invalidMedia"

_PLACES = {0x30: CardPlace.NONE, 0x31: CardPlace.EXIT, 0x32: CardPlace.TRANSPORT}
_STOCKS = {0x30: Stock.EMPTY, 0x31: Stock.LOW, 0x32: Stock.OK}
_BINS = {0x30: Stock.OK, 0x31: Stock.FULL}


def card_place(states: bytes) -> CardPlace:
    """st0."""
    return _PLACES.get(states[0], CardPlace.UNKNOWN)


def stacker(states: bytes) -> Stock:
    """st1."""
    return _STOCKS.get(states[1], Stock.UNKNOWN)


_PLAIN_SENSORS = frozenset({8, 10})
_WIDE_SENSORS = 17
"""Some units answer with 17 bytes; there st2 says nothing and two of these bytes tell of a full bin."""


def bin_state(states: bytes, sensors: bytes) -> Stock:
    """st2, or the sensors where they are of the wide kind. Anything unheard of is unknown: nothing may go in."""
    if len(sensors) in _PLAIN_SENSORS:
        return _BINS.get(states[2], Stock.UNKNOWN)
    if len(sensors) != _WIDE_SENSORS:
        return Stock.UNKNOWN
    if sensors[2] == 0x32 or sensors[16] == 0x31:
        return Stock.FULL
    return Stock.OK if sensors[2] in b"01" and sensors[16] == 0x30 else Stock.UNKNOWN


class ErrorClass(enum.Enum):
    """What is to be done about an error."""

    NEEDS_INIT = "needs-init"
    ATTENTION = "attention"
    CARD_FAULT = "card-fault"
    RETRY = "retry"
    FATAL = "fatal"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One error: how a command ends with it, and whether a card may have moved all the same."""

    kind: ErrorClass
    completion: Completion
    code: str
    detail: str
    moved: bool

    def fault(self) -> DeviceFault:
        """The exception that says so."""
        return DeviceFault(self.completion, self.code, acted=self.moved)


_FATAL, _INIT, _ATTEND, _CARD, _RETRY = (
    ErrorClass.FATAL,
    ErrorClass.NEEDS_INIT,
    ErrorClass.ATTENTION,
    ErrorClass.CARD_FAULT,
    ErrorClass.RETRY,
)
_WRONG = Completion.HARDWARE_ERROR
_SAID = Completion.COMMAND_ERROR

MEANINGS: dict[str, Meaning] = {
    "00": Meaning(_FATAL, Completion.UNSUPPORTED, "", "undefined command", False),
    "01": Meaning(_FATAL, Completion.INVALID_DATA, "", "bad parameter", False),
    "02": Meaning(_INIT, Completion.SEQUENCE_ERROR, "", "not in this order", False),
    "03": Meaning(_FATAL, Completion.UNSUPPORTED, "", "not supported by this hardware", False),
    "04": Meaning(_RETRY, Completion.INVALID_DATA, "", "data error", False),
    "05": Meaning(_CARD, _WRONG, "", "contact not released", True),
    "10": Meaning(_ATTEND, _SAID, MEDIA_JAM, "card jam", True),
    "12": Meaning(_ATTEND, _WRONG, "", "sensor error", True),
    "13": Meaning(_ATTEND, _SAID, CARD_TOO_LONG, "card too long", True),
    "14": Meaning(_ATTEND, _SAID, CARD_TOO_SHORT, "card too short", True),
    "16": Meaning(_INIT, Completion.USER_ERROR, "", "card moved by hand", True),
    "40": Meaning(_ATTEND, Completion.USER_ERROR, "", "card pulled out on its way to the bin", True),
    "41": Meaning(_CARD, _WRONG, "", "contact magnet error", True),
    "43": Meaning(_ATTEND, _WRONG, "", "card does not reach the contacts", True),
    "45": Meaning(_INIT, Completion.USER_ERROR, "", "card moved by hand", True),
    "50": Meaning(_ATTEND, _SAID, RETAIN_BIN_FULL, "bin counter overflow", True),
    "51": Meaning(_ATTEND, _WRONG, "", "motor error", True),
    "60": Meaning(_CARD, _SAID, INVALID_MEDIA, "short circuit in the card", True),
    "61": Meaning(_CARD, _SAID, INVALID_MEDIA, "card does not wake", True),
    "62": Meaning(_CARD, _SAID, INVALID_MEDIA, "card does not know the command", True),
    "65": Meaning(_CARD, _SAID, INVALID_MEDIA, "card disabled", True),
    "66": Meaning(_CARD, _SAID, INVALID_MEDIA, "card does not take the command now", True),
    "67": Meaning(_CARD, _SAID, INVALID_MEDIA, "transmission to the card failed", True),
    "68": Meaning(_CARD, _SAID, INVALID_MEDIA, "card silent", True),
    "69": Meaning(_CARD, _SAID, INVALID_MEDIA, "card of another kind", True),
    "A0": Meaning(_ATTEND, _SAID, EMPTY, "stacker empty", False),
    "A1": Meaning(_ATTEND, _SAID, RETAIN_BIN_FULL, "bin full", False),
    "B0": Meaning(_INIT, Completion.DEVICE_NOT_READY, "", "not initialised", False),
}

_UNKNOWN = Meaning(_ATTEND, _WRONG, "", "unknown error", True)


def meaning(error: str) -> Meaning:
    """What an error says; one that no source lists needs attention and may have moved a card."""
    return MEANINGS.get(error.upper(), _UNKNOWN)
