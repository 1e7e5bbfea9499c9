"""Headquarters' table of pushes, where the database itself cannot tell other processes of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class Push(Base):
    """Something of a kind waits for terminals, by name with a space between; "*" for all. Kept for a short while.

    Written on SQLite only. Numbers are never used again, so that whoever looks knows what is new.
    """

    __tablename__ = "push"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(20))
    terminals: Mapped[str] = mapped_column(Text)
