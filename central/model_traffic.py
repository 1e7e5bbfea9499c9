"""Headquarters' tables of the traffic desk."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import Date, Enum, String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class TrafficState(enum.Enum):
    """The life of an application at the traffic desk."""

    AWAITING_PAYMENT = "awaiting-payment"
    ACCEPTED = "accepted"
    READY = "ready"
    VOID = "void"


_STATES = Enum(
    TrafficState,
    native_enum=False,
    length=40,
    values_callable=lambda kind: [member.value for member in kind],  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType, reportUnknownVariableType]
)


class TrafficCase(Base):
    """One application about a licence, a vehicle's papers or a review. `mail_to` is empty for the window."""

    __tablename__ = "traffic_case"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    matter: Mapped[str] = mapped_column(String(30))
    holder: Mapped[str] = mapped_column(String(18), index=True)
    state: Mapped[TrafficState] = mapped_column(_STATES)
    plate: Mapped[str] = mapped_column(String(12), default="")
    applied_at: Mapped[datetime] = mapped_column(Instant)
    ready_by: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    term_years: Mapped[int | None] = mapped_column()
    phone: Mapped[str] = mapped_column(String(20), default="")
    mail_to: Mapped[str] = mapped_column(String(200), default="")
    order_number: Mapped[str] = mapped_column(String(40), default="")
    slip: Mapped[str] = mapped_column(String(40), default="", index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    report: Mapped[str] = mapped_column(String(40), default="")
    portrait: Mapped[str] = mapped_column(String(64), default="")
    signature: Mapped[str] = mapped_column(String(64))
