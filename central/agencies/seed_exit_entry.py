"""Passports, passes, endorsements, crossings and open cases of the synthetic population."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from central.agencies.exit_entry_model import (
    SandboxCrossing,
    SandboxDocumentWorks,
    SandboxEndorsement,
    SandboxScreening,
    SandboxSlowReview,
    SandboxTravelDocument,
)
from central.desks.desk import BEIJING
from central.model import CardState, Document, DocumentKind, Place
from central.model_exit_entry import TravelCase
from central.tables import Tables
from kiosk.people.exit_entry import DocumentStanding, TravelDocument
from kiosk.people.id_card import CardKind
from kiosk.people.synthetic import HERE, Population, Situation, SyntheticPerson
from kiosk.people.synthetic_travel import OpenTravelCase, TravelFile, travel_of

_STAGES = (CardState.REVIEW, CardState.PRODUCTION, CardState.SIGNING)
"""Where open applications stand, by turns."""


def seed_exit_entry(db: Session, people: Population, terminal: str, tables: Tables) -> None:
    """Deterministic: equal people have equal papers."""
    seen: Counter[Situation] = Counter()
    for person in people.people:
        nth = seen[person.situation]
        seen[person.situation] += 1
        if person.card.kind is CardKind.RESIDENT:
            _seed(db, person, travel_of(person, people.key.as_of, nth), nth, terminal, people.key.as_of, tables)


def _seed(
    db: Session, person: SyntheticPerson, file: TravelFile, nth: int, terminal: str, as_of: date, tables: Tables
) -> None:
    for document in file.documents:
        _document(db, person, document, "")
        for position, line in enumerate(file.on(document.number)):
            db.add(
                SandboxEndorsement(
                    document=document.number,
                    position=position,
                    destination=line.destination.value,
                    kind=line.kind.value,
                    entries=line.entries,
                    used=line.used,
                    stay_days=line.stay_days,
                    issued_on=line.issued_on,
                    valid_to=line.valid_to,
                    issued_at=line.issued_at,
                )
            )
    for position, crossing in enumerate(file.crossings):
        db.add(
            SandboxCrossing(
                holder=person.number,
                position=position,
                at=crossing.at,
                direction=crossing.direction.value,
                port=crossing.port,
                kind=crossing.kind.value,
                document=crossing.document,
            )
        )
    if file.screened:
        db.add(SandboxScreening(number=person.number, why=file.screened))
    if file.review is not None:
        seconds, answer = file.review
        db.add(SandboxSlowReview(number=person.number, seconds=seconds, answer=answer))
    if file.case is not None:
        _case(db, person, file.case, nth, terminal, as_of, tables)


def _document(db: Session, person: SyntheticPerson, document: TravelDocument, made_by: str) -> None:
    db.add(
        SandboxTravelDocument(
            number=document.number,
            holder=person.number,
            kind=document.kind.value,
            electronic=document.electronic,
            issued_on=document.issued_on,
            valid_to=document.valid_to,
            authority=document.authority,
            standing=document.standing.value,
            made_by=made_by,
        )
    )


def _case(
    db: Session,
    person: SyntheticPerson,
    case: OpenTravelCase,
    nth: int,
    terminal: str,
    as_of: date,
    tables: Tables,
) -> None:
    start = datetime.combine(as_of, time(), BEIJING)
    applied = datetime.combine(case.applied_on, time(10), BEIJING)
    done = case.finished
    state = _STAGES[nth % len(_STAGES)] if done is None else CardState.TO_COLLECT
    place = Place.PRODUCTION if done is None else Place.CABINET if case.site == HERE else Place.DEPOT
    held = place is Place.CABINET
    db.add(
        TravelCase(
            number=case.case_number,
            holder=person.number,
            kind=case.kind,
            ground=case.ground,
            state=state,
            item=case.item,
            site=case.site,
            applied_at=applied,
            state_since=applied if done is None else start,
            ready_by=case.applied_on + timedelta(days=tables.rules["travel-document-days"]),
            document="" if done is None else done.number,
            issue_date=None if done is None else done.issued_on,
            valid_to=None if done is None else done.valid_to,
            old_document=case.old_document,
            phone=person.phone,
        )
    )
    db.add(
        Document(
            id=case.item,
            kind=DocumentKind.TRAVEL_DOCUMENT,
            case_number=case.case_number,
            place=place,
            compartment=f"{terminal}:1:{case.compartment}" if held else None,
            site=case.site,
        )
    )
    db.add(
        SandboxDocumentWorks(
            case_number=case.case_number,
            holder=person.number,
            kind=case.kind.value,
            stage=(state if done is None else CardState.STOCKED).value,
            leaves_at=applied + timedelta(days=7) if done is None else None,
        )
    )
    if done is not None:
        made = TravelDocument(
            done.kind,
            done.number,
            done.electronic,
            done.issued_on,
            done.valid_to,
            done.authority,
            DocumentStanding.MADE,
        )
        _document(db, person, made, case.case_number)
