"""The officer's voice: one line at a time, the newest page first."""

from __future__ import annotations

import asyncio
import contextlib

from kiosk.devices.audio.contract import Audio, Headset, Route


class Voice:
    """A Reader. Into the headset where one is surely plugged in, else to everybody; a failure is silence."""

    def __init__(self, audio: Audio) -> None:
        self._audio = audio
        self._speaking: asyncio.Task[None] | None = None
        self._waiting: tuple[str, str] | None = None

    def page(self, text: str, language: str) -> None:
        """See Reader."""
        self.hush()
        self._speaking = asyncio.ensure_future(self._say(text, language))

    def aside(self, text: str, language: str) -> None:
        """See Reader."""
        if self._speaking is None or self._speaking.done():
            self._speaking = asyncio.ensure_future(self._say(text, language))
        else:
            self._waiting = (text, language)

    def hush(self) -> None:
        """See Reader."""
        self._waiting = None
        if self._speaking is not None:
            self._speaking.cancel()
            self._speaking = None

    async def close(self) -> None:
        """Silence, and no task left behind."""
        task = self._speaking
        self.hush()
        if task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _say(self, text: str, language: str) -> None:
        line: tuple[str, str] | None = (text, language)
        while line is not None:
            plugged = self._audio.capabilities.private and await self._audio.headset() is Headset.PRESENT
            await self._audio.speak(*line, Route.PRIVATE if plugged else Route.PUBLIC)
            line, self._waiting = self._waiting, None
