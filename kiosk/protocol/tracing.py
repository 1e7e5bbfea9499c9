"""What a request is about: the visit it belongs to, as W3C Trace Context says it (Recommendation of 2021, 3.2).

The id of a visit is made at the citizen's first touch, is the first part of every effect's key, and stands in every
row that comes of it on either side. It is 128 bits, as long as a trace-id, and is sent as one: who reads either finds
the other.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

HEADER = "traceparent"

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a visit's id: Crockford's base 32, 26 characters."""
_VISIT = re.compile(rf"[0-7][{_DIGITS}]{{25}}")
_TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")


@dataclass(frozen=True, slots=True)
class Trace:
    """Of one request: `trace` names the visit, in hexadecimal, `span` the request."""

    trace: str
    span: str

    @staticmethod
    def of(visit: str, which: str) -> Trace | None:
        """Of a request within a visit; `which` tells it from the visit's others. None for what is no visit's id.

        `which` holds nothing that was asked: lines have the span, and from a digest of a short question about
        somebody their number could be found by trying all of them.
        """
        if not _VISIT.fullmatch(visit):
            return None
        number = 0
        for digit in visit:
            number = number << 5 | _DIGITS.index(digit)
        span = hashlib.sha256(f"{visit}\n{which}".encode()).hexdigest()[:16]
        return Trace(f"{number:032x}", span) if number and span.strip("0") else None

    @staticmethod
    def read(header: str) -> Trace | None:
        """Out of a header; None for one that is none, which is then as if it were not there (3.2.2)."""
        found = _TRACEPARENT.fullmatch(header)
        if found is None or not found[2].strip("0") or not found[3].strip("0"):
            return None
        # Only versions that are not known yet may say more.
        return None if found[1] == "00" and found[4] else Trace(found[2], found[3])

    @property
    def header(self) -> str:
        """Version 00, sampled."""
        return f"00-{self.trace}-{self.span}-01"

    @property
    def visit(self) -> str:
        """The id that the rows have."""
        number = int(self.trace, 16)
        return "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))
