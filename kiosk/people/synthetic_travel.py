"""Passports, passes, endorsements and crossings of people who do not exist, by their situation.

`travel_of` is pure like `population`. Documents have numbers of the known forms (E, C, L and eight digits) that are
made up; ports are real, crossings are not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kiosk.people.exit_entry import (
    Crossing,
    Destination,
    Direction,
    DocumentGround,
    DocumentStanding,
    Endorsement,
    EndorsementKind,
    TravelDocument,
    TravelDocumentKind,
)
from kiosk.people.synthetic import BEIJING, ELSEWHERE, HERE, Situation, SyntheticPerson, case_number

AUTHORITY = "中华人民共和国国家移民管理局"
ISSUED_AT = "内蒙古"
FIRST_COMPARTMENT = 15
"""Finished passports and passes lie in board 1 behind the finished identity cards (kiosk.people.synthetic)."""

_LETTER = {
    TravelDocumentKind.PASSPORT: "E",
    TravelDocumentKind.HK_MACAO_PASS: "C",
    TravelDocumentKind.TAIWAN_PASS: "L",
}
_KINDS = (TravelDocumentKind.PASSPORT, TravelDocumentKind.HK_MACAO_PASS, TravelDocumentKind.TAIWAN_PASS)
_PORTS = {
    TravelDocumentKind.PASSPORT: ("首都机场", "呼和浩特机场", "浦东机场", "二连浩特公路", "满洲里公路"),
    TravelDocumentKind.HK_MACAO_PASS: ("深圳湾", "罗湖", "福田", "拱北", "港珠澳大桥珠海"),
    TravelDocumentKind.TAIWAN_PASS: ("厦门高崎机场", "首都机场", "浦东机场"),
}


@dataclass(frozen=True, slots=True)
class OpenTravelCase:
    """An application under way, or finished and not yet collected: `finished` is then what lies in the compartment.

    `compartment` 0: not in this terminal. `old_document` is the number of what it replaces, "" where it is the first.
    """

    case_number: str
    item: str
    kind: TravelDocumentKind
    ground: DocumentGround
    site: str
    compartment: int
    applied_on: date
    finished: TravelDocument | None
    old_document: str


@dataclass(frozen=True, slots=True)
class TravelFile:
    """What the authority has of one person; endorsements by the number of their pass, crossings the newest first."""

    documents: tuple[TravelDocument, ...] = ()
    endorsements: tuple[tuple[str, tuple[Endorsement, ...]], ...] = ()
    crossings: tuple[Crossing, ...] = ()
    case: OpenTravelCase | None = None
    screened: str = ""
    review: tuple[int, str] | None = None

    def on(self, document: str) -> tuple[Endorsement, ...]:
        """The endorsements of one pass."""
        return dict(self.endorsements).get(document, ())

    def of(self, kind: TravelDocumentKind) -> TravelDocument | None:
        """The newest document of a kind."""
        return next((d for d in self.documents if d.kind is kind), None)

    def __repr__(self) -> str:
        return "TravelFile(...)"


_HK_MACAO = {
    Situation.ENDORSEMENT_DUE,
    Situation.ENDORSEMENT_LEFT,
    Situation.ENDORSEMENT_SLOW,
    Situation.ENDORSEMENT_DECLINED,
    Situation.PASS_NOT_ELECTRONIC,
    Situation.PASS_EXPIRED,
    Situation.PASS_LOST,
    Situation.REGISTERED_STAFF,
    Situation.NOT_TO_EXIT,
    Situation.FACE_ONLY,
    Situation.OTHER_PROVINCE,
    Situation.LICENCE_NO_REPORT,
}
_TAIWAN = {
    Situation.TAIWAN_DUE,
    Situation.TAIWAN_LEFT,
    Situation.ENDORSEMENT_SLOW,
    Situation.ENDORSEMENT_DECLINED,
    Situation.REGISTERED_STAFF,
    Situation.NOT_TO_EXIT,
}
_PASSPORT = {Situation.TRAVELLER, Situation.PASSPORT_EXPIRES, Situation.PASSPORT_LOST, Situation.REGISTERED_STAFF}
_SCREENED = {Situation.REGISTERED_STAFF: "registered-staff", Situation.NOT_TO_EXIT: "not-to-exit"}
_REVIEWS = {Situation.ENDORSEMENT_SLOW: (900, "approved"), Situation.ENDORSEMENT_DECLINED: (20, "to-the-window")}
_HERE = (Situation.TRAVEL_FINISHED, Situation.BOTH_FINISHED)
WITH_A_FINISHED_DOCUMENT = (*_HERE, Situation.TRAVEL_AT_ANOTHER_SITE)
"""Whose new passport or pass is made."""
_CASES = {*_HERE, Situation.TRAVEL_CASE_OPEN, Situation.TRAVEL_AT_ANOTHER_SITE}


def travel_of(person: SyntheticPerson, as_of: date, nth: int) -> TravelFile:
    """`nth` counts the people of one situation from 0."""
    rng = random.Random(f"travel {person.index} {as_of.isoformat()}")
    situation = person.situation
    documents: list[TravelDocument] = []
    endorsements: list[tuple[str, tuple[Endorsement, ...]]] = []
    crossings: list[Crossing] = []
    if situation in _HK_MACAO:
        found = _document(rng, person, as_of, TravelDocumentKind.HK_MACAO_PASS)
        lines = _hk_macao(rng, as_of, situation)
        documents.append(found)
        endorsements.append((found.number, lines))
        crossings += _used(rng, found, lines)
    if situation in _TAIWAN:
        found = _document(rng, person, as_of, TravelDocumentKind.TAIWAN_PASS)
        lines = _taiwan(rng, as_of, situation)
        documents.append(found)
        endorsements.append((found.number, lines))
        crossings += _used(rng, found, lines)
    if situation in _PASSPORT:
        found = _document(rng, person, as_of, TravelDocumentKind.PASSPORT)
        documents.append(found)
        if situation is Situation.TRAVELLER:
            crossings += _ten_years(rng, as_of, found)
    case = None
    if situation in _CASES:
        case, old = _case(rng, person, as_of, nth)
        documents += [old] if old else []
    return TravelFile(
        documents=tuple(documents),
        endorsements=tuple(endorsements),
        crossings=tuple(sorted(crossings, key=lambda c: c.at, reverse=True)),
        case=case,
        screened=_SCREENED.get(situation, ""),
        review=_REVIEWS.get(situation),
    )


def _number(kind: TravelDocumentKind, index: int, generation: int) -> str:
    return f"{_LETTER[kind]}{70_000_000 + index * 100 + generation:08d}"


def _document(rng: random.Random, person: SyntheticPerson, as_of: date, kind: TravelDocumentKind) -> TravelDocument:
    issued = as_of - timedelta(days=rng.randrange(900, 2400))
    if person.situation is Situation.TRAVELLER:
        # Older documents of ten years of journeys are not on file any more; their numbers stand in the crossings.
        issued = as_of - timedelta(days=rng.randrange(1500, 2000))
    until = _ten_later(issued)
    if person.situation is Situation.PASS_EXPIRED:
        until = as_of - timedelta(days=rng.randrange(20, 200))
    if person.situation is Situation.PASSPORT_EXPIRES:
        until = as_of + timedelta(days=rng.randrange(30, 150))
    if until < as_of + timedelta(days=400) and kind is not TravelDocumentKind.TAIWAN_PASS:
        issued = _ten_later(until, -10)
    return TravelDocument(
        kind=kind,
        number=_number(kind, person.index, 1),
        electronic=person.situation is not Situation.PASS_NOT_ELECTRONIC,
        issued_on=issued,
        valid_to=until,
        authority=AUTHORITY,
        standing=DocumentStanding.LOST if person.situation is Situation.PASS_LOST else DocumentStanding.IN_FORCE,
    )


def _ten_later(day: date, years: int = 10) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _hk_macao(rng: random.Random, as_of: date, situation: Situation) -> tuple[Endorsement, ...]:
    """Hong Kong once in this year, used (or twice with one left); Macao of last year, over."""
    issued = as_of - timedelta(days=rng.randrange(100, 200))
    before = as_of - timedelta(days=rng.randrange(500, 700))
    entries = 2 if situation is Situation.ENDORSEMENT_LEFT else 1
    return (
        Endorsement(
            Destination.HONG_KONG, EndorsementKind.GROUP, entries, 1, 7, issued, _ten_later(issued, 1), ISSUED_AT
        ),
        Endorsement(
            Destination.MACAO,
            EndorsementKind.GROUP,
            1,
            1,
            7,
            before,
            before + timedelta(days=90),
            ISSUED_AT,
        ),
    )


def _taiwan(rng: random.Random, as_of: date, situation: Situation) -> tuple[Endorsement, ...]:
    issued = as_of - timedelta(days=rng.randrange(60, 120))
    used = 0 if situation is Situation.TAIWAN_LEFT else 1
    until = issued + timedelta(days=182)
    return (Endorsement(Destination.TAIWAN, EndorsementKind.FAMILY, 1, used, 90, issued, until, ISSUED_AT),)


def _journey(rng: random.Random, out: date, days: int, kind: TravelDocumentKind, document: str) -> list[Crossing]:
    port = rng.choice(_PORTS[kind])
    left = datetime.combine(out, time(rng.randrange(7, 20), rng.randrange(60)), BEIJING)
    back = datetime.combine(out + timedelta(days=days), time(rng.randrange(9, 22), rng.randrange(60)), BEIJING)
    return [
        Crossing(left, Direction.EXIT, port, kind, document),
        Crossing(back, Direction.ENTRY, port, kind, document),
    ]


def _used(rng: random.Random, found: TravelDocument, lines: tuple[Endorsement, ...]) -> list[Crossing]:
    """A journey for each use."""
    crossings: list[Crossing] = []
    for line in lines:
        for use in range(line.used):
            out = line.issued_on + timedelta(days=10 + use * 20 + rng.randrange(5))
            crossings += _journey(rng, out, rng.randrange(2, 7), found.kind, found.number)
    return crossings


def _ten_years(rng: random.Random, as_of: date, found: TravelDocument) -> list[Crossing]:
    """Two journeys a year; those before the passport of today with the one before it."""
    before = _number(TravelDocumentKind.PASSPORT, int(found.number[1:]) % 10_000_000 // 100, 0)
    crossings: list[Crossing] = []
    for year in range(11):
        for half in range(2):
            out = as_of - timedelta(days=365 * year + 40 + half * 150 + rng.randrange(60))
            number = found.number if out >= found.issued_on else before
            crossings += _journey(rng, out, rng.randrange(4, 15), TravelDocumentKind.PASSPORT, number)
    return crossings


def _place_of(situation: Situation, nth: int) -> int:
    return len(_KINDS) + 1 if situation is Situation.BOTH_FINISHED else nth


def _case(
    rng: random.Random, person: SyntheticPerson, as_of: date, nth: int
) -> tuple[OpenTravelCase, TravelDocument | None]:
    kind = _KINDS[nth % len(_KINDS)]
    applied = as_of - timedelta(days=rng.randrange(4, 6) if person.situation is Situation.TRAVEL_CASE_OPEN else 12)
    old: TravelDocument | None = None
    if nth == len(_KINDS):
        # The fourth: renewal of a passport that is to be handed in.
        issued = _ten_later(as_of + timedelta(days=100), -10)
        until = as_of + timedelta(days=100)
        number = _number(kind, person.index, 0)
        old = TravelDocument(kind, number, True, issued, until, AUTHORITY, DocumentStanding.IN_FORCE)
    finished: TravelDocument | None = None
    if person.situation is not Situation.TRAVEL_CASE_OPEN:
        issued = as_of - timedelta(days=3)
        number = _number(kind, person.index, 1)
        until = _ten_later(issued) - timedelta(days=1)
        finished = TravelDocument(kind, number, True, issued, until, AUTHORITY, DocumentStanding.IN_FORCE)
    here = person.situation in _HERE
    case = OpenTravelCase(
        case_number=case_number(applied, 80_000 + person.index),
        item=f"travel-{person.index:04d}",
        kind=kind,
        ground=DocumentGround.FIRST if old is None else DocumentGround.RENEWAL,
        site=ELSEWHERE if person.situation is Situation.TRAVEL_AT_ANOTHER_SITE else HERE,
        compartment=FIRST_COMPARTMENT + _place_of(person.situation, nth) if here else 0,
        applied_on=applied,
        finished=finished,
        old_document="" if old is None else old.number,
    )
    return case, old
