"""What a loudspeaker and a headset socket can do (XFS4IoT Auxiliaries, audio and enhancedAudio)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import DeviceState, Health

PUBLIC_DBA = 65
"""What the level is set back to for every visitor, at the listener's ear.

ADA Standards for Accessible Design 2010, 707.5.2: external speakers reach 65 dB, and what a visitor turned up or down
is reset after every use. The mixer's value that gives it is measured where the machine stands.
"""


class Sound(enum.Enum):
    """What is sounded."""

    DOOR_OPEN = "door-open"


class Headset(enum.Enum):
    """XFS's enhancedAudioSensor words. UNKNOWN: it can be asked and did not answer."""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"


class Level(enum.Enum):
    """How the level stands. RESET: the mixer itself has said so; FAILED: it has not."""

    RESET = "reset"
    FAILED = "failed"
    NOT_SUPPORTED = "notSupported"


class Route(enum.Enum):
    """Where something is played (XFS's enhancedAudioControl): to everybody, or into the headset alone."""

    PUBLIC = "publicAudio"
    PRIVATE = "privateAudio"


class Played(enum.Enum):
    """What came of playing once. NO_HEADSET: it was private, and nothing was let out of the loudspeaker."""

    PLAYED = "played"
    NO_HEADSET = "noHeadset"
    FAILED = "failed"
    NOT_SUPPORTED = "notSupported"


@dataclass(frozen=True, slots=True)
class AudioCapabilities:
    """Static. `resets_level`: a measured level; `senses_headset`: a socket that says so, `private`: its way.

    `speaks`: lines can be said, by recordings or by a voice made here. `officer`: whoever helps from far away may be
    heard by it.
    """

    resets_level: bool
    senses_headset: bool
    private: bool
    speaks: bool
    officer: bool = False


class Audio(Protocol):
    """Never raises: a terminal without sound serves all the same, and says the same on the screen."""

    @property
    def capabilities(self) -> AudioCapabilities: ...

    def sound(self, sound: Sound) -> None:
        """Sound this again and again until `hush`; nothing happens when it sounds already. Always to everybody."""
        ...

    def hush(self, sound: Sound) -> None:
        """What it warned of is over."""
        ...

    def visit_begins(self) -> None:
        """Set the level back to 65 dBA in the background: nobody waits for a mixer."""
        ...

    async def reset_level(self) -> Level:
        """Set the level back to 65 dBA, and believe the mixer only."""
        ...

    async def headset(self) -> Headset:
        """Whether a headset is plugged in."""
        ...

    async def play(self, wav: bytes, route: Route) -> Played:
        """One WAV file once, to its end. What is private is never heard by others."""
        ...

    async def speak(self, text: str, language: str, route: Route) -> Played:
        """One line of a page, to its end; cut off when the caller is cancelled."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...


class Silent:
    """A machine without a loudspeaker."""

    @property
    def capabilities(self) -> AudioCapabilities:
        """None at all."""
        return AudioCapabilities(resets_level=False, senses_headset=False, private=False, speaks=False)

    def sound(self, sound: Sound) -> None:
        """Nothing."""

    def hush(self, sound: Sound) -> None:
        """Nothing."""

    def visit_begins(self) -> None:
        """Nothing."""

    async def reset_level(self) -> Level:
        return Level.NOT_SUPPORTED

    async def headset(self) -> Headset:
        return Headset.NOT_SUPPORTED

    async def play(self, wav: bytes, route: Route) -> Played:  # noqa: ARG002 (the contract's names)
        return Played.NOT_SUPPORTED

    async def speak(self, text: str, language: str, route: Route) -> Played:  # noqa: ARG002 (the contract's names)
        return Played.NOT_SUPPORTED

    async def health(self) -> Health:
        return Health(DeviceState.NO_DEVICE)

    async def close(self) -> None:
        """Nothing."""
