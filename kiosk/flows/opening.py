"""Row 0 of a transcript: everything a flow may know of the outside."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime


class SecondFactor(enum.Enum):
    """Whether a face alone releases a document or files a decision (rule 33)."""

    REQUIRED = "required"
    NOT_REQUIRED = "not-required"


class Line(enum.Enum):
    """Whether headquarters could be asked when the visit began."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Opening:
    """What is fixed when a visit to a service begins.

    `now` is local time with its offset; `terminal` is headquarters' name for this machine, `site` its address in
    words; `settings_version` names the settings in force, kept while the case is open. `open_services` are the
    codes of the services that could be done here when the visit began. Of a technician's task, `staff` are the
    numbers of those who do it, and `about` names what it is about, as the task
    says. Without a `line`, only what the signed rules leave of a service is done.
    """

    service: str
    now: datetime
    settings_version: str
    terminal: str
    site: str
    language: str
    second_factor: SecondFactor
    open_services: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    about: str = ""
    line: Line = Line.UP

    @property
    def today(self) -> date:
        """The local date of the opening."""
        return self.now.date()
