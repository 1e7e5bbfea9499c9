"""Tables of the sandbox's exit-entry authority: synthetic people only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class SandboxTravelDocument(Base):
    """A passport or pass. `made_by` is the case that it was made for, "" where it came before our time."""

    __tablename__ = "sandbox_travel_document"
    number: Mapped[str] = mapped_column(String(12), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    electronic: Mapped[bool] = mapped_column()
    issued_on: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    authority: Mapped[str] = mapped_column(String(60))
    standing: Mapped[str] = mapped_column(String(20))
    made_by: Mapped[str] = mapped_column(String(20), default="", index=True)


class SandboxEndorsement(Base):
    """A line on the back of a pass. `entries` 0 is as often as one likes."""

    __tablename__ = "sandbox_endorsement"
    document: Mapped[str] = mapped_column(String(12), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    destination: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(1))
    entries: Mapped[int] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer)
    stay_days: Mapped[int] = mapped_column(Integer)
    issued_on: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[str] = mapped_column(String(20))


class SandboxEndorsing(Base):
    """A request for endorsements: `answer` is what it will be told, from `answers_at` on, unless `closed`."""

    __tablename__ = "sandbox_endorsing"
    case_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    document: Mapped[str] = mapped_column(String(12), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answers_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(String(20))
    closed: Mapped[str] = mapped_column(String(20), default="")


class SandboxEndorsingLine(Base):
    """One endorsement of a request."""

    __tablename__ = "sandbox_endorsing_line"
    case_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    destination: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(1))
    entries: Mapped[int] = mapped_column(Integer)
    stay_days: Mapped[int] = mapped_column(Integer)
    issued_on: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[str] = mapped_column(String(20))


class SandboxCrossing(Base):
    """One crossing of the border."""

    __tablename__ = "sandbox_crossing"
    holder: Mapped[str] = mapped_column(String(18), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    direction: Mapped[str] = mapped_column(String(10))
    port: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(String(12))


class SandboxScreening(Base):
    """Somebody whom only a person may serve. `why` never leaves this table: registered-staff or not-to-exit."""

    __tablename__ = "sandbox_screening"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    why: Mapped[str] = mapped_column(String(20))


class SandboxSlowReview(Base):
    """Somebody whose requests for endorsements a person looks at first: `answer` comes after `seconds`."""

    __tablename__ = "sandbox_slow_review"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    seconds: Mapped[int] = mapped_column(Integer)
    answer: Mapped[str] = mapped_column(String(20))


class SandboxDocumentWorks(Base):
    """A passport or pass in the works: the stage it is in, and when it leaves it."""

    __tablename__ = "sandbox_document_works"
    case_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18))
    kind: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(20))
    leaves_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
