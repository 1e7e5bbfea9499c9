"""The 256 bytes of text on an identity card, as tables of fields, and the checks that make them a card (GA/T 490).

All text is UTF-16LE padded with spaces. The unit at byte 248 tells the kind of card; sex, birth and number lie at
the same places on most kinds, so a reader that did not look there first would return plausible nonsense.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date

from kiosk.devices.id_reader.ethnicity import ethnicity
from kiosk.people.id_card import CardKind, IdCard
from kiosk.people.id_number import IdNumber, InvalidIdNumber, Sex

RECORD_BYTES = 256
KIND_AT = 248


class Item(enum.Enum):
    """What a field holds."""

    NAME = "name"
    ENGLISH_NAME = "english-name"
    ENGLISH_NAME_REST = "english-name-rest"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    BIRTH = "birth"
    ADDRESS = "address"
    NUMBER = "number"
    AUTHORITY = "authority"
    VALID_FROM = "valid-from"
    VALID_TO = "valid-to"
    TRAVEL_PERMIT = "travel-permit"
    ISSUES = "issues"
    NATIONALITY = "nationality"
    DOCUMENT_VERSION = "document-version"
    RENEWALS = "renewals"
    FORMER_NUMBER = "former-number"
    KIND = "kind"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Place:
    """A field's first byte and its length in bytes."""

    item: Item
    offset: int
    length: int


_COMMON_TAIL = (Place(Item.KIND, KIND_AT, 2),)

LAYOUTS: dict[CardKind, tuple[Place, ...]] = {
    CardKind.RESIDENT: (
        Place(Item.NAME, 0, 30),
        Place(Item.SEX, 30, 2),
        Place(Item.ETHNICITY, 32, 4),
        Place(Item.BIRTH, 36, 16),
        Place(Item.ADDRESS, 52, 70),
        Place(Item.NUMBER, 122, 36),
        Place(Item.AUTHORITY, 158, 30),
        Place(Item.VALID_FROM, 188, 16),
        Place(Item.VALID_TO, 204, 16),
        Place(Item.RESERVED, 220, 28),
        *_COMMON_TAIL,
        Place(Item.RESERVED, 250, 6),
    ),
    CardKind.HONG_KONG_MACAO_TAIWAN: (
        Place(Item.NAME, 0, 30),
        Place(Item.SEX, 30, 2),
        Place(Item.RESERVED, 32, 4),
        Place(Item.BIRTH, 36, 16),
        Place(Item.ADDRESS, 52, 70),
        Place(Item.NUMBER, 122, 36),
        Place(Item.AUTHORITY, 158, 30),
        Place(Item.VALID_FROM, 188, 16),
        Place(Item.VALID_TO, 204, 16),
        Place(Item.TRAVEL_PERMIT, 220, 18),
        Place(Item.ISSUES, 238, 4),
        Place(Item.RESERVED, 242, 6),
        *_COMMON_TAIL,
        Place(Item.RESERVED, 250, 6),
    ),
    CardKind.FOREIGNER_2017: (
        Place(Item.ENGLISH_NAME, 0, 120),
        Place(Item.SEX, 120, 2),
        Place(Item.NUMBER, 122, 30),
        Place(Item.NATIONALITY, 152, 6),
        Place(Item.NAME, 158, 30),
        Place(Item.VALID_FROM, 188, 16),
        Place(Item.VALID_TO, 204, 16),
        Place(Item.BIRTH, 220, 16),
        Place(Item.DOCUMENT_VERSION, 236, 4),
        Place(Item.AUTHORITY, 240, 8),
        *_COMMON_TAIL,
        Place(Item.RESERVED, 250, 6),
    ),
    CardKind.FOREIGNER_2023: (
        Place(Item.NAME, 0, 30),
        Place(Item.SEX, 30, 2),
        Place(Item.RENEWALS, 32, 4),
        Place(Item.BIRTH, 36, 16),
        Place(Item.ENGLISH_NAME, 52, 70),
        Place(Item.NUMBER, 122, 36),
        Place(Item.RESERVED, 158, 30),
        Place(Item.VALID_FROM, 188, 16),
        Place(Item.VALID_TO, 204, 16),
        Place(Item.ENGLISH_NAME_REST, 220, 22),
        Place(Item.NATIONALITY, 242, 6),
        *_COMMON_TAIL,
        Place(Item.FORMER_NUMBER, 250, 6),
    ),
}

_KINDS: dict[str, CardKind] = {
    " ": CardKind.RESIDENT,
    "\0": CardKind.RESIDENT,
    "I": CardKind.FOREIGNER_2017,
    "Y": CardKind.FOREIGNER_2023,
    "J": CardKind.HONG_KONG_MACAO_TAIWAN,
}

LONG_TERM = "长期"
_DAY = re.compile(r"[0-9]{8}")
_NUMBER_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")


class RecordFault(enum.Enum):
    """Why 256 bytes are no card. The page says one sentence for all; a technician reads which."""

    SIZE = "size"
    KIND = "kind"
    TEXT = "text"
    NAME = "name"
    SEX = "sex"
    BIRTH = "birth"
    BIRTH_IN_FUTURE = "birth-in-future"
    VALIDITY = "validity"
    NUMBER = "number"


class InvalidRecord(ValueError):
    """The record makes no sense; carries the fault and never the text."""

    def __init__(self, fault: RecordFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def kind_of(record: bytes) -> CardKind:
    """The kind of card by the unit at byte 248. Raises InvalidRecord(KIND)."""
    unit = record[KIND_AT : KIND_AT + 2].decode("utf-16-le", "replace")
    try:
        return _KINDS[unit]
    except KeyError:
        raise InvalidRecord(RecordFault.KIND) from None


def parse_record(record: bytes, today: date) -> IdCard:
    """A card from its 256 bytes. Raises InvalidRecord.

    Refused are unreadable text, an unknown kind or sex, dates that do not exist, a birth after `today` or after the
    card's first day, a validity that ends before it begins, and 18-character numbers that IdNumber refuses. The
    check digit of the 15-character number of 2004 has one source only and is not enforced.
    """
    if len(record) != RECORD_BYTES:
        raise InvalidRecord(RecordFault.SIZE)
    kind = kind_of(record)
    padded = {place.item: _text(record, place) for place in LAYOUTS[kind] if place.item is not Item.RESERVED}
    fields = {item: text.strip() for item, text in padded.items()}
    birth = _day(fields[Item.BIRTH], RecordFault.BIRTH)
    if birth > today:
        raise InvalidRecord(RecordFault.BIRTH_IN_FUTURE)
    valid_from = _day(fields[Item.VALID_FROM], RecordFault.VALIDITY)
    valid_to = None if fields[Item.VALID_TO] == LONG_TERM else _day(fields[Item.VALID_TO], RecordFault.VALIDITY)
    if birth > valid_from or (valid_to is not None and valid_to < valid_from):
        raise InvalidRecord(RecordFault.VALIDITY)
    return IdCard(
        kind=kind,
        name=_name(padded),
        sex=_sex(fields[Item.SEX]),
        ethnicity=ethnicity(fields.get(Item.ETHNICITY, "")),
        birth=birth,
        address=fields.get(Item.ADDRESS, ""),
        number=_number(kind, fields[Item.NUMBER], today),
        authority=fields.get(Item.AUTHORITY, ""),
        valid_from=valid_from,
        valid_to=valid_to,
    )


ADDRESS_BYTES = 70
"""One address: 35 UTF-16 units (GA/T 490)."""


def newest_address(data: bytes) -> str:
    """The address a module answers to "read the newest additional address", without its padding.

    Sources show the 70 bytes alone; whether some modules put their length (two bytes, big endian) before them is not
    known, and is recognised by its value. Raises ValueError for what holds no readable address; it carries no text.
    """
    if int.from_bytes(data[:2], "big") == len(data) - 2:
        data = data[2:]
    if len(data) < ADDRESS_BYTES:
        raise ValueError("too short for an address")
    try:
        return _text(data, Place(Item.ADDRESS, 0, ADDRESS_BYTES)).strip()
    except InvalidRecord as unreadable:
        raise ValueError("not an address") from unreadable


def _text(record: bytes, place: Place) -> str:
    raw = record[place.offset : place.offset + place.length]
    try:
        text = raw.decode("utf-16-le").replace("\0", " ")
    except UnicodeDecodeError:
        raise InvalidRecord(RecordFault.TEXT) from None
    if any(ord(character) < 0x20 for character in text):
        raise InvalidRecord(RecordFault.TEXT)
    return text


def _name(padded: dict[Item, str]) -> str:
    # The English name is the one in a foreigner's passport; the Chinese one beside it is optional.
    # A long one goes on in a second field, possibly behind a space at the seam, hence one strip for both.
    english = padded.get(Item.ENGLISH_NAME, "") + padded.get(Item.ENGLISH_NAME_REST, "")
    name = english.strip() or padded[Item.NAME].strip()
    if not name:
        raise InvalidRecord(RecordFault.NAME)
    return name


def _sex(code: str) -> Sex:
    try:
        return Sex(code)
    except ValueError:
        raise InvalidRecord(RecordFault.SEX) from None


def _day(text: str, fault: RecordFault) -> date:
    if not _DAY.fullmatch(text):
        raise InvalidRecord(fault)
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise InvalidRecord(fault) from None


def _number(kind: CardKind, text: str, today: date) -> str:
    if kind is CardKind.FOREIGNER_2017:
        if not _NUMBER_2017.fullmatch(text):
            raise InvalidRecord(RecordFault.NUMBER)
        return text
    try:
        return IdNumber.parse(text, today).text
    except InvalidIdNumber:
        raise InvalidRecord(RecordFault.NUMBER) from None
