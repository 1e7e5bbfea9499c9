"""Errors a desk answers with."""

from __future__ import annotations

from kiosk.protocol.messages import Problem


class Declined(Exception):
    """The request cannot be served: an HTTP status and a Problem. The transaction is undone."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.problem = Problem(code=code, detail=detail)


def digest_differs() -> Declined:
    """The key is known with another digest (rule 8)."""
    return Declined(409, "digest", "this key was used with other arguments")


def unknown(what: str) -> Declined:
    """Nothing by that name."""
    return Declined(404, "unknown", f"no such {what}")
