"""Contrast of colour pairs by WCAG 2.2, relative luminance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from PySide6.QtCore import QUrl
from PySide6.QtQml import QJSValue, QQmlComponent, QQmlEngine

from kiosk.screens.qt.window import PAGES

_Roles: TypeAlias = "tuple[dict[str, dict[str, str]], list[tuple[str, str]]]"

LEAST = 10.0
LEAST_HIGH = 20.0
"""In the high-contrast theme."""


@dataclass(frozen=True, slots=True)
class PairContrast:
    """One pair of text and ground in one theme, as measured."""

    theme: str
    text: str
    ground: str
    ratio: float

    @property
    def enough(self) -> bool:
        """Whether it reaches what its theme promises."""
        return self.ratio >= (LEAST_HIGH if self.theme == "high-contrast" else LEAST)


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB."""
    channels = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def measure_roles(engine: QQmlEngine) -> list[PairContrast]:
    """Every pair the theme names, in every palette."""
    source = (
        b'import QtQuick\nimport "components"\n'
        b"QtObject { function roles(): var { return [Theme.palettes, Theme.pairs]; } }"
    )
    component = QQmlComponent(engine)
    component.setData(source, QUrl.fromLocalFile(f"{PAGES}/Roles.qml"))
    holder = component.create()
    if holder is None:  # pyright: ignore
        raise RuntimeError(component.errorString())
    given: Any = cast("Any", holder).roles()
    palettes, pairs = cast("_Roles", given.toVariant() if isinstance(given, QJSValue) else given)
    found = [
        PairContrast(theme, text, ground, contrast(palette[text], palette[ground]))
        for theme, palette in palettes.items()
        for text, ground in pairs
    ]
    holder.deleteLater()
    return found
