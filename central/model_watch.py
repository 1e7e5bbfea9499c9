"""Headquarters' tables of what is watched: incidents with what people did about them, events, visits."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant, words


class IncidentState(enum.Enum):
    """OPEN: nobody has it. TAKEN: somebody does. CLOSED: done with."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class Incident(Base):
    """All alarms of one kind at one terminal since it was last done with, as one thing to do.

    `live` is set until it is closed: no two that are open share terminal and code. `over_at`: the cause went by
    itself; a person still closes it. `level` grows when nobody takes it.
    """

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    terminal: Mapped[str] = mapped_column(String(20), index=True)
    code: Mapped[str] = mapped_column(String(80))
    live: Mapped[str | None] = mapped_column(String(110), unique=True)
    state: Mapped[IncidentState] = mapped_column(words(IncidentState), index=True)
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    times: Mapped[int] = mapped_column(Integer)
    over_at: Mapped[datetime | None] = mapped_column(Instant)
    assigned: Mapped[str] = mapped_column(String(40), default="")
    level: Mapped[int] = mapped_column(Integer, default=0)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class IncidentLine(Base):
    """What became of an incident: who did what. Rows are only ever added; `by` is "" for headquarters itself."""

    __tablename__ = "incident_line"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    incident: Mapped[int] = mapped_column(Integer, index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(40))
    act: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)


class Event(Base):
    """Something happened that pages in front of people want to know now. Nothing personal."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    terminal: Mapped[str] = mapped_column(String(20), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))


FINISHED = frozenset({"done", "pending", "nothing-due", "objection"})
"""Endings of a visit with which a citizen got what they came for, or what the law gives instead."""


class Visit(Base):
    """A visit as its terminal's chain tells of it. `topic` says why where it was refused; nobody's name."""

    __tablename__ = "visit"
    terminal: Mapped[str] = mapped_column(String(20), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    case: Mapped[str] = mapped_column(String(60), index=True)
    service: Mapped[str] = mapped_column(String(20))
    ending: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(80))
    seconds: Mapped[int] = mapped_column(Integer)
    ended_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_visit_ended_at", "ended_at"),)
