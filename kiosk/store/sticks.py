"""USB sticks: which are mounted where, and whether nothing on one could run, gain rights, or be a device.

Reads /proc/self/mountinfo (proc_pid_mountinfo(5)): the options of the mount itself decide, not those of its disk.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOUNTINFO = Path("/proc/self/mountinfo")
SAFE = ("noexec", "nosuid", "nodev")


@dataclass(frozen=True, slots=True)
class Stick:
    """A mount below the folder for sticks."""

    place: Path
    options: frozenset[str]

    @property
    def lacks(self) -> tuple[str, ...]:
        """Which of noexec, nosuid and nodev it was not mounted with."""
        return tuple(option for option in SAFE if option not in self.options)


class StickTrouble(enum.Enum):
    """Why nothing is written to a stick."""

    NONE = "none"
    """None is mounted."""
    MANY = "many"
    """More than one is: which is meant, nobody said."""
    UNSAFE = "unsafe"
    """Mounted so that something on it could run: it may not stay plugged in."""
    READ_ONLY = "read-only"


def sticks(folder: Path, mountinfo: str) -> tuple[Stick, ...]:
    """Every mount at or below `folder`, of the text of mountinfo."""
    return tuple(stick for stick in _mounts(mountinfo) if stick.place == folder or folder in stick.place.parents)


def the_stick(found: tuple[Stick, ...]) -> Stick | StickTrouble:
    """The one to write to, or why there is none."""
    match found:
        case ():
            return StickTrouble.NONE
        case (one,) if one.lacks:
            return StickTrouble.UNSAFE
        case (one,) if "rw" not in one.options:
            return StickTrouble.READ_ONLY
        case (one,):
            return one
        case _:
            return StickTrouble.MANY


def _mounts(text: str) -> Iterator[Stick]:
    for line in text.splitlines():
        parts = line.split(" ")
        if len(parts) > 5:
            yield Stick(Path(_unescaped(parts[4])), frozenset(parts[5].split(",")))


def _unescaped(text: str) -> str:
    """Spaces, tabs, newlines and backslashes stand as three octal digits."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
