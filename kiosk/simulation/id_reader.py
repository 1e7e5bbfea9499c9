"""A reader of identity cards with a SAM-V module (GA 450), and the cards laid on it.

Half duplex, 115200 8N1, one answer per request, nothing unasked. A card must be found and selected before it is read,
and once read, or failed to read, it must leave the field before it is found again.
"""

from __future__ import annotations

import asyncio
import enum
import random
import struct
from datetime import date

from kiosk.people.id_card import CardKind, IdCard
from kiosk.people.synthetic import ChipExtras, Finger, SyntheticPerson
from kiosk.simulation.checks import xor_of
from kiosk.simulation.scene import COUNTERFEIT, DAMAGED, FOREIGN, NEW, OWN, Chip, Scene
from kiosk.simulation.state import Device, FaultKind
from kiosk.simulation.timing import Timing, draw
from kiosk.simulation.wires import Wire

PREAMBLE = bytes.fromhex("AA AA AA 96 69")
SAM_ID = struct.pack("<HHLLL", 5, 1, 20120101, 123456, 987654321)
_LONGEST_REQUEST = 64

_OK, _FOUND, _NO_CARD, _NOT_SELECTED = 0x90, 0x9F, 0x80, 0x81
_NO_SUCH_ITEM, _BAD_CHECKSUM, _BAD_LENGTH, _BAD_COMMAND = 0x91, 0x10, 0x11, 0x21
_NOT_FOUND_YET, _WRONG_CARD, _READ_FAILED, _NOT_AUTHENTIC, _SELF_TEST = 0x34, 0x40, 0x41, 0x32, 0x60

_ETHNICITIES = {
    "汉": "01",
    "蒙古": "02",
    "回": "03",
    "维吾尔": "05",
    "满": "11",
    "哈萨克": "17",
    "达斡尔": "31",
    "鄂温克": "45",
}
_MODULE_TIMEOUT = bytes.fromhex("AA AA AA 96 69 00 05 05 05 05 05")


def answer(sw3: int, data: bytes = b"") -> bytes:
    """A whole reply frame: preamble, length of what follows (big endian), SW1 SW2 SW3, data, XOR check."""
    body = struct.pack(">H", 4 + len(data)) + bytes([0, 0, sw3]) + data
    return PREAMBLE + body + bytes([xor_of(body)])


def _field(text: str, size: int) -> bytes:
    encoded = text.encode("utf-16-le")
    if len(encoded) > size:
        raise ValueError("text does not fit its field")
    return encoded + " ".encode("utf-16-le") * ((size - len(encoded)) // 2)


def _day(day: date | None) -> str:
    return "长期" if day is None else f"{day:%Y%m%d}"


def text_record(card: IdCard, extras: ChipExtras) -> bytes:
    """The 256 bytes of text, UTF-16LE, padded with spaces; laid out by card kind, told apart at byte 248."""
    match card.kind:
        case CardKind.RESIDENT:
            parts = (
                _field(card.name, 30),
                _field(card.sex.value, 2),
                _field(_ETHNICITIES[card.ethnicity], 4),
                _field(_day(card.birth), 16),
                _field(card.address, 70),
                _field(card.number, 36),
                _field(card.authority, 30),
                _field(_day(card.valid_from), 16),
                _field(_day(card.valid_to), 16),
                _field("", 36),
            )
        case CardKind.HONG_KONG_MACAO_TAIWAN:
            parts = (
                _field(card.name, 30),
                _field(card.sex.value, 2),
                _field("", 4),
                _field(_day(card.birth), 16),
                _field(card.address, 70),
                _field(card.number, 36),
                _field(card.authority, 30),
                _field(_day(card.valid_from), 16),
                _field(_day(card.valid_to), 16),
                _field(extras.travel_permit, 18),
                _field(f"{extras.issues:02d}", 4),
                _field("", 6),
                _field("J", 2),
                _field("", 6),
            )
        case CardKind.FOREIGNER_2017:
            parts = (
                _field(extras.english_name, 120),
                _field(card.sex.value, 2),
                _field(card.number, 30),
                _field(extras.nationality, 6),
                _field(card.name, 30),
                _field(_day(card.valid_from), 16),
                _field(_day(card.valid_to), 16),
                _field(_day(card.birth), 16),
                _field("01", 4),
                _field(card.authority, 8),
                _field("I", 2),
                _field("", 6),
            )
        case CardKind.FOREIGNER_2023:
            parts = (
                _field(card.name, 30),
                _field(card.sex.value, 2),
                _field(f"{extras.issues:02d}", 4),
                _field(_day(card.birth), 16),
                _field(extras.english_name[:35], 70),
                _field(card.number, 36),
                _field("", 30),
                _field(_day(card.valid_from), 16),
                _field(_day(card.valid_to), 16),
                _field(extras.english_name[35:46], 22),
                _field(extras.nationality, 6),
                _field("Y", 2),
                _field("", 6),
            )
    return b"".join(parts)


def _card(chip: Chip) -> IdCard:
    return chip.person.new_card.card if chip.kind == NEW and chip.person.new_card else chip.person.card


def _fingers(person: SyntheticPerson) -> bytes:
    return b"".join(
        person.template(finger) for finger in (Finger.RIGHT_THUMB, Finger.LEFT_THUMB)[: len(person.fingers)]
    )


class Field(enum.Enum):
    """Where the module's antenna is: under the glass of the counter, or at the reading place of the dispenser."""

    COUNTER = "counter"
    INSIDE = "inside"


class IdReader:
    """The module: what it found and selected is lost when it is unplugged."""

    def __init__(self, scene: Scene, timing: Timing, rng: random.Random, field: Field = Field.COUNTER) -> None:
        self._scene = scene
        self._field = field
        self._device = Device.ID_READER if field is Field.COUNTER else Device.INSIDE_READER
        self._timing = timing
        self._rng = rng
        self._found: str | None = None
        self._selected: str | None = None
        self._authenticated: str | None = None

    async def run(self, wire: Wire) -> None:
        """Answer requests until the wire is gone."""
        self._found = self._selected = self._authenticated = None
        buffer = bytearray()
        while True:
            start = buffer.find(PREAMBLE)
            if start < 0:
                del buffer[: max(0, len(buffer) - len(PREAMBLE) + 1)]
            elif start:
                del buffer[:start]
            if start < 0 or len(buffer) < 7 or len(buffer) < 7 + struct.unpack_from(">H", buffer, 5)[0]:
                if start >= 0 and len(buffer) >= 7 and struct.unpack_from(">H", buffer, 5)[0] > _LONGEST_REQUEST:
                    buffer.clear()
                    await wire.write(answer(_BAD_LENGTH))
                    continue
                await self._more(wire, buffer, unfinished=start >= 0)
                continue
            length = struct.unpack_from(">H", buffer, 5)[0]
            frame = bytes(buffer[5 : 7 + length])
            del buffer[: 7 + length]
            await self._answer(wire, frame)
            self._scene.tick(self._device)

    async def _more(self, wire: Wire, buffer: bytearray, *, unfinished: bool) -> None:
        if not unfinished:
            buffer += await wire.read(4096)
            return
        try:
            async with asyncio.timeout(self._timing.frame_gap):
                buffer += await wire.read(4096)
        except TimeoutError:
            buffer.clear()
            await wire.write(answer(_BAD_LENGTH))

    async def _answer(self, wire: Wire, frame: bytes) -> None:
        scene = self._scene
        if scene.strike(self._device, FaultKind.SILENT):
            return
        if len(frame) < 5:
            await wire.write(answer(_BAD_LENGTH))
        elif xor_of(frame):
            await wire.write(answer(_BAD_CHECKSUM))
        elif scene.has(self._device, FaultKind.SELF_TEST):
            await wire.write(answer(_SELF_TEST))
        elif scene.strike(self._device, FaultKind.MODULE_TIMEOUT):
            await wire.write(_MODULE_TIMEOUT)
        else:
            reply = await self._command(frame[2], frame[3])
            if reply:
                await wire.write(reply)

    async def _command(self, command: int, parameter: int) -> bytes:
        match command, parameter:
            case (0x10, 0xFF):
                self._found = self._selected = self._authenticated = None
                await self._wait(self._timing.module)
                return answer(_OK)
            case (0x11, 0xFF) | (0x61, 0xFF):
                await self._wait(self._timing.module)
                return answer(_OK)
            case (0x60, rate) if rate <= 4:
                return answer(_OK)
            case (0x12, 0xFF):
                await self._wait(self._timing.module)
                return answer(_OK, SAM_ID)
            case (0x20, 0x01):
                return await self._find()
            case (0x20, 0x02):
                return await self._select()
            case (0x30, 0x01):
                return await self._read(with_fingers=False)
            case (0x30, 0x10):
                return await self._read(with_fingers=True)
            case (0x30, 0x02 | 0x03 | 0x05):
                return await self._append()
            case _:
                return answer(_BAD_COMMAND)

    async def _wait(self, bounds: tuple[float, float]) -> None:
        await asyncio.sleep(draw(self._rng, bounds))

    def _in_field(self) -> str | None:
        match self._field:
            case Field.COUNTER:
                chip = self._scene.card_on_reader()
                return None if chip is None else chip.card_id
            case Field.INSIDE:
                return self._scene.dispenser.at_reading_place()

    @property
    def _was_read(self) -> bool:
        """A card that was read says nothing more until it is taken away; inside, each is fetched to be read once."""
        return self._field is Field.COUNTER and self._scene.state.card_was_read

    async def _find(self) -> bytes:
        await self._wait(self._timing.find)
        self._selected = self._authenticated = None
        self._found = None if self._was_read else self._in_field()
        return answer(_FOUND, bytes(4)) if self._found else answer(_NO_CARD)

    async def _select(self) -> bytes:
        await self._wait(self._timing.select)
        if self._found is None or self._found != self._in_field() or self._was_read:
            self._found = None
            return answer(_NOT_SELECTED)
        self._selected = self._found
        return answer(_OK, bytes(8))

    async def _read(self, *, with_fingers: bool) -> bytes:
        card_id = self._selected
        if card_id is None:
            return answer(_READ_FAILED if self._found else _NOT_FOUND_YET)
        scene = self._scene
        seconds = draw(self._rng, self._timing.read)
        self._found = self._selected = None
        pulled = scene.strike(self._device, FaultKind.CARD_PULLED)
        silent = scene.strike(self._device, FaultKind.CARD_PULLED_SILENT)
        if (pulled or silent) and self._in_field() == card_id:
            await asyncio.sleep(seconds / 2)
            if self._in_field() == card_id:
                scene.take_card()
            return b"" if silent else answer(_READ_FAILED)
        await asyncio.sleep(seconds)
        if self._in_field() != card_id:
            return answer(_READ_FAILED)
        if self._field is Field.COUNTER:
            scene.state.card_was_read = True
            scene.changed()
        chip = scene.chip(card_id)
        if chip.kind == FOREIGN:
            return answer(_WRONG_CARD)
        if chip.kind == COUNTERFEIT or scene.strike(self._device, FaultKind.UNAUTHENTIC):
            return answer(_NOT_AUTHENTIC)
        if chip.kind == DAMAGED or (chip.kind == OWN and not chip.person.chip_answers):
            return answer(_READ_FAILED)
        self._authenticated = card_id
        text = text_record(_card(chip), chip.person.extras)
        photo = chip.person.photo()
        if not with_fingers:
            return answer(_OK, struct.pack(">HH", len(text), len(photo)) + text + photo)
        fingers = _fingers(chip.person)
        return answer(_OK, struct.pack(">HHH", len(text), len(photo), len(fingers)) + text + photo + fingers)

    async def _append(self) -> bytes:
        if self._in_field() is None or self._in_field() not in (self._selected, self._authenticated):
            return answer(_NOT_FOUND_YET)
        await self._wait(self._timing.append)
        return answer(_NO_SUCH_ITEM)
