"""Unix sockets in deep directories: their names may have 107 bytes, directories are deeper."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from pathlib import Path

_LONGEST_NAME = 100


@contextlib.contextmanager
def reachable(path: Path) -> Generator[str]:
    """A name short enough to bind or connect to, good inside the block."""
    if len(os.fsencode(path)) <= _LONGEST_NAME:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
