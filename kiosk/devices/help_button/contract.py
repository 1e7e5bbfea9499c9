"""What a help button can do (XFS4IoT Auxiliaries, operatorCallButton)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


class Button(enum.Enum):
    """XFS's words. UNKNOWN: nobody can say; never taken for not pressed."""

    PRESSED = "on"
    RELEASED = "off"
    UNKNOWN = "unknown"


class ButtonEvent(enum.Enum):
    """What happens to it. STUCK: held for longer than anybody would; LOST: it can no longer be told."""

    PRESSED = "pressed"
    RELEASED = "released"
    STUCK = "stuck"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ButtonCapabilities:
    """Static. `supervised`: a cable that is off is noticed."""

    supervised: bool


class HelpButton(Protocol):
    """Debounced. A button that is found pressed when first looked at counts as pressed."""

    @property
    def capabilities(self) -> ButtonCapabilities: ...

    async def state(self) -> Button: ...

    async def event(self, *, seconds: float) -> ButtonEvent | None:
        """The next event, None when there was none in that time. To be asked again and again."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
