"""What headquarters says unasked over the one connection that a terminal holds: that something waits, never what.

Server-sent events (HTML Living Standard, section 9.2): `event:` is a kind, there is no data. Whoever hears a kind
asks for it over its ordinary line, as it also does every so often by itself; so an event that was lost costs time and
nothing else, and the connection carries nothing personal and nothing to be believed.
"""

from __future__ import annotations

import enum

PATH = "/v1/events"
MEDIA_TYPE = "text/event-stream"

BEAT_SECONDS = 15.0
"""Headquarters sends something at least so often: a comment where there is nothing to say."""


class EventKind(enum.StrEnum):
    """What may wait for a terminal. A kind that a terminal does not know is not meant for it."""

    CONFIGURATION = "configuration"
    """Another set of settings may be assigned."""
    COMMAND = "command"
    """Something is to be done."""
    IDENTITY = "identity"
    """Who belongs to the fleet has changed: whoever does not any more finds this connection ended."""
