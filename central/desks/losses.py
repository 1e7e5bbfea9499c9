"""HZ03: a holder reports their identity card lost (Ministry of Public Security, opinion of 2015)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from central.desks.answers import accepted, checked_number, refused
from central.desks.cards import adult
from central.desks.desk import BEIJING, Desk
from central.desks.notifying import notify
from central.model_household import LossReport
from central.problems import Declined
from kiosk.people.household import Eligible
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.filings import LossReported
from kiosk.protocol.messages import Filing, FilingReply


def may_report_loss(desk: Desk, number: IdNumber) -> Eligible | Refusal:
    """One answer to everything that could stand in the way. Where somebody is registered does not matter."""
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
    if person.card_reported_lost:
        known = latest_report(desk, number.text)
        case = () if known is None else (("case", known.number),)
        return Refusal(RefusalCode.ALREADY_REPORTED, (*case, ("service", "HZ01")))
    return Eligible()


def latest_report(desk: Desk, number: str) -> LossReport | None:
    """The newest report of a holder at any terminal."""
    return desk.db.scalars(
        select(LossReport)
        .where(LossReport.holder == number)
        .order_by(LossReport.reported_at.desc(), LossReport.number.desc())
        .limit(1)
    ).first()


def loss_reported(filing: Filing, payload: LossReported, desk: Desk) -> FilingReply:
    """On record at once, where whoever checks cards can see it; the holder's telephone hears of it."""
    number = checked_number(desk, payload.number)
    lost_on = _day(desk, payload.loss_date)
    eligible = may_report_loss(desk, number)
    if isinstance(eligible, Refusal):
        return refused(eligible)
    row = LossReport(
        number=f"G{desk.serial('loss')}",
        holder=number.text,
        visit=filing.case,
        reported_at=desk.now.replace(microsecond=0),
        lost_on=lost_on,
        place=payload.loss_place,
        manner=payload.loss_manner,
        signature=payload.signature,
    )
    desk.db.add(row)
    desk.agencies.population.report_lost(number.text)
    person = desk.agencies.population.person(number.text)
    if person is not None:
        notify(desk, person.phone, f"您的居民身份证已挂失，申报编号{row.number}。", row.number)
    return accepted(
        row.number,
        reported_at=row.reported_at.astimezone(BEIJING).isoformat(),
        verify_url=f"{desk.people_url}/v/{row.number}",
    )


def _day(desk: Desk, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Declined(422, "payload", "loss_date: not a day") from None
    if day > desk.today:
        raise Declined(422, "payload", "loss_date: not yet")
    return day
