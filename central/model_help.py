"""Headquarters' tables of the help desk: tickets and what was said. Nothing about who stands there."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Boolean, Integer, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant, words


class TicketState(enum.Enum):
    """WAITING: nobody has answered. ANSWERED: somebody of the staff did. CLOSED: done with."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class Ticket(Base):
    """Somebody at a terminal called for help. `key` is the filing's; `more` how often time was added."""

    __tablename__ = "ticket"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    terminal: Mapped[str] = mapped_column(String(20), index=True)
    page: Mapped[str] = mapped_column(String(60))
    service: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    state: Mapped[TicketState] = mapped_column(words(TicketState), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(40), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    more: Mapped[int] = mapped_column(Integer, default=0)
    voice: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Whether there is a loudspeaker there that somebody of the staff may be heard by."""


class TicketLine(Base):
    """What somebody of the staff said to whoever stands there."""

    __tablename__ = "ticket_line"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(String(20), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    spoken_ms: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How long it was, where it was said aloud; what was said is nowhere. 0 for what was written."""


class TicketClip(Base):
    """What was said aloud, while the call is open."""

    __tablename__ = "ticket_clip"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(String(20), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    milliseconds: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class TicketSight(Base):
    """What is looked at where somebody called, while the call is open: a kiosk.protocol.sight.Sight, in JSON."""

    __tablename__ = "ticket_sight"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    turn: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)


class UnresolvedState(enum.Enum):
    """OPEN: nobody at the desk has it. TAKEN: somebody does. SETTLED: done with, and what came of it is on record."""

    OPEN = "open"
    TAKEN = "taken"
    SETTLED = "settled"


class Unresolved(Base):
    """办不成事: a caller's matter in the hands of the desk. `slip` is what became of the paper with its number."""

    __tablename__ = "unresolved"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    ticket: Mapped[str] = mapped_column(String(20), unique=True)
    terminal: Mapped[str] = mapped_column(String(20))
    service: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(40))
    because: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[UnresolvedState] = mapped_column(words(UnresolvedState), index=True)
    assigned: Mapped[str] = mapped_column(String(40))
    found: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    slip: Mapped[str] = mapped_column(String(20))
    visit: Mapped[str] = mapped_column(String(60))
