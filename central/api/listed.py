"""What operators' own programs are given in lists: how things stand, and nobody's name or number."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from kiosk.protocol.messages import Message


class Shut(Message):
    """A service that cannot be completed there now; `why` is a word of the terminal's or of the console's."""

    code: str
    why: str


class Trouble(Message):
    """A device that is away, or has a code against it."""

    device: str
    state: str
    code: str


class TerminalItem(Message):
    """A terminal as it really stands. `light`: good, attention, bad, or off for one that was never heard."""

    id: str
    site: str
    kind: str
    light: str
    seen_at: AwareDatetime | None
    silent: bool
    out_of_service: str
    open: tuple[str, ...]
    closed: tuple[Shut, ...]
    troubles: tuple[Trouble, ...]
    alarms: tuple[str, ...]
    visiting: bool
    waiting: int
    version: str
    settings: str


class AlarmItem(Message):
    """All alarms of one kind at one terminal since it was last done with; `level` grows while nobody takes it."""

    id: int
    terminal: str
    code: str
    state: str
    first_at: AwareDatetime
    last_at: AwareDatetime
    times: int
    level: int
    over_at: AwareDatetime | None
    closed_at: AwareDatetime | None


class VisitItem(Message):
    """A visit that ended. `visit` is the id that lines and rows have; `seconds` 0 where it was not told."""

    terminal: str
    row: int
    visit: str
    service: str
    ending: str
    topic: str
    seconds: int
    ended_at: AwareDatetime


class EventItem(Message):
    """Something that happened; `subject` is the number of what it is about, where it has one."""

    id: int
    at: AwareDatetime
    terminal: str
    kind: str
    code: str
    subject: str


_NEXT = Field(default="", description="The cursor of the next page; empty on the last")


class TerminalPage(Message):
    """By name."""

    items: tuple[TerminalItem, ...]
    next: str = _NEXT


class AlarmPage(Message):
    """The newest first."""

    items: tuple[AlarmItem, ...]
    next: str = _NEXT


class VisitPage(Message):
    """The newest first."""

    items: tuple[VisitItem, ...]
    next: str = _NEXT


class EventPage(Message):
    """The newest first."""

    items: tuple[EventItem, ...]
    next: str = _NEXT
