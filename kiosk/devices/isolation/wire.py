"""What the terminal and a driver's process say to each other: JSON, a line each, over a socket pair of their own.

to the process    {"do": "begin", "class", "driver", "settings"}, {"do": "call", "id", "method", "arguments",
                  "callbacks"}, {"do": "cancel", "id"}, {"do": "close"}
to the terminal   {"say": "hello", "capabilities"}, {"say": "beat", "kib"}, {"say": "done", "id", "value"},
                  {"say": "fault", "id", "completion", "code", "acted"}, {"say": "broke", "id", "kind"},
                  {"say": "tell", "id", "name", "arguments"}, {"say": "useless", "why"}
"""

from __future__ import annotations

import json
from typing import Any, cast

LONGEST_LINE = 32 << 20
"""A page printer's PDF in base64; a process that says more in one line is out of its mind."""


class BadLine(ValueError):
    """A line is no message."""


def line(message: dict[str, Any]) -> bytes:
    """One message."""
    return json.dumps(message, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def parse(data: bytes) -> dict[str, Any]:
    """A message, or BadLine."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        raise BadLine("not JSON") from None
    if not isinstance(message, dict):
        raise BadLine("not an object")
    return cast("dict[str, Any]", message)
