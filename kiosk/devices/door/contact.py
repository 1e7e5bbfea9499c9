"""A door's contact on an input that the system shows as a file holding 0 or 1 (GPIO value files)."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Protocol

from kiosk.clock import Worker
from kiosk.devices.door.contract import DoorState, FireState


class ContactSays(enum.Enum):
    """What the file holds while the door is shut: depends on the wiring."""

    ZERO_WHEN_CLOSED = "0"
    ONE_WHEN_CLOSED = "1"


class FireSays(enum.Enum):
    """What the file holds while there is no fire. One, for a closed loop: a cut wire then reads as fire."""

    ZERO_WHEN_QUIET = "0"
    ONE_WHEN_QUIET = "1"


class Contact(Protocol):
    """Says where a door is."""

    async def read(self) -> DoorState: ...

    async def close(self) -> None: ...


class NoContact:
    """A door without one."""

    async def read(self) -> DoorState:
        return DoorState.NOT_SUPPORTED

    async def close(self) -> None:
        return


class FileContact:
    """A file read anew each time. Anything but one digit, or no file, is an unknown state, never a closed door."""

    def __init__(self, path: Path, says: ContactSays, worker: Worker) -> None:
        self._path = path
        self._says = says
        self._worker = worker

    async def read(self) -> DoorState:
        return contact_state(await self._worker.run(lambda: _few_bytes(self._path)), self._says)

    async def close(self) -> None:
        await self._worker.close()


class FireInput(Protocol):
    """Says whether the building's fire alarm frees the door."""

    async def read(self) -> FireState: ...

    async def close(self) -> None: ...


class NoFireInput:
    """A door whose fire loop is not led to this machine as well."""

    async def read(self) -> FireState:
        return FireState.NOT_SUPPORTED

    async def close(self) -> None:
        return


class FileFireInput:
    """A file read anew each time. Anything but one digit, or no file, is unknown: neither a fire nor none."""

    def __init__(self, path: Path, says: FireSays, worker: Worker) -> None:
        self._path = path
        self._says = says
        self._worker = worker

    async def read(self) -> FireState:
        text = (await self._worker.run(lambda: _few_bytes(self._path))).strip(b"\r\n ")
        if text not in (b"0", b"1"):
            return FireState.UNKNOWN
        return FireState.QUIET if text == self._says.value.encode() else FireState.ALARM

    async def close(self) -> None:
        await self._worker.close()


def _few_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError:
        return b""


def contact_state(raw: bytes, says: ContactSays) -> DoorState:
    """What a contact's file says."""
    text = raw.strip(b"\r\n ")
    if text not in (b"0", b"1"):
        return DoorState.UNKNOWN
    return DoorState.CLOSED if text == says.value.encode() else DoorState.OPEN
