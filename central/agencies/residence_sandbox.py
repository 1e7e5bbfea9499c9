"""The register of names of the sandbox, behind the gate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta, timezone

from sqlalchemy import select

from central.agencies.contract import Agency
from central.agencies.residence_contract import NameCount
from central.agencies.sandbox import Gate
from central.agencies.sandbox_model import SandboxPerson
from kiosk.people.names import DOT, PersonName, SexAsked

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
