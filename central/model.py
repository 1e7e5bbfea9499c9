"""Headquarters' tables. Times are stored in UTC; enumerations as their values."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import Date, DateTime, Dialect, Enum, Index, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kiosk.people.records import Ground
from kiosk.protocol.messages import FilingKind, OrderState

E = TypeVar("E", bound=enum.Enum)


class Instant(TypeDecorator[datetime]):
    """An aware moment, kept as UTC without a zone so that every database orders it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


def words(kind: type[E]) -> Enum:
    """A column that keeps an enumeration as its values."""
    return Enum(kind, native_enum=False, length=40, values_callable=_values)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Counter(Base):
    """Running numbers."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


class Setting(Base):
    """What is decided once for this headquarters: the seed of its sandbox, its grant key."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


# -- documents and cases -----------------------------------------------------------------------------------------


class Place(enum.Enum):
    """Where a document is."""

    PRODUCTION = "production"
    DEPOT = "depot"
    CABINET = "cabinet"
    CITIZEN = "citizen"
    CUSTODY = "custody"
    RETAINED = "retained"
    """In the bin of a dispenser: it was held out and nobody took it. People hand it over."""
    IN_DOUBT = "in-doubt"


class DocumentKind(enum.Enum):
    """What a document is to this ledger."""

    NEW_CARD = "new-card"
    OLD_CARD = "old-card"
    TRAVEL_DOCUMENT = "travel-document"
    """A new passport or pass."""
    TEMPORARY_PLATE = "temporary-plate"
    """Made by the machine that hands it out."""


class Document(Base):
    """A physical card on the books: one row, hence one place.

    `compartment` is TERMINAL:BOARD:LOCK where a compartment holds it, is reserved for it, or may hold it (in doubt);
    no two documents share one.
    """

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(words(DocumentKind))
    case_number: Mapped[str] = mapped_column(String(20), index=True)
    place: Mapped[Place] = mapped_column(words(Place))
    compartment: Mapped[str | None] = mapped_column(String(40), unique=True)
    site: Mapped[str] = mapped_column(String(20), default="")

    @property
    def place_text(self) -> str:
        """cabinet:KDL-001:1:12, custody:KDL-001:1:20, depot:SITE, citizen, production, in-doubt."""
        match self.place:
            case Place.CABINET | Place.CUSTODY:
                return f"{self.place.value}:{self.compartment}"
            case Place.DEPOT:
                return f"{self.place.value}:{self.site}"
            case Place.PRODUCTION | Place.CITIZEN | Place.RETAINED | Place.IN_DOUBT:
                return self.place.value


class CardState(enum.Enum):
    """The life of an application for an identity card."""

    AWAITING_PAYMENT = "awaiting-payment"
    ACCEPTED = "accepted"
    REVIEW = "review"
    SIGNING = "signing"
    PRODUCTION = "production"
    INSPECTION = "inspection"
    STOCKED = "stocked"
    TO_COLLECT = "to-collect"
    COLLECTED = "collected"
    VOID = "void"


class CardCase(Base):
    """One application for an identity card (受理)."""

    __tablename__ = "card_case"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    ground: Mapped[Ground] = mapped_column(words(Ground))
    state: Mapped[CardState] = mapped_column(words(CardState))
    blocked: Mapped[bool] = mapped_column(default=False)
    item: Mapped[str] = mapped_column(String(40), unique=True)
    site: Mapped[str] = mapped_column(String(20))
    applied_at: Mapped[datetime] = mapped_column(Instant)
    state_since: Mapped[datetime] = mapped_column(Instant)
    ready_by: Mapped[date] = mapped_column(Date)
    issue_date: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    authority: Mapped[str] = mapped_column(String(60), default="")
    visit: Mapped[str] = mapped_column(String(60), default="")
    order_number: Mapped[str] = mapped_column(String(40), default="")
    slip: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    portrait: Mapped[str] = mapped_column(String(64), default="")
    portrait_review: Mapped[bool] = mapped_column(default=False)
    signature: Mapped[str] = mapped_column(String(64), default="")
    collected_at: Mapped[datetime | None] = mapped_column(Instant)
    certainty: Mapped[str] = mapped_column(String(10), default="")


class Decision(Base):
    """A penalty decided by simple procedure at a terminal."""

    __tablename__ = "decision"
    number: Mapped[str] = mapped_column(String(15), primary_key=True)
    record: Mapped[str] = mapped_column(String(40), unique=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60))
    fine_fen: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(Integer)
    decided_at: Mapped[datetime] = mapped_column(Instant)
    pay_by: Mapped[date] = mapped_column(Date)
    paid_by_order: Mapped[str] = mapped_column(String(40), default="")
    rights_text_sha256: Mapped[str] = mapped_column(String(64))
    rights_text_known: Mapped[bool] = mapped_column()
    signature: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(200))


class Objection(Base):
    """A citizen states and defends; people answer it."""

    __tablename__ = "objection"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    record: Mapped[str] = mapped_column(String(40), unique=True)
    holder: Mapped[str] = mapped_column(String(18), index=True)
    visit: Mapped[str] = mapped_column(String(60))
    filed_at: Mapped[datetime] = mapped_column(Instant)
    answer_due: Mapped[date] = mapped_column(Date)


class HelpCall(Base):
    """Somebody pressed help."""

    __tablename__ = "help_call"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(20))
    visit: Mapped[str] = mapped_column(String(60))
    page: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)


class Report(Base):
    """How an effect at a terminal ended, in the terminal's words."""

    __tablename__ = "effect_report"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(20))
    visit: Mapped[str] = mapped_column(String(60), index=True)
    effect_key: Mapped[str] = mapped_column(String(200))
    effect_kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Settlement(Base):
    """A person settled what was in doubt: who, why, and what it was before. Rows are only ever added.

    `subject` is a document's id or an effect's key; `was` and `now` are places of documents or states of effects.
    """

    __tablename__ = "settlement"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(200), index=True)
    was: Mapped[str] = mapped_column(String(60))
    now: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(String(40))
    because: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime] = mapped_column(Instant)


class FilingKey(Base):
    """The key of an act that was filed, in a table of one piece: exactly-once goes by it (central/partitions.py)."""

    __tablename__ = "filing_key"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(Instant)


class FilingRow(Base):
    """One act of a terminal, exactly once, with the reply it got. Its key stands in `filing_key` as well."""

    __tablename__ = "filing"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(128))
    terminal: Mapped[str] = mapped_column(String(20))
    visit: Mapped[str] = mapped_column(String(60), index=True)
    kind: Mapped[FilingKind] = mapped_column(words(FilingKind))
    at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    payload: Mapped[str] = mapped_column(Text)
    reply: Mapped[str] = mapped_column(Text)


# -- money -------------------------------------------------------------------------------------------------------


class PaymentOrder(Base):
    """A code to pay one bill. `captured_bill` is set while its money counts; no two orders share one (rule 13)."""

    __tablename__ = "payment_order"
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    visit: Mapped[str] = mapped_column(String(60), index=True)
    terminal: Mapped[str] = mapped_column(String(20))
    bill: Mapped[str] = mapped_column(String(120), index=True)
    payer: Mapped[str] = mapped_column(String(18))
    fen: Mapped[int] = mapped_column(Integer)
    state: Mapped[OrderState] = mapped_column(words(OrderState))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    captured_at: Mapped[datetime | None] = mapped_column(Instant)
    refunded_at: Mapped[datetime | None] = mapped_column(Instant)
    refund_wanted: Mapped[bool] = mapped_column(default=False)
    captured_bill: Mapped[str | None] = mapped_column(String(200), unique=True)
    used_by: Mapped[str] = mapped_column(String(40), default="")
    receipt: Mapped[str] = mapped_column(String(40), default="")
    slip: Mapped[str] = mapped_column(String(40), default="", index=True)
    due: Mapped[date | None] = mapped_column(Date)


class OrderKey(Base):
    """Which order a request's key was answered with."""

    __tablename__ = "order_key"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(128))
    visit: Mapped[str] = mapped_column(String(60), index=True)
    order_number: Mapped[str] = mapped_column(String(40))


class FineReceipt(Base):
    """Money captured here for a fine, until the traffic platform knows of it; `refused` goes back to its payer."""

    __tablename__ = "fine_receipt"
    order_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    decision: Mapped[str] = mapped_column(String(20), index=True)
    fen: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    told: Mapped[bool] = mapped_column(default=False)
    refused: Mapped[bool] = mapped_column(default=False)


# -- grants ------------------------------------------------------------------------------------------------------


class GrantKind(enum.Enum):
    """What a grant opens a compartment for."""

    HAND_OVER = "hand-over"
    TAKE_IN = "take-in"
    ENDORSE = "endorse"
    """The back of a pass may be written once."""
    LOAD = "load"
    """By the signed list: two members of staff lay a document in. Written down when it is reported."""
    UNLOAD = "unload"
    """By the signed list: two members of staff take a document out."""


class GrantState(enum.Enum):
    """GRANTED until a report; UNCERTAIN reports can still be settled."""

    GRANTED = "granted"
    USED = "used"
    NOT_USED = "not-used"
    UNCERTAIN = "uncertain"
    VOID = "void"


class GrantRow(Base):
    """A single-use permission to open one compartment (rule 11)."""

    __tablename__ = "grant_to_open"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    digest: Mapped[str] = mapped_column(String(128))
    kind: Mapped[GrantKind] = mapped_column(words(GrantKind))
    state: Mapped[GrantState] = mapped_column(words(GrantState))
    visit: Mapped[str] = mapped_column(String(60), index=True)
    item: Mapped[str] = mapped_column(String(40), index=True)
    terminal: Mapped[str] = mapped_column(String(20), index=True)
    board: Mapped[int] = mapped_column(Integer)
    compartment: Mapped[int] = mapped_column(Integer)
    nonce: Mapped[str] = mapped_column(String(64))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    expires: Mapped[datetime] = mapped_column(Instant)
    signature: Mapped[str] = mapped_column(String(128))
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(60), default="")
    evidence: Mapped[str] = mapped_column(Text, default="")


# -- fleet -------------------------------------------------------------------------------------------------------


class TerminalRow(Base):
    """A terminal of the fleet, known by its certificate."""

    __tablename__ = "terminal"
    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    site: Mapped[str] = mapped_column(String(20))
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    revoked: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    heartbeat: Mapped[str] = mapped_column(Text, default="")
    audit_rows: Mapped[int] = mapped_column(Integer, default=0)
    audit_head: Mapped[str] = mapped_column(String(128), default="")


class AuditLine(Base):
    """A row of a terminal's audit chain."""

    __tablename__ = "audit_line"
    terminal: Mapped[str] = mapped_column(String(20), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(128))
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Deletion(Base):
    """A row of the chain of what was deleted because its time was over: which class, which month, how many."""

    __tablename__ = "deletion"
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class Alarm(Base):
    """Something a person must look at."""

    __tablename__ = "alarm"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    terminal: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_alarm_terminal_code", "terminal", "code"),)
