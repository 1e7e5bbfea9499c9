"""Headquarters' table of temporary plates."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant, words


class PlateState(enum.Enum):
    """The life of a temporary plate. ISSUED: it may be made and handed out; AT_WINDOW: people do that."""

    AWAITING_PAYMENT = "awaiting-payment"
    ISSUED = "issued"
    HANDED_OUT = "handed-out"
    AT_WINDOW = "at-window"
    VOID = "void"


class PlateCase(Base):
    """One temporary plate. `plate` is its number; `nth` the how-manieth of its vehicle."""

    __tablename__ = "plate_case"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    state: Mapped[PlateState] = mapped_column(words(PlateState))
    item: Mapped[str] = mapped_column(String(40), unique=True)
    plate: Mapped[str] = mapped_column(String(12), unique=True)
    vin: Mapped[str] = mapped_column(String(17), index=True)
    model: Mapped[str] = mapped_column(String(40))
    vehicle_type: Mapped[str] = mapped_column(String(40))
    engine: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(10))
    nth: Mapped[int] = mapped_column(Integer)
    issued_on: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    applied_at: Mapped[datetime] = mapped_column(Instant)
    visit: Mapped[str] = mapped_column(String(60), default="", index=True)
    terminal: Mapped[str] = mapped_column(String(20), default="")
    order_number: Mapped[str] = mapped_column(String(40), default="")
    slip: Mapped[str] = mapped_column(String(40), default="", index=True)
    signature: Mapped[str] = mapped_column(String(64), default="")
