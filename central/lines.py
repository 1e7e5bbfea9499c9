"""What a server says while it runs: one JSON object a line on standard error.

Nothing personal: no body, no query, no path as it was asked, no citizen's name or number. A line about a visit
has its id in `visit`, as the rows have it and the terminal's own lines, and as trace-id of W3C Trace Context in
`trace`.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType

from kiosk.people.masked_text import masked_text
from kiosk.protocol.tracing import Trace

_LONGEST = 2000
_LONGEST_WORD = 200
_SAID = "said"


class Lines(logging.Formatter):
    """One record, one line; of an exception only its kind, as its text may quote what was being done."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            text = f"{text} ({record.exc_info[0].__name__})"
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "room": record.name,
            "text": masked_text(text)[:_LONGEST],
        }
        return json.dumps(line | getattr(record, _SAID, {}), ensure_ascii=False)


def log_lines() -> None:
    """How a serving process logs: whatever it says by itself, its libraries, its last words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("central").setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = last_words
    threading.excepthook = lambda told: last_words(told.exc_type, told.exc_value, told.exc_traceback)


def last_words(kind: type[BaseException], error: BaseException | None, places: TracebackType | None) -> None:
    """Of a process or a thread that ends by an error, as `sys.excepthook` is given it."""
    del error  # its text may quote a person's data; its place in our code does not
    where = " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(traceback.extract_tb(places)[-4:]))
    logging.getLogger(__name__).critical("unforeseen %s at %s", kind.__name__, where)


def answered(
    log: logging.Logger, trace: Trace, terminal: str, method: str, route: str, status: int, seconds: float
) -> None:
    """A request of a visit was, as the terminal says whose certificate it came with.

    `route` is a path of the document, never a path as it was asked.
    """
    said = {"visit": trace.visit, "trace": trace.trace, "span": trace.span, "terminal": terminal}
    more = {"method": method, "route": route, "status": status, "seconds": round(seconds, 6)}
    log.info("answered", extra={_SAID: said | more})


def filed(log: logging.Logger, visit: str, key: str, terminal: str, outcome: str) -> None:
    """What came of a filing: accepted or refused is in the books, under this key; duplicate was; declined and later
    is not. Visit and key are the terminal's words.
    """
    if not log.isEnabledFor(logging.INFO):
        return
    said = {"visit": _short(visit), "key": _short(key), "terminal": terminal, "outcome": outcome}
    log.info("filed", extra={_SAID: said})


def noticed(log: logging.Logger, event: str, facts: Mapping[str, str]) -> None:
    """Somebody tried what they may not: `central.noticed` says which events there are."""
    log.warning("noticed", extra={_SAID: {"event": event} | {name: _short(value) for name, value in facts.items()}})


def _short(word: str) -> str:
    return masked_text(word[:_LONGEST_WORD])
