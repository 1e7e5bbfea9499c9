"""HZ01 and HZ02: who may apply for an identity card, and who may collect one."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from central.agencies.contract import Person
from central.desks.desk import Desk, masked_phone
from central.desks.where_it_lies import where_it_lies
from central.model import CardCase, CardState
from kiosk.people.id_card import masked_name
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.records import (
    CitizenKnown,
    FinishedCard,
    Ground,
    MayApply,
    OldCard,
    PersonOnFile,
    Refusal,
    RefusalCode,
)

HOME_PROVINCE = "15"
"""Inner Mongolia, GB/T 2260."""

_CLOSED = (CardState.COLLECTED, CardState.VOID)


def who_is(desk: Desk, number: IdNumber) -> PersonOnFile:
    """All that may be said before anybody is verified."""
    person = desk.agencies.population.person(number.text)
    if person is None:
        return PersonOnFile(CitizenKnown.UNKNOWN, "")
    known = CitizenKnown.FACE_AND_FINGERS if person.fingers else CitizenKnown.FACE_ONLY
    return PersonOnFile(known, masked_name(person.name))


def open_case_of(desk: Desk, number: str) -> CardCase | None:
    """The newest application that is not over."""
    return desk.db.scalars(
        select(CardCase)
        .where(CardCase.holder == number, CardCase.state.not_in(_CLOSED))
        .order_by(CardCase.applied_at.desc(), CardCase.number.desc())
        .limit(1)
    ).first()


def adult(desk: Desk, number: IdNumber) -> Refusal | None:
    """Under 16: a guardian comes along to the desk (Resident Identity Card Law art. 7)."""
    if number.age_on(desk.today) < desk.tables.rules["adult-age"]:
        return desk.sent_to(RefusalCode.UNDER_AGE, "household")
    return None


def card_to_collect(desk: Desk, number: IdNumber) -> FinishedCard | Refusal:
    """HZ02: the finished card in the asking terminal, or why there is none."""
    refusal = adult(desk, number)
    if refusal is not None:
        return refusal
    case = open_case_of(desk, number.text)
    if case is None:
        return desk.sent_to(RefusalCode.NOTHING_TO_COLLECT, "household")
    if case.blocked:
        return desk.sent_to(RefusalCode.CARD_BLOCKED, "household", ("case", case.number))
    lies = where_it_lies(desk, case, "household")
    if isinstance(lies, Refusal):
        return lies
    return FinishedCard(
        item=lies.document.id,
        case_number=case.number,
        board=lies.board,
        compartment=lies.compartment,
        ground=case.ground,
        issue_date=case.issue_date or desk.today,
        valid_to=case.valid_to,
        authority=case.authority,
        old_card=OldCard.DUE if lies.old is None else OldCard.HELD,
    )


def may_apply(desk: Desk, number: IdNumber, ground: Ground) -> MayApply | Refusal:
    """HZ01: one answer to everything that could stand in the way (services.md HZ01; law art. 7, 10 to 12)."""
    if number.family is not NumberFamily.RESIDENT:
        return desk.sent_to(RefusalCode.CARD_FOREIGN, "household")
    refusal = adult(desk, number)
    if refusal is not None:
        return refusal
    person = desk.agencies.population.person(number.text)
    if person is None:
        return desk.sent_to(RefusalCode.OTHER, "household", ("reason", "not-on-file"))
    if person.restricted:
        return desk.sent_to(RefusalCode.MANUAL_REVIEW, "household")
    case = open_case_of(desk, number.text)
    if case is not None:
        return desk.sent_to(
            RefusalCode.CASE_ALREADY_OPEN,
            "household",
            ("case", case.number),
            ("stage", case.state.value),
            ("date", case.ready_by.isoformat()),
        )
    if not person.region.startswith(HOME_PROVINCE) and not person.residence:
        return desk.sent_to(RefusalCode.OUT_OF_JURISDICTION, "household")
    refusal = _ground_refused(desk, person, ground)
    if refusal is not None:
        return refusal
    fee = desk.tables.fee(ground, desk.today)
    return MayApply(
        ground=ground,
        fee=fee.money,
        fee_reference=fee.reference,
        phone_masked=masked_phone(person.phone),
        collect_sites=desk.tables.sites_of("household"),
        ready_in_days=desk.tables.rules["ready-days"],
        historic_portrait=ground is not Ground.RENEWAL,
    )


def _ground_refused(desk: Desk, person: Person, ground: Ground) -> Refusal | None:
    match ground:
        case Ground.LOSS | Ground.DAMAGE:
            return None
        case Ground.RENEWAL:
            if person.card_reported_lost:
                return desk.sent_to(RefusalCode.CARD_REPORTED_LOST, "household")
            if person.card_valid_to is None:
                return desk.sent_to(RefusalCode.TOO_EARLY, "household", ("reason", "long-term"))
            earliest = months_before(person.card_valid_to, desk.tables.rules["renewal-months-before-expiry"])
            if desk.today < earliest:
                return desk.sent_to(RefusalCode.TOO_EARLY, "household", ("date", earliest.isoformat()))
            return None


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
