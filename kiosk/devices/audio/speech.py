"""Lines into speech: a recording where somebody has read it, else espeak-ng.

espeak-ng (GPL-3.0, a program of its own) reads Chinese characters in Mandarin with `cmn-latn-pinyin`; its `cmn` reads
them as letters (release 1.51). It sounds like a machine: recordings are how a station that cares sounds.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping
from pathlib import Path

VOICES = {"zh-CN": "cmn-latn-pinyin", "en": "en"}
"""Language of the page -> voice of espeak-ng."""
SPEAKING_SECONDS = 5.0
"""For putting a sentence into sound; 20 characters take 0.02 s."""
LONGEST_LINE = 600
"""Characters. Nobody listens to more; the whole text stands on the page."""


def recording_name(text: str, language: str) -> str:
    """File name of the recording of exactly this line: nothing of the line can be read from it."""
    return hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()[:24] + ".wav"


class Speech:
    """`program` is espeak-ng's command ("" where only recordings speak), `speed` its words a minute.

    `brought` are recordings by name that do not lie in the folder; they go before those that do.
    """

    def __init__(
        self, program: str, speed: int, recordings: Path | None, brought: Mapping[str, Path] | None = None
    ) -> None:
        self._brought = brought or {}
        self._program = program
        self._speed = speed
        self._recordings = recordings

    async def wav(self, text: str, language: str) -> bytes | None:
        """A WAV file of this line, or None where nothing can say it."""
        name = recording_name(text, language)
        for file in (self._brought.get(name), self._recordings and self._recordings / name):
            if file is not None:
                with contextlib.suppress(OSError):
                    return await asyncio.to_thread(file.read_bytes)
        voice = VOICES.get(language)
        if not self._program or voice is None or not text:
            return None
        return await self._made(text[:LONGEST_LINE], voice)

    async def _made(self, text: str, voice: str) -> bytes | None:
        """The line goes in on standard input: arguments of a program can be read by others."""
        try:
            child = await asyncio.create_subprocess_exec(
                *(self._program, "-v", voice, "-s", str(self._speed), "--stdin", "--stdout"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError:
            return None
        try:
            async with asyncio.timeout(SPEAKING_SECONDS):
                made, _ = await child.communicate(text.encode())
        except TimeoutError:
            return None
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                _ = await child.wait()
        return made if child.returncode == 0 and made.startswith(b"RIFF") else None
