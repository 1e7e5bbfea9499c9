"""Tables of the sandbox's register of residents: synthetic people only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class SandboxResidence(Base):
    """Where somebody from elsewhere lives."""

    __tablename__ = "sandbox_residence"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    community: Mapped[str] = mapped_column(String(20))
    house: Mapped[str] = mapped_column(String(20))
    since: Mapped[date] = mapped_column(Date)
    registered_by: Mapped[str] = mapped_column(String(20), default="")


class SandboxProof(Base):
    """A proof another office has on file."""

    __tablename__ = "sandbox_proof"
    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    number: Mapped[str] = mapped_column(String(18), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    since: Mapped[date] = mapped_column(Date)


class SandboxPermit(Base):
    """A residence permit, or one in the works until a moment; `told` once headquarters has heard of it."""

    __tablename__ = "sandbox_permit"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    case_number: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(20))
    issued_on: Mapped[date] = mapped_column(Date)
    full_year: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    told: Mapped[bool] = mapped_column(default=True)
    endorsed_by: Mapped[str] = mapped_column(String(20), default="")
