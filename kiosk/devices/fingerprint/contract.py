"""What a fingerprint sensor can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.words import Health


@dataclass(frozen=True, slots=True)
class FingerImage:
    """One touch: 512 bytes of features and a quality 0-100."""

    features: bytes
    quality: int


class FingerprintSensor(Protocol):
    """Faults: TIME_OUT (no finger), COMMAND_ERROR/readFailed (too dry, moved), INVALID_DATA, DEVICE_NOT_READY.

    INVALID_DATA is an answer that came damaged: the sensor is there, and may be asked again.
    """

    async def capture(self, *, seconds: float) -> FingerImage: ...

    async def match(self, live: bytes, reference: bytes) -> bool:
        """Compared inside the sensor (XFS Biometric.Match)."""
        ...

    async def health(self) -> Health: ...

    async def close(self) -> None: ...
