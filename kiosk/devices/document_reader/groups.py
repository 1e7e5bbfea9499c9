"""The files of the chip (ICAO 9303 part 10): what they are, and their bytes turned into values."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from kiosk.devices.document_reader.contract import Details, Portrait, PortraitFormat
from kiosk.devices.document_reader.tlv import InvalidTlv, first, objects, only
from kiosk.people.travel_document import InvalidMrz, Mrz, MrzLayout, parse_mrz


class InvalidGroup(ValueError):
    """A file's bytes make no sense. Says which file, nothing of its content."""

    def __init__(self, file: File) -> None:
        super().__init__(file.name)
        self.file = file


@dataclass(frozen=True, slots=True)
class Place:
    """A file's identifier, its outermost tag, and the most bytes it may claim to have."""

    file_id: int
    tag: int
    most: int


class File(enum.Enum):
    """The files that are read. Sizes: what documents have, with room; a chip that claims more is not believed."""

    COM = Place(0x011E, 0x60, 1024)
    DG1 = Place(0x0101, 0x61, 1024)
    DG2 = Place(0x0102, 0x75, 65_000)
    DG11 = Place(0x010B, 0x6B, 8192)
    SOD = Place(0x011D, 0x77, 32_768)


_TAG_LIST = 0x5C
_MRZ = 0x5F1F
_PASS_LINE_LENGTH = 30
_LONGEST_PASS_RECORD = 200

_GROUP, _TEMPLATE, _HEADER, _COUNT = 0x7F61, 0x7F60, 0xA1, 0x02
_FACES = (0x5F2E, 0x7F2E)

_FACE_MAGIC = b"FAC\x00010\x00"
"""ISO/IEC 19794-5:2005, 5.4: format identifier and version."""
_RECORD_HEADER, _FACE_HEADER, _POINT, _IMAGE_HEADER = 14, 20, 8, 12
_FORMATS = {0: PortraitFormat.JPEG, 1: PortraitFormat.JPEG_2000}
_STARTS = {
    PortraitFormat.JPEG: (b"\xff\xd8\xff",),
    PortraitFormat.JPEG_2000: (b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"),
}

_NAME, _OTHER_NAME, _NUMBER, _BIRTH, _BIRTHPLACE, _ADDRESS = 0x5F0E, 0x5F0F, 0x5F10, 0x5F2B, 0x5F11, 0x5F42


def tags_listed(data: bytes) -> frozenset[int]:
    """EF.COM: the tags of the groups there are. Raises InvalidGroup."""
    try:
        return frozenset(first(only(data, File.COM.value.tag), _TAG_LIST))
    except InvalidTlv:
        raise InvalidGroup(File.COM) from None


def zone(data: bytes) -> Mrz:
    """DG1. A pass's record is its one line and what its issuer adds to it, which is not read. Raises InvalidGroup."""
    try:
        text = only(only(data, File.DG1.value.tag), _MRZ).decode("utf-8")
        if text[:2] in ("CS", "CD") and len(text) <= _LONGEST_PASS_RECORD:
            return parse_mrz(text[:_PASS_LINE_LENGTH])
        found = parse_mrz(text)
    except (InvalidTlv, InvalidMrz, UnicodeDecodeError):
        raise InvalidGroup(File.DG1) from None
    if found.layout is MrzLayout.PASS_LINE:
        raise InvalidGroup(File.DG1)
    return found


def portrait(data: bytes) -> Portrait:
    """DG2: the first face of the first template, as ISO/IEC 19794-5:2005 wraps it. Raises InvalidGroup."""
    try:
        group = only(only(data, File.DG2.value.tag), _GROUP)
        template = first(group, _TEMPLATE)
        block = next((value for tag, value in objects(template) if tag in _FACES), b"")
    except InvalidTlv:
        raise InvalidGroup(File.DG2) from None
    found = _face(block)
    if found is None:
        raise InvalidGroup(File.DG2)
    return found


def _face(block: bytes) -> Portrait | None:
    """None where the record makes no sense."""
    if not block.startswith(_FACE_MAGIC) or len(block) < _RECORD_HEADER + _FACE_HEADER:
        return None
    whole, faces = int.from_bytes(block[8:12], "big"), int.from_bytes(block[12:14], "big")
    length = int.from_bytes(block[14:18], "big")
    points = int.from_bytes(block[18:20], "big")
    image_at = _RECORD_HEADER + _FACE_HEADER + points * _POINT
    end = _RECORD_HEADER + length
    if whole != len(block) or not faces or end > len(block) or image_at + _IMAGE_HEADER >= end:
        return None
    form = _FORMATS.get(block[image_at + 1])
    width = int.from_bytes(block[image_at + 2 : image_at + 4], "big")
    height = int.from_bytes(block[image_at + 4 : image_at + 6], "big")
    picture = block[image_at + _IMAGE_HEADER : end]
    if form is None or not picture.startswith(_STARTS[form]):
        return None
    return Portrait(form, width, height, picture)


def details(data: bytes) -> Details:
    """DG11: what is there of it. Raises InvalidGroup."""
    try:
        found = dict(objects(only(data, File.DG11.value.tag)))
        return Details(
            name=_text(found.get(_NAME, b"")),
            number=_text(found.get(_NUMBER, b"")),
            birth=_day(found.get(_BIRTH, b"")),
            birthplace=_text(found.get(_BIRTHPLACE, b"")),
            address=_text(found.get(_ADDRESS, b"")),
        )
    except (InvalidTlv, UnicodeDecodeError):
        raise InvalidGroup(File.DG11) from None


def _text(value: bytes) -> str:
    """As the chip has it: fillers stay where they stand."""
    return value.decode("utf-8")


def _day(value: bytes) -> date | None:
    """CCYYMMDD as four bytes of BCD or as eight digits; None where it is no day (parts of it may be unknown)."""
    digits = value.hex() if len(value) == 4 else value.decode("ascii", "replace")
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def signed(head: bytes) -> bool:
    """Whether the first bytes of EF.SOD are those of a security object."""
    return bool(head) and head[0] == File.SOD.value.tag
