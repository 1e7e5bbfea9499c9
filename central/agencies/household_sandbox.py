"""The household register and the keeper of criminal records of the sandbox, each behind the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from central.agencies.contract import Agency
from central.agencies.household_contract import Change, Entry, Member, RecordAnswer
from central.agencies.household_model import (
    SandboxChange,
    SandboxIssued,
    SandboxMember,
    SandboxRecordCheck,
    SandboxRecordEntry,
    SandboxTemporaryCard,
)
from central.agencies.sandbox import Gate


@dataclass(frozen=True, slots=True)
class SandboxHouseholdRegister:
    """户口登记 of synthetic households."""

    gate: Gate

    def entry(self, number: str) -> Entry | None:
        self.gate.pass_through(Agency.HOUSEHOLD)
        own = self.gate.db.get(SandboxMember, number)
        if own is None:
            return None
        members = self.gate.db.scalars(
            select(SandboxMember).where(SandboxMember.household == own.household).order_by(SandboxMember.position)
        )
        changes = self.gate.db.scalars(
            select(SandboxChange).where(SandboxChange.number == number).order_by(SandboxChange.position)
        )
        return Entry(
            electronic=own.electronic,
            members=tuple(Member(m.number, m.name, m.relation, m.cancelled_on, m.cancelled_why) for m in members),
            changes=tuple(Change(c.item, c.before, c.after, c.on) for c in changes),
        )

    def issued(self, certificate: str, number: str, kind: str) -> None:
        self.gate.pass_through(Agency.HOUSEHOLD)
        if self.gate.db.get(SandboxIssued, certificate) is None:
            self.gate.db.add(SandboxIssued(certificate=certificate, number=number, kind=kind, at=self.gate.now))


@dataclass(frozen=True, slots=True)
class SandboxCriminalRecords:
    """犯罪记录查询. A person looks at those with an entry, and at those who share a name with one."""

    gate: Gate
    review_hours: float

    def ask(self, case_number: str, number: str) -> RecordAnswer:
        self.gate.pass_through(Agency.CRIMINAL_RECORDS)
        if self.gate.db.get(SandboxRecordEntry, number) is None:
            return RecordAnswer.CLEAN
        if self.gate.db.get(SandboxRecordCheck, case_number) is None:
            self.gate.db.add(
                SandboxRecordCheck(
                    case_number=case_number,
                    number=number,
                    asked_at=self.gate.now,
                    answers_at=self.gate.now + timedelta(hours=self.review_hours),
                )
            )
        return RecordAnswer.REVIEW

    def answer(self, case_number: str) -> RecordAnswer:
        self.gate.pass_through(Agency.CRIMINAL_RECORDS)
        check = self.gate.db.get(SandboxRecordCheck, case_number)
        if check is None:
            return RecordAnswer.CLEAN
        if check.answers_at > self.gate.now:
            return RecordAnswer.REVIEW
        found = self.gate.db.get(SandboxRecordEntry, check.number)
        return RecordAnswer.TO_THE_WINDOW if found is not None and found.entry else RecordAnswer.CLEAN


@dataclass(frozen=True, slots=True)
class SandboxTemporaryCardWorks:
    """临时证制证 that takes the hours of its table."""

    gate: Gate
    hours: float

    def order(self, number: str) -> None:
        self.gate.pass_through(Agency.PRODUCTION)
        if self.gate.db.get(SandboxTemporaryCard, number) is None:
            made_at = self.gate.now + timedelta(hours=self.hours)
            self.gate.db.add(SandboxTemporaryCard(number=number, made_at=made_at))

    def made(self) -> tuple[str, ...]:
        self.gate.pass_through(Agency.PRODUCTION)
        rows = self.gate.db.scalars(
            select(SandboxTemporaryCard)
            .where(SandboxTemporaryCard.made_at <= self.gate.now, SandboxTemporaryCard.told.is_(False))
            .order_by(SandboxTemporaryCard.made_at, SandboxTemporaryCard.number)
        ).all()
        for row in rows:
            row.told = True
        return tuple(row.number for row in rows)
