"""What every desk works with: one transaction, the hour, the tables, the agencies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from sqlalchemy.orm import Session

from central.agencies.contract import (
    FingerMatching,
    Medical,
    Notification,
    Payment,
    Population,
    Production,
    Refunds,
    Traffic,
)
from central.agencies.exit_entry_contract import ExitEntry
from central.agencies.household_contract import CriminalRecords, HouseholdRegister, TemporaryCardWorks
from central.agencies.medical_contract import MedicalExams
from central.agencies.new_vehicles_contract import NewVehicles
from central.agencies.residence_contract import NameRegister, ResidenceRegister
from central.blobs import Blobs
from central.desks.incidents import raise_alarm
from central.fleet.authority import Authority
from central.model import Counter
from central.ports import Ids
from central.signing import GrantSigner, Unsealing
from central.tables import Tables
from kiosk.people.id_number import IdNumber, InvalidIdNumber
from kiosk.people.records import Refusal, RefusalCode

BEIJING = timezone(timedelta(hours=8))
"""China Standard Time: dates of law and numbers are its dates."""


@dataclass(frozen=True, slots=True)
class Agencies:
    """Those that write through the transaction."""

    population: Population
    household: HouseholdRegister
    records: CriminalRecords
    temporary: TemporaryCardWorks
    names: NameRegister
    residence: ResidenceRegister
    traffic: Traffic
    new_vehicles: NewVehicles
    exit_entry: ExitEntry
    medical: Medical
    exams: MedicalExams
    production: Production
    payment: Payment
    refunds: Refunds
    notification: Notification
    fingers: FingerMatching


@dataclass(frozen=True, slots=True)
class Desk:
    """One request's view of headquarters. `terminal` is "" where no terminal asks."""

    db: Session
    now: datetime
    ids: Ids
    tables: Tables
    agencies: Agencies
    blobs: Blobs
    signer: GrantSigner
    unsealing: Unsealing
    terminal: str
    people_url: str
    face_matching_reachable: Callable[[], None]
    """Raises AgencyFailed where the face library cannot be asked now."""
    authority: Authority | None = None
    """Signs terminals' certificates; None where this server cannot."""

    @property
    def today(self) -> date:
        """The date in Beijing."""
        return self.now.astimezone(BEIJING).date()

    def next(self, name: str) -> int:
        """The next running number of a kind, from 1."""
        row = self.db.get(Counter, name, with_for_update=True)
        if row is None:
            row = Counter(name=name, value=0)
            self.db.add(row)
        row.value += 1
        self.db.flush()
        return row.value

    def serial(self, name: str, prefix: str = "") -> str:
        """A number for people: prefix, date, seven running digits, check digit."""
        return luhn(f"{prefix}{self.today:%y%m%d}{self.next(name):07d}")

    def alarm(self, code: str) -> None:
        """Something a person must look at."""
        raise_alarm(self.db, self.now, self.terminal, code)

    def number(self, text: str) -> IdNumber | None:
        """A checked number, or None."""
        try:
            return IdNumber.parse(text, self.today)
        except InvalidIdNumber:
            return None

    def sent_to(self, code: RefusalCode, desk: str, *more: tuple[str, str]) -> Refusal:
        """A refusal that names where to go instead."""
        at = self.tables.desks[desk]
        return Refusal(code, (("place", at.name), ("address", at.address), ("telephone", at.telephone), *more))


def luhn(digits: str) -> str:
    """The digits with a check digit after Luhn (ISO/IEC 7812-1 annex B)."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if index % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


def masked_phone(phone: str) -> str:
    """138****1234; "" stays ""."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else ""


def days_later(day: date, days: int) -> date:
    """Every day counts."""
    return day + timedelta(days=days)


def working_days_later(day: date, days: int) -> date:
    """Monday to Friday count; statutory holidays, which a yearly notice sets, are not known here."""
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day
