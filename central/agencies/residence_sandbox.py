"""The registers of names and of residents of the sandbox, each behind the gate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta, timezone

from sqlalchemy import select

from central.agencies.contract import Agency
from central.agencies.residence_contract import NameCount, Permit, PermitState, Residence
from central.agencies.residence_model import SandboxPermit, SandboxProof, SandboxResidence
from central.agencies.sandbox import Gate
from central.agencies.sandbox_model import SandboxPerson
from kiosk.people.names import DOT, PersonName, SexAsked
from kiosk.people.residence import Proof

_BEIJING = timezone(timedelta(hours=8))
_FREQUENT = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_PLAIN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀英华平刚桂国建文志红玉兰春"
_TENTH = 10
_BASIC_PLANE = 0xFFFF


@dataclass(frozen=True, slots=True)
class SandboxNameRegister:
    """Counts that are made up from the name itself, and hold at least the sandbox's own people of the city."""

    gate: Gate

    def count(self, name: PersonName, sex: SexAsked) -> NameCount:
        self.gate.pass_through(Agency.NAMES)
        here = self._here(name, sex)
        made_up = _made_up(name.text)
        match sex:
            case SexAsked.ANY:
                elsewhere = made_up
            case SexAsked.MALE:
                elsewhere = made_up - _women(name.text, made_up)
            case SexAsked.FEMALE:
                elsewhere = _women(name.text, made_up)
        city = here + elsewhere // (_TENTH**3)
        province = city + elsewhere // (_TENTH * 5)
        yesterday = self.gate.now.astimezone(_BEIJING).date() - timedelta(days=1)
        return NameCount(nation=province + elsewhere, province=province, city=city, as_of=yesterday)

    def _here(self, name: PersonName, sex: SexAsked) -> int:
        numbers = self.gate.db.scalars(
            select(SandboxPerson.number).where(SandboxPerson.name == name.text, SandboxPerson.region != "")
        )
        # The seventeenth digit is odd for men (GB 11643).
        men = [int(number[16]) % 2 == 1 for number in numbers]
        match sex:
            case SexAsked.ANY:
                return len(men)
            case SexAsked.MALE:
                return sum(men)
            case SexAsked.FEMALE:
                return len(men) - sum(men)


def _made_up(name: str) -> int:
    """Plain short names are borne by many, names with a rare character by hardly anybody."""
    if any(ord(one) > _BASIC_PLANE for one in name):
        return 0
    draw = _draw(name)
    if DOT in name:
        return draw % 300
    plain = sum(one in _PLAIN for one in name[1:])
    most = 300 * _TENTH ** (plain + (1 if name[0] in _FREQUENT else 0)) if len(name) <= 3 else 12
    return most // 2 + draw % most


def _women(name: str, among: int) -> int:
    return among * (_draw(f"{name}/sex") % 101) // 100


def _draw(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


@dataclass(frozen=True, slots=True)
class SandboxResidenceRegister:
    """居住登记 and 居住证 of synthetic people; a permit takes the hours of its table."""

    gate: Gate
    permit_hours: float

    def residence(self, number: str) -> Residence | None:
        self.gate.pass_through(Agency.RESIDENCE)
        row = self.gate.db.get(SandboxResidence, number)
        return None if row is None else Residence(row.community, row.house, row.since)

    def register(self, case: str, number: str, community: str, house: str) -> None:
        self.gate.pass_through(Agency.RESIDENCE)
        row = self.gate.db.get(SandboxResidence, number)
        if row is None:
            row = SandboxResidence(number=number, community=community, house=house, since=self._today)
            self.gate.db.add(row)
        row.community, row.house, row.registered_by = community, house, case

    def proofs(self, number: str) -> tuple[Proof, ...]:
        self.gate.pass_through(Agency.RESIDENCE)
        rows = self.gate.db.scalars(
            select(SandboxProof).where(SandboxProof.number == number).order_by(SandboxProof.since, SandboxProof.id)
        )
        return tuple(Proof(row.id, row.kind, row.since) for row in rows)

    def permit(self, number: str) -> Permit | None:
        self.gate.pass_through(Agency.RESIDENCE)
        row = self.gate.db.get(SandboxPermit, number)
        return None if row is None else Permit(PermitState(row.state), row.issued_on, row.full_year)

    def order_permit(self, case: str, number: str) -> None:
        self.gate.pass_through(Agency.RESIDENCE)
        row = self.gate.db.get(SandboxPermit, number)
        if row is not None and row.case_number == case:
            return
        if row is None:
            row = SandboxPermit(number=number)
            self.gate.db.add(row)
        made_at = self.gate.now + timedelta(hours=self.permit_hours)
        made_on = made_at.astimezone(_BEIJING).date()
        row.case_number, row.state, row.told = case, PermitState.IN_WORKS.value, False
        row.made_at, row.issued_on, row.full_year = made_at, made_on, a_year_later(made_on)

    def permits_made(self) -> tuple[str, ...]:
        self.gate.pass_through(Agency.RESIDENCE)
        rows = self.gate.db.scalars(
            select(SandboxPermit)
            .where(SandboxPermit.made_at <= self.gate.now, SandboxPermit.told.is_(False))
            .order_by(SandboxPermit.made_at, SandboxPermit.number)
        ).all()
        for row in rows:
            row.state, row.told = PermitState.VALID.value, True
            person = self.gate.db.get(SandboxPerson, row.number)
            if person is not None:
                person.residence = True
        return tuple(row.case_number for row in rows)

    def endorse(self, case: str, number: str, until: date) -> None:
        self.gate.pass_through(Agency.RESIDENCE)
        row = self.gate.db.get(SandboxPermit, number)
        if row is not None and row.endorsed_by != case:
            row.full_year, row.endorsed_by = until, case

    @property
    def _today(self) -> date:
        return self.gate.now.astimezone(_BEIJING).date()


def a_year_later(day: date) -> date:
    """The day a year is full; the 28th of February where there is no 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
