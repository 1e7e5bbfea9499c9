"""What the program itself says while it runs, kept in a ring of two files beside the books, masked as it is written.

The same lines go to standard error for the system's journal; these are for whoever stands at the machine, and for
what is exported. They are no record of acts: that is the audit chain.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import cast

from kiosk.clock import Clock
from kiosk.people.masked_text import masked_text

FILE = "running.jsonl"
RING_BYTES = 2 * 1024 * 1024
"""Of each of the two files: some ten thousand lines."""
_LONGEST = 2000
_OF_A_VISIT = ("visit", "trace", "span")
"""Of a line about a visit: its id, as headquarters' lines and rows have it, and W3C Trace Context's words for it."""


@dataclass(frozen=True, slots=True)
class RunningLine:
    """One line: when, how serious (INFO, WARNING, ERROR), which room, and what."""

    at: datetime
    level: str
    room: str
    text: str


class RunningLog(RotatingFileHandler):
    """A handler for the root logger. A disk that takes no more is no reason for the program to stop."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(folder / FILE, maxBytes=RING_BYTES, backupCount=1, encoding="utf-8", delay=True)
        self._clock = clock

    def format(self, record: logging.LogRecord) -> str:
        """A JSON line; of an exception only its kind, as its text may quote what was being done."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            text = f"{text} ({record.exc_info[0].__name__})"
        line = {
            "at": self._clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "room": record.name,
            "text": masked_text(text)[:_LONGEST],
        }
        told = {name: getattr(record, name) for name in _OF_A_VISIT if hasattr(record, name)}
        return json.dumps(line | told, ensure_ascii=False)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """See logging.Handler: standard error has the line too."""
        del record


def running_lines(folder: Path, since: date | None = None, text: str = "") -> tuple[RunningLine, ...]:
    """What the ring holds, the newest first. A line torn by a power cut is left out."""
    found: list[RunningLine] = []
    for name in (f"{FILE}.1", FILE):
        with suppress(OSError):
            for line in (folder / name).read_text("utf-8", errors="replace").splitlines():
                with suppress(ValueError, KeyError, TypeError):
                    told = cast(dict[str, str], json.loads(line))
                    found.append(
                        RunningLine(datetime.fromisoformat(told["at"]), told["level"], told["room"], told["text"])
                    )
    wanted = [one for one in found if (since is None or one.at.date() >= since) and text in one.text + one.room]
    return tuple(reversed(wanted))
