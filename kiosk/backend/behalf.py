"""For whom a request is made: the visit, handed down to the line that sends it without every port's naming it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_VISIT: ContextVar[str] = ContextVar("visit", default="")


@contextmanager
def on_behalf_of(visit_or_key: str) -> Generator[None]:
    """Requests within the block, in this task, belong to this visit, or to that of this effect's key; "" leaves it at
    whose they are already.
    """
    token = _VISIT.set(visit_or_key.partition("/")[0] or _VISIT.get())
    try:
        yield
    finally:
        _VISIT.reset(token)


def visit_now() -> str:
    """The visit of whoever asks; "" for what the terminal asks for itself."""
    return _VISIT.get()
