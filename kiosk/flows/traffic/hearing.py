"""What is heard before a decision by simple procedure (order 157 art. 44, 45), and what the papers say of it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.common import Citizen
from kiosk.flows.effects import Filed
from kiosk.people.records import RightsNotice
from kiosk.people.vehicle import DrivingLicence, Vehicle, Violation

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who, with which licence and vehicle, about which record, told of which rights."""

    citizen: Citizen
    licence: DrivingLicence
    vehicle: Vehicle
    violation: Violation
    notice: RightsNotice

    @property
    def told(self) -> tuple[tuple[str, str | int], ...]:
        """What the citizen was told, by which headquarters sees that it decides just that."""
        return (
            ("record", self.violation.record),
            ("points_told", self.violation.points),
            ("fine_told_fen", self.violation.fine.fen),
            ("rights_text", self.notice.rights.text),
        )

    @property
    def penalty(self) -> Facts:
        """罚款 and 记分."""
        return (("fine", self.violation.fine.yuan), ("points", str(self.violation.points)))

    def decision(self, filed: Filed) -> Facts:
        """Fields of 《公安交通管理简易程序处罚决定书》 (order 157 art. 45)."""
        return (
            ("number", filed.number),
            ("name", self.citizen.name),
            ("id_masked", self.citizen.number.masked),
            *self.licence.on_paper,
            *self.violation.on_paper,
            ("plate_kind", self.violation.plate.kind.value),
            ("vehicle", self.vehicle.model),
            ("articles_broken", self.violation.articles_broken),
            ("articles_basis", self.violation.articles_basis),
            *self.penalty,
            ("rights_text", self.notice.rights.text),
            ("payment_text", self.notice.payment_terms.text),
            ("declaration_text", self.notice.declaration.text),
            ("authority", filed["authority"]),
            ("decided_at", filed["decided_at"]),
            ("verify_url", filed["verify_url"]),
            ("signed", "yes"),
        )
