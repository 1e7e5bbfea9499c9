"""A loudspeaker that writes down what it heard: `python -m kiosk.simulation.speaker FILE`, a WAV on its input."""

from __future__ import annotations

import io
import json
import sys
import wave
from pathlib import Path


def main(argv: list[str]) -> int:
    """One JSON line a sound: seconds and whether it was silence."""
    with wave.open(io.BytesIO(sys.stdin.buffer.read()), "rb") as heard:
        frames = heard.readframes(heard.getnframes())
        line = {"seconds": round(heard.getnframes() / heard.getframerate(), 3), "silent": not any(frames)}
    with Path(argv[0]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
