"""Papers of purchase and temporary plates in the sandbox, behind the traffic platform's gate; and their seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.agencies.contract import Agency
from central.agencies.new_vehicles_contract import Invoice, PlateOnFile, Policy
from central.agencies.new_vehicles_model import SandboxPolicy, SandboxPurchase, SandboxTemporaryPlate
from central.agencies.sandbox import Gate
from kiosk.people.new_vehicles import NewVehicle
from kiosk.people.synthetic import Population
from kiosk.people.synthetic_purchases import purchase_of


@dataclass(frozen=True, slots=True)
class SandboxNewVehicles:
    """See NewVehicles."""

    gate: Gate

    def invoice(self, code: str) -> Invoice | None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxPurchase, code)
        return None if row is None else Invoice(row.buyer, row.vin)

    def certificate(self, code: str) -> NewVehicle | None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.scalars(select(SandboxPurchase).where(SandboxPurchase.certificate == code)).first()
        return None if row is None else NewVehicle(row.vin, row.model, row.vehicle_type, row.engine)

    def policy(self, code: str) -> Policy | None:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.get(SandboxPolicy, code)
        return None if row is None else Policy(row.vin, row.valid_to)

    def plates(self, vin: str) -> tuple[PlateOnFile, ...]:
        self.gate.pass_through(Agency.TRAFFIC)
        rows = self.gate.db.scalars(
            select(SandboxTemporaryPlate)
            .where(SandboxTemporaryPlate.vin == vin)
            .order_by(SandboxTemporaryPlate.issued_on, SandboxTemporaryPlate.made_by)
        )
        return tuple(PlateOnFile(r.number, r.issued_on, r.valid_to) for r in rows.all())

    def registered(self, vin: str) -> bool:
        self.gate.pass_through(Agency.TRAFFIC)
        row = self.gate.db.scalars(select(SandboxPurchase).where(SandboxPurchase.vin == vin)).first()
        return row is not None and row.registered

    def plate_issued(self, case: str, vin: str, number: str, issued_on: date, valid_to: date) -> None:
        self.gate.pass_through(Agency.TRAFFIC)
        if self.gate.db.get(SandboxTemporaryPlate, case) is None:
            self.gate.db.add(
                SandboxTemporaryPlate(made_by=case, number=number, vin=vin, issued_on=issued_on, valid_to=valid_to)
            )
            self.gate.db.flush()


def seed_purchases(db: Session, people: Population) -> None:
    """Deterministic: equal people have bought the same."""
    for person in people.people:
        bought = purchase_of(person, people.key.as_of)
        if bought is None:
            continue
        vehicle = bought.vehicle
        db.add(
            SandboxPurchase(
                invoice=bought.papers.invoice,
                certificate=bought.papers.certificate,
                vin=vehicle.vin,
                buyer=person.number,
                model=vehicle.model,
                vehicle_type=vehicle.vehicle_type,
                engine=vehicle.engine,
                bought_on=bought.bought_on,
            )
        )
        if bought.insured_to is not None:
            db.add(SandboxPolicy(policy=bought.papers.policy, vin=vehicle.vin, valid_to=bought.insured_to))
        for nth, (issued, until) in enumerate(bought.plates):
            db.add(
                SandboxTemporaryPlate(
                    made_by=f"before-{person.index}-{nth}",
                    number=f"蒙B{10_000 + person.index * 10 + nth}临",
                    vin=vehicle.vin,
                    issued_on=issued,
                    valid_to=until,
                )
            )
