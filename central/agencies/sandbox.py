"""The sandbox agencies: each over its own tables, each behind a gate that lets it fail on command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.agencies.contract import (
    Agency,
    AgencyFailed,
    CameraRecord,
    Fault,
    FineAnswer,
    FineOnFile,
    FinePayment,
    FingerVerdict,
    PaymentState,
    Person,
    Progress,
    RecordState,
)
from central.agencies.sandbox_model import (
    SandboxFault,
    SandboxFine,
    SandboxFinePayment,
    SandboxFinger,
    SandboxLicence,
    SandboxLicenceFile,
    SandboxMedicalReport,
    SandboxNotice,
    SandboxPayment,
    SandboxPerson,
    SandboxProduction,
    SandboxRecord,
    SandboxRefund,
    SandboxVehicle,
    SandboxVehicleFile,
)
from central.agencies.scenes import draw_scene
from central.fines import PaidOn, balance
from central.limits import AGENCY_DEADLINE_SECONDS
from central.model import CardState
from kiosk.people.money import Money
from kiosk.people.synthetic import same_finger
from kiosk.people.traffic import LicenceFile, MedicalReport, Owner, VehicleFile
from kiosk.people.vehicle import DrivingLicence, LicenceClass, LicenceStatus, Plate, PlateKind, Vehicle

_BEIJING = timezone(timedelta(hours=8))

STAGES = (
    CardState.ACCEPTED,
    CardState.REVIEW,
    CardState.SIGNING,
    CardState.PRODUCTION,
    CardState.INSPECTION,
    CardState.STOCKED,
)
"""In order; the last one has no next."""


@dataclass(slots=True)
class Gate:
    """Lets a call through, or fails it as commanded; `delay` gathers the seconds slow agencies took."""

    db: Session
    now: datetime
    delay: float = 0.0

    def fault(self, agency: Agency) -> SandboxFault | None:
        """The fault in force, if any."""
        row = self.db.get(SandboxFault, agency.value)
        return row if row is not None and row.until > self.now else None

    def pass_through(self, agency: Agency) -> None:
        """Raises AgencyFailed when the agency is down, broken, or slower than headquarters waits."""
        row = self.fault(agency)
        if row is None:
            return
        fault = Fault(row.fault)
        if fault is Fault.SLOW:
            self.delay += min(row.seconds, AGENCY_DEADLINE_SECONDS)
            if row.seconds < AGENCY_DEADLINE_SECONDS:
                return
        raise AgencyFailed(agency, fault)


@dataclass(frozen=True, slots=True)
class SandboxPopulationLibrary:
    """人口库 of synthetic people."""

    gate: Gate

    def person(self, number: str) -> Person | None:
        self.gate.pass_through(Agency.POPULATION)
        row = self.gate.db.get(SandboxPerson, number)
        if row is None:
            return None
        return Person(
            number=row.number,
            name=row.name,
            face=row.face,
            fingers=row.fingers,
            phone=row.phone,
            region=row.region,
            residence=row.residence,
            restricted=row.restricted,
            card_authority=row.card_authority,
            card_valid_to=row.card_valid_to,
            card_reported_lost=row.card_reported_lost,
        )

    def report_lost(self, number: str) -> None:
        self.gate.pass_through(Agency.POPULATION)
        row = self.gate.db.get(SandboxPerson, number)
        if row is not None:
            row.card_reported_lost = True

    def card_issued(self, number: str, valid_to: date | None) -> None:
        self.gate.pass_through(Agency.POPULATION)
        row = self.gate.db.get(SandboxPerson, number)
        if row is not None:
            row.card_valid_to = valid_to
            row.card_reported_lost = False


@dataclass(frozen=True, slots=True)
class SandboxFingerMatching:
    """Compares simulated templates, which say whose finger they are; real ones never match."""

    gate: Gate

    def compare(self, number: str, live: bytes) -> FingerVerdict:
        self.gate.pass_through(Agency.FINGER_MATCHING)
        enrolled = self.gate.db.scalars(select(SandboxFinger).where(SandboxFinger.number == number)).all()
        if not enrolled:
            return FingerVerdict.NOT_ENROLLED
        same = any(same_finger(row.template, live) for row in enrolled)
        return FingerVerdict.SAME if same else FingerVerdict.DIFFERENT


@dataclass(frozen=True, slots=True)
class SandboxTraffic:
    """交管 with licences, vehicles, camera records and decided fines; `late_percent` a day, as the law has it."""

    gate: Gate
    late_percent: int

    def licence(self, number: str) -> DrivingLicence | None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxLicence, number)
        if row is None:
            return None
        return DrivingLicence(
            file_number=row.file_number,
            classes=tuple(LicenceClass(c) for c in row.classes.split(",")),
            status=LicenceStatus(row.status),
            issuing_office=row.issuing_office,
            valid_to=row.valid_to,
            points=row.points,
            cycle_ends=row.cycle_ends,
        )

    def vehicles(self, number: str) -> tuple[Vehicle, ...]:
        self.gate.pass_through(Agency.TRAFFIC)
        rows = self.gate.db.scalars(
            select(SandboxVehicle).where(SandboxVehicle.person == number).order_by(SandboxVehicle.position)
        )
        return tuple(Vehicle(Plate(PlateKind(r.plate_kind), r.plate), r.model, r.own) for r in rows)

    def licence_file(self, number: str) -> LicenceFile | None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxLicenceFile, number)
        if row is None:
            return None
        return LicenceFile(
            row.term_years, row.clean_term, row.cycle_ended, row.points_last, row.study_hours, row.reviewed
        )

    def licence_made(self, number: str, case: str, valid_to: date | None, term_years: int | None) -> None:
        self.gate.pass_through(Agency.TRAFFIC)
        licence, file = self.gate.db.get(SandboxLicence, number), self.gate.db.get(SandboxLicenceFile, number)
        if licence is None or file is None or file.made_by == case:
            return
        licence.valid_to, file.term_years, file.made_by = valid_to, term_years, case

    def reviewed(self, number: str, case: str) -> None:
        self.gate.pass_through(Agency.TRAFFIC)
        file = self.gate.db.get(SandboxLicenceFile, number)
        if file is not None:
            file.reviewed, file.reviewed_by = True, case

    def vehicle_files(self, number: str) -> tuple[VehicleFile, ...]:
        found: list[VehicleFile] = []
        for vehicle in self.vehicles(number):
            row = self.gate.db.get(SandboxVehicleFile, (vehicle.plate.kind.value, vehicle.plate.number))
            if row is not None:
                owner = Owner(row.owner)
                found.append(
                    VehicleFile(vehicle, owner, row.registered_on, row.inspect_by, row.insured_to, row.tax_year)
                )
        return tuple(found)

    def inspected(self, plate: Plate, case: str, inspect_by: date) -> None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxVehicleFile, (plate.kind.value, plate.number))
        if row is not None and row.marked_by != case:
            row.inspect_by, row.marked_by = inspect_by, case

    def records(self, plate: Plate) -> tuple[CameraRecord, ...]:
        self.gate.pass_through(Agency.TRAFFIC)
        rows = self.gate.db.scalars(
            select(SandboxRecord)
            .where(
                SandboxRecord.plate == plate.number,
                SandboxRecord.plate_kind == plate.kind.value,
                SandboxRecord.state == RecordState.OPEN.value,
            )
            .order_by(SandboxRecord.at, SandboxRecord.record)
        )
        return tuple(_record(r) for r in rows)

    def record(self, record: str) -> CameraRecord | None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxRecord, record)
        return None if row is None else _record(row)

    def picture_of(self, record: CameraRecord) -> bytes:
        self.gate.pass_through(Agency.TRAFFIC)
        return draw_scene(record)

    def picture_kept(self, record: str, sha256: str) -> None:
        row = self.gate.db.get(SandboxRecord, record)
        if row is not None:
            row.picture = sha256

    def decide(self, record: str, number: str, points: int) -> None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxRecord, record)
        if row is None or row.state == RecordState.DECIDED.value:
            return
        row.state = RecordState.DECIDED.value
        licence = self.gate.db.get(SandboxLicence, number)
        if licence is not None:
            licence.points += points

    def objected(self, record: str) -> None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxRecord, record)
        if row is not None and row.state == RecordState.OPEN.value:
            row.state = RecordState.OBJECTED.value

    def fined(self, decision: str, record: str, number: str, fen: int, pay_by: date) -> None:
        self.gate.pass_through(Agency.TRAFFIC)
        if self.gate.db.get(SandboxFine, decision) is None:
            self.gate.db.add(
                SandboxFine(decision=decision, person=number, record=record, fine_fen=fen, pay_by=pay_by)
            )
            self.gate.db.flush()

    def fines(self, number: str) -> tuple[FineOnFile, ...]:
        self.gate.pass_through(Agency.TRAFFIC)
        rows = self.gate.db.scalars(
            select(SandboxFine).where(SandboxFine.person == number).order_by(SandboxFine.decision)
        )
        return tuple(self._fine(row) for row in rows.all())

    def fine(self, decision: str) -> FineOnFile | None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxFine, decision)
        return None if row is None else self._fine(row)

    def _fine(self, row: SandboxFine) -> FineOnFile:
        payments = self.gate.db.scalars(
            select(SandboxFinePayment)
            .where(SandboxFinePayment.decision == row.decision)
            .order_by(SandboxFinePayment.at, SandboxFinePayment.reference)
        )
        paid = tuple(FinePayment(p.reference, p.fen, p.at) for p in payments)
        return FineOnFile(row.decision, row.record, Money(row.fine_fen), row.pay_by, paid)

    def fine_paid(self, decision: str, reference: str, fen: int, at: datetime) -> FineAnswer:
        self.gate.pass_through(Agency.TRAFFIC)
        if self.gate.db.get(SandboxFinePayment, reference) is not None:
            return FineAnswer.COUNTED
        # Two channels may bring money for one fine at once: the row is held while it is looked at.
        row = self.gate.db.get(SandboxFine, decision, with_for_update=True)
        if row is None:
            return FineAnswer.PAID_ALREADY
        paid = [PaidOn(p.at.astimezone(_BEIJING).date(), p.fen) for p in self._fine(row).payments]
        today = self.gate.now.astimezone(_BEIJING).date()
        if balance(row.fine_fen, row.pay_by, paid, today, self.late_percent).due == 0:
            return FineAnswer.PAID_ALREADY
        self.gate.db.add(SandboxFinePayment(reference=reference, decision=decision, fen=fen, at=at))
        self.gate.db.flush()
        return FineAnswer.COUNTED


def _record(row: SandboxRecord) -> CameraRecord:
    return CameraRecord(
        record=row.record,
        plate=Plate(PlateKind(row.plate_kind), row.plate),
        at=row.at.astimezone(_BEIJING),
        place=row.place,
        code=row.code,
        fine=Money(row.fine_fen),
        flagged=row.flagged,
        state=RecordState(row.state),
        picture=row.picture,
    )


@dataclass(frozen=True, slots=True)
class SandboxMedical:
    """医疗机构 whose reports are on file."""

    gate: Gate

    def report(self, number: str) -> MedicalReport | None:
        self.gate.pass_through(Agency.MEDICAL)
        row = self.gate.db.scalars(
            select(SandboxMedicalReport)
            .where(SandboxMedicalReport.person == number)
            .order_by(SandboxMedicalReport.issued_on.desc(), SandboxMedicalReport.number.desc())
            .limit(1)
        ).first()
        return None if row is None else MedicalReport(row.number, row.institution, row.issued_on)


@dataclass(frozen=True, slots=True)
class SandboxProductionWorks:
    """制证 that takes the hours of its table at each stage."""

    gate: Gate
    hours: dict[str, float]

    def order(self, case_number: str) -> None:
        self.gate.pass_through(Agency.PRODUCTION)
        if self.gate.db.get(SandboxProduction, case_number) is None:
            first = STAGES[0]
            self.gate.db.add(
                SandboxProduction(
                    case_number=case_number, stage=first.value, leaves_at=self.gate.now + self._stay(first)
                )
            )

    def news(self) -> tuple[Progress, ...]:
        self.gate.pass_through(Agency.PRODUCTION)
        told: list[Progress] = []
        rows = self.gate.db.scalars(
            select(SandboxProduction)
            .where(SandboxProduction.leaves_at <= self.gate.now)
            .order_by(SandboxProduction.leaves_at, SandboxProduction.case_number)
        )
        for row in rows:
            while row.leaves_at is not None and row.leaves_at <= self.gate.now:
                left = row.leaves_at
                stage = STAGES[STAGES.index(CardState(row.stage)) + 1]
                row.stage = stage.value
                row.leaves_at = None if stage is STAGES[-1] else left + self._stay(stage)
                told.append(Progress(row.case_number, stage.value, left))
        return tuple(told)

    def _stay(self, stage: CardState) -> timedelta:
        return timedelta(hours=self.hours[stage.value])


@dataclass(frozen=True, slots=True)
class SandboxPaymentProvider:
    """A provider whose payer confirms on our own page."""

    gate: Gate

    def open(self, order: str, fen: int, expires: datetime) -> None:
        self.gate.pass_through(Agency.PAYMENT)
        if self.gate.db.get(SandboxPayment, order) is None:
            self.gate.db.add(SandboxPayment(order_number=order, fen=fen, expires=expires))

    def state(self, order: str) -> PaymentState:
        self.gate.pass_through(Agency.PAYMENT)
        return self._state(order)

    def _state(self, order: str) -> PaymentState:
        row = self.gate.db.get(SandboxPayment, order)
        if row is None:
            return PaymentState.UNKNOWN
        if row.captured_at is not None:
            return PaymentState.CAPTURED if row.captured_at <= self.gate.now else PaymentState.PAYING
        if row.closed_at is not None or row.expires <= self.gate.now:
            return PaymentState.CLOSED
        return PaymentState.DECLINED if row.declined else PaymentState.OPEN

    def close(self, order: str) -> None:
        self.gate.pass_through(Agency.PAYMENT)
        row = self.gate.db.get(SandboxPayment, order)
        if row is not None and row.closed_at is None:
            row.closed_at = self.gate.now

    def late_captures(self) -> tuple[str, ...]:
        self.gate.pass_through(Agency.PAYMENT)
        rows = tuple(
            self.gate.db.scalars(
                select(SandboxPayment)
                .where(
                    SandboxPayment.captured_at <= self.gate.now,
                    SandboxPayment.closed_at.is_not(None),
                    SandboxPayment.told.is_(False),
                )
                .order_by(SandboxPayment.order_number)
            )
        )
        for row in rows:
            row.told = True
        return tuple(row.order_number for row in rows)

    def confirm(self, order: str) -> PaymentState:
        row = self.gate.db.get(SandboxPayment, order)
        fault = self.gate.fault(Agency.PAYMENT)
        if fault is None or fault.fault != Fault.SLOW.value:
            self.gate.pass_through(Agency.PAYMENT)
        if row is not None and self._state(order) in (PaymentState.OPEN, PaymentState.DECLINED):
            # A slow provider takes the yes at once and the money later: how captures come to be late.
            row.captured_at = self.gate.now + timedelta(seconds=0 if fault is None else fault.seconds)
        return self._state(order)

    def decline(self, order: str) -> PaymentState:
        self.gate.pass_through(Agency.PAYMENT)
        row = self.gate.db.get(SandboxPayment, order)
        if row is not None and self._state(order) is PaymentState.OPEN:
            row.declined = True
        return self._state(order)


@dataclass(frozen=True, slots=True)
class SandboxRefunds:
    """Remembers what was given back, once per order."""

    gate: Gate

    def give_back(self, order: str, fen: int) -> None:
        self.gate.pass_through(Agency.REFUND)
        if self.gate.db.get(SandboxRefund, order) is None:
            self.gate.db.add(SandboxRefund(order_number=order, fen=fen, at=self.gate.now))


@dataclass(frozen=True, slots=True)
class SandboxNotification:
    """Remembers what would have been sent."""

    gate: Gate
    mask: Callable[[str], str]

    def send(self, phone: str, text: str, reference: str) -> None:
        self.gate.pass_through(Agency.NOTIFICATION)
        self.gate.db.add(
            SandboxNotice(phone_masked=self.mask(phone), text=text, reference=reference, at=self.gate.now)
        )
