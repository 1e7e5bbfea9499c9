"""A camera for commands that look at nobody: not there, and says so."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.devices.camera.contract import Asked, Challenged, FaceScore, Guidance, Move, Shot, Shutter
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health
from kiosk.people.portrait import PortraitStandard


class NoCamera:
    """The contract Camera of a device that is not there."""

    async def watch(self, purpose: PortraitStandard | None, tell: Callable[[Guidance], None]) -> None:
        """Raises DeviceFault, like every command here."""
        del purpose, tell
        raise _not_there()

    async def rest(self) -> None:
        """Nothing is awake."""

    async def shoot(self, *, seconds: float, shutter: Shutter = Shutter.ITSELF) -> Shot:
        """Raises DeviceFault."""
        del seconds, shutter
        raise _not_there()

    async def challenge(
        self, moves: tuple[Move, ...], *, seconds: float, tell: Callable[[Asked], None]
    ) -> Challenged:
        """Raises DeviceFault."""
        del moves, seconds, tell
        raise _not_there()

    async def expect(self, reference: bytes) -> None:
        """Nothing to look at."""

    async def compare(self, live_jpeg: bytes, reference: bytes) -> FaceScore:
        """Raises DeviceFault."""
        del live_jpeg, reference
        raise _not_there()

    async def health(self) -> Health:
        """Not there."""
        return Health(DeviceState.NO_DEVICE)

    async def close(self) -> None:
        """Nothing is open."""


def _not_there() -> DeviceFault:
    return DeviceFault(Completion.DEVICE_NOT_READY, "noDevice")
