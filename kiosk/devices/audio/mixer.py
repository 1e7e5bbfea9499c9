"""What `amixer` (alsa-utils) is told and what it says: text in, values out, no I/O."""

from __future__ import annotations

import re

from kiosk.devices.audio.contract import Headset, Level

LEVEL_SLACK = 2
"""Percent a mixer may round: its steps are coarser than a percent."""
LONGEST = 16_384
"""Characters of an answer that are looked at."""

_CHANNEL = re.compile(r"Playback -?\d+ \[(\d{1,3})%\](?: \[-?[0-9.]+dB\])?(?: \[(on|off)\])?")
_VALUES = re.compile(r"^\s*: values=(on|off)\s*$", re.MULTILINE)


def level_arguments(control: str, percent: int) -> tuple[str, ...]:
    """Set one control's level, and switch it on."""
    return ("-M", "sset", control, f"{percent}%", "unmute")


def jack_arguments(jack: str) -> tuple[str, ...]:
    """Ask whether something is in a socket. Raises ValueError for a name that would be another command."""
    if not re.fullmatch(r"[A-Za-z0-9 ,()_-]{1,64}", jack):
        raise ValueError("a jack is named by letters, digits, blanks and ,()_-")
    return ("cget", f"iface=CARD,name='{jack}'")


def level_said(answer: str, percent: int) -> Level:
    """Whether every channel of the answer stands where it should, and none is off."""
    channels = _CHANNEL.findall(answer[:LONGEST])
    right = [abs(int(value) - percent) <= LEVEL_SLACK and switch != "off" for value, switch in channels]
    return Level.RESET if right and all(right) else Level.FAILED


def headset_said(answer: str) -> Headset:
    """What a socket's switch says."""
    found = _VALUES.search(answer[:LONGEST])
    if found is None:
        return Headset.UNKNOWN
    return Headset.PRESENT if found[1] == "on" else Headset.NOT_PRESENT
