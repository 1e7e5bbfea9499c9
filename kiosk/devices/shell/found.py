"""What is plugged into this machine, by names that stay: serial ports, cameras, card readers, printers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SERIAL = Path("/dev/serial/by-id")
CAMERAS = Path("/dev/v4l/by-id")
PRINTERS = Path("/dev/usb")
QUEUES_SECONDS = 3.0
"""How long the print service may take to name its queues."""


def links(folder: Path) -> list[dict[str, str]]:
    """What the names of a by-id folder point at, in order."""
    try:
        names = sorted(folder.iterdir())
    except OSError:
        return []
    return [{"path": str(name), "device": str(name.resolve())} for name in names]


def card_readers() -> dict[str, object]:
    """Readers that the smart card service names, or why it names none."""
    try:
        from smartcard.System import readers  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

        return {"readers": [str(reader) for reader in readers()]}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    except Exception as error:  # its bindings raise whatever the service's library says
        return {"readers": [], "why": f"no smart card service ({type(error).__name__})"}


def printers() -> dict[str, object]:
    """USB printers by their devices, and the queues of the print service where there is one."""
    try:
        usb = sorted(str(device) for device in PRINTERS.glob("lp*"))
    except OSError:
        usb = []
    return {"usb": usb, "queues": _queues()}


def _queues() -> list[str]:
    lpstat = shutil.which("lpstat")
    if lpstat is None:
        return []
    try:
        done = subprocess.run([lpstat, "-e"], capture_output=True, timeout=QUEUES_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return sorted(done.stdout.decode("utf-8", "replace").split())


def found() -> dict[str, object]:
    """Everything, in one answer."""
    return {
        "serial": links(SERIAL),
        "cameras": links(CAMERAS),
        "card_readers": card_readers(),
        "printers": printers(),
    }
