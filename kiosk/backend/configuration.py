"""Configuration over the line: which set is to be had, its files, and what became of it."""

from __future__ import annotations

from kiosk.backend.exchange import Arrival, Cause, Exchange, Rejected, Unreachable
from kiosk.backend.headquarters import ask, read
from kiosk.protocol.configuration import Assignment, FileRequest, SetReport

FILE_SECONDS = 60.0
"""One file of the repository; the largest has eight megabytes."""

ASK_SECONDS = 8.0


class ConfigurationLine:
    """Asks and tells over an exchange of its own, so that nothing waits behind a large file."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def assigned(self) -> int:
        """The set this terminal is to have; 0: none. Raises Unreachable, Rejected."""
        body = await ask(self._exchange, "GET", "/v1/configuration", b"", seconds=ASK_SECONDS)
        return read(Assignment, body).number

    async def report(self, report: SetReport) -> None:
        """Raises Unreachable, Rejected."""
        body = report.model_dump_json().encode()
        await ask(self._exchange, "POST", "/v1/configuration/reports", body, seconds=ASK_SECONDS)

    async def file(self, path: str, largest: int) -> bytes | None:
        """A file of the repository, None where there is none. Raises Unreachable, Rejected."""
        body = FileRequest(path=path).model_dump_json().encode()
        try:
            content = await ask(self._exchange, "POST", "/v1/configuration/files", body, seconds=FILE_SECONDS)
        except Rejected as no:
            if no.status == 404:
                return None
            raise
        if len(content) > largest:
            raise Unreachable(Cause.TOO_LARGE, Arrival.PERHAPS)
        return content
