"""JG10: whose licence is due for review, and the review put on file (order 162 art. 72 to 75)."""

from __future__ import annotations

from datetime import timedelta

from central.desks.answers import accepted, checked_number, refused
from central.desks.desk import Desk
from central.desks.driving import OFFICE, not_for_this_desk, report_refused, unsettled
from central.model_traffic import TrafficCase, TrafficState
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.traffic import MayReview, ReviewKind
from kiosk.people.vehicle import LicenceClass, LicenceStatus
from kiosk.protocol.filings import LicenceReviewed
from kiosk.protocol.messages import Filing, FilingReply

_HEAVY = frozenset({LicenceClass.A1, LicenceClass.A2, LicenceClass.A3, LicenceClass.B1, LicenceClass.B2})


def may_review(desk: Desk, number: IdNumber) -> MayReview | Refusal:
    """One answer to everything that could stand in the way."""
    refusal = not_for_this_desk(desk, number)
    if refusal is not None:
        return refusal
    licence = desk.agencies.traffic.licence(number.text)
    file = desk.agencies.traffic.licence_file(number.text)
    if licence is None or file is None or licence.status is not LicenceStatus.NORMAL:
        return desk.sent_to(RefusalCode.LICENCE_NOT_VALID, OFFICE, ("reason", "application"))
    rules = desk.tables.rules
    senior = number.age_on(desk.today) >= rules["ability-test-age"]
    points = file.points_last > 0 and not _HEAVY.isdisjoint(licence.classes)
    if file.reviewed or not (senior or points):
        return Refusal(RefusalCode.NOT_YET_DUE, (("reason", "no-review"),))
    if desk.today > file.cycle_ended + timedelta(days=rules["review-days"]):
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "review-late"))
    refusal = unsettled(desk, number)
    if refusal is not None:
        return refusal
    if points and file.study_hours < rules["review-study-hours"]:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "study"))
    report = desk.agencies.medical.report(number.text) if senior else None
    refusal = report_refused(desk, report) if senior else None
    if refusal is not None:
        return refusal
    kind = ReviewKind.REPORT if senior else ReviewKind.POINTS
    return MayReview(kind, file.cycle_ended, report.number if report is not None else "")


def licence_reviewed(filing: Filing, payload: LicenceReviewed, desk: Desk) -> FilingReply:
    """On file at once, and told to the traffic platform."""
    number = checked_number(desk, payload.number)
    due = may_review(desk, number)
    if isinstance(due, Refusal):
        return refused(due)
    case = TrafficCase(
        number=f"S{desk.serial('review')}",
        matter=due.kind.value,
        holder=number.text,
        state=TrafficState.READY,
        applied_at=desk.now,
        ready_by=desk.today,
        valid_to=due.cycle_ended,
        term_years=None,
        report=due.report,
        visit=filing.case,
        signature=payload.signature,
    )
    desk.db.add(case)
    desk.agencies.traffic.reviewed(number.text, case.number)
    return accepted(case.number, verify_url=f"{desk.people_url}/v/{case.number}")
