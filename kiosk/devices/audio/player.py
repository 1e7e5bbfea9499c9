"""Plays through a program that takes a WAV file on its standard input, such as `aplay -q -` (alsa-utils)."""

from __future__ import annotations

import asyncio
import contextlib
import io
import math
import struct
import wave

from kiosk.devices.audio.contract import Sound
from kiosk.devices.words import DeviceState, Health

RATE = 22_050
PAUSE_SECONDS = 1.2
PLAY_SECONDS = 5.0
"""A player that takes longer for a sound of half a second hangs and is ended."""
AGAIN_SECONDS = 10.0
"""After a player that failed."""

_TONES = {Sound.DOOR_OPEN: ((880.0, 0.22), (660.0, 0.28))}
"""Frequency in hertz and length in seconds, one after the other."""


def wav(sound: Sound) -> bytes:
    """16-bit mono, faded in and out so that nothing clicks; equal for equal sounds."""
    frames = bytearray()
    for hertz, seconds in _TONES[sound]:
        count = int(RATE * seconds)
        for n in range(count):
            edge = min(1.0, n / 400, (count - n) / 400)
            frames += struct.pack("<h", int(11_000 * edge * math.sin(2 * math.pi * hertz * n / RATE)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(frames))
    return out.getvalue()


class Player:
    """One task a sound, as long as it sounds."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._sounding: dict[Sound, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._health = Health(DeviceState.STARTING)

    def sound(self, sound: Sound) -> None:
        """See Audio."""
        if sound not in self._sounding:
            self._sounding[sound] = asyncio.ensure_future(self._again_and_again(sound))

    def hush(self, sound: Sound) -> None:
        """See Audio."""
        task = self._sounding.pop(sound, None)
        if task is not None:
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
            task.cancel()

    async def health(self) -> Health:
        """As the last sound went."""
        return self._health

    async def close(self) -> None:
        """Silence, and no player left behind."""
        for sound in tuple(self._sounding):
            self.hush(sound)
        _ = await asyncio.gather(*self._ending, return_exceptions=True)

    async def _again_and_again(self, sound: Sound) -> None:
        data = wav(sound)
        while True:
            played = await self._once(data)
            await asyncio.sleep(PAUSE_SECONDS if played else AGAIN_SECONDS)

    async def _once(self, data: bytes) -> bool:
        try:
            child = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError:
            self._health = Health(DeviceState.NO_DEVICE, "noPlayer")
            return False
        try:
            async with asyncio.timeout(PLAY_SECONDS):
                _ = await child.communicate(data)
        except TimeoutError:
            self._health = Health(DeviceState.HARDWARE_ERROR, "playerHangs")
            return False
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                _ = await child.wait()
        good = child.returncode == 0
        self._health = Health(DeviceState.ONLINE) if good else Health(DeviceState.HARDWARE_ERROR, "playerFailed")
        return good
