"""Tables of the sandbox agencies. They hold synthetic people only and are not headquarters' own books."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Float, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class SandboxFault(Base):
    """A fault in force until a moment."""

    __tablename__ = "sandbox_fault"
    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    fault: Mapped[str] = mapped_column(String(20))
    seconds: Mapped[float] = mapped_column(Float)
    until: Mapped[datetime] = mapped_column(Instant)


class SandboxPerson(Base):
    """A synthetic citizen."""

    __tablename__ = "sandbox_person"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    face: Mapped[str] = mapped_column(String(10))
    fingers: Mapped[bool] = mapped_column()
    phone: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(6))
    residence: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)
    card_authority: Mapped[str] = mapped_column(String(60))
    card_valid_to: Mapped[date | None] = mapped_column(Date)
    card_reported_lost: Mapped[bool] = mapped_column()


class SandboxFinger(Base):
    """An enrolled fingerprint: a simulated template."""

    __tablename__ = "sandbox_finger"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    template: Mapped[bytes] = mapped_column(LargeBinary)


class SandboxLicence(Base):
    """A licence; `classes` separated by commas."""

    __tablename__ = "sandbox_licence"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    file_number: Mapped[str] = mapped_column(String(20))
    classes: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    issuing_office: Mapped[str] = mapped_column(String(80))
    valid_to: Mapped[date | None] = mapped_column(Date)
    points: Mapped[int] = mapped_column(Integer)
    cycle_ends: Mapped[date] = mapped_column(Date)


class SandboxVehicle(Base):
    """A vehicle and one person it is listed for, as owner or as registered driver."""

    __tablename__ = "sandbox_vehicle"
    plate_kind: Mapped[str] = mapped_column(String(2), primary_key=True)
    plate: Mapped[str] = mapped_column(String(12), primary_key=True)
    person: Mapped[str] = mapped_column(String(18), primary_key=True)
    model: Mapped[str] = mapped_column(String(40))
    own: Mapped[bool] = mapped_column()
    position: Mapped[int] = mapped_column(Integer)


class SandboxRecord(Base):
    """A camera record."""

    __tablename__ = "sandbox_record"
    record: Mapped[str] = mapped_column(String(40), primary_key=True)
    plate_kind: Mapped[str] = mapped_column(String(2))
    plate: Mapped[str] = mapped_column(String(12), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(10))
    fine_fen: Mapped[int] = mapped_column(Integer)
    flagged: Mapped[bool] = mapped_column()
    state: Mapped[str] = mapped_column(String(20))
    picture: Mapped[str] = mapped_column(String(64), default="")


class SandboxProduction(Base):
    """A card in the works: the stage it is in, and when it leaves it."""

    __tablename__ = "sandbox_production"
    case_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20))
    leaves_at: Mapped[datetime | None] = mapped_column(Instant, index=True)


class SandboxVehicleFile(Base):
    """What is on file of a registered vehicle."""

    __tablename__ = "sandbox_vehicle_file"
    plate_kind: Mapped[str] = mapped_column(String(2), primary_key=True)
    plate: Mapped[str] = mapped_column(String(12), primary_key=True)
    owner: Mapped[str] = mapped_column(String(10))
    registered_on: Mapped[date] = mapped_column(Date)
    inspect_by: Mapped[date] = mapped_column(Date)
    insured_to: Mapped[date | None] = mapped_column(Date)
    tax_year: Mapped[int] = mapped_column(Integer)
    marked_by: Mapped[str] = mapped_column(String(40), default="")


class SandboxLicenceFile(Base):
    """What is on file of a driving licence. `made_by` and `reviewed_by` are the cases that did it last."""

    __tablename__ = "sandbox_licence_file"
    number: Mapped[str] = mapped_column(String(18), primary_key=True)
    term_years: Mapped[int | None] = mapped_column(Integer)
    clean_term: Mapped[bool] = mapped_column()
    cycle_ended: Mapped[date] = mapped_column(Date)
    points_last: Mapped[int] = mapped_column(Integer)
    study_hours: Mapped[int] = mapped_column(Integer)
    reviewed: Mapped[bool] = mapped_column()
    made_by: Mapped[str] = mapped_column(String(40), default="")
    reviewed_by: Mapped[str] = mapped_column(String(40), default="")


class SandboxMedicalReport(Base):
    """A report of a medical institution."""

    __tablename__ = "sandbox_medical_report"
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    person: Mapped[str] = mapped_column(String(18), index=True)
    institution: Mapped[str] = mapped_column(String(80))
    issued_on: Mapped[date] = mapped_column(Date)


class SandboxFine(Base):
    """A decided fine, whoever decided it."""

    __tablename__ = "sandbox_fine"
    decision: Mapped[str] = mapped_column(String(20), primary_key=True)
    person: Mapped[str] = mapped_column(String(18), index=True)
    record: Mapped[str] = mapped_column(String(40))
    fine_fen: Mapped[int] = mapped_column(Integer)
    pay_by: Mapped[date] = mapped_column(Date)


class SandboxFinePayment(Base):
    """Money that reached a fine, by any channel: `reference` is an order's number, or a bank's own."""

    __tablename__ = "sandbox_fine_payment"
    reference: Mapped[str] = mapped_column(String(60), primary_key=True)
    decision: Mapped[str] = mapped_column(String(20), index=True)
    fen: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)


class SandboxPayment(Base):
    """An order at the provider. `captured_at` may lie ahead: the payer confirmed, the money is on its way."""

    __tablename__ = "sandbox_payment"
    order_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    fen: Mapped[int] = mapped_column(Integer)
    expires: Mapped[datetime] = mapped_column(Instant)
    declined: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    captured_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    told: Mapped[bool] = mapped_column(default=False)


class SandboxRefund(Base):
    """Money given back."""

    __tablename__ = "sandbox_refund"
    order_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    fen: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)


class SandboxNotice(Base):
    """A short message that would have been sent; the telephone is kept masked."""

    __tablename__ = "sandbox_notice"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    phone_masked: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
