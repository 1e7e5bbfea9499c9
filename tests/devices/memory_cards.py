"""Readers and travel documents in memory, for the virtual clock; and a reader on a line that can be cut."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.devices.document_reader.cards import CardLost, CardMute, Channel, ReaderLost, Service, Sight, Slot
from kiosk.devices.link import Link
from kiosk.devices.transport import Line, Transport, TransportLost
from kiosk.people.travel_document import ChipKey, parse_mrz
from kiosk.simulation.travel_chip import Meddling, Quirks, TravelChip
from kiosk.simulation.travel_files import DG2, PASS, TravelDocument, document_of, tlv
from tests.devices.farends import Player, read_exactly

READER = "Memory PICC 00 00"


def small_document() -> TravelDocument:
    """A pass whose portrait is a few bytes long."""
    whole = document_of(PASS, 0)
    return TravelDocument(whole.zone, whole.information, {**whole.files, DG2: face_file(b"\xff\xd8\xff\xe0tiny")})


def face_file(picture: bytes, form: int = 0) -> bytes:
    """DG2 around a picture; one feature point, so that its eight bytes are skipped."""
    body = bytes.fromhex("0001") + bytes(14) + bytes(8) + bytes([1, form]) + bytes.fromhex("0066007E") + bytes(6)
    record = (4 + len(body) + len(picture)).to_bytes(4, "big") + body + picture
    block = b"FAC\x00010\x00" + (14 + len(record)).to_bytes(4, "big") + b"\x00\x01" + record
    return tlv(
        0x75, tlv(0x7F61, tlv(0x02, b"\x01") + tlv(0x7F60, tlv(0xA1, tlv(0x81, b"\x02")) + tlv(0x5F2E, block)))
    )


def key_of(document: TravelDocument) -> ChipKey:
    return parse_mrz(document.zone).chip_key


def quiet_random() -> Callable[[int], bytes]:
    """Bytes that differ at each asking and are the same in every run."""
    count = 0

    def random(size: int) -> bytes:
        nonlocal count
        count += 1
        return count.to_bytes(size, "big")

    return random


def chip_with(document: TravelDocument, quirks: Quirks | None = None) -> TravelChip:
    return TravelChip(document.information, document.files, quiet_random(), quirks)


@dataclass
class MemoryCards:
    """Cards by reader. `meddle` says for each command, counted from 1, what happens at it."""

    cards: dict[str, TravelChip | Slot] = field(default_factory=dict[str, "TravelChip | Slot"])
    service: Service = Service.UP
    meddle: Callable[[int], Meddling] = lambda _number: Meddling.NOTHING
    commands: list[bytes] = field(default_factory=list[bytes])
    open: int = 0
    closed: bool = False
    busy: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, reader: str, card: TravelChip | Slot) -> None:
        self.cards[reader] = card
        self.news.set()

    async def look(self) -> Sight:
        slots = {r: c if isinstance(c, Slot) else Slot.CARD for r, c in self.cards.items()}
        return Sight(self.service, slots if self.service is Service.UP else {}, "away")

    async def changed(self, since: Sight, seconds: float) -> Sight:
        try:
            async with asyncio.timeout(seconds):
                while await self.look() == since:
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            pass
        return await self.look()

    async def connect(self, reader: str, seconds: float) -> Channel:
        if self.busy:
            async with asyncio.timeout(seconds):
                await asyncio.Event().wait()
        card = self.cards.get(reader)
        if card is None:
            raise ReaderLost("gone")
        if card is Slot.MUTE:
            raise CardMute("mute")
        if isinstance(card, Slot):
            raise CardLost("empty")
        card.reset()
        self.open += 1
        return MemoryChannel(self, reader, card)

    async def close(self) -> None:
        self.closed = True


class MemoryChannel:
    """One conversation."""

    def __init__(self, cards: MemoryCards, reader: str, chip: TravelChip) -> None:
        self._cards, self._reader, self._chip = cards, reader, chip
        self._hanging = False
        self._released = False

    @property
    def over(self) -> bool:
        return self._released and not (self._hanging and self._cards.cards.get(self._reader) is self._chip)

    async def transmit(self, apdu: bytes, seconds: float) -> bytes:
        assert not self._released
        self._cards.commands.append(apdu)
        meddling = self._cards.meddle(len(self._cards.commands))
        async with asyncio.timeout(seconds):
            await asyncio.sleep(0.01)
            match meddling:
                case Meddling.HANG:
                    self._hanging = True
                    await asyncio.Event().wait()
                case Meddling.TEAR_BEFORE | Meddling.TEAR_INSIDE:
                    self._cards.put(self._reader, Slot.EMPTY)
                    raise CardLost("removed")
                case Meddling.TEAR_AFTER:
                    self._cards.put(self._reader, Slot.EMPTY)
                case Meddling.NOTHING:
                    if self._cards.cards.get(self._reader) is not self._chip:
                        raise CardLost("removed")
        return self._chip.answer(apdu)

    async def release(self) -> None:
        if not self._released:
            self._released = True
            self._cards.open -= 1


# -- a reader on a line ----------------------------------------------------------------------------------------------

_LOOK, _CONNECT, _THERE = b"?", b"!", b"\x01"
_LOOK_SECONDS = 1.0


class LineCards:
    """One reader with one card at the far end of a line: two bytes of length and a message, either way."""

    def __init__(self, line: Line) -> None:
        self._link = Link(line)

    async def look(self) -> Sight:
        if self._link.lock.locked():
            return Sight(Service.UP, {READER: Slot.CARD})
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                if await self.exchange(_LOOK) != _THERE:
                    return Sight(Service.DOWN, detail="another device")
        except (TransportLost, TimeoutError):
            return Sight(Service.DOWN, detail="no line")
        return Sight(Service.UP, {READER: Slot.CARD})

    async def changed(self, since: Sight, seconds: float) -> Sight:
        await asyncio.sleep(seconds)
        return await self.look()

    async def connect(self, reader: str, seconds: float) -> Channel:
        try:
            async with asyncio.timeout(seconds):
                if await self.exchange(_CONNECT) != _THERE:
                    raise ReaderLost("another device")
        except TransportLost:
            raise ReaderLost("no line") from None
        return LineChannel(self)

    async def close(self) -> None:
        await self._link.drop()

    async def exchange(self, message: bytes) -> bytes:
        """Whatever ends it early ends the connection too: an answer that comes late must find nobody."""
        async with self._link.lock:
            try:
                await self._link.write(len(message).to_bytes(2, "big") + message)
                size = int.from_bytes(await self._exactly(2), "big")
                return await self._exactly(size)
            except BaseException:
                await self._link.drop()
                raise

    async def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            data += await self._link.read(count - len(data))
        return data


class LineChannel:
    """The conversation over that line."""

    def __init__(self, cards: LineCards) -> None:
        self._cards = cards
        self.over = False

    async def transmit(self, apdu: bytes, seconds: float) -> bytes:
        async with asyncio.timeout(seconds):
            try:
                return await self._cards.exchange(apdu)
            except TransportLost:
                raise ReaderLost("no line") from None

    async def release(self) -> None:
        self.over = True


def card_on_a_line() -> Player:
    """A document that always lies there."""
    chip = chip_with(small_document())

    async def play(far: Transport) -> None:
        while True:
            message = await read_exactly(far, int.from_bytes(await read_exactly(far, 2), "big"))
            if message == _CONNECT:
                chip.reset()
            answer = _THERE if message in (_LOOK, _CONNECT) else chip.answer(message)
            await far.write(len(answer).to_bytes(2, "big") + answer)

    return play
