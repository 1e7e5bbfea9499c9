"""Fills an empty sandbox with the synthetic population, so that the simulated world and headquarters agree."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from central.agencies.contract import RecordState
from central.agencies.new_vehicles_sandbox import seed_purchases
from central.agencies.sandbox_model import (
    SandboxFine,
    SandboxFinePayment,
    SandboxFinger,
    SandboxLicence,
    SandboxLicenceFile,
    SandboxMedicalReport,
    SandboxPerson,
    SandboxProduction,
    SandboxRecord,
    SandboxVehicle,
    SandboxVehicleFile,
)
from central.agencies.seed_exit_entry import seed_exit_entry
from central.agencies.seed_household import seed_households
from central.agencies.seed_residence import seed_residence
from central.desks.desk import BEIJING
from central.model import CardCase, CardState, Document, DocumentKind, Place, Setting
from central.tables import Tables
from kiosk.people.id_card import CardKind
from kiosk.people.records import Ground
from kiosk.people.synthetic import HERE, CardStage, PopulationKey, SyntheticPerson, population
from kiosk.people.vehicle import Violation

SETTING = "population"


def seed(db: Session, key: PopulationKey, tables: Tables) -> None:
    """Once only: an already filled sandbox keeps the people it has."""
    if db.get(Setting, SETTING) is not None:
        return
    db.add(Setting(name=SETTING, value=key.to_json()))
    terminal = next(t for t in tables.terminals.values() if t.site == HERE)
    start = datetime.combine(key.as_of, time(), BEIJING)
    people = population(key)
    seed_households(db, people)
    seed_purchases(db, people)
    seed_exit_entry(db, people, terminal.id, tables)
    for person in people.people:
        _person(db, person)
        _fingers(db, person)
        _traffic(db, person)
        _card(db, person, terminal.id, start, tables)
    db.flush()
    seed_residence(db, people, tables)


def _person(db: Session, person: SyntheticPerson) -> None:
    card = person.card
    resident = card.kind is CardKind.RESIDENT
    db.add(
        SandboxPerson(
            number=person.number,
            name=card.name,
            face=person.face,
            fingers=bool(person.fingers),
            phone=person.phone,
            region=person.number[:6] if resident else "",
            card_authority=card.authority,
            card_valid_to=card.valid_to,
            card_reported_lost=person.reported_lost,
        )
    )


def _fingers(db: Session, person: SyntheticPerson) -> None:
    for finger in person.fingers:
        db.add(SandboxFinger(number=person.number, position=int(finger), template=person.template(finger)))


def _traffic(db: Session, person: SyntheticPerson) -> None:
    licence = person.licence
    if licence is not None:
        db.add(
            SandboxLicence(
                number=person.number,
                file_number=licence.file_number,
                classes=",".join(c.value for c in licence.classes),
                status=licence.status.value,
                issuing_office=licence.issuing_office,
                valid_to=licence.valid_to,
                points=licence.points,
                cycle_ends=licence.cycle_ends,
            )
        )
    for position, vehicle in enumerate(person.vehicles):
        db.add(
            SandboxVehicle(
                plate_kind=vehicle.plate.kind.value,
                plate=vehicle.plate.number,
                person=person.number,
                model=vehicle.model,
                own=vehicle.own,
                position=position,
            )
        )
    _files(db, person)
    for violation in person.violations:
        _record(db, violation, RecordState.OPEN)
    for fine in person.fines:
        _record(db, fine.violation, RecordState.DECIDED)
        db.add(
            SandboxFine(
                decision=fine.decision,
                person=person.number,
                record=fine.violation.record,
                fine_fen=fine.violation.fine.fen,
                pay_by=fine.pay_by,
            )
        )
        if fine.paid_fen:
            db.add(
                SandboxFinePayment(
                    reference=f"bank-{fine.decision}",
                    decision=fine.decision,
                    fen=fine.paid_fen,
                    at=datetime.combine(fine.paid_on, time(10), BEIJING),
                )
            )


def _files(db: Session, person: SyntheticPerson) -> None:
    file, report = person.licence_file, person.report
    if file is not None:
        db.add(
            SandboxLicenceFile(
                number=person.number,
                term_years=file.term_years,
                clean_term=file.clean_term,
                cycle_ended=file.cycle_ended,
                points_last=file.points_last,
                study_hours=file.study_hours,
                reviewed=file.reviewed,
            )
        )
    for vehicle in person.vehicle_files:
        db.add(
            SandboxVehicleFile(
                plate_kind=vehicle.vehicle.plate.kind.value,
                plate=vehicle.vehicle.plate.number,
                owner=vehicle.owner.value,
                registered_on=vehicle.registered_on,
                inspect_by=vehicle.inspect_by,
                insured_to=vehicle.insured_to,
                tax_year=vehicle.tax_year,
            )
        )
    if report is not None:
        db.add(
            SandboxMedicalReport(
                number=report.number,
                person=person.number,
                institution=report.institution,
                issued_on=report.issued_on,
            )
        )


def _record(db: Session, violation: Violation, state: RecordState) -> None:
    db.add(
        SandboxRecord(
            record=violation.record,
            plate_kind=violation.plate.kind.value,
            plate=violation.plate.number,
            at=violation.at,
            place=violation.place,
            code=violation.code,
            fine_fen=violation.fine.fen,
            flagged=violation.general_procedure,
            state=state.value,
        )
    )


def _card(db: Session, person: SyntheticPerson, terminal: str, start: datetime, tables: Tables) -> None:
    new = person.new_card
    if new is None:
        if person.open_case:
            applied = start - timedelta(days=4)
            item = f"card-{person.index:04d}"
            _open(db, person, person.open_case, item, applied, CardState.REVIEW, tables)
        return
    applied = start - timedelta(days=14)
    if new.stage is CardStage.BEING_MADE:
        _open(db, person, new.record.case_number, new.record.item, applied, CardState.PRODUCTION, tables)
        return
    here = new.site == HERE
    db.add(
        CardCase(
            number=new.record.case_number,
            holder=person.number,
            ground=new.record.ground,
            state=CardState.TO_COLLECT,
            blocked=new.stage is CardStage.BLOCKED,
            item=new.record.item,
            site=new.site,
            applied_at=applied,
            state_since=start,
            ready_by=start.date(),
            issue_date=new.record.issue_date,
            valid_to=new.record.valid_to,
            authority=new.record.authority,
            phone=person.phone,
        )
    )
    db.add(
        Document(
            id=new.record.item,
            kind=DocumentKind.NEW_CARD,
            case_number=new.record.case_number,
            place=Place.CABINET if here else Place.DEPOT,
            compartment=f"{terminal}:{new.record.board}:{new.record.compartment}" if here else None,
            site=new.site,
        )
    )


def _open(
    db: Session,
    person: SyntheticPerson,
    case_number: str,
    item: str,
    applied: datetime,
    state: CardState,
    tables: Tables,
) -> None:
    db.add(
        CardCase(
            number=case_number,
            holder=person.number,
            ground=person.new_card.record.ground if person.new_card else Ground.RENEWAL,
            state=state,
            item=item,
            site=HERE,
            applied_at=applied,
            state_since=applied,
            ready_by=applied.date() + timedelta(days=tables.rules["ready-days"]),
            phone=person.phone,
        )
    )
    db.add(
        Document(
            id=item,
            kind=DocumentKind.NEW_CARD,
            case_number=case_number,
            place=Place.PRODUCTION,
            compartment=None,
            site=HERE,
        )
    )
    db.add(
        SandboxProduction(
            case_number=case_number, stage=state.value, leaves_at=applied + timedelta(days=tables.rules["ready-days"])
        )
    )
