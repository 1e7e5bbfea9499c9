"""Commands of the devices that read what people bring: cards, fingers, codes."""

from __future__ import annotations

import logging

from kiosk.devices.fingerprint.contract import FingerprintSensor
from kiosk.devices.id_reader.contract import CardRead, IdReader
from kiosk.devices.scanner.contract import Scanner
from kiosk.devices.shell.words import Answer, Command, Options
from kiosk.people.id_card import masked_name


def _masked_number(number: str) -> str:
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}" if len(number) > 10 else "*" * len(number)


def _card_answer(read: CardRead, options: Options) -> Answer:
    card = read.card
    personal: dict[str, str] = {"name": masked_name(card.name), "number": _masked_number(card.number)}
    if options.show:
        personal = {
            "name": card.name,
            "number": card.number,
            "sex": card.sex.value,
            "ethnicity": card.ethnicity,
            "birth": card.birth.isoformat(),
            "address": card.address,
        }
    return {
        "kind": card.kind.value,
        **personal,
        "authority": card.authority,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": None if card.valid_to is None else card.valid_to.isoformat(),
        "photo_bytes": len(read.photo),
        "fingers": len(read.fingers),
        "wire_seconds": round(read.wire_seconds, 6),
        "own_seconds": round(read.own_seconds, 6),
    }


async def _read_card(reader: IdReader, options: Options) -> Answer:
    read = await reader.read(seconds=options.seconds, card_seen=_say_card_seen)
    return _card_answer(read, options)


def _say_card_seen() -> None:
    logging.getLogger(__name__).info("a card is on the reader")


async def _additional_address(reader: IdReader, options: Options) -> Answer:
    await reader.read(seconds=options.seconds, card_seen=_say_card_seen)
    address = await reader.additional_address()
    return {"additional_address": address if options.show else "*" * len(address)}


async def _sam_id(reader: IdReader, _options: Options) -> Answer:
    return {"sam_id": await reader.sam_id()}


async def _reset(reader: IdReader, _options: Options) -> Answer:
    await reader.reset()
    return {"reset": True}


async def _capture(sensor: FingerprintSensor, options: Options) -> Answer:
    image = await sensor.capture(seconds=options.seconds)
    return {"quality": image.quality, "feature_bytes": len(image.features)}


async def _scan(scanner: Scanner, options: Options) -> Answer:
    code = await scanner.scan(seconds=options.seconds)
    shown = code.text if options.show else "*" * len(code.text)
    return {"code_text": shown, "characters": len(code.text), "symbology": code.symbology.value}


ID_READER = {
    "read": Command(_read_card, person=True),
    "additional-address": Command(_additional_address, person=True),
    "sam-id": Command(_sam_id),
    "reset": Command(_reset),
}
FINGERPRINT = {"capture": Command(_capture, person=True)}
SCANNER = {"scan": Command(_scan, person=True)}
