"""Has the files of a set judged in a process of its own. Needs nothing but the standard library and plain values."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

JUDGED_SECONDS = 120.0
"""Whoever takes longer hangs: that file is not used."""

NOT_JUDGED = "the files could not be judged to the end: one of them brings down its decoder. Push them one by one."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be judged: folders of texts by language, pictures, voices, and models by path with their kind."""

    texts: dict[str, str] = field(default_factory=dict[str, str])
    pictures: Sequence[str] = ()
    voices: Sequence[str] = ()
    models: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def nothing(self) -> bool:
        """Whether no file is named."""
        return not (self.texts or self.pictures or self.voices or self.models)


def judged(wanted: Wanted, contents: Mapping[str, bytes]) -> tuple[str, ...]:
    """All that is wrong with these files (path -> bytes): file, place, what to do. None where they can be used.

    Blocks for a second or two. Raises OSError.
    """
    if wanted.nothing:
        return ()
    with tempfile.TemporaryDirectory(prefix="parts-") as folder:
        held: dict[str, str] = {}
        for number, (path, content) in enumerate(sorted(contents.items())):
            file = Path(folder) / str(number)
            _ = file.write_bytes(content)
            held[path] = str(file)
        asked = json.dumps({"wanted": asdict(wanted), "files": held})
        try:
            done = subprocess.run(
                [sys.executable, "-m", "kiosk.parts.process"],
                input=asked.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=JUDGED_SECONDS,
                check=False,
                cwd=Path(__file__).resolve().parents[2],
            )
            found = json.loads(done.stdout) if done.returncode == 0 else [NOT_JUDGED]
        except (subprocess.TimeoutExpired, json.JSONDecodeError):
            found = [NOT_JUDGED]
    return tuple(str(each) for each in found)
