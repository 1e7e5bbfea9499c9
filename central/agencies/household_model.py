"""Tables of the sandbox's household register and of its criminal records: synthetic people only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class SandboxMember(Base):
    """Somebody on a household's page of the register. `relation` is to the head of the household."""

    __tablename__ = "sandbox_member"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    household: Mapped[str] = mapped_column(String(20), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(60))
    relation: Mapped[str] = mapped_column(String(20))
    electronic: Mapped[bool] = mapped_column(default=True)
    cancelled_on: Mapped[date | None] = mapped_column(Date)
    cancelled_why: Mapped[str] = mapped_column(String(20), default="")


class SandboxChange(Base):
    """A change of an entry of the register."""

    __tablename__ = "sandbox_change"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    item: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(String(60))
    after: Mapped[str] = mapped_column(String(60))
    on: Mapped[date] = mapped_column(Date)


class SandboxIssued(Base):
    """The register's note of a certificate that was issued from it."""

    __tablename__ = "sandbox_issued"
    certificate: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[str] = mapped_column(String(18))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)


class SandboxRecordEntry(Base):
    """Why a query about somebody is looked at by a person: an entry, or somebody else of the same name."""

    __tablename__ = "sandbox_record_entry"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    entry: Mapped[bool] = mapped_column()


class SandboxRecordCheck(Base):
    """A query that a person looks at, until a moment."""

    __tablename__ = "sandbox_record_check"
    case_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[str] = mapped_column(String(18))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answers_at: Mapped[datetime] = mapped_column(Instant)


class SandboxTemporaryCard(Base):
    """A temporary card in the works, made at a moment; `told` once headquarters has heard of it."""

    __tablename__ = "sandbox_temporary_card"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    told: Mapped[bool] = mapped_column(default=False)
