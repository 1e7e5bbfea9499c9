"""Plays through a program that takes a WAV file on its standard input, such as `aplay -q -` (alsa-utils).

The level and the headset's socket are asked of `amixer`, a program too: what a sound card can say, it says there.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import math
import shlex
import struct
import wave
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kiosk.devices.audio.contract import AudioCapabilities, Headset, Level, Played, Route, Sound
from kiosk.devices.audio.mixer import headset_said, jack_arguments, level_arguments, level_said
from kiosk.devices.audio.speech import Speech
from kiosk.devices.words import DeviceState, Health

log = logging.getLogger(__name__)

RATE = 22_050
PAUSE_SECONDS = 1.2
PLAY_SECONDS = 5.0
"""A player that takes longer for a sound of half a second hangs and is ended."""
AGAIN_SECONDS = 10.0
"""After a player that failed."""
LONGEST_PLAY_SECONDS = 120.0
"""A spoken sentence may take longer than a sound."""
MIXER_SECONDS = 2.0

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


class PlayerSettings(BaseModel):
    """`command` plays a WAV file from its standard input; `headset_command` does so into the headset alone.

    `mixer` (such as `amixer -c 0`) and `control` name the loudspeaker's level; `percent_at_65_dba` is the mixer's
    value that gives 65 dBA where the visitor stands, measured there with a sound level meter. `jack` is the
    name of the headset socket's switch (`Headphone Jack`). `voice` is espeak-ng's command and `words_a_minute` its
    pace; `recordings` a folder of lines that a person read. `officer`: whoever helps from far away may speak to a
    caller. What is left out is not supported, and said to be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str = Field(min_length=1)
    headset_command: str = ""
    mixer: str = ""
    control: str = "Master"
    percent_at_65_dba: int | None = Field(default=None, ge=1, le=100)
    jack: str = ""
    voice: str = ""
    words_a_minute: int = Field(default=150, ge=80, le=300)
    recordings: Path | None = None
    officer: bool = False

    @field_validator("jack")
    @classmethod
    def _a_name(cls, jack: str) -> str:
        if jack:
            _ = jack_arguments(jack)
        return jack


class Player:
    """One task a sound, as long as it sounds."""

    def __init__(self, settings: PlayerSettings, recordings: Mapping[str, Path] | None = None) -> None:
        """`recordings` are lines that came by themselves, beside those of the settings' folder: name -> file."""
        self._settings = settings
        self._command = tuple(shlex.split(settings.command))
        self._headset_command = tuple(shlex.split(settings.headset_command))
        self._mixer = tuple(shlex.split(settings.mixer))
        self._speech = Speech(settings.voice, settings.words_a_minute, settings.recordings, recordings or {})
        self._sounding: dict[Sound, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._health = Health(DeviceState.STARTING)

    @property
    def capabilities(self) -> AudioCapabilities:
        """Static."""
        settings = self._settings
        return AudioCapabilities(
            resets_level=bool(settings.mixer) and settings.percent_at_65_dba is not None,
            senses_headset=bool(settings.mixer and settings.jack),
            private=bool(settings.headset_command and settings.mixer and settings.jack),
            speaks=bool(settings.voice) or settings.recordings is not None,
            officer=settings.officer,
        )

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

    def visit_begins(self) -> None:
        """See Audio."""
        if self.capabilities.resets_level:
            task = asyncio.ensure_future(self._reset_and_say())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def reset_level(self) -> Level:
        """See Audio."""
        percent = self._settings.percent_at_65_dba
        if not self._mixer or percent is None:
            return Level.NOT_SUPPORTED
        answer = await self._asked(level_arguments(self._settings.control, percent))
        return Level.FAILED if answer is None else level_said(answer, percent)

    async def headset(self) -> Headset:
        """See Audio."""
        if not self.capabilities.senses_headset:
            return Headset.NOT_SUPPORTED
        answer = await self._asked(jack_arguments(self._settings.jack))
        return Headset.UNKNOWN if answer is None else headset_said(answer)

    async def play(self, wav: bytes, route: Route) -> Played:
        """See Audio."""
        match route:
            case Route.PUBLIC:
                command = self._command
            case Route.PRIVATE:
                if not self.capabilities.private:
                    return Played.NOT_SUPPORTED
                if await self.headset() is not Headset.PRESENT:
                    return Played.NO_HEADSET
                command = self._headset_command
        # One after another: an officer and a page that is read aloud would drown each other.
        async with self._turn:
            return Played.PLAYED if await self._once(wav, command, LONGEST_PLAY_SECONDS) else Played.FAILED

    async def speak(self, text: str, language: str, route: Route) -> Played:
        """See Audio."""
        if not self.capabilities.speaks:
            return Played.NOT_SUPPORTED
        said = await self._speech.wav(text, language)
        return Played.FAILED if said is None else await self.play(said, route)

    async def health(self) -> Health:
        """As the last sound went; before the first, whether a mixer that is there answers."""
        if self._health.state is DeviceState.STARTING and self._mixer:
            answered = await self._asked(("sget", self._settings.control)) is not None
            self._health = Health(DeviceState.ONLINE) if answered else Health(DeviceState.HARDWARE_ERROR, "noMixer")
        return self._health

    async def close(self) -> None:
        """Silence, and no player left behind."""
        for sound in tuple(self._sounding):
            self.hush(sound)
        _ = await asyncio.gather(*self._ending, return_exceptions=True)

    async def _again_and_again(self, sound: Sound) -> None:
        data = wav(sound)
        while True:
            played = await self._once(data, self._command, PLAY_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS if played else AGAIN_SECONDS)

    async def _reset_and_say(self) -> None:
        if await self.reset_level() is not Level.RESET:
            log.warning("audio: the level could not be set back")

    async def _asked(self, arguments: tuple[str, ...]) -> str | None:
        """What the mixer answers, or None when it is not there, fails or hangs."""
        try:
            child = await asyncio.create_subprocess_exec(
                *self._mixer,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError:
            return None
        try:
            async with asyncio.timeout(MIXER_SECONDS):
                said, _ = await child.communicate()
        except TimeoutError:
            return None
        finally:
            await _ended(child)
        return said.decode("utf-8", "replace") if child.returncode == 0 else None

    async def _once(self, data: bytes, command: tuple[str, ...], seconds: float) -> bool:
        try:
            child = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError:
            self._health = Health(DeviceState.NO_DEVICE, "noPlayer")
            return False
        try:
            async with asyncio.timeout(seconds):
                _ = await child.communicate(data)
        except TimeoutError:
            self._health = Health(DeviceState.HARDWARE_ERROR, "playerHangs")
            return False
        finally:
            await _ended(child)
        good = child.returncode == 0
        self._health = Health(DeviceState.ONLINE) if good else Health(DeviceState.HARDWARE_ERROR, "playerFailed")
        return good


async def _ended(child: asyncio.subprocess.Process) -> None:
    """No child outlives its question."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        _ = await child.wait()
