"""Headquarters' table of what was left at terminals that had no line. Who it is stays sealed in the row."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant, words


class PreRegistrationState(enum.Enum):
    """OPEN: nobody has called yet. SETTLED: done with, and what came of it is on record."""

    OPEN = "open"
    SETTLED = "settled"


class PreRegistrationRow(Base):
    """预登记: no application, and no date begins with it. `quoted` is the number on the citizen's slip."""

    __tablename__ = "pre_registration"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    quoted: Mapped[str] = mapped_column(String(20))
    terminal: Mapped[str] = mapped_column(String(20))
    visit: Mapped[str] = mapped_column(String(60))
    service: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    sealed: Mapped[str] = mapped_column(Text)
    state: Mapped[PreRegistrationState] = mapped_column(words(PreRegistrationState), index=True)
    by: Mapped[str] = mapped_column(String(40))
    found: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
