"""How much one caller may ask: a bucket of requests for each, filled again as time passes."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass

from central import limits


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once, then `per_second`."""

    burst: int
    per_second: float


BACKLOG = Rate(limits.BACKLOG_BURST, limits.BACKLOG_PER_SECOND)
ASKING = Rate(limits.ASKING_BURST, limits.ASKING_PER_SECOND)
PEOPLE = Rate(limits.PEOPLE_BURST, limits.PEOPLE_PER_SECOND)

_KEPT_FOR_LATER = ("/v1/filings", "/v1/batches", "/v1/blobs/", "/v1/uploads", "/v1/audit")


def rate_of(path: str) -> Rate:
    """What a terminal keeps while its line is down has a bucket of its own."""
    return BACKLOG if path.startswith(_KEPT_FOR_LATER) else ASKING


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """One server process's. Callers may come from any thread; time is monotonic seconds."""

    def __init__(self, remembered: int = limits.ADDRESSES_REMEMBERED) -> None:
        self._remembered = remembered
        self._buckets: OrderedDict[tuple[str, Rate], _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, caller: str, rate: Rate, now: float) -> int:
        """0 when this request may be served; else after how many whole seconds the next one may."""
        with self._lock:
            bucket = self._buckets.setdefault((caller, rate), _Bucket(rate.burst, now))
            self._buckets.move_to_end((caller, rate))
            if len(self._buckets) > self._remembered:
                _ = self._buckets.popitem(last=False)
            bucket.left = min(rate.burst, bucket.left + max(0.0, now - bucket.at) * rate.per_second)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                return 0
            return math.ceil((1 - bucket.left) / rate.per_second)
