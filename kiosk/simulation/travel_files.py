"""The files on a travel document's chip (ICAO 9303 part 10), for people who do not exist.

Written from the standards, apart from the reader's own decoder. EF.SOD is a security object's outside only: nobody
signed it, and it says so.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk.people.id_number import Sex
from kiosk.people.synthetic import PopulationKey, SyntheticPerson, population

PASS, PASSPORT = "pass", "passport"
"""往来港澳通行证 with a zone of one line, and 普通护照 (TD3)."""

COM, DG1, DG2, DG11, SOD = 0x011E, 0x0101, 0x0102, 0x010B, 0x011D

_KEY = PopulationKey(seed=9303, as_of=date(2026, 11, 22))
_FACES = Path(__file__).resolve().parents[2] / "assets" / "simulation" / "faces"
_SPECIMEN = "YANGBEN"
"""样本, a specimen: everybody's surname in the Latin zone."""
_JPEG = 0


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """What is printed on it, lines joined; what opens its chip; its files by identifier."""

    zone: str
    information: str
    files: Mapping[int, bytes]

    def __repr__(self) -> str:
        return f"TravelDocument({len(self.files)} files)"


def document_of(kind: str, nth: int, picture: str = "chip") -> TravelDocument:
    """The nth synthetic person's document of a kind. `picture`: "chip" (small) or "cast" (beyond 32 KiB)."""
    people = population(_KEY).people
    person = people[nth % len(people)]
    number = ("C" if kind == PASS else "E") + f"{20_000_000 + nth:08d}"
    expiry = date(2031, 1 + nth % 12, 1 + nth % 28)
    return made_for(person, kind, number, expiry, picture)


def made_for(person: SyntheticPerson, kind: str, number: str, expiry: date, picture: str = "chip") -> TravelDocument:
    """A document of this person with this number."""
    birth, until = f"{person.card.birth:%y%m%d}", f"{expiry:%y%m%d}"
    information = number + _digit(number) + birth + _digit(birth) + until + _digit(until)
    zone = _pass_zone(number, birth, until) if kind == PASS else _passport_zone(number, birth, until, person)
    record = zone + "<" * 12 + _SPECIMEN.ljust(18, "<") + _sex(person) if kind == PASS else zone
    files = {
        COM: tlv(0x60, tlv(0x5F01, b"0107") + tlv(0x5F36, b"040000") + tlv(0x5C, bytes([0x61, 0x75, 0x6B]))),
        DG1: tlv(0x61, tlv(0x5F1F, record.encode("ascii"))),
        DG2: tlv(0x75, tlv(0x7F61, tlv(0x02, b"\x01") + tlv(0x7F60, _face(_picture(person, picture))))),
        DG11: tlv(
            0x6B,
            tlv(0x5C, bytes.fromhex("5F0E5F105F2B"))
            + tlv(0x5F0E, person.card.name.encode("utf-8"))
            + tlv(0x5F10, person.card.number.encode("ascii"))
            + tlv(0x5F2B, bytes.fromhex(f"{person.card.birth:%Y%m%d}")),
        ),
    }
    return TravelDocument(zone, information, files | {SOD: _unsigned(files)})


def person_of(nth: int) -> SyntheticPerson:
    """Whose document it is."""
    people = population(_KEY).people
    return people[nth % len(people)]


def tlv(tag: int, value: bytes) -> bytes:
    """One data object with the shortest length (ISO/IEC 7816-4, 5.2.2)."""
    if len(value) < 128:
        length = bytes([len(value)])
    elif len(value) < 256:
        length = b"\x81" + bytes([len(value)])
    else:
        length = b"\x82" + struct.pack(">H", len(value))
    return (struct.pack(">H", tag) if tag > 255 else bytes([tag])) + length + value


def _digit(text: str) -> str:
    """ICAO 9303 part 3, 4.9."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = 0
    for place, character in enumerate(text):
        total += (7, 3, 1)[place % 3] * max(0, alphabet.find(character))
    return str(total % 10)


def _sex(person: SyntheticPerson) -> str:
    return {Sex.MALE: "M", Sex.FEMALE: "F"}.get(person.card.sex, "<")


def _pass_zone(number: str, birth: str, expiry: str) -> str:
    line = f"CS{number}{_digit(number)}<{expiry}{_digit(expiry)}<{birth}{_digit(birth)}<"
    return line + _digit(line[2:28])


def _passport_zone(number: str, birth: str, expiry: str, person: SyntheticPerson) -> str:
    first = f"POCHN{_SPECIMEN}<<".ljust(44, "<")
    second = f"{number}{_digit(number)}CHN{birth}{_digit(birth)}{_sex(person)}{expiry}{_digit(expiry)}{'<' * 14}<"
    return first + second + _digit(second[:10] + second[13:20] + second[21:43])


def _picture(person: SyntheticPerson, picture: str) -> bytes:
    return (_FACES / f"{picture}_{person.face}.jpg").read_bytes()


def _face(picture: bytes) -> bytes:
    """A biometric header and one face record of ISO/IEC 19794-5:2005: no feature points, JPEG, size not said."""
    information = struct.pack(">IH", 20 + 12 + len(picture), 0) + bytes(14)
    image = struct.pack(">BBHHBBHH", 1, _JPEG, 0, 0, 1, 0, 0, 0)
    record = b"FAC\x00010\x00" + struct.pack(">IH", 14 + len(information) + len(image) + len(picture), 1)
    header = tlv(0xA1, tlv(0x81, b"\x02") + tlv(0x87, b"\x01\x01") + tlv(0x88, b"\x00\x08"))
    return header + tlv(0x5F2E, record + information + image + picture)


def _unsigned(files: Mapping[int, bytes]) -> bytes:
    digests = b"".join(hashlib.sha256(data).digest() for _, data in sorted(files.items()))
    return tlv(0x77, tlv(0x30, tlv(0x0C, "unsigned specimen".encode("ascii")) + tlv(0x04, digests)))
