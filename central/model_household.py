"""Headquarters' tables of the household desk."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class LossReport(Base):
    """A holder reported their identity card lost at a terminal (挂失)."""

    __tablename__ = "loss_report"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    reported_at: Mapped[datetime] = mapped_column(Instant)
    lost_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(20))
    manner: Mapped[str] = mapped_column(String(20))
    signature: Mapped[str] = mapped_column(String(64))


class CertificateRow(Base):
    """A certificate issued at a terminal: what it states, word by word, and headquarters' sign for the seal.

    `kind` is a CertificateKind or no-record.
    """

    __tablename__ = "certificate"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    name: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(60), default="")
    statement: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(String(80))
    signature: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(200))


class RecordCase(Base):
    """A query for a certificate of no criminal record. `certificate` is its number once it was issued."""

    __tablename__ = "record_case"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    purpose: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(60))
    due: Mapped[date] = mapped_column(Date)
    certificate: Mapped[str] = mapped_column(String(20), default="")
    signature: Mapped[str] = mapped_column(String(64))


class TemporaryCard(Base):
    """An application for a temporary identity card. `state`: awaiting-payment, accepted, ready or void."""

    __tablename__ = "temporary_card"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    card_case: Mapped[str] = mapped_column(String(20), index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    state: Mapped[str] = mapped_column(String(20))
    applied_at: Mapped[datetime] = mapped_column(Instant)
    state_since: Mapped[datetime] = mapped_column(Instant)
    ready_by: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    order_number: Mapped[str] = mapped_column(String(40))
    slip: Mapped[str] = mapped_column(String(40), default="", index=True)
    portrait: Mapped[str] = mapped_column(String(64))
    portrait_review: Mapped[bool] = mapped_column()
    signature: Mapped[str] = mapped_column(String(64))
