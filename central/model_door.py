"""Headquarters' table of the doors that people on duty open from afar."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class OrderedDoor(enum.Enum):
    """What became of an order. OVER: its time passed and no terminal reported on it."""

    ORDERED = "ordered"
    CAME_IN = "came-in"
    NOBODY = "nobody"
    NOT_RELEASED = "not-released"
    IN_DOUBT = "in-doubt"
    OVER = "over"


_STATES = Enum(
    OrderedDoor,
    native_enum=False,
    length=40,
    values_callable=lambda kind: [member.value for member in kind],  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType, reportUnknownVariableType]
)


class DoorOrderRow(Base):
    """One order to let somebody in: who of the staff gave it, and why."""

    __tablename__ = "door_order"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(20), index=True)
    by: Mapped[str] = mapped_column(String(40))
    because: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    expires: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[OrderedDoor] = mapped_column(_STATES)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
