"""Headquarters' tables of residence registrations, permits applied for, and endorsements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class ResidenceCase(Base):
    """Filed at a terminal: a registration, or a permit applied for. `state`: registered, accepted or ready.

    `house` is building, unit and room; `proof` and `portrait` are of permits only.
    """

    __tablename__ = "residence_case"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    matter: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    applied_at: Mapped[datetime] = mapped_column(Instant)
    state_since: Mapped[datetime] = mapped_column(Instant)
    community: Mapped[str] = mapped_column(String(20))
    house: Mapped[str] = mapped_column(String(20))
    proof: Mapped[str] = mapped_column(String(30), default="")
    permit_from: Mapped[date] = mapped_column(Date)
    ready_by: Mapped[date | None] = mapped_column(Date)
    portrait: Mapped[str] = mapped_column(String(64), default="")
    portrait_review: Mapped[bool] = mapped_column(default=False)
    signature: Mapped[str] = mapped_column(String(64))


class PermitEndorsement(Base):
    """A permit endorsed at a terminal (签注): for the full year of `full_year`, good until `until`."""

    __tablename__ = "permit_endorsement"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    endorsed_at: Mapped[datetime] = mapped_column(Instant)
    time: Mapped[str] = mapped_column(String(20))
    full_year: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    signature: Mapped[str] = mapped_column(String(64))
