"""What filings are answered with, and the number they carry."""

from __future__ import annotations

from central.desks.desk import Desk
from central.problems import Declined
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal
from kiosk.protocol.messages import FilingReply


def checked_number(desk: Desk, text: str) -> IdNumber:
    """Raises Declined(422) where it is no identity number."""
    number = desk.number(text)
    if number is None:
        raise Declined(422, "payload", "number: not an identity number")
    return number


def accepted(number: str, **extras: str) -> FilingReply:
    """Yes, with the number of what was made of it."""
    return FilingReply(status="accepted", number=number, extras=extras)


def refused(refusal: Refusal) -> FilingReply:
    """No, for good."""
    return FilingReply(status="refused", refusal=refusal)
