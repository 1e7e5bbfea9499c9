"""HZ07: a certificate of no criminal record, or a receipt; never a word about a record (公通字〔2021〕19号).

Whoever has an entry and whoever shares a name with somebody else's are told the same, in the same time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from central.agencies.contract import Person
from central.agencies.household_contract import RecordAnswer
from central.desks.answers import accepted, checked_number, refused
from central.desks.certificates import HERE, Holder, issue
from central.desks.desk import BEIJING, Desk, working_days_later
from central.model_household import RecordCase
from kiosk.people.household import Eligible
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.filings import RecordAsked
from kiosk.protocol.messages import Filing, FilingReply

KIND = "no-record"


def may_ask_for_record(desk: Desk, number: IdNumber) -> Eligible | Refusal:
    """One answer to everything that could stand in the way."""
    found = _person(desk, number)
    if isinstance(found, Refusal):
        return found
    case = _open_case(desk, number.text)
    if case is None:
        return _too_often(desk, number.text) or Eligible()
    match desk.agencies.records.answer(case.number):
        case RecordAnswer.REVIEW:
            details = (("case", case.number), ("date", case.due.isoformat()))
            return desk.sent_to(RefusalCode.CASE_ALREADY_OPEN, "household", *details)
        case RecordAnswer.TO_THE_WINDOW:
            return desk.sent_to(RefusalCode.MANUAL_REVIEW, "household", ("case", case.number))
        case RecordAnswer.CLEAN:
            return Eligible()


def _person(desk: Desk, number: IdNumber) -> Person | Refusal:
    if number.family is not NumberFamily.RESIDENT:
        return desk.sent_to(RefusalCode.CARD_FOREIGN, "household")
    if number.age_on(desk.today) < desk.tables.rules["record-age"]:
        return desk.sent_to(RefusalCode.UNDER_AGE, "household")
    person = desk.agencies.population.person(number.text)
    if person is None:
        return desk.sent_to(RefusalCode.OTHER, "household", ("reason", "not-on-file"))
    if person.restricted:
        return desk.sent_to(RefusalCode.MANUAL_REVIEW, "household")
    if person.card_reported_lost:
        return desk.sent_to(RefusalCode.CARD_REPORTED_LOST, "household")
    if not person.region.startswith(HERE) and not person.residence:
        return desk.sent_to(RefusalCode.OUT_OF_JURISDICTION, "household")
    return person


def _open_case(desk: Desk, number: str) -> RecordCase | None:
    """The newest query of a citizen that has no certificate yet."""
    return desk.db.scalars(
        select(RecordCase)
        .where(RecordCase.holder == number, RecordCase.certificate == "")
        .order_by(RecordCase.asked_at.desc(), RecordCase.number.desc())
        .limit(1)
    ).first()


def _too_often(desk: Desk, number: str) -> Refusal | None:
    """More than so many in one year of the calendar need a reason, which a person hears."""
    begins = datetime(desk.today.year, 1, 1, tzinfo=BEIJING).astimezone(UTC)
    asked = select(func.count()).where(RecordCase.holder == number, RecordCase.asked_at >= begins)
    if (desk.db.scalar(asked) or 0) < desk.tables.rules["record-queries-a-year"]:
        return None
    return desk.sent_to(RefusalCode.TOO_OFTEN, "household")


def record_asked(filing: Filing, payload: RecordAsked, desk: Desk) -> FilingReply:
    """A certificate where nothing stands against it, else a receipt; a cleared review is gone on with."""
    number = checked_number(desk, payload.number)
    allowed = may_ask_for_record(desk, number)
    found = _person(desk, number)
    if isinstance(allowed, Refusal):
        return refused(allowed)
    if isinstance(found, Refusal):
        return refused(found)
    case = _open_case(desk, number.text)
    cleared = case is not None
    if case is None:
        case = RecordCase(
            number=f"W{desk.serial('record')}",
            holder=number.text,
            visit=filing.case,
            asked_at=desk.now,
            purpose=payload.purpose,
            recipient=payload.recipient,
            due=working_days_later(desk.today, desk.tables.rules["record-working-days"]),
            signature=payload.signature,
        )
        desk.db.add(case)
        desk.db.flush()
    if not cleared and desk.agencies.records.ask(case.number, number.text) is not RecordAnswer.CLEAN:
        return accepted(case.number, **receipt(desk, case))
    holder = Holder(number.text, found.name, filing.case)
    row = issue(desk, holder, KIND, _statement(desk, found), payload.purpose, payload.recipient, payload.signature)
    case.certificate = row.number
    return accepted(row.number)


def _statement(desk: Desk, person: Person) -> str:
    until = desk.today - timedelta(days=1)
    return (
        f"经查询，截至{until.year}年{until.month}月{until.day}日，"
        f"未发现{person.name}（公民身份号码{person.number}）有犯罪记录。"
    )


def receipt(desk: Desk, case: RecordCase) -> dict[str, str]:
    """What a 受理回执 carries of the case."""
    return {
        "due": case.due.isoformat(),
        "place": desk.tables.desks["household"].name,
        "verify_url": f"{desk.people_url}/v/{case.number}",
    }
