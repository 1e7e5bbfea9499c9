"""Every wait of this room, in seconds, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each kind of request may take in all, and how the background loops pace themselves.

    `connect` and `gap` bound one silence (reaching the host, between two bytes); the others bound a whole request,
    queueing included, however steadily bytes drip.
    """

    connect: float = 3.0
    gap: float = 8.0
    grace: float = 1.0
    lookup: float = 10.0
    order: float = 10.0
    grant: float = 8.0
    face: float = 15.0
    picture: float = 15.0
    blob: float = 20.0
    filing: float = 15.0
    heartbeat: float = 8.0
    audit: float = 15.0
    ledger: float = 10.0
    heartbeat_every: float = 30.0
    heartbeat_offline_every: float = 10.0
    heartbeat_apart: float = 1.0
    outbox_first_retry: float = 2.0
    outbox_longest_retry: float = 60.0
    outbox_look_again: float = 10.0
    clock_skew: float = 30.0
