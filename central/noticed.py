"""What a watcher of attempts wants to read: one line an event in the server's log, at the level of a warning.

It names the account, the terminal, the page of ours and the address it came from, and nothing that somebody typed: a
name that nobody has stands there as "". Who was let in and what they did is in the chained record (`central record`).
"""

from __future__ import annotations

import enum
import logging

from central import lines

_LOG = logging.getLogger(__name__)


class Noticed(enum.Enum):
    """One kind of attempt."""

    SIGN_IN_FAILED = "sign-in-failed"
    """A password, code or key was not right; `how` says which."""
    SIGN_IN_LOCKED = "sign-in-locked"
    """A try under a name that waits."""
    NOT_THEIRS = "not-theirs"
    """A page that the role does not open."""
    FROM_ELSEWHERE = "from-elsewhere"
    """A form that no page of ours sent."""
    CERTIFICATE = "certificate"
    """A certificate that is nobody's of the fleet, or the word of somebody who is no proxy."""
    PROOF = "proof"
    """A request that the terminal's key module did not sign."""
    TOKEN = "token"
    """A token that does not let in, or not any more; its number where it was ever given."""
    TOO_LARGE = "too-large"
    """A body over the limit."""


def notice(event: Noticed, **facts: str) -> None:
    """Write one line, with these facts as its fields."""
    lines.noticed(_LOG, event.value, facts)
