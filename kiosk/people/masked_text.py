"""Text for people's eyes with whatever looks like somebody's number made unreadable: the last line of defence.

Nothing personal is written into logs and evidence to begin with; this is for what slipped through all the same.
"""

from __future__ import annotations

import re

_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])(\d{6})(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(\d{3}[\dXx])(?![0-9A-Za-z])"
)
"""GB 11643: region, birthday, order and check."""
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")
_DOCUMENT = re.compile(r"(?<![0-9A-Za-z-])([A-Z]{1,2})\d{4,6}(\d{3})(?![0-9A-Za-z-])")
"""Passports, passes and permits: a letter or two, and seven to nine digits."""


def masked_text(text: str) -> str:
    """The same text; of numbers of identity cards, telephones and travel documents only the ends stay."""
    text = _IDENTITY.sub(r"\1********\2", text)
    text = _MOBILE.sub(r"\1****\2", text)
    return _DOCUMENT.sub(r"\1*****\2", text)
