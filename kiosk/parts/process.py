"""`python -m kiosk.parts.process`: judges the files named on standard input, says on standard output what is wrong.

Started by `asking` and by nothing else. It may not use more memory or time than judging takes, and whatever falls in
it falls alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kiosk.parts.letters import judge_letters
from kiosk.parts.pictures import judge_picture
from kiosk.parts.texts import judge_texts
from kiosk.parts.voices import judge_voice

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "assets" / "locales"
DRAWINGS = ROOT / "assets" / "simulation" / "faces"

MEMORY = 4 * 1024**3
"""Bytes of address space: libraries map a great deal that they never use."""
CPU_SECONDS = 100
NICE = 10
"""Somebody may be served meanwhile."""


def judge(wanted: Mapping[str, Any], contents: Mapping[str, bytes]) -> Iterator[str]:
    """Everything that is wrong, in the order texts, pictures, voices, models."""
    for language, folder in sorted(wanted["texts"].items()):
        files = {path: content for path, content in contents.items() if path.startswith(f"{folder}/")}
        wrong = judge_texts(language, files, LOCALES)
        yield from wrong or judge_letters(language, files, LOCALES)
    for path in wanted["pictures"]:
        yield from judge_picture(path, contents[path])
    for path in wanted["voices"]:
        yield from judge_voice(path, contents[path])
    if wanted["models"]:
        from kiosk.parts.models import judge_model

        for path, kind in sorted(wanted["models"].items()):
            yield from judge_model(path, kind, contents[path], DRAWINGS)


def main() -> int:
    """0 and a JSON list of complaints."""
    with contextlib.suppress(OSError, ValueError):
        _ = os.nice(NICE)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.load(sys.stdin)
    contents = {path: Path(file).read_bytes() for path, file in asked["files"].items()}
    print(json.dumps(list(judge(asked["wanted"], contents)), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
