"""Tables of the sandbox's papers of purchase: synthetic people only."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base


class SandboxPurchase(Base):
    """A vehicle by its invoice, with the maker's certificate."""

    __tablename__ = "sandbox_purchase"
    invoice: Mapped[str] = mapped_column(String(40), primary_key=True)
    certificate: Mapped[str] = mapped_column(String(40), unique=True)
    vin: Mapped[str] = mapped_column(String(17), unique=True)
    buyer: Mapped[str] = mapped_column(String(18), index=True)
    model: Mapped[str] = mapped_column(String(40))
    vehicle_type: Mapped[str] = mapped_column(String(40))
    engine: Mapped[str] = mapped_column(String(40))
    bought_on: Mapped[date] = mapped_column(Date)
    registered: Mapped[bool] = mapped_column(default=False)


class SandboxPolicy(Base):
    """A compulsory insurance."""

    __tablename__ = "sandbox_policy"
    policy: Mapped[str] = mapped_column(String(40), primary_key=True)
    vin: Mapped[str] = mapped_column(String(17), index=True)
    valid_to: Mapped[date] = mapped_column(Date)


class SandboxTemporaryPlate(Base):
    """A temporary plate that was issued. `made_by`: its case, or a name where it came before our time."""

    __tablename__ = "sandbox_temporary_plate"
    made_by: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[str] = mapped_column(String(12))
    vin: Mapped[str] = mapped_column(String(17), index=True)
    issued_on: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
