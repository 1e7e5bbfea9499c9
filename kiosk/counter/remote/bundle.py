"""What a person needs to find a fault from afar, in one file that needs nothing else: a ZIP of plain texts.

Logs, the audit chain and the state of devices hold nothing personal by the rules of their rooms. What looks like a
number of a person, a telephone or a card is blotted out all the same before anything is packed.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections import deque
from collections.abc import Mapping

LINES = 600
"""So many of the last lines of the log go along."""
MOST_BYTES = 6 * 1024 * 1024
"""Headquarters takes no larger body than eight; what is longer loses its beginning."""
_DATE = (1980, 1, 1, 0, 0, 0)
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d[ -]?){10,18}[\dXx](?![0-9A-Za-z])")
_TELEPHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
BLOT = "▇▇▇"


def masked(text: str) -> str:
    """Without anything that looks like a person's number, card or telephone."""
    return _TELEPHONE.sub(BLOT, _LONG_NUMBER.sub(BLOT, text))


def packed(texts: Mapping[str, str]) -> bytes:
    """The file. Equal texts give equal bytes."""
    made = io.BytesIO()
    room = MOST_BYTES
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(texts):
            content = masked(texts[name]).encode()[-room:]
            room -= len(content)
            file.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
            if room <= 0:
                break
    return made.getvalue()


class LastLines(logging.Handler):
    """The last lines that were logged: what a bundle can tell without reading the system's journal.

    A text in Chinese may be a name, so that none is kept; our own log speaks English.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        self._lines.append(_HAN.sub(BLOT, self.format(record)).replace("\n", " "))

    def text(self) -> str:
        """One a line, oldest first."""
        return "\n".join(self._lines)
