"""Headquarters' tables of signed configuration: the repository's files, rollouts, and how far each terminal is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant


class ConfigurationFile(Base):
    """One file of the signed repository. All that change together are written in one transaction."""

    __tablename__ = "configuration_file"
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RolloutRow(Base):
    """One set on its way to the fleet. `plan` names the stages, `progress` is a value of rollout.Progress."""

    __tablename__ = "rollout"
    set_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    plan: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(Instant)
    stage: Mapped[int] = mapped_column(Integer)
    progress: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(Text)


class RolloutTerminal(Base):
    """One terminal of a rollout: its stage, and what it said; "" while it said nothing final."""

    __tablename__ = "rollout_terminal"
    set_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    terminal: Mapped[str] = mapped_column(String(20), primary_key=True)
    stage: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(20))
    told: Mapped[str] = mapped_column(String(20))
    """Its last word, a value of SetStage; "" before the first."""
    why: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
