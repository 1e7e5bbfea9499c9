"""`python -m kiosk.simulation.qt.display_size`: the width and height that windows may fill.

A process of its own: Qt ends the process whose display cannot be opened.
"""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication


def main() -> int:
    """0 and one line, or 1."""
    QGuiApplication(sys.argv[:1])
    screen = QGuiApplication.primaryScreen()
    if screen is None:  # pyright: ignore
        return 1
    room = screen.availableGeometry()
    print(room.width(), room.height())
    return 0


if __name__ == "__main__":
    sys.exit(main())
