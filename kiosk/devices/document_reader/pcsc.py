"""Reading a travel document: wait for it, prove that its printed zone is known, read its groups."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field

from kiosk.clock import Clock
from kiosk.devices.document_reader.access import NotTheChip
from kiosk.devices.document_reader.cards import CardLost, CardMute, Cards, Channel, ReaderLost, Service, Sight, Slot
from kiosk.devices.document_reader.chip import Chip
from kiosk.devices.document_reader.contract import (
    COLLISION,
    INVALID_MEDIA,
    MEDIA_LOST,
    NO_ATR,
    SECURITY_FAIL,
    DocumentRead,
    DocumentReaderCapabilities,
    Signature,
)
from kiosk.devices.document_reader.groups import File, InvalidGroup, details, portrait, tags_listed, zone
from kiosk.devices.document_reader.messaging import LARGEST_CHUNK, NotGenuine
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health
from kiosk.people.travel_document import ChipKey

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
"""Waking a chip up, and waiting for another program to let go of it."""
READ_SECONDS = 60.0
"""For a whole document, however many commands it takes."""
LOOK_SECONDS = 1.0
"""How long a search waits for news of the readers before it looks anew."""

_CAPABILITIES = DocumentReaderCapabilities(access=("BAC",), groups=("DG1", "DG2", "DG11", "SOD"))


class PcscSettings(BaseModel):
    """`reader`: part of the names of the readers to use, "" for all; contact slots and others' readers are left alone
    that way. `chunk`: plain bytes of one READ BINARY.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reader: str = ""
    chunk: int = Field(default=LARGEST_CHUNK, ge=16, le=LARGEST_CHUNK)


class Pcsc:
    """A DocumentReader. `random` gives so many fresh random bytes."""

    def __init__(self, cards: Cards, settings: PcscSettings, clock: Clock, random: Callable[[int], bytes]) -> None:
        self._cards = cards
        self._settings = settings
        self._clock = clock
        self._random = random
        self._one_at_a_time = asyncio.Lock()
        self._silent: Channel | None = None

    @property
    def capabilities(self) -> DocumentReaderCapabilities:
        """Static."""
        return _CAPABILITIES

    async def read(
        self, key: ChipKey, *, seconds: float, document_seen: Callable[[], None] | None = None
    ) -> DocumentRead:
        """See DocumentReader.read. Its wait for a person includes that for a reading under way."""
        try:
            async with asyncio.timeout(seconds) as patience, self._one_at_a_time:
                reader = await self._find()
                # A document is here: the wait for a person is over, the chip's own deadlines count now.
                patience.reschedule(None)
                if document_seen is not None:
                    document_seen()
                return await self._read_at(reader, key)
        except TimeoutError:
            raise DeviceFault(Completion.TIME_OUT) from None

    async def health(self) -> Health:
        """As of the last news from the readers. A document that makes no sense is no fault of the reader."""
        return self._health_of(await self._cards.look())

    async def close(self) -> None:
        await self._cards.close()

    def _mine(self, sight: Sight) -> dict[str, Slot]:
        return {name: slot for name, slot in sight.slots.items() if self._settings.reader in name}

    def _health_of(self, sight: Sight) -> Health:
        match sight.service:
            case Service.STARTING:
                return Health(DeviceState.STARTING)
            case Service.DOWN:
                return Health(DeviceState.POWER_OFF, "", sight.detail)
            case Service.UP if not self._mine(sight):
                return Health(DeviceState.POWER_OFF, "", "no such reader is connected")
            case Service.UP if self._silent is not None and not self._silent.over:
                return Health(DeviceState.POWER_OFF, "", "a chip fell silent and keeps the reader")
            case Service.UP:
                self._silent = None
                return Health(DeviceState.ONLINE)

    async def _find(self) -> str:
        """The reader with the one document. Raises DeviceFault."""
        sight = await self._cards.look()
        while True:
            held = {name: slot for name, slot in self._mine(sight).items() if slot is not Slot.EMPTY}
            if len(held) > 1:
                raise DeviceFault(Completion.COMMAND_ERROR, COLLISION)
            health = self._health_of(sight)
            if health.state is DeviceState.POWER_OFF:
                log.debug("not ready: %s", health.detail)
                raise DeviceFault(Completion.DEVICE_NOT_READY)
            for name, slot in held.items():
                if slot is Slot.MUTE:
                    raise DeviceFault(Completion.COMMAND_ERROR, NO_ATR)
                return name
            sight = await self._cards.changed(sight, LOOK_SECONDS)

    async def _read_at(self, reader: str, key: ChipKey) -> DocumentRead:
        """Every way it can end, in words. Raises DeviceFault."""
        try:
            return await self._converse(reader, key)
        except CardMute:
            raise DeviceFault(Completion.COMMAND_ERROR, NO_ATR) from None
        except CardLost:
            raise DeviceFault(Completion.COMMAND_ERROR, MEDIA_LOST) from None
        except (ReaderLost, TimeoutError) as gone:
            log.debug("not ready: %s", gone or "silent")
            raise DeviceFault(Completion.DEVICE_NOT_READY) from None
        except (NotGenuine, NotTheChip):
            raise DeviceFault(Completion.COMMAND_ERROR, SECURITY_FAIL) from None
        except InvalidGroup as invalid:
            log.info("a document's %s makes no sense", invalid.file.name)
            raise DeviceFault(Completion.COMMAND_ERROR, INVALID_MEDIA) from None

    async def _converse(self, reader: str, key: ChipKey) -> DocumentRead:
        began = self._clock.monotonic()
        channel = await self._cards.connect(reader, CONNECT_SECONDS)
        connected = self._clock.monotonic() - began
        try:
            async with asyncio.timeout(READ_SECONDS):
                chip = Chip(channel, self._clock, self._settings.chunk)
                try:
                    await chip.open(key, self._random)
                    return await self._everything(chip, key, began, connected)
                except (DeviceFault, NotGenuine, NotTheChip, InvalidGroup):
                    await chip.still_there()
                    raise
        except TimeoutError:
            # Until it lets go, the reader is of no use to anyone.
            self._silent = channel
            raise
        finally:
            await channel.release()

    async def _everything(self, chip: Chip, key: ChipKey, began: float, connected: float) -> DocumentRead:
        com = await chip.file(File.COM)
        # EF.COM may be absent in newer documents (part 10, 4.6.1): then each group is asked for.
        listed = None if com is None else tags_listed(com)
        dg1 = await self._group(chip, File.DG1, listed)
        if dg1 is None:
            raise InvalidGroup(File.DG1)
        mrz = zone(dg1)
        if mrz.chip_key != key:
            raise NotTheChip
        dg11 = await self._group(chip, File.DG11, listed)
        dg2 = await self._group(chip, File.DG2, listed)
        signature = Signature.PRESENT if await chip.signed() else Signature.ABSENT
        face = None if dg2 is None else portrait(dg2)
        more = None if dg11 is None else details(dg11)
        whole = self._clock.monotonic() - began
        wire = connected + chip.waited
        return DocumentRead(mrz, face, more, signature, chip.exchanges, wire, max(0.0, whole - wire))

    async def _group(self, chip: Chip, file: File, listed: frozenset[int] | None) -> bytes | None:
        """None where the chip neither lists nor has it. Raises InvalidGroup where it lists what it does not have."""
        if listed is not None and file.value.tag not in listed:
            return None
        data = await chip.file(file)
        if data is None and listed is not None:
            raise InvalidGroup(file)
        return data
