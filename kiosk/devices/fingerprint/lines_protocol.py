"""The line protocol of the simulated sensor, written down in docs/devices/fingerprint.md: text in, values out."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

FEATURE_BYTES = 512
LONGEST_LINE = 4096


class SensorError(enum.Enum):
    """ERR words."""

    TIMEOUT = "timeout"
    READ_FAILED = "read-failed"
    BUSY = "busy"


class SensorState(enum.Enum):
    """STATUS words."""

    OK = "ok"
    DIRTY = "dirty"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finger:
    """FINGER: 512 bytes of features and a quality 0-100."""

    quality: int
    features: bytes

    def __repr__(self) -> str:
        return f"Finger(quality={self.quality})"


@dataclass(frozen=True, slots=True)
class Matched:
    """MATCH yes or no."""

    same: bool


SensorLine = Finger | Matched | SensorError | SensorState

_FINGER = re.compile(rb"FINGER ([0-9]{1,3}) ([0-9a-fA-F]{1024})")
_WORD = re.compile(rb"(ERR|MATCH|STATUS) ([a-z-]{2,12})")


def capture_request(milliseconds: int) -> bytes:
    """Ask for one touch within so many milliseconds."""
    return f"CAPTURE {milliseconds}\n".encode("ascii")


def match_request(live: bytes, reference: bytes) -> bytes:
    """Ask whether two feature blobs of 512 bytes are one finger. Raises ValueError on other sizes."""
    if len(live) != FEATURE_BYTES or len(reference) != FEATURE_BYTES:
        raise ValueError("features are 512 bytes")
    return f"MATCH {live.hex()} {reference.hex()}\n".encode("ascii")


STATUS_REQUEST = b"STATUS\n"


def parse_line(line: bytes) -> SensorLine | None:
    """One answer without its line end; None when it is none of the protocol's."""
    if finger := _FINGER.fullmatch(line):
        quality = int(finger[1])
        return Finger(quality, bytes.fromhex(finger[2].decode("ascii"))) if quality <= 100 else None
    if not (word := _WORD.fullmatch(line)):
        return None
    said = word[2].decode("ascii")
    try:
        match word[1]:
            case b"ERR":
                return SensorError(said)
            case b"STATUS":
                return SensorState(said)
            case _:
                return Matched({"yes": True, "no": False}[said])
    except (KeyError, ValueError):
        return None


class LineDecoder:
    """Collects bytes and yields whole answers; lines that are no answer, or never end, are dropped."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._damaged = 0

    @property
    def damaged(self) -> int:
        """How many lines came whole and were no answer; blank ones are not counted."""
        return self._damaged

    @property
    def unfinished(self) -> bool:
        """Whether a line began and has not ended."""
        return bool(self._pending)

    def feed(self, data: bytes) -> tuple[SensorLine, ...]:
        """Answers completed by these bytes, in order."""
        self._pending += data
        *lines, rest = bytes(self._pending).split(b"\n")
        self._pending = bytearray(rest if len(rest) <= LONGEST_LINE else b"")
        parsed = [parse_line(line) for line in (one.rstrip(b"\r") for one in lines) if line]
        self._damaged += parsed.count(None)
        return tuple(answer for answer in parsed if answer is not None)
