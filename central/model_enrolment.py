"""Headquarters' tables of who the terminals are: codes that let one in once, and the certificates they were given."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant, words


class KeyWanted(enum.Enum):
    """Where the key of a terminal must lie. HARDWARE: in a module that it cannot leave."""

    ANY = "any"
    HARDWARE = "hardware"


class Origin(enum.Enum):
    """How a terminal came by a certificate. MADE: by a sandbox for its own terminals, with the key."""

    MADE = "made"
    CODE = "code"
    RENEWAL = "renewal"


class EnrolmentCode(Base):
    """An invitation. Of the code itself only its SHA-256 is here.

    `used_for` is the digest of the one request it was used for: that request is answered again, no other is.
    """

    __tablename__ = "enrolment_code"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    terminal: Mapped[str] = mapped_column(String(20), index=True)
    wanted: Mapped[KeyWanted] = mapped_column(words(KeyWanted))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    expires: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    used_for: Mapped[str] = mapped_column(String(64), default="")
    void_at: Mapped[datetime | None] = mapped_column(Instant)


class TerminalCertificate(Base):
    """A certificate as it was issued. `hardware` is the SubjectPublicKeyInfo of the module that has to sign each
    request beside it; empty for none.

    It is valid between its dates while neither `revoked_at` nor `retired_at` is set; the latter is when its successor
    was first used.
    """

    __tablename__ = "terminal_certificate"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(20), index=True)
    number: Mapped[int] = mapped_column(Integer)
    """The order in which they were issued; 0 for those that were made."""
    origin: Mapped[Origin] = mapped_column(words(Origin))
    request: Mapped[str] = mapped_column(String(64), index=True, default="")
    key: Mapped[str] = mapped_column(String(64), index=True)
    hardware: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    der: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    not_after: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
