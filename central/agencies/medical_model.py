"""Table of the sandbox's medical institution: synthetic people only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class SandboxMedicalExam(Base):
    """An examination on a doctor's desk, answered at a moment; `told` once headquarters has heard of it."""

    __tablename__ = "sandbox_medical_exam"
    case_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    person: Mapped[str] = mapped_column(String(18))
    received_at: Mapped[datetime] = mapped_column(Instant)
    answers_at: Mapped[datetime] = mapped_column(Instant, index=True)
    verdict: Mapped[str] = mapped_column(String(20))
    told: Mapped[bool] = mapped_column(default=False)
