"""Headquarters' table of drivers' examinations."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class ExamState(enum.Enum):
    """HELD: the institution could not be reached yet. LAPSED: it could not for too long, and nothing was kept."""

    HELD = "held"
    SENT = "sent"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CALLED_IN = "called-in"
    LAPSED = "lapsed"


_STATES = Enum(
    ExamState,
    native_enum=False,
    length=40,
    values_callable=lambda kind: [member.value for member in kind],  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType, reportUnknownVariableType]
)


class DriverExam(Base):
    """One examination. `measured` (JSON of the filing) is emptied as soon as nobody needs it here any more."""

    __tablename__ = "driver_exam"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    filing: Mapped[str] = mapped_column(String(200))
    state: Mapped[ExamState] = mapped_column(_STATES)
    taken_at: Mapped[datetime] = mapped_column(Instant)
    state_since: Mapped[datetime] = mapped_column(Instant)
    answer_by: Mapped[datetime] = mapped_column(Instant)
    measured: Mapped[str] = mapped_column(Text)
    report: Mapped[str] = mapped_column(String(40), default="")
