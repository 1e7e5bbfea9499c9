"""Whether a machine's fonts can draw what a text is written in: a box in place of a letter is no text."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

FAMILY = "Noto Sans CJK SC"
"""The pages' own. Where it is missing nothing is drawn, and nothing is said about letters."""

ASKED_SECONDS = 10.0
_TOLD = 12
"""Letters that are named; more of them say no more."""


def judge_letters(language: str, files: Mapping[str, bytes], locales: Path) -> tuple[str, ...]:
    """Which letters of these texts no font here has; none where all can be drawn, or this machine draws no pages.

    Letters of the packaged texts are known to be there.
    """
    if not _fonts(f"family={FAMILY}"):
        return ()
    known = set("".join(file.read_text("utf-8") for file in locales.glob("*/*.ftl")))
    letters = {c for content in files.values() for c in content.decode("utf-8") if ord(c) > 0x7F} - known
    lacking = sorted(c for c in letters if not _fonts(f"charset={ord(c):x}"))
    if not lacking:
        return ()
    named = " ".join(f"{c} (U+{ord(c):04X})" for c in lacking[:_TOLD])
    return (f"{language}: no font of this machine draws {named}. Install one before, such as fonts-noto-core.",)


def _fonts(pattern: str) -> bool:
    try:
        found = subprocess.run(
            ["fc-list", f":{pattern}", "family"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ASKED_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(found.stdout.strip())
