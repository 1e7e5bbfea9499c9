"""Headquarters' tables of the household desk."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, String
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
