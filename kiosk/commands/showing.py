"""Where a terminal in simulation can be seen: in windows, by VNC on this machine, or nowhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

VNC_PORT = 5955
VNC_PORTS = 16
"""How many ports from the first one on are tried."""

SWITCHED_OFF = 76
"""Exit status of a terminal whose battery ended: all is closed, the machine is to be switched off."""

START_AGAIN = 75
"""Exit status of a terminal that headquarters wants started again (EX_TEMPFAIL of sysexits: try again later)."""

PROBE_SECONDS = 20.0
TERMINAL_SIZE = (1080, 1920)
DOCK_SIZE = (1240, 1124)
FRAME = 48
"""Pixels of a window's frame and title."""


@dataclass(frozen=True, slots=True)
class Windows:
    """On a display, drawn at scales at which all of it fits; the dock begins `dock_left` pixels from the left."""

    scale: float
    dock_left: int
    dock_scale: float


@dataclass(frozen=True, slots=True)
class Vnc:
    """No display."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The caller has chosen a platform that shows nothing."""

    platform: str


Showing = Windows | Vnc | Hidden


def choose(environment: Mapping[str, str], *, fullscreen: bool) -> Showing:
    """What can be had here. Asks the display how large it is."""
    platform = environment.get("QT_QPA_PLATFORM", "")
    if platform.startswith("vnc"):
        return Vnc()
    if platform.startswith(("offscreen", "minimal")):
        return Hidden(platform)
    if not (platform or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return Vnc()
    room = _room(environment)
    if room is None:
        print("kiosk run: the display cannot be opened; going on without one", file=sys.stderr)
        return Vnc()
    return fitted(*room, fullscreen=fullscreen)


def fitted(width: int, height: int, *, fullscreen: bool) -> Windows:
    """Windows for a display of this size: never larger than they are meant to be, never larger than the display."""
    dock_scale = _fit(width, height, *DOCK_SIZE)
    if fullscreen:
        return Windows(1.0, 0, dock_scale)
    scale = _fit(width, height, *TERMINAL_SIZE)
    wanted = round(TERMINAL_SIZE[0] * scale) + FRAME // 2
    room = width - round(DOCK_SIZE[0] * dock_scale)
    return Windows(scale, max(0, min(wanted, room)), dock_scale)


def _fit(width: int, height: int, wide: int, high: int) -> float:
    return round(max(0.2, min(1.0, width / wide, (height - FRAME) / high)), 3)


def _room(environment: Mapping[str, str]) -> tuple[int, int] | None:
    try:
        asked = subprocess.run(
            [sys.executable, "-m", "kiosk.simulation.qt.display_size"],
            env={**environment, "QT_SCALE_FACTOR": "1"},
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
        width, height = asked.stdout.split()
        return (int(width), int(height)) if asked.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        return None
