"""Machine-readable zones of travel documents: ICAO 9303 parts 4-6 (TD3, TD1, TD2) and the passes of exit and entry.

What a zone says is a value; whether it may be believed is its check digits' (ICAO 9303 part 3, 4.9), which are all
verified here but one: see `PASS_LINE`.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date

FILLER = "<"
_WEIGHTS = (7, 3, 1)
_CHARACTERS = re.compile(r"[A-Z0-9<]*")
_DATE = re.compile(r"[0-9]{6}")
_BIRTH = re.compile(r"[0-9]{2}(?:[0-9]{2}|<<)(?:[0-9]{2}|<<)")
_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9<]*[A-Z0-9])?")
_NUMBER_LENGTH = 9
_LONGEST_NUMBER = 22

EXPIRY_YEARS_AHEAD = 50
"""A year of expiry that would lie further ahead belongs to the century before."""


class MrzLayout(enum.Enum):
    """Where the fields stand. Told apart by length, and among zones of 30 and 90 by their first two characters."""

    TD3 = "td3"
    """Passports: 2 x 44."""
    TD2 = "td2"
    """2 x 36."""
    TD1 = "td1"
    """Cards: 3 x 30."""
    PASS_LINE = "pass-line"
    """CS 往来港澳通行证, CD 往来台湾通行证: one line of 30, number, expiry, birth. The last digit covers the
    line by a rule nobody has published; it is not judged."""
    ENTRY_PERMIT = "entry-permit"
    """CR, CT 来往内地（大陆）通行证: 3 x 30, everything numbered in the first line (a single source knows where)."""


class MrzFault(enum.Enum):
    """Why a text is no zone. Names the part, never its content."""

    LENGTH = "length"
    CHARACTERS = "characters"
    LAYOUT = "layout"
    NUMBER = "number"
    NUMBER_CHECK = "number-check"
    BIRTH = "birth"
    BIRTH_CHECK = "birth-check"
    EXPIRY = "expiry"
    EXPIRY_CHECK = "expiry-check"
    OPTIONAL_CHECK = "optional-check"
    COMPOSITE_CHECK = "composite-check"


class InvalidMrz(ValueError):
    """The text is no machine-readable zone; carries the fault and never the text itself."""

    def __init__(self, fault: MrzFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def check_digit(text: str) -> str:
    """ICAO 9303 part 3, 4.9: weights 7, 3, 1; letters count from A = 10, the filler is 0. Raises InvalidMrz."""
    if not _CHARACTERS.fullmatch(text):
        raise InvalidMrz(MrzFault.CHARACTERS)
    total = sum(_WEIGHTS[place % 3] * (0 if c == FILLER else int(c, 36)) for place, c in enumerate(text))
    return str(total % 10)


@dataclass(frozen=True, slots=True)
class ChipKey:
    """What opens a document's chip: number, birth and expiry as its zone has them (YYMMDD), without check digits.

    Build it with `of`, which checks the form.
    """

    number: str
    birth: str
    expiry: str

    @staticmethod
    def of(number: str, birth: str, expiry: str) -> ChipKey:
        """Raises InvalidMrz: NUMBER, BIRTH, EXPIRY."""
        if not _NUMBER.fullmatch(number) or len(number) > _LONGEST_NUMBER:
            raise InvalidMrz(MrzFault.NUMBER)
        if not _BIRTH.fullmatch(birth):
            raise InvalidMrz(MrzFault.BIRTH)
        if not _DATE.fullmatch(expiry):
            raise InvalidMrz(MrzFault.EXPIRY)
        return ChipKey(number, birth, expiry)

    @property
    def information(self) -> str:
        """MRZ_information (ICAO 9303 part 11, D.2): all three, each with its check digit, the number filled to 9."""
        number = self.number.ljust(_NUMBER_LENGTH, FILLER)
        return "".join(part + check_digit(part) for part in (number, self.birth, self.expiry))

    def __repr__(self) -> str:
        return "ChipKey()"


@dataclass(frozen=True, slots=True)
class Mrz:
    """One zone. Fields a layout does not have are empty. Names are as transliterated, fillers turned into spaces."""

    layout: MrzLayout
    code: str
    issuer: str
    number: str
    birth: str
    expiry: str
    sex: str
    nationality: str
    surname: str
    given_names: str
    optional: str

    @property
    def chip_key(self) -> ChipKey:
        """What opens the chip of this document."""
        return ChipKey(self.number, self.birth, self.expiry)

    def born(self, today: date) -> date | None:
        """The date of birth: the latest such day that is not after `today`. None where parts are unknown."""
        return _latest(self.birth, today)

    def expires(self, today: date) -> date | None:
        """The day of expiry, at most EXPIRY_YEARS_AHEAD years after `today`. None where there is no such day."""
        return _latest(self.expiry, date(today.year + EXPIRY_YEARS_AHEAD, 12, 31))

    def __repr__(self) -> str:
        return f"Mrz({self.layout.value})"


def _latest(text: str, limit: date) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    for century in (limit.year // 100, limit.year // 100 - 1):
        try:
            found = date(century * 100 + year, month, day)
        except ValueError:
            continue
        if found <= limit:
            return found
    return None


def parse_mrz(text: str) -> Mrz:
    """A zone with or without line breaks, nothing else around it. Raises InvalidMrz."""
    zone = "".join(text.split())
    if not _CHARACTERS.fullmatch(zone):
        raise InvalidMrz(MrzFault.CHARACTERS)
    match len(zone):
        case 88:
            return _td3(zone[:44], zone[44:])
        case 72:
            return _td2(zone[:36], zone[36:])
        case 90 if zone[:2] in ("CR", "CT"):
            return _entry_permit(zone[:30])
        case 90:
            return _td1(zone[:30], zone[30:60], zone[60:])
        case 30:
            return _pass_line(zone)
        case _:
            raise InvalidMrz(MrzFault.LENGTH)


def _td3(first: str, second: str) -> Mrz:
    optional, check = second[28:42], second[42]
    # A document without optional data may fill the place of its check digit (part 4, 4.2.2).
    if check != FILLER or optional.strip(FILLER):
        _checked(optional, check, MrzFault.OPTIONAL_CHECK)
    _checked(second[:10] + second[13:20] + second[21:43], second[43], MrzFault.COMPOSITE_CHECK)
    _checked(second[:9], second[9], MrzFault.NUMBER_CHECK)
    return _two_lines(MrzLayout.TD3, first, second, second[:9], optional)


def _td2(first: str, second: str) -> Mrz:
    _checked(second[:10] + second[13:20] + second[21:35], second[35], MrzFault.COMPOSITE_CHECK)
    number, optional = _number(second[:9], second[9], second[28:35])
    return _two_lines(MrzLayout.TD2, first, second, number, optional)


def _two_lines(layout: MrzLayout, first: str, second: str, number: str, optional: str) -> Mrz:
    _dates(second[13:19], second[19], second[21:27], second[27])
    surname, given = _names(first[5:])
    return Mrz(
        layout=layout,
        code=first[:2].strip(FILLER),
        issuer=first[2:5].strip(FILLER),
        number=_formed(number),
        birth=second[13:19],
        expiry=second[21:27],
        sex=second[20].strip(FILLER),
        nationality=second[10:13].strip(FILLER),
        surname=surname,
        given_names=given,
        optional=optional.strip(FILLER),
    )


def _td1(first: str, second: str, third: str) -> Mrz:
    _checked(first[5:] + second[:7] + second[8:15] + second[18:29], second[29], MrzFault.COMPOSITE_CHECK)
    number, optional = _number(first[5:14], first[14], first[15:])
    _dates(second[:6], second[6], second[8:14], second[14])
    surname, given = _names(third)
    return Mrz(
        layout=MrzLayout.TD1,
        code=first[:2].strip(FILLER),
        issuer=first[2:5].strip(FILLER),
        number=_formed(number),
        birth=second[:6],
        expiry=second[8:14],
        sex=second[7].strip(FILLER),
        nationality=second[15:18].strip(FILLER),
        surname=surname,
        given_names=given,
        optional=optional.strip(FILLER),
    )


def _entry_permit(first: str) -> Mrz:
    _checked(first[2:11], first[11], MrzFault.NUMBER_CHECK)
    _dates(first[23:29], first[29], first[15:21], first[21])
    return _numbers_only(MrzLayout.ENTRY_PERMIT, first, first[23:29], first[15:21], first[22].strip(FILLER))


def _pass_line(line: str) -> Mrz:
    if line[:2] not in ("CS", "CD") or (line[12], line[20], line[28]) != (FILLER,) * 3:
        raise InvalidMrz(MrzFault.LAYOUT)
    _checked(line[2:11], line[11], MrzFault.NUMBER_CHECK)
    _dates(line[21:27], line[27], line[13:19], line[19])
    return _numbers_only(MrzLayout.PASS_LINE, line, line[21:27], line[13:19], "")


def _numbers_only(layout: MrzLayout, line: str, birth: str, expiry: str, sex: str) -> Mrz:
    return Mrz(layout, line[:2], "", _formed(line[2:11]), birth, expiry, sex, "", "", "", "")


def _number(nine: str, check: str, rest: str) -> tuple[str, str]:
    """A number and the optional data behind it; a number of more than nine goes on there (part 5, 4.2.2, note j)."""
    if check != FILLER:
        _checked(nine, check, MrzFault.NUMBER_CHECK)
        return nine, rest
    more, _, optional = rest.partition(FILLER)
    if len(more) < 2:
        raise InvalidMrz(MrzFault.NUMBER_CHECK)
    _checked(nine + more[:-1], more[-1], MrzFault.NUMBER_CHECK)
    return nine + more[:-1], optional


def _formed(number: str) -> str:
    """Without its filling."""
    stripped = number.rstrip(FILLER)
    if not _NUMBER.fullmatch(stripped):
        raise InvalidMrz(MrzFault.NUMBER)
    return stripped


def _dates(birth: str, birth_check: str, expiry: str, expiry_check: str) -> None:
    if not _BIRTH.fullmatch(birth):
        raise InvalidMrz(MrzFault.BIRTH)
    if not _DATE.fullmatch(expiry):
        raise InvalidMrz(MrzFault.EXPIRY)
    _checked(birth, birth_check, MrzFault.BIRTH_CHECK)
    _checked(expiry, expiry_check, MrzFault.EXPIRY_CHECK)


def _checked(text: str, check: str, fault: MrzFault) -> None:
    if check_digit(text) != check:
        raise InvalidMrz(fault)


def _names(field: str) -> tuple[str, str]:
    surname, _, given = field.strip(FILLER).partition(FILLER * 2)
    return surname.replace(FILLER, " "), given.replace(FILLER, " ").strip()
