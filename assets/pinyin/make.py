"""Makes characters.txt anew from its two sources: `python make.py pinyin_simp.dict.yaml pinyin_dict.json FONT.ttc`.

The first gives common characters with a weight for each reading (Android Pinyin IME, Apache-2.0, as kept by
rime-pinyin-simp); the second gives readings of rare ones (pypinyin, MIT). Only what the terminal's font can draw is
taken: a key without a picture helps nobody. Not run by the product.
"""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

HEAD = """\
# Syllable without tone (v for the u with two dots), then the characters that are read so: the most frequent first,
# rare ones after them by code point. Made by make.py of this folder; sources and licences in README.md.
"""
BY_HAND = {"ji": "𠮷"}
"""Characters met in names of which neither source has the reading."""


def drawable(font: str) -> set[int]:
    """Code points the font has a glyph for, as fontconfig tells."""
    answer = subprocess.run(
        ["fc-query", "--index", "2", "--format", "%{charset}", font],
        check=True,
        capture_output=True,
        text=True,
    )
    found: set[int] = set()
    for span in answer.stdout.split():
        first, _, last = span.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def plain(reading: str) -> str:
    """zhōng as zhong, lǚ as lv, ê as e."""
    letters = unicodedata.normalize("NFD", reading.replace("ɡ", "g"))
    out = ""
    for letter in letters:
        if letter == "\u0308":
            out = out[:-1] + "v"
        elif not unicodedata.combining(letter):
            out += letter
    return out


def main(weighted: str, readings: str, font: str) -> None:
    glyphs = drawable(font)
    common: dict[str, dict[str, int]] = {}
    lines = Path(weighted).read_text(encoding="utf-8").split("...", 1)[1].splitlines()
    for line in lines:
        parts = line.split("\t")
        if len(parts) == 3 and len(parts[0]) == 1 and ord(parts[0]) in glyphs:
            character, syllable, weight = parts[0], parts[1].replace(" ", ""), int(parts[2])
            at = common.setdefault(syllable, {})
            at[character] = max(weight, at.get(character, 0))
    rare: dict[str, set[str]] = {}
    for code, text in json.loads(Path(readings).read_text(encoding="utf-8")).items():
        if int(code) in glyphs and unicodedata.name(chr(int(code)), "").startswith("CJK UNIFIED IDEOGRAPH"):
            for reading in text.split(","):
                rare.setdefault(plain(reading), set()).add(chr(int(code)))
    for syllable, characters in BY_HAND.items():
        rare.setdefault(syllable, set()).update(characters)
    rows = [HEAD]
    for syllable in sorted(common.keys() | rare.keys()):
        # Interjections without a vowel (ng, hm) would be offered after one letter, before any name.
        if not (syllable.isascii() and syllable.islower() and set(syllable) & set("aeiouv")):
            continue
        known = common.get(syllable, {})
        ordered = sorted((c for c in known if known[c] > 0), key=lambda c: (-known[c], c))
        rest = (set(known) | rare.get(syllable, set())) - set(ordered)
        rows.append(f"{syllable} {''.join(ordered)}{''.join(sorted(rest))}\n")
    (Path(__file__).parent / "characters.txt").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
