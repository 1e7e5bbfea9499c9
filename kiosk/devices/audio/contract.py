"""What a loudspeaker can do."""

from __future__ import annotations

import enum
from typing import Protocol

from kiosk.devices.words import DeviceState, Health


class Sound(enum.Enum):
    """What is sounded."""

    DOOR_OPEN = "door-open"


class Audio(Protocol):
    """Never raises: a terminal without sound serves all the same, and says the same on the screen."""

    def sound(self, sound: Sound) -> None:
        """Sound this again and again until `hush`; nothing happens when it sounds already."""
        ...

    def hush(self, sound: Sound) -> None:
        """What it warned of is over."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...


class Silent:
    """A machine without a loudspeaker."""

    def sound(self, sound: Sound) -> None:
        """Nothing."""

    def hush(self, sound: Sound) -> None:
        """Nothing."""

    async def health(self) -> Health:
        return Health(DeviceState.NO_DEVICE)

    async def close(self) -> None:
        """Nothing."""
