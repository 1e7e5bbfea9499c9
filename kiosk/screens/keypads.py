"""Number pads: which keys, how the field is cut, what is sent."""

from __future__ import annotations

from dataclasses import replace

from kiosk.screens.speaking import Speaker
from kiosk.screens.views import ActionView, KeypadKind, KeypadView, Role

_DIGITS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"))


def id_number_pad(speaker: Speaker, draft: str) -> KeypadView:
    """Eighteen characters: region, birth date, order and check (GB 11643)."""
    return _pad(speaker, KeypadKind.ID_NUMBER, (6, 8, 4), "", speaker.say("type-number", "placeholder"), draft)


def mobile_pad(speaker: Speaker, placeholder: str, draft: str) -> KeypadView:
    """Eleven digits."""
    return _pad(speaker, KeypadKind.DIGITS, (3, 4, 4), "", placeholder, draft)


def date_pad(speaker: Speaker, placeholder: str, draft: str) -> KeypadView:
    """Year, month, day; sent as ISO 8601."""
    return _pad(speaker, KeypadKind.DIGITS, (4, 2, 2), "-", placeholder, draft.replace("-", ""))


def house_pad(speaker: Speaker, placeholder: str, draft: str) -> KeypadView:
    """Building, unit, room, each with leading zeros; sent as 001-02-0301."""
    return _pad(speaker, KeypadKind.DIGITS, (3, 2, 4), "-", placeholder, draft.replace("-", ""))


def secret_pad(speaker: Speaker) -> KeypadView:
    """A technician's PIN, which nobody else reads from the glass."""
    return replace(_pad(speaker, KeypadKind.DIGITS, (4, 4), "", "", ""), hidden=True)


def staff_number_pad(speaker: Speaker) -> KeypadView:
    """A staff number."""
    return _pad(speaker, KeypadKind.DIGITS, (3, 3), "", "", "")


def code_pad(speaker: Speaker) -> KeypadView:
    """A one-time code, read out over the telephone."""
    return _pad(speaker, KeypadKind.DIGITS, (4, 4), "", "", "")


def bin_count_pad(speaker: Speaker) -> KeypadView:
    """Two digits."""
    return _pad(speaker, KeypadKind.DIGITS, (2,), "", "", "")


_PAPER_CHARACTERS = ("01234567", "89ABCDEF", "GHJKMNPQ", "RSTVWXYZ")
"""Crockford's base 32: no I, L, O or U to be read as something else."""


def reference_pad(speaker: Speaker) -> KeypadView:
    """The eight characters that papers quote of a number."""
    pad = _pad(speaker, KeypadKind.REFERENCE, (4, 4), "", "", "")
    return replace(pad, rows=(*(tuple(row) for row in _PAPER_CHARACTERS), ("clear", "erase")))


def enrolment_pad(speaker: Speaker) -> KeypadView:
    """The twenty-four characters of a code for enrolment, as headquarters prints it."""
    pad = _pad(speaker, KeypadKind.REFERENCE, (4,) * 6, "", "", "")
    return replace(pad, rows=(*(tuple(row) for row in _PAPER_CHARACTERS), ("clear", "erase")))


def count_pad(speaker: Speaker) -> KeypadView:
    """How many documents, from 00 to 99."""
    return _pad(speaker, KeypadKind.DIGITS, (2,), "", "", "")


def no_pad(speaker: Speaker) -> KeypadView:
    """Where a field is answered without one."""
    return replace(_pad(speaker, KeypadKind.DIGITS, (), "", "", ""), rows=())


def send(speaker: Speaker, action: str) -> ActionView:
    """The main action beside a pad."""
    return replace(speaker.action(action, Role.PRIMARY, wording="next"), payload_key="text", from_view="text")


def _pad(
    speaker: Speaker, kind: KeypadKind, groups: tuple[int, ...], joiner: str, placeholder: str, draft: str
) -> KeypadView:
    last = ("X", "0", "erase") if kind is KeypadKind.ID_NUMBER else ("clear", "0", "erase")
    return KeypadView(
        kind=kind,
        rows=(*_DIGITS, last),
        erase_label=speaker.say("keypad-erase"),
        clear_label=speaker.say("keypad-clear"),
        length=sum(groups),
        groups=groups,
        joiner=joiner,
        placeholder=placeholder,
        draft=draft,
    )
