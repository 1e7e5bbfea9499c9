"""Exchange without a network: headquarters' `handle` called in process, for the virtual clock (rule 24)."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable

from kiosk.backend.exchange import Arrival, Cause, Reply, Unreachable
from kiosk.clock import Clock

Handle = Callable[[str, str, str, bytes], tuple[int, bytes]]
"""(terminal, method, path, body) -> (status, body)."""


class Weather(enum.Enum):
    """What the line does to one request."""

    FAIR = "fair"
    DOWN = "down"
    CUT_AFTER_REQUEST = "cut-after-request"
    SILENT = "silent"
    SERVER_ERROR = "server-error"
    GARBAGE = "garbage"


def always_fair(_method: str, _path: str) -> Weather:
    """The line of a good day."""
    return Weather.FAIR


class DirectExchange:
    """Calls `handle` on the loop's own thread after `travel` virtual seconds; `weather` is asked for each request."""

    def __init__(
        self,
        handle: Handle,
        terminal: str,
        clock: Clock,
        weather: Callable[[str, str], Weather] = always_fair,
        travel: float = 0.02,
    ) -> None:
        self._handle = handle
        self._terminal = terminal
        self._clock = clock
        self._weather = weather
        self._travel = travel

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        """See Exchange."""
        del content_type
        weather = self._weather(method, path)
        await asyncio.sleep(min(self._travel, seconds))
        match weather:
            case Weather.DOWN:
                raise Unreachable(Cause.REFUSED, Arrival.SURELY_NOT)
            case Weather.SILENT:
                await asyncio.sleep(max(0.0, seconds - self._travel))
                raise Unreachable(Cause.TIME_OUT, Arrival.PERHAPS)
            case Weather.SERVER_ERROR:
                return self._reply(500, b"")
            case Weather.GARBAGE:
                return self._reply(200, b"<html>")
            case Weather.FAIR:
                return self._reply(*self._handle(self._terminal, method, path, body))
            case Weather.CUT_AFTER_REQUEST:
                self._handle(self._terminal, method, path, body)
                raise Unreachable(Cause.CUT, Arrival.PERHAPS)

    def _reply(self, status: int, body: bytes) -> Reply:
        return Reply(status, body, 0.0, self._clock.now())
