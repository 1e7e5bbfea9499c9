"""One request, one reply: the port everything else in this room speaks through, and its two ways of failing."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.protocol.messages import Problem

JSON = "application/json"
BYTES = "application/octet-stream"


class Cause(enum.Enum):
    """Why nobody can say what headquarters thinks."""

    REFUSED = "refused"
    TIME_OUT = "time-out"
    TLS = "tls"
    CERTIFICATE_NOT_YET_VALID = "certificate-not-yet-valid"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CREDENTIALS = "credentials"
    CUT = "cut"
    SERVER_ERROR = "server-error"
    GARBAGE = "garbage"
    TOO_LARGE = "too-large"


class Arrival(enum.Enum):
    """Whether headquarters may have received the request."""

    SURELY_NOT = "surely-not"
    PERHAPS = "perhaps"


class Unreachable(Exception):
    """No usable answer. `arrival` tells whether the request may have had its effect all the same.

    `retry_after` is how many seconds headquarters asked to be left alone, 0 where it did not.
    The message names the cause and a word for a technician; never an address, a body or a person.
    """

    def __init__(self, cause: Cause, arrival: Arrival, detail: str = "", retry_after: float = 0.0) -> None:
        super().__init__(f"{cause.value}: {detail}" if detail else cause.value)
        self.retry_after = retry_after
        self.cause = cause
        self.arrival = arrival
        self.detail = detail


class Rejected(Exception):
    """Headquarters understood and said no."""

    def __init__(self, problem: Problem, status: int) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `handling_seconds` is headquarters' own time (X-Handling-Seconds), 0 where it does not say.

    `date` is headquarters' clock as the HTTP Date header gives it (RFC 9110 6.6.1), None where absent; `retry_after`
    the seconds of its Retry-After header (10.2.3), 0 where absent.
    """

    status: int
    body: bytes
    handling_seconds: float
    date: datetime | None
    retry_after: float = 0.0


class Exchange(Protocol):
    """Sends one request and waits for its reply at most `seconds` in all.

    Never repeats by itself. Raises Unreachable; a reply of any status is a Reply.
    """

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply: ...
