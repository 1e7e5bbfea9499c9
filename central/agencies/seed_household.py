"""Households and records of the synthetic population: ordinary people live in pairs, everybody else alone."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from central.agencies.household_model import SandboxChange, SandboxMember, SandboxRecordEntry
from kiosk.people.id_card import CardKind
from kiosk.people.id_number import IdNumber, Sex, check_character
from kiosk.people.synthetic import Population, Situation, SyntheticPerson

ON_PAPER_ONLY = (58, 59)
"""Ordinary people, by their place among them, whose register was never made electronic."""
SAME_NAME = (50, 51)
"""Those who share a name with somebody on record: a person looks, and finds nothing."""
ON_RECORD = (52,)
"""Those with an entry of their own."""
CHANGED_EVERY = 3
"""Every third ordinary person once had another name."""
BEREAVED_EVERY = 5
"""In every fifth pair the head's father has died."""


def seed_households(db: Session, people: Population) -> None:
    """Deterministic: equal people give equal households."""
    ordinary = people.all_of(Situation.ORDINARY)
    taken = {person.number for person in people.people}
    for nth in range(0, len(ordinary), 2):
        _pair(db, nth, ordinary[nth : nth + 2], people.key.as_of, taken)
    for person in people.people:
        if person.card.kind is CardKind.RESIDENT and person.situation is not Situation.ORDINARY:
            _member(db, f"H{person.index:04d}", 0, person, "head")
    for nth, person in enumerate(ordinary):
        if nth % CHANGED_EVERY == 0:
            _renamed(db, person, people.key.as_of)
    for nth in (*SAME_NAME, *ON_RECORD):
        db.add(SandboxRecordEntry(number=ordinary[nth].number, entry=nth in ON_RECORD))


def _pair(db: Session, nth: int, pair: tuple[SyntheticPerson, ...], as_of: date, taken: set[str]) -> None:
    household = f"H{pair[0].index:04d}"
    head = max(pair, key=lambda p: IdNumber(p.number).age_on(as_of))
    electronic = nth not in ON_PAPER_ONLY
    for person in pair:
        relation = "head" if person is head else _relation(head, person, as_of)
        _member(db, household, 0 if person is head else 1, person, relation, electronic)
    if (nth // 2) % BEREAVED_EVERY == 0:
        born = date(IdNumber(head.number).birth.year - 28, 5, 17)
        db.add(
            SandboxMember(
                number=_free(f"{head.number[:6]}{born:%Y%m%d}", head.index, taken),
                household=household,
                position=2,
                name=head.card.name[0] + "德厚",
                relation="father",
                cancelled_on=as_of - timedelta(days=200 + head.index),
                cancelled_why="deceased",
            )
        )


def _free(stem: str, index: int, taken: set[str]) -> str:
    """A man's number that nobody has yet; two heads may come from one district and year."""
    for odd in range(1, 1000, 2):
        sequence = f"{(index * 2 + odd) % 1000:03d}"
        number = stem + sequence + check_character(stem + sequence)
        if number not in taken:
            taken.add(number)
            return number
    raise ValueError("every number of that day is taken")


def _relation(head: SyntheticPerson, other: SyntheticPerson, as_of: date) -> str:
    """By age and sex, as a booklet might say."""
    younger = IdNumber(head.number).age_on(as_of) - IdNumber(other.number).age_on(as_of)
    female = other.card.sex is Sex.FEMALE
    if younger >= 20:
        return "daughter" if female else "son"
    if head.card.sex is not other.card.sex:
        return "wife" if female else "husband"
    return "younger-sister" if female else "younger-brother"


def _member(
    db: Session, household: str, position: int, person: SyntheticPerson, relation: str, electronic: bool = True
) -> None:
    db.add(
        SandboxMember(
            number=person.number,
            household=household,
            position=position,
            name=person.card.name,
            relation=relation,
            electronic=electronic,
        )
    )


def _renamed(db: Session, person: SyntheticPerson, as_of: date) -> None:
    before = person.card.name[0] + ("小" + person.card.name[-1])
    db.add(
        SandboxChange(
            number=person.number,
            position=0,
            item="姓名",
            before=before,
            after=person.card.name,
            on=as_of - timedelta(days=900 + person.index),
        )
    )
