"""What the world consists of, as data that is on disk before anybody can see it."""

from __future__ import annotations

import enum
from datetime import date
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from kiosk.people.synthetic import COMPARTMENTS, Finger
from kiosk.simulation.makers import Fault as MakerFault


class Device(enum.StrEnum):
    """The devices of the world, and the wire to headquarters."""

    ID_READER = "id-reader"
    LOCKER = "locker"
    RECEIPT_PRINTER = "receipt-printer"
    FINGERPRINT = "fingerprint"
    CAMERA = "camera"
    PAGE_PRINTER = "page-printer"
    UPS = "ups"
    EXAM_BOOTH = "exam-booth"
    ENDORSEMENT_WRITER = "endorsement-writer"
    DISPENSER = "dispenser"
    INSIDE_READER = "inside-reader"
    """The reader of identity cards inside the dispenser."""
    DOOR = "door"
    SCANNER = "scanner"
    PLATE_PRINTER = "plate-printer"
    KEY_SWITCH = "key-switch"
    HELP_BUTTON = "help-button"
    PRESENCE = "presence"
    HEADQUARTERS = "headquarters"


class FaultKind(enum.StrEnum):
    """What can be wrong. Faults of the line belong to every serial device; the others to one class each."""

    SILENT = "silent"
    """Hears everything, does nothing, says nothing."""
    MUTE = "mute"
    """Does everything, says nothing."""
    ON_BATTERY = "on-battery"
    """No mains; the battery is good for a while."""
    BATTERY_LOW = "battery-low"
    """No mains, and the battery ends."""
    UNPLUG = "unplug"
    """The line vanishes after `bytes` bytes of an answer."""
    TORN = "torn"
    """Only the first `bytes` bytes of an answer arrive."""
    CORRUPT = "corrupt"
    """Byte number `bytes` of an answer is changed."""
    NOISE = "noise"
    """Stray bytes before an answer."""
    FRAGMENTED = "fragmented"
    """One byte at a time, with gaps."""
    LATE = "late"
    """An answer comes `seconds` late."""
    DOUBLED = "doubled"
    """An answer comes twice."""
    CARD_PULLED = "card-pulled"
    """The card is pulled while it is read: the module says 41."""
    CARD_PULLED_SILENT = "card-pulled-silent"
    """The card is pulled while it is read: the module says nothing."""
    SELF_TEST = "self-test"
    """The security module failed its self-test and answers 60 to everything."""
    UNAUTHENTIC = "unauthentic"
    """The module does not accept any card (32)."""
    MODULE_TIMEOUT = "module-timeout"
    """The malformed five-byte time-out answer of some modules."""
    STUCK = "stuck"
    """The bolt does not move (all compartments, or the one named)."""
    CONTACT_BROKEN = "contact-broken"
    """The feedback contact always reads shut."""
    PAPER_OUT = "paper-out"
    PAPER_LOW = "paper-low"
    COVER_OPEN = "cover-open"
    CUTTER = "cutter"
    OVERHEAT = "overheat"
    OFFLINE = "offline"
    MEDIA_EMPTY = "media-empty"
    MEDIA_JAM = "media-jam"
    TONER_LOW = "toner-low"
    ABORTS = "aborts"
    """The job ends as aborted."""
    DROP_ANSWER = "drop-answer"
    """Takes the job and cuts the connection before answering."""
    DIRTY = "dirty"
    READ_FAILED = "read-failed"
    BUSY = "busy"
    BROKEN = "broken"
    FROZEN = "frozen"
    BLACK = "black"
    DARK = "dark"
    FAR = "far"
    TWO_PEOPLE = "two-people"
    TURNED = "turned"
    HEADSET_OFF = "headset-off"
    """The headset hangs on its hook."""
    LOUD = "loud"
    """Somebody drills next door."""
    TOO_NEAR = "too-near"
    """Whoever stands there leans towards the screen."""
    UNSTEADY = "unsteady"
    """The three readings of the height are far apart."""
    UNREADABLE = "unreadable"
    """A code comes as bytes that are no text: a torn print, another character set."""
    WRONG_CODE = "wrong-code"
    """Another code is read: the price on the wrapping beside it."""


_LINE = frozenset(
    {
        FaultKind.SILENT,
        FaultKind.MUTE,
        FaultKind.UNPLUG,
        FaultKind.TORN,
        FaultKind.CORRUPT,
        FaultKind.NOISE,
        FaultKind.FRAGMENTED,
        FaultKind.LATE,
        FaultKind.DOUBLED,
    }
)

FAULTS: dict[Device, frozenset[FaultKind]] = {
    Device.ID_READER: _LINE
    | {
        FaultKind.CARD_PULLED,
        FaultKind.CARD_PULLED_SILENT,
        FaultKind.SELF_TEST,
        FaultKind.UNAUTHENTIC,
        FaultKind.MODULE_TIMEOUT,
    },
    Device.LOCKER: _LINE | {FaultKind.STUCK, FaultKind.CONTACT_BROKEN},
    Device.RECEIPT_PRINTER: _LINE
    | {
        FaultKind.PAPER_OUT,
        FaultKind.PAPER_LOW,
        FaultKind.COVER_OPEN,
        FaultKind.CUTTER,
        FaultKind.OVERHEAT,
        FaultKind.OFFLINE,
    },
    Device.FINGERPRINT: _LINE | {FaultKind.DIRTY, FaultKind.READ_FAILED, FaultKind.BUSY, FaultKind.BROKEN},
    Device.PAGE_PRINTER: frozenset(
        {
            FaultKind.SILENT,
            FaultKind.MEDIA_EMPTY,
            FaultKind.MEDIA_JAM,
            FaultKind.COVER_OPEN,
            FaultKind.TONER_LOW,
            FaultKind.OFFLINE,
            FaultKind.ABORTS,
            FaultKind.DROP_ANSWER,
        }
    ),
    Device.CAMERA: frozenset(
        {
            FaultKind.FROZEN,
            FaultKind.BLACK,
            FaultKind.DARK,
            FaultKind.FAR,
            FaultKind.TWO_PEOPLE,
            FaultKind.TURNED,
            FaultKind.SILENT,
        }
    ),
    Device.UPS: frozenset({FaultKind.SILENT, FaultKind.ON_BATTERY, FaultKind.BATTERY_LOW}),
    Device.EXAM_BOOTH: _LINE
    | {FaultKind.BROKEN, FaultKind.HEADSET_OFF, FaultKind.LOUD, FaultKind.TOO_NEAR, FaultKind.UNSTEADY},
    Device.ENDORSEMENT_WRITER: frozenset({FaultKind.UNPLUG}),
    Device.DISPENSER: frozenset({FaultKind.UNPLUG}),
    Device.INSIDE_READER: _LINE | {FaultKind.SELF_TEST, FaultKind.UNAUTHENTIC, FaultKind.MODULE_TIMEOUT},
    Device.DOOR: frozenset(),
    # It looks by itself and is never asked: most of what can happen to an answer cannot happen to it.
    Device.SCANNER: frozenset(
        {FaultKind.SILENT, FaultKind.UNPLUG, FaultKind.UNREADABLE, FaultKind.WRONG_CODE},
    ),
    Device.PLATE_PRINTER: frozenset({FaultKind.UNPLUG}),
    Device.KEY_SWITCH: frozenset(),
    Device.HELP_BUTTON: frozenset(),
    Device.PRESENCE: frozenset(),
    Device.HEADQUARTERS: frozenset(),
}

MAKERS = (Device.ENDORSEMENT_WRITER, Device.PLATE_PRINTER, Device.DISPENSER)
"""Machines behind a service: what else goes wrong in one is the machine's own, and strikes once."""


def faults_of(device: Device) -> tuple[str, ...]:
    """The names of everything that can be wrong with a device, in a fixed order."""
    kinds = tuple(kind.value for kind in FaultKind if kind in FAULTS[device])
    return kinds + (tuple(fault.value for fault in MakerFault) if device in MAKERS else ())


ONCE = frozenset(
    {
        FaultKind.UNPLUG,
        FaultKind.TORN,
        FaultKind.CORRUPT,
        FaultKind.NOISE,
        FaultKind.LATE,
        FaultKind.DOUBLED,
        FaultKind.CARD_PULLED,
        FaultKind.CARD_PULLED_SILENT,
        FaultKind.MODULE_TIMEOUT,
        FaultKind.READ_FAILED,
        FaultKind.ABORTS,
        FaultKind.DROP_ANSWER,
    }
)
"""Faults that strike a single time unless told otherwise; the others last until cleared."""


class Move(enum.StrEnum):
    """What a visitor does with the head, again and again, until they do something else. Sides are their own."""

    NONE = ""
    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    OPEN_MOUTH = "open-mouth"
    BLINK = "blink"
    COME_NEARER = "come-nearer"


class Network(enum.StrEnum):
    """The wire between the terminal and headquarters."""

    UP = "up"
    DOWN = "down"
    """Refuses, and cuts what is open."""
    SLOW = "slow"
    DROP_AFTER_REQUEST = "drop-after-request"
    """Lets a request through and cuts before the answer."""
    WRONG_CERTIFICATE = "wrong-certificate"
    """Answers itself, with a certificate nobody signed."""
    GARBAGE = "garbage"
    """Answers bytes that are not TLS."""


class Polarity(enum.StrEnum):
    """What the feedback byte means on a lock board: it depends on the wiring."""

    OPEN_READS_11 = "open-reads-11"
    OPEN_READS_00 = "open-reads-00"


class HelpHeld(enum.StrEnum):
    """How the help button beside the screen stands."""

    RELEASED = "released"
    PRESSED = "pressed"


class KeyTurned(enum.StrEnum):
    """Where the key in the cabinet's switch stands."""

    RUN = "run"
    MAINTENANCE = "maintenance"
    SUPERVISOR = "supervisor"


class PlaceKind(enum.StrEnum):
    """Where a card can be."""

    HAND = "hand"
    READER = "reader"
    COMPARTMENT = "compartment"
    """Behind a door, or at the position of the dispenser with that number."""
    DISPENSER = "dispenser"
    """In the path of the dispenser."""
    BIN = "bin"
    """Drawn back into the dispenser's bin."""
    ELSEWHERE = "elsewhere"


class _Mutable(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Frozen):
    """Exactly one place. `person` is an index; board and compartment count from 1."""

    kind: PlaceKind
    person: int = -1
    board: int = 0
    compartment: int = 0


class Board(_Frozen):
    """One lock board: address, number of locks (at most 64), wiring, and whether it reports changes by itself."""

    address: int = Field(default=1, ge=1, le=255)
    ways: int = Field(default=COMPARTMENTS, ge=1, le=64)
    polarity: Polarity = Polarity.OPEN_READS_11
    unsolicited: bool = False


class Fault(_Mutable):
    """One fault. It strikes once `after` commands have passed, and ends after `times` strikes (0: never)."""

    kind: FaultKind
    after: int = Field(default=0, ge=0)
    times: int = Field(default=0, ge=0)
    bytes: int = Field(default=0, ge=0)
    seconds: float = Field(default=5.0, ge=0)
    board: int = 0
    compartment: int = 0


class Touch(_Frozen):
    """A finger on the sensor; `nonce` makes every touch a little different."""

    person: int
    finger: Finger
    nonce: str


class Stance(_Frozen):
    """Where somebody stands before the camera: so much of the picture higher than usual, and so much larger in it."""

    up: float = Field(default=0.0, ge=-0.3, le=0.3)
    nearer: float = Field(default=0.0, ge=-0.6, le=0.3)


AS_USUAL = Stance()


class Paper(_Frozen):
    """A finished paper. `files` are names under papers/; `job` is the page printer's, 0 for receipts."""

    number: int
    device: Device
    files: tuple[str, ...] = ()
    text: str = ""
    taken: bool = False
    name: str = ""
    job: int = 0


class JobState(enum.IntEnum):
    """RFC 8011, 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class Job(_Mutable):
    """One job of the page printer. `open_since_create` is true between Create-Job and the last Send-Document."""

    id: int
    name: str
    user: str
    state: JobState
    pages: int = 0
    pages_done: int = 0
    awaits_document: bool = False


class Payment(_Frozen):
    """What the phone did with a code: the address it opened and how that ended."""

    url: str
    outcome: str


class MadeCard(_Frozen):
    """A card that was made for somebody since this world began, and what its chip says."""

    item: str
    case_number: str
    person: int
    ground: str
    issue_date: date
    valid_to: date | None
    authority: str


class WorldState(_Mutable):
    """Everything that must survive the death of the world's process. Cards not named lie where they began."""

    seed: int
    as_of: date
    boards: list[Board] = Field(default_factory=lambda: [Board()])
    clock_offset: float = 0.0
    person: int | None = None
    stance: Stance = AS_USUAL
    booth_calibrated: date | None = None
    """None: some time before the world began."""
    gauge_mm: int | None = None
    """A gauge of that length stands under the booth's height sensor; None: whoever is there stands there."""
    cards: dict[str, Place] = Field(default_factory=dict[str, Place])
    card_was_read: bool = False
    made: list[MadeCard] = Field(default_factory=list[MadeCard])
    open_doors: list[tuple[int, int]] = Field(default_factory=list[tuple[int, int]])
    pulses: dict[str, int] = Field(default_factory=dict[str, int])
    unplugged: list[Device] = Field(default_factory=list[Device])
    faults: dict[Device, list[Fault]] = Field(default_factory=dict[Device, list[Fault]])
    code: str = ""
    """What is held under the scanner until it was read."""
    roll_mm: float = 50_000.0
    papers: list[Paper] = Field(default_factory=list[Paper])
    jobs: list[Job] = Field(default_factory=list[Job])
    network: Network = Network.UP
    upstream: str = ""
    entrance_free: bool = False
    """Whether the magnet of the zone's door lets go."""
    entrance_open: bool = False
    key: KeyTurned = KeyTurned.RUN
    help: HelpHeld = HelpHeld.RELEASED
    finger: Touch | None = None
    move: Move = Move.NONE
    touches: int = 0
    tones: list[str] = Field(default_factory=list[str])
    """What whoever stands there has heard, in order: left or right."""
    payments: list[Payment] = Field(default_factory=list[Payment])
    tcp_ports: dict[Device, int] = Field(default_factory=dict[Device, int])


class Store(Protocol):
    """Where the state is kept."""

    def load(self) -> WorldState | None: ...

    def save(self, state: WorldState) -> None: ...


class FileStore:
    """One JSON file, replaced as a whole at every change.

    Renamed but not synced: it must outlive the death of a process, not of the machine under it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> WorldState | None:
        """The state as last saved, or None when there is none yet. Raises ValueError when it is unreadable."""
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return None
        return WorldState.model_validate_json(text)

    def save(self, state: WorldState) -> None:
        """Replace the file."""
        temporary = self._path.with_suffix(".new")
        temporary.write_text(state.model_dump_json(), "utf-8")
        temporary.replace(self._path)


class MemoryStore:
    """For a world that lives as long as its owner; keeps the last state as JSON, as a disk would."""

    def __init__(self) -> None:
        self.text: str | None = None

    def load(self) -> WorldState | None:
        """The state as last saved."""
        return None if self.text is None else WorldState.model_validate_json(self.text)

    def save(self, state: WorldState) -> None:
        """Keep the state."""
        self.text = state.model_dump_json()
