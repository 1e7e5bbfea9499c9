"""Short messages to citizens."""

from __future__ import annotations

from central.agencies.contract import AgencyFailed
from central.desks.desk import Desk


def notify(desk: Desk, phone: str, text: str, reference: str) -> None:
    """A message that may fail without harm."""
    try:
        desk.agencies.notification.send(phone, text, reference)
    except AgencyFailed:
        desk.alarm("notification-not-sent")
