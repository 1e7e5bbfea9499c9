"""Configuration over the line: which set is to be had, its files, and what became of it."""

from __future__ import annotations

import base64

from kiosk.backend.exchange import Arrival, Cause, Exchange, Rejected, Unreachable
from kiosk.backend.headquarters import ask, read
from kiosk.protocol.configuration import LARGEST_REPLY, Assignment, Bundle, BundleRequest, FileRequest, SetReport

FILE_SECONDS = 60.0
"""One reply with bytes of a file."""

ASK_SECONDS = 8.0


class ConfigurationLine:
    """Asks and tells over an exchange of its own, so that nothing waits behind a large file."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._begun: tuple[str, bytes] = ("", b"")
        """A file of which some replies have come: after a cut it goes on from there."""

    async def assigned(self) -> int:
        """The set this terminal is to have; 0: none. Raises Unreachable, Rejected."""
        body = await ask(self._exchange, "GET", "/v1/configuration", b"", seconds=ASK_SECONDS)
        return read(Assignment, body).number

    async def report(self, report: SetReport) -> None:
        """Raises Unreachable, Rejected."""
        body = report.model_dump_json().encode()
        await ask(self._exchange, "POST", "/v1/configuration/reports", body, seconds=ASK_SECONDS)

    async def bundle(self, number: int) -> dict[str, bytes | None]:
        """What a set needs, at once, as far as it is small; {} where it cannot be had so. Raises Unreachable.

        Nothing in it is believed for coming in it.
        """
        body = BundleRequest(number=number).model_dump_json().encode()
        try:
            content = await ask(self._exchange, "POST", "/v1/configuration/bundles", body, seconds=FILE_SECONDS)
            files = read(Bundle, content).files
            return {path: _bytes(text) for path, text in files.items()}
        except (Rejected, ValueError):
            return {}

    async def file(self, path: str, largest: int) -> bytes | None:
        """A file of the repository, None where there is none. Raises Unreachable, Rejected."""
        begun, content = self._begun
        if begun != path:
            content = b""
        while True:
            body = FileRequest(path=path, offset=len(content)).model_dump_json().encode()
            try:
                more = await ask(self._exchange, "POST", "/v1/configuration/files", body, seconds=FILE_SECONDS)
            except Rejected as no:
                if no.status == 404:
                    return None
                raise
            content += more
            # What is too long, or is there whole, is not gone on with: if it is not what was signed, it comes anew.
            self._begun = (path, content) if len(more) == LARGEST_REPLY and len(content) <= largest else ("", b"")
            if len(content) > largest:
                raise Unreachable(Cause.TOO_LARGE, Arrival.PERHAPS)
            if not self._begun[0]:
                return content


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)
