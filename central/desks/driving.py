"""JG04, JG05, JG07: who may have a new licence or vehicle licence, and what becomes of the application."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from central.agencies.contract import Person
from central.desks.answers import accepted, checked_number, refused
from central.desks.cards import adult
from central.desks.desk import Desk, masked_phone
from central.desks.fines import unpaid_fines
from central.desks.notifying import notify
from central.desks.traffic import has_open_records
from central.model import PaymentOrder
from central.model_traffic import TrafficCase, TrafficState
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.traffic import MayApplyTraffic, MedicalReport, Owner, PortraitWanted, TrafficMatter
from kiosk.people.vehicle import DrivingLicence, LicenceStatus, Vehicle
from kiosk.protocol.filings import TrafficApplication
from kiosk.protocol.messages import Filing, FilingReply, OrderState

OFFICE = "vehicle-office"
_OPEN = (TrafficState.AWAITING_PAYMENT, TrafficState.ACCEPTED)
_NEXT_TERM: dict[int | None, int | None] = {6: 10, 10: None, None: None}
"""Years of the term that follows one without twelve points (order 162 art. 62)."""


def may_apply_traffic(desk: Desk, number: IdNumber, matter: TrafficMatter) -> MayApplyTraffic | Refusal:
    """One answer to everything that could stand in the way."""
    refusal = not_for_this_desk(desk, number)
    if refusal is not None:
        return refusal
    return _vehicle_papers(desk, number, matter) if matter.about_vehicle else _licence(desk, number, matter)


def not_for_this_desk(desk: Desk, number: IdNumber) -> Refusal | None:
    """Who must go to people whatever they want here; a reason that is nobody's business is not given."""
    if number.family is not NumberFamily.RESIDENT:
        return desk.sent_to(RefusalCode.CARD_FOREIGN, OFFICE)
    refusal = adult(desk, number)
    if refusal is not None:
        return refusal
    person = desk.agencies.population.person(number.text)
    if person is None:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "not-on-file"))
    return desk.sent_to(RefusalCode.MANUAL_REVIEW, OFFICE) if person.restricted else None


def _licence(desk: Desk, number: IdNumber, matter: TrafficMatter) -> MayApplyTraffic | Refusal:
    licence = desk.agencies.traffic.licence(number.text)
    file = desk.agencies.traffic.licence_file(number.text)
    if licence is None or file is None or licence.status is not LicenceStatus.NORMAL:
        return desk.sent_to(RefusalCode.LICENCE_NOT_VALID, OFFICE, ("reason", "application"))
    refusal = open_case(desk, number.text, tuple(m.value for m in TrafficMatter if not m.about_vehicle))
    if refusal is not None:
        return refusal
    report = desk.agencies.medical.report(number.text)
    valid_to, term = licence.valid_to, file.term_years
    if matter is TrafficMatter.LICENCE_RENEWAL:
        refusal = _renewal_refused(desk, number, licence, report)
        if refusal is not None:
            return refusal
        term = _NEXT_TERM[file.term_years] if file.clean_term else file.term_years
        valid_to = None if term is None or valid_to is None else years_later(valid_to, term)
    elif valid_to is not None and valid_to < desk.today:
        return desk.sent_to(RefusalCode.LICENCE_NOT_VALID, OFFICE, ("reason", "application"))
    renewal = matter is TrafficMatter.LICENCE_RENEWAL
    return _yes(
        desk,
        number,
        matter,
        "driving-licence",
        portrait=PortraitWanted.OF_THE_REPORT if renewal else PortraitWanted.TAKEN_HERE,
        valid_to=valid_to,
        report=report.number if renewal and report is not None else "",
    )


def _renewal_refused(
    desk: Desk, number: IdNumber, licence: DrivingLicence, report: MedicalReport | None
) -> Refusal | None:
    """期满换证: art. 63 (ninety days), 72 (nothing unsettled), 85 (the report); from seventy on at the office."""
    rules = desk.tables.rules
    if licence.points >= rules["points-limit"]:
        return desk.sent_to(RefusalCode.POINTS_LIMIT, "general-procedure")
    if licence.valid_to is None:
        return Refusal(RefusalCode.NOT_YET_DUE, (("reason", "long-term"),))
    earliest = licence.valid_to - timedelta(days=rules["licence-renewal-days"])
    if desk.today < earliest:
        return Refusal(RefusalCode.NOT_YET_DUE, (("from", earliest.isoformat()),))
    if desk.today > licence.valid_to + timedelta(days=rules["licence-lapse-days"]):
        return desk.sent_to(RefusalCode.LICENCE_NOT_VALID, OFFICE, ("reason", "application"))
    refusal = unsettled(desk, number)
    if refusal is not None:
        return refusal
    if number.age_on(desk.today) >= rules["ability-test-age"]:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "ability-test"))
    return report_refused(desk, report)


def unsettled(desk: Desk, number: IdNumber) -> Refusal | None:
    """Violations nobody dealt with, or fines that are not paid, come first."""
    if has_open_records(desk, number):
        return Refusal(RefusalCode.UNSETTLED_VIOLATIONS, (("service", "JG01"),))
    if unpaid_fines(desk, number):
        return Refusal(RefusalCode.UNSETTLED_VIOLATIONS, (("service", "JG02"),))
    return None


def report_refused(desk: Desk, report: MedicalReport | None) -> Refusal | None:
    """A report counts for six months (art. 85)."""
    if report is None:
        return desk.sent_to(RefusalCode.NO_MEDICAL_REPORT, OFFICE)
    if desk.today > months_later(report.issued_on, desk.tables.rules["medical-report-months"]):
        return desk.sent_to(RefusalCode.NO_MEDICAL_REPORT, OFFICE, ("reason", "too-old"))
    return None


def _vehicle_papers(desk: Desk, number: IdNumber, matter: TrafficMatter) -> MayApplyTraffic | Refusal:
    """Own private vehicles only (order 164 art. 52); a company's go to the window."""
    own = [file for file in desk.agencies.traffic.vehicle_files(number.text) if file.vehicle.own]
    if not own:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "no-vehicle"))
    private = [file for file in own if file.owner is Owner.PERSON]
    if not private:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "company-vehicle"))
    under_way = {case.plate for case in _cases(desk, number.text, tuple(m.value for m in TrafficMatter))}
    free = tuple(file.vehicle for file in private if file.vehicle.plate.number not in under_way)
    if not free:
        refusal = open_case(desk, number.text, tuple(m.value for m in TrafficMatter if m.about_vehicle))
        assert refusal is not None
        return refusal
    return _yes(desk, number, matter, "vehicle-licence", portrait=PortraitWanted.NONE, vehicles=free)


def _yes(
    desk: Desk,
    number: IdNumber,
    matter: TrafficMatter,
    fee_id: str,
    *,
    portrait: PortraitWanted,
    vehicles: tuple[Vehicle, ...] = (),
    valid_to: date | None = None,
    report: str = "",
) -> MayApplyTraffic:
    fee = desk.tables.fee_of(fee_id, desk.today)
    person = desk.agencies.population.person(number.text)
    return MayApplyTraffic(
        matter=matter,
        fee=fee.money,
        fee_reference=fee.reference,
        phone_masked=masked_phone(person.phone) if person else "",
        collect_at=desk.tables.desks[OFFICE].name,
        ready_in_days=desk.tables.rules["licence-ready-days"],
        portrait=portrait,
        vehicles=vehicles,
        valid_to=valid_to,
        report=report,
    )


def _cases(desk: Desk, holder: str, matters: tuple[str, ...]) -> list[TrafficCase]:
    return list(
        desk.db.scalars(
            select(TrafficCase)
            .where(TrafficCase.holder == holder, TrafficCase.matter.in_(matters), TrafficCase.state.in_(_OPEN))
            .order_by(TrafficCase.applied_at, TrafficCase.number)
        )
    )


def open_case(desk: Desk, holder: str, matters: tuple[str, ...]) -> Refusal | None:
    """An application that is under way."""
    for case in _cases(desk, holder, matters):
        return desk.sent_to(
            RefusalCode.CASE_ALREADY_OPEN,
            OFFICE,
            ("case", case.number),
            ("date", case.ready_by.isoformat()),
        )
    return None


def applied(filing: Filing, payload: TrafficApplication, order: PaymentOrder | None, desk: Desk) -> FilingReply:
    """受理: paid, or to be paid by slip; the old document is void from now on. `order` is settled already."""
    number = checked_number(desk, payload.number)
    matter = TrafficMatter(payload.matter)
    eligible = may_apply_traffic(desk, number, matter)
    if isinstance(eligible, Refusal):
        return refused(eligible)
    if matter.about_vehicle and payload.plate not in {v.plate.number for v in eligible.vehicles}:
        return refused(desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "no-vehicle")))
    paid = order is not None and order.state is OrderState.CAPTURED
    by_slip = order is not None and bool(order.slip) and order.slip == payload.unpaid_slip
    right = order is not None and order.payer == number.text and order.bill == eligible.fee_reference
    if order is None or not right or order.used_by or not (paid or by_slip):
        return refused(desk.sent_to(RefusalCode.PAYMENT_UNSETTLED, OFFICE, ("order", payload.order)))
    person = desk.agencies.population.person(number.text)
    case = TrafficCase(
        number=f"J{desk.serial('traffic')}",
        matter=matter.value,
        holder=number.text,
        state=TrafficState.ACCEPTED if paid else TrafficState.AWAITING_PAYMENT,
        plate=payload.plate,
        applied_at=desk.now,
        ready_by=desk.today + timedelta(days=eligible.ready_in_days),
        valid_to=eligible.valid_to,
        term_years=_term(eligible),
        phone=payload.phone or _phone(person),
        mail_to=payload.mail_to,
        order_number=order.number,
        slip=payload.unpaid_slip,
        report=eligible.report,
        visit=filing.case,
        portrait=payload.portrait,
        signature=payload.signature,
    )
    desk.db.add(case)
    desk.db.flush()
    if paid:
        accept(desk, case)
    return accepted(
        case.number,
        ready_by=case.ready_by.isoformat(),
        collect_site=collect_site(desk, case),
        verify_url=f"{desk.people_url}/v/{case.number}",
    )


def _term(eligible: MayApplyTraffic) -> int | None:
    return None if eligible.valid_to is None else 10 if eligible.matter is TrafficMatter.LICENCE_RENEWAL else 6


def _phone(person: Person | None) -> str:
    return person.phone if person is not None else ""


def collect_site(desk: Desk, case: TrafficCase) -> str:
    """Where the document comes from; an address is nobody's business on a slip."""
    return "邮寄到身份证上的住址" if case.mail_to else desk.tables.desks[OFFICE].name


def accept(desk: Desk, case: TrafficCase) -> None:
    """The money is there: the document is made, the one before is void."""
    case.state = TrafficState.ACCEPTED
    if not TrafficMatter(case.matter).about_vehicle:
        desk.agencies.traffic.licence_made(case.holder, case.number, case.valid_to, case.term_years)
    notify(desk, case.phone, f"业务已受理，受理号{case.number}。", case.number)


def slip_paid(desk: Desk, slip: str) -> str:
    """The bank had the money of an application: it goes on. Its number, or ""."""
    case = desk.db.scalars(select(TrafficCase).where(TrafficCase.slip == slip)).first()
    if case is None or case.state is not TrafficState.AWAITING_PAYMENT:
        return ""
    accept(desk, case)
    return case.number


def look_at_cases(desk: Desk) -> None:
    """Documents get ready; applications nobody paid for are void."""
    for case in desk.db.scalars(select(TrafficCase).where(TrafficCase.state.in_(_OPEN))).all():
        if case.state is TrafficState.ACCEPTED and case.ready_by <= desk.today:
            case.state = TrafficState.READY
            notify(desk, case.phone, f"受理号{case.number}的证件已制好。", case.number)
        elif case.state is TrafficState.AWAITING_PAYMENT:
            order = desk.db.get(PaymentOrder, case.order_number)
            if order is not None and order.due is not None and order.due < desk.today:
                case.state = TrafficState.VOID


def years_later(day: date, years: int) -> date:
    """The same day; the last of February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
