"""Headquarters' table of commands to terminals: who gave each, why, and what came of it."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant, words


class CommandState(enum.Enum):
    """ORDERED until the terminal answers: DONE, REFUSED by its rules, or FAILED. OVER: its time passed unheard."""

    ORDERED = "ordered"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    OVER = "over"


class CommandRow(Base):
    """One command. `found` is JSON by name, `blob` the SHA-256 of what was collected."""

    __tablename__ = "command"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(30))
    safety: Mapped[bool] = mapped_column(Boolean)
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(String(40))
    board: Mapped[int] = mapped_column(Integer)
    compartment: Mapped[int] = mapped_column(Integer)
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    by: Mapped[str] = mapped_column(String(40))
    because: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    expires: Mapped[datetime] = mapped_column(Instant)
    signature: Mapped[str] = mapped_column(Text)
    state: Mapped[CommandState] = mapped_column(words(CommandState))
    fetched_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    code: Mapped[str] = mapped_column(String(60))
    found: Mapped[str] = mapped_column(Text)
    blob: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_command_terminal_state", "terminal", "state"),)


class LockedCompartment(Base):
    """A compartment that is kept shut: nothing is handed out of it or taken into it until it is let go."""

    __tablename__ = "locked_compartment"
    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    """TERMINAL:BOARD:LOCK, as documents name it."""
    by: Mapped[str] = mapped_column(String(20))
    """The number of the command."""
    at: Mapped[datetime] = mapped_column(Instant)
