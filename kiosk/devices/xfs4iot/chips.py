"""The chip of a travel document that lies in a machine's path, read with what opens that document and no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from kiosk.clock import Clock
from kiosk.devices.document_reader.access import NotTheChip
from kiosk.devices.document_reader.cards import Lost
from kiosk.devices.document_reader.chip import Chip
from kiosk.devices.document_reader.groups import File, InvalidGroup, zone
from kiosk.devices.document_reader.messaging import NotGenuine
from kiosk.devices.making import INVALID_MEDIA
from kiosk.devices.words import Completion, DeviceFault
from kiosk.people.travel_document import ChipKey

READ_BYTES = 223
"""Of one READ BINARY: what fits a short answer with its protection."""

Transmit = Callable[[bytes], Awaitable[bytes]]


async def number_of(transmit: Transmit, key: ChipKey, clock: Clock, random: Callable[[int], bytes]) -> str:
    """The number of DG1, "" where the chip has none. Raises DeviceFault: accessDenied, invalidMedia, transmit's."""
    chip = Chip(_InTheMachine(transmit), clock, READ_BYTES)
    try:
        await chip.open(key, random)
        first = await chip.file(File.DG1)
        return "" if first is None else zone(first).number
    except (Lost, NotGenuine, NotTheChip, InvalidGroup) as wrong:
        raise DeviceFault(Completion.COMMAND_ERROR, INVALID_MEDIA) from wrong


class _InTheMachine:
    """The document in the path as a channel of the conversation with its chip; the machine's own deadlines hold."""

    def __init__(self, transmit: Transmit) -> None:
        self._transmit = transmit

    @property
    def over(self) -> bool:
        """Never: it stays inside."""
        return False

    async def transmit(self, apdu: bytes, seconds: float) -> bytes:
        """See Channel.transmit."""
        async with asyncio.timeout(seconds):
            return await self._transmit(apdu)

    async def release(self) -> None:
        """Nothing to let go."""
