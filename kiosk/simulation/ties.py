"""What ties processes together: a child that does not outlive its parent, a parent that inherits orphans."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
"""linux/prctl.h"""


def end_with(parent: int) -> None:
    """From now on the end of the parent is a SIGTERM to this process. Raises SystemExit if it has ended already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)


def inherit_orphans() -> None:
    """Processes whose parents ended become children of this one, so that it can end them too."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
