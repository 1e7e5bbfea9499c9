"""Residences, proofs and permits of the synthetic people from elsewhere."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from central.agencies.residence_contract import PermitState
from central.agencies.residence_model import SandboxPermit, SandboxProof, SandboxResidence
from central.agencies.sandbox_model import SandboxPerson
from central.tables import Tables
from kiosk.people.synthetic import Population
from kiosk.people.synthetic_residence import residence_of

_BEFORE = timedelta(days=5)
"""Proofs are a little older than the registration they led to."""


def seed_residence(db: Session, people: Population, tables: Tables) -> None:
    """Deterministic: equal people live in equal places."""
    places = [community for street in tables.streets for community, _ in street.communities]
    for person in people.people:
        file = residence_of(people, person)
        if file is None:
            continue
        room = f"{person.index % 18 + 1:02d}01"
        db.add(
            SandboxResidence(
                number=person.number,
                community=places[person.index % len(places)],
                house=f"{person.index % 40 + 1:03d}-{person.index % 5 + 1:02d}-{room}",
                since=file.since,
            )
        )
        for kind in file.proofs:
            id_ = f"{kind}-{person.index:04d}"
            db.add(SandboxProof(id=id_, number=person.number, kind=kind, since=file.since - _BEFORE))
        if file.issued_on is None or file.full_year is None:
            continue
        db.add(
            SandboxPermit(
                number=person.number,
                state=PermitState.VALID.value,
                issued_on=file.issued_on,
                full_year=file.full_year,
            )
        )
        row = db.get(SandboxPerson, person.number)
        if row is not None:
            row.residence = True
