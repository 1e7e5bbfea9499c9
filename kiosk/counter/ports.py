"""What the counter needs of other rooms and cannot name by their contracts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.flows.performing import OutboxItem
from kiosk.flows.steps import Phase
from kiosk.people.portrait import Blob
from kiosk.people.silence import Remains, Taking
from kiosk.screens.states import ServiceOpen


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service as the catalogue knows it. `facts` are (message key, Chinese, English) for the notice.

    `elsewhere` names the machine of this station that offers what this one does not, as (Chinese, English).
    """

    code: str
    minutes: int
    phases: tuple[Phase, ...]
    frequent: bool
    facts: tuple[tuple[str, str, str], ...]
    needs: tuple[str, ...]
    """Device classes without which the service is closed."""
    remains: Remains
    """What of it is left while headquarters does not answer."""
    enabled: bool = True
    elsewhere: tuple[str, str] | None = None
    names: tuple[str, str] = ("", "")
    """In Chinese and English, for papers."""


class Blobs(Protocol):
    """Pictures of this visit: in memory until the first effect, sealed on disk after it, gone at closing."""

    def keep(self, data: bytes, media_type: str) -> Blob: ...

    def read(self, sha256: str) -> bytes: ...


class OutboxAnswer(Protocol):
    """What headquarters said to a message of the outbox: its status and the reply's JSON."""

    @property
    def accepted(self) -> bool: ...

    @property
    def reply(self) -> str: ...


class OutboxPort(Protocol):
    """The outbox as a performer sees it: the row is there already, only its outcome is waited for."""

    async def outcome(self, key: str, seconds: float) -> OutboxAnswer | None:
        """None: not yet (offline, slow); the row stays and is sent later."""
        ...


class Grants(Protocol):
    """Single use, durably (rule 11)."""

    async def use_once(self, grant: str, nonce: str) -> bool:
        """False when this grant was used before on this terminal."""
        ...


@dataclass(frozen=True, slots=True)
class CustodyRecord:
    """A document on the terminal's books: where it is, for which case (rule 10)."""

    custody: str
    case: str
    document: str
    board: int
    compartment: int
    place: str


class CustodyBook(Protocol):
    """The row is on disk before a shutter opens; every document is in exactly one place."""

    async def record(self, record: CustodyRecord, number: str) -> None:
        """Of whom is kept as a keyed pseudonym only."""
        ...

    async def move(self, custody: str, place: str) -> None: ...

    async def of_case(self, case: str) -> str:
        """The latest custody number of a case, or ""."""
        ...


class RememberedEffect(Protocol):
    """One effect of a visit that ended without its citizen; `facts` by name (number, fen, compartment ...)."""

    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, str]: ...


class Remembered(Protocol):
    """What the books know for a returning citizen (rule 17)."""

    @property
    def case(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def when(self) -> datetime: ...
    @property
    def effects(self) -> Sequence[RememberedEffect]: ...


class Memory(Protocol):
    """Looks interrupted visits up by the keyed pseudonym of a number, and ticks them off once told."""

    async def interrupted(self, number: str) -> Remembered | None: ...

    async def told(self, case: str) -> None: ...


class Audit(Protocol):
    """The chain of what happened (rule 31). `event` is an id of the catalogue; details hold nothing personal."""

    async def write(self, event: str, case: str, details: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class HelpNews:
    """What somebody of the staff answered to the last call for help, and how often they gave time."""

    said: tuple[str, ...] = ()
    more: int = 0
    closed: bool = False
    spoken: int = 0
    """How often they spoke aloud."""
    handed: str = ""
    """The number with which the matter was handed to the desk for what could not be done."""


class Outgoing(Protocol):
    """Queues messages that belong to no effect: help calls."""

    async def queue(self, item: OutboxItem) -> None: ...


class Readiness(Protocol):
    """What works now, as the supervisor and the link to headquarters know it."""

    def device(self, device_class: str) -> ServiceOpen:
        """OPEN, CHECKING or CLOSED for one device class."""
        ...

    def headquarters(self) -> ServiceOpen: ...

    def without_line(self) -> Taking:
        """What may be taken while headquarters does not answer."""
        ...

    def alarms(self) -> tuple[str, ...]:
        """Message keys every citizen sees on the attract page."""
        ...

    def effects_open(self) -> bool:
        """Whether anything may be filed, paid, opened or printed: not after a damaged database (rule 18)."""
        ...

    def out_of_service(self) -> str:
        """Why the whole terminal is closed (disk, clock, database, maintenance), or ""."""
        ...

    def said(self) -> tuple[str, str]:
        """What citizens are to read while it is closed, in Chinese and English; "" where the reason says it all."""
        ...

    async def changed(self) -> None:
        """Returns when anything of the above changed."""
        ...


class Papers(Protocol):
    """Composes a paper: PDF bytes for the page printer, printer bytes for the roll."""

    async def compose(self, paper: str, values: Mapping[str, str], language: str) -> bytes: ...
