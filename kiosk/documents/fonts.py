"""Where fonts lie, and which of them can draw a character."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kiosk.documents.papers import NoPaper

_ASSETS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
_FOLDERS = (_ASSETS, Path("/usr/share/kiosk/assets/fonts"), Path("/usr/share/fonts"))

SERIF_FAMILIES = ("Noto Serif CJK SC", "BabelStone Han", "HanaMinA", "HanaMinB", "Noto Sans Mongolian")
SANS_FAMILIES = ("Noto Sans CJK SC", "BabelStone Han", "HanaMinA", "HanaMinB", "Noto Sans Mongolian")
"""Ours first, then what has the rare characters of GB 18030-2022, then traditional Mongolian."""

_FILES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJK-Bold.ttc",
    "BabelStoneHan.ttf",
    "HanaMinA.ttf",
    "HanaMinB.ttf",
    "NotoSansMongolian-Regular.ttf",
)
_MONO_SC = 7
"""The face Noto Sans Mono CJK SC within the collection: Latin is half as wide as Han, as on a receipt printer."""
_NO_CHARACTER = "\U0010ffff"


@lru_cache(maxsize=1)
def found() -> dict[str, Path]:
    """Font files by name, the first folder that has one winning."""
    files: dict[str, Path] = {}
    for folder in _FOLDERS:
        if folder.is_dir():
            for file in sorted(folder.rglob("*.tt[cf]")):
                if file.name in _FILES:
                    files.setdefault(file.name, file)
    if "NotoSansCJK-Regular.ttc" not in files:
        raise NoPaper("the Noto Sans CJK fonts are not installed (fonts-noto-cjk)")
    return files


def folders() -> tuple[Path, ...]:
    """The folders of the fonts in use, for the typesetter."""
    return tuple(dict.fromkeys(file.parent for file in found().values()))


class Face:
    """One size of one weight with its fallbacks, for drawing on a roll."""

    def __init__(self, dots: int, bold: bool) -> None:
        main = found().get("NotoSansCJK-Bold.ttc" if bold else "NotoSansCJK-Regular.ttc")
        chain = [] if main is None else [ImageFont.truetype(main, dots, index=_MONO_SC)]
        for name in ("NotoSansMongolian-Regular.ttf", "BabelStoneHan.ttf", "HanaMinA.ttf", "HanaMinB.ttf"):
            if name in found():
                chain.append(ImageFont.truetype(found()[name], dots))
        self._chain = chain
        self._blank = [_mask(font, _NO_CHARACTER) for font in chain]
        self._known: dict[str, ImageFont.FreeTypeFont] = {}

    def font_for(self, character: str) -> ImageFont.FreeTypeFont:
        """The first font that has the character; the main one, with its empty box, if none has."""
        if character not in self._known:
            self._known[character] = self._search(character)
        return self._known[character]

    def _search(self, character: str) -> ImageFont.FreeTypeFont:
        for font, blank in zip(self._chain, self._blank, strict=True):
            if character.isspace() or _mask(font, character) != blank:
                return font
        return self._chain[0]


def _mask(font: ImageFont.FreeTypeFont, character: str) -> bytes:
    picture = Image.new("L", (64, 64), 0)
    ImageDraw.Draw(picture).text((0, 0), character, font=font, fill=255)
    return picture.tobytes()


@lru_cache(maxsize=8)
def face(dots: int, bold: bool) -> Face:
    """A face, loaded once."""
    return Face(dots, bold)
