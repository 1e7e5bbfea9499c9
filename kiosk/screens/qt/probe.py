"""Whether Qt starts here, and what its fonts can draw: `python -m kiosk.screens.qt.probe` prints JSON.

A process of its own, since Qt without a usable platform ends the process it is in.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import qVersion
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QRawFont

from kiosk.screens.qt.window import FAMILY, RARE_FAMILIES

RARE = {"A": "\u36c3", "B": "\U00020bb7", "E": "\U0002cc56", "G": "\U00030edd"}
"""A character of names and places from each of these CJK extensions (GB 18030-2022 asks for A to F in names)."""


def main() -> int:
    """See the module."""
    application = QGuiApplication(sys.argv[:1])
    families = set(QFontDatabase.families())
    chain = [family for family in (FAMILY, *RARE_FAMILIES) if family in families]
    fonts = [QRawFont.fromFont(QFont(family)) for family in chain]
    told = {
        "qt": qVersion(),
        "platform": application.platformName(),
        "family": FAMILY if FAMILY in families else "",
        "rare": {
            extension: any(font.supportsCharacter(ord(character)) for font in fonts)
            for extension, character in RARE.items()
        },
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
