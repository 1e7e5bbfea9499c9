"""A trace as a file: JSON lines. First what it is of, then what happened and when, last how the command ended.

    {"trace": 1, "class": "locker", "driver": "lock-8a", "settings": {...}, "command": "doors", "words": []}
    {"at": 0.0, "event": "open"}
    {"at": 0.001, "event": "to-device", "parts": ["80010033b2"]}
    {"at": 0.02, "event": "to-host", "parts": ["8001", 3]}
    {"at": 0.03, "event": "ended", "how": "done"}

A text part is bytes in hexadecimal, a number is how many bytes were left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from kiosk.devices.classes import DeviceClass
from kiosk.devices.traces.redaction import Part

VERSION = 1
LARGEST_FILE = 16 << 20
OPEN, LOST, CLOSED, ENDED = "open", "lost", "closed", "ended"
EVENTS = (OPEN, LOST, CLOSED, ENDED, "to-device", "to-host")


class BadTrace(ValueError):
    """A file is no trace; says why."""


@dataclass(frozen=True, slots=True)
class Event:
    """`at` seconds after the first event. `parts` for bytes, `how` for the end."""

    at: float
    event: str
    parts: tuple[Part, ...] = ()
    how: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One command's bytes."""

    device: DeviceClass
    driver: str
    settings: Mapping[str, object]
    command: str
    words: tuple[str, ...]
    events: tuple[Event, ...]

    def text(self) -> str:
        """As a file."""
        head = {
            "trace": VERSION,
            "class": self.device.value,
            "driver": self.driver,
            "settings": dict(self.settings),
            "command": self.command,
            "words": list(self.words),
        }
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (head, *map(_event_out, self.events)))

    @property
    def ended(self) -> str:
        """How the command ended: `done`, or completion:code of its fault; "" when it was broken off."""
        return next((event.how for event in reversed(self.events) if event.event == ENDED), "")


def _event_out(event: Event) -> dict[str, object]:
    line: dict[str, object] = {"at": round(event.at, 6), "event": event.event}
    if event.parts:
        line["parts"] = [part.hex() if isinstance(part, bytes) else part for part in event.parts]
    if event.how:
        line["how"] = event.how
    return line


def read_trace(file: Path) -> Trace:
    """Raises BadTrace, OSError."""
    if file.stat().st_size > LARGEST_FILE:
        raise BadTrace("too large")
    lines = file.read_text("utf-8").splitlines()
    try:
        head = cast("dict[str, Any]", json.loads(lines[0]))
        if head["trace"] != VERSION:
            raise BadTrace(f"version {head['trace']}; this reads version {VERSION}")
        return Trace(
            DeviceClass(head["class"]),
            str(head["driver"]),
            dict(head["settings"]),
            str(head["command"]),
            tuple(str(word) for word in head["words"]),
            tuple(_event_in(json.loads(line)) for line in lines[1:]),
        )
    except (LookupError, TypeError, AttributeError) as wrong:
        raise BadTrace(f"not a trace: {type(wrong).__name__}") from None
    except BadTrace:
        raise
    except ValueError as wrong:
        raise BadTrace(f"not a trace: {wrong}") from None


def _event_in(line: dict[str, Any]) -> Event:
    if line["event"] not in EVENTS:
        raise BadTrace(f"unknown event {line['event']}")
    parts = tuple(bytes.fromhex(part) if isinstance(part, str) else int(part) for part in line.get("parts", ()))
    return Event(float(line["at"]), str(line["event"]), parts, str(line.get("how", "")))
