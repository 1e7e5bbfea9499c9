"""Headquarters' tables of the exit-entry desk."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import Date, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, CardState, Instant, words
from kiosk.people.exit_entry import DocumentGround, TravelDocumentKind


class TravelCase(Base):
    """One application for a passport or pass. `note`: what was asked for with it (加注, 签注).

    `old_document` is the number of the document it replaces, "" where it is the first.
    """

    __tablename__ = "travel_case"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    kind: Mapped[TravelDocumentKind] = mapped_column(words(TravelDocumentKind))
    ground: Mapped[DocumentGround] = mapped_column(words(DocumentGround))
    state: Mapped[CardState] = mapped_column(words(CardState))
    item: Mapped[str] = mapped_column(String(40), unique=True)
    site: Mapped[str] = mapped_column(String(20))
    applied_at: Mapped[datetime] = mapped_column(Instant)
    state_since: Mapped[datetime] = mapped_column(Instant)
    ready_by: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(12), default="")
    issue_date: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    old_document: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    visit: Mapped[str] = mapped_column(String(60), default="", index=True)
    order_number: Mapped[str] = mapped_column(String(40), default="")
    slip: Mapped[str] = mapped_column(String(40), default="", index=True)
    phone: Mapped[str] = mapped_column(String(20), default="")
    mail_to: Mapped[str] = mapped_column(String(200), default="")
    portrait: Mapped[str] = mapped_column(String(64), default="")
    portrait_review: Mapped[bool] = mapped_column(default=False)
    signature: Mapped[str] = mapped_column(String(64), default="")
    collected_at: Mapped[datetime | None] = mapped_column(Instant)
    certainty: Mapped[str] = mapped_column(String(10), default="")


class CrossingQuery(Base):
    """A record of crossings issued at a terminal: what it says, word by word, and headquarters' sign for the seal.

    `lines` has a line for each crossing; its parts stand apart by "|".
    """

    __tablename__ = "crossing_query"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    purpose: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    lines: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(String(80))
    signature: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(200))


class EndorsementState(enum.Enum):
    """The life of a request for endorsements at a terminal."""

    AWAITING_PAYMENT = "awaiting-payment"
    """A payment slip was given; the window goes on once it is paid."""
    ASKED = "asked"
    APPROVED = "approved"
    WRITTEN = "written"
    WITHDRAWN = "withdrawn"
    AT_WINDOW = "at-window"
    """The window finishes it: approval late, or the back of the pass spoiled."""
    IN_DOUBT = "in-doubt"


class EndorsementCase(Base):
    """One request for endorsements on a pass. `offers` are ids separated by commas; `pass_place` where the pass is

    by what the terminal said last, with `custody` where the machine has it.
    """

    __tablename__ = "endorsement_case"
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    document: Mapped[str] = mapped_column(String(12), index=True)
    offers: Mapped[str] = mapped_column(String(200))
    state: Mapped[EndorsementState] = mapped_column(words(EndorsementState))
    terminal: Mapped[str] = mapped_column(String(20))
    visit: Mapped[str] = mapped_column(String(60), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    state_since: Mapped[datetime] = mapped_column(Instant)
    due: Mapped[date] = mapped_column(Date)
    order_number: Mapped[str] = mapped_column(String(40), default="")
    slip: Mapped[str] = mapped_column(String(40), default="", index=True)
    fen: Mapped[int] = mapped_column(Integer)
    pass_place: Mapped[str] = mapped_column(String(20), default="")
    custody: Mapped[str] = mapped_column(String(40), default="")
    signature: Mapped[str] = mapped_column(String(64))
