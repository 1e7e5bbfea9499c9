"""What time alone brings about: codes run out, cards get made, late money goes back, slips fall due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from central.agencies.contract import AgencyFailed, FineAnswer
from central.configuration import books
from central.desks.clips import look_at_clips
from central.desks.commands import look_at_commands
from central.desks.desk import BEIJING, Desk
from central.desks.driving import look_at_cases
from central.desks.exams import look_at_doctors_answers, look_at_held_exams
from central.desks.fines import tell
from central.desks.incidents import look_at_silence, look_at_untaken
from central.desks.notifying import notify
from central.desks.orders import capture, give_back, money_back, settled
from central.desks.overdue import look_at_overdue
from central.desks.plates import void_unpaid_plates
from central.desks.residence import look_at_permits
from central.desks.sights import look_at_sights
from central.desks.temporary_cards import look_at_temporary_cards
from central.desks.tickets import look_at_tickets
from central.desks.travel_applications import void_unpaid_travel_cases
from central.desks.travel_cases import look_at_travel_cases
from central.model import CardCase, CardState, Document, FineReceipt, PaymentOrder, Place
from kiosk.people.id_number import IdNumber
from kiosk.people.synthetic import valid_years
from kiosk.protocol.messages import OrderState


def look_at_the_clock(desk: Desk) -> None:
    """Do everything that is due. An agency that fails is asked again at the next look."""
    chores: tuple[Callable[[Desk], None], ...] = (
        _expire,
        _late_money,
        _fines,
        _refunds,
        _production,
        _unpaid_cases,
        look_at_cases,
        look_at_temporary_cards,
        look_at_permits,
        look_at_held_exams,
        look_at_doctors_answers,
        look_at_travel_cases,
        void_unpaid_travel_cases,
        void_unpaid_plates,
        look_at_silence,
        look_at_overdue,
        look_at_untaken,
        look_at_tickets,
        look_at_sights,
        look_at_clips,
        _rollouts,
        look_at_commands,
    )
    for chore in chores:
        try:
            with desk.db.begin_nested():
                chore(desk)
        except AgencyFailed:
            continue


def _rollouts(desk: Desk) -> None:
    books.at_time(desk.db, desk.now)


def _expire(desk: Desk) -> None:
    rows = desk.db.scalars(
        select(PaymentOrder)
        .where(PaymentOrder.state == OrderState.OPEN, PaymentOrder.expires <= desk.now)
        .order_by(PaymentOrder.number)
    )
    for row in rows.all():
        _ = settled(desk, row)


def _late_money(desk: Desk) -> None:
    for number in desk.agencies.payment.late_captures():
        row = desk.db.get(PaymentOrder, number)
        if row is not None:
            capture(desk, row)


def _fines(desk: Desk) -> None:
    """The platform hears of every fine paid here; money it does not want any more goes back."""
    rows = desk.db.scalars(
        select(FineReceipt).where(FineReceipt.told.is_(False)).order_by(FineReceipt.at, FineReceipt.order_number)
    )
    for row in rows.all():
        if tell(desk, row) is FineAnswer.PAID_ALREADY:
            order = desk.db.get(PaymentOrder, row.order_number)
            if order is not None:
                money_back(desk, order, "fine-paid-twice")


def _refunds(desk: Desk) -> None:
    rows = desk.db.scalars(
        select(PaymentOrder).where(PaymentOrder.refund_wanted.is_(True)).order_by(PaymentOrder.number)
    )
    for row in rows.all():
        give_back(desk, row)


def _production(desk: Desk) -> None:
    for progress in desk.agencies.production.news():
        case = desk.db.get(CardCase, progress.case_number)
        if case is None or case.state in (CardState.TO_COLLECT, CardState.COLLECTED, CardState.VOID):
            continue
        case.state, case.state_since = CardState(progress.stage), progress.at
        if case.state is CardState.STOCKED:
            _print_on_card(desk, case)
            document = desk.db.get(Document, case.item)
            if document is not None and document.place is Place.PRODUCTION:
                document.place, document.site = Place.DEPOT, case.site
            notify(desk, case.phone, f"受理号{case.number}的身份证已制成。", case.number)


def _print_on_card(desk: Desk, case: CardCase) -> None:
    """What the finished card says of itself (Resident Identity Card Law art. 5: validity by age at issue)."""
    issued = case.state_since.astimezone(BEIJING).date()
    years = valid_years(IdNumber(case.holder).age_on(issued))
    case.issue_date = issued
    case.valid_to = None if years is None else years_later(issued, years)
    person = desk.agencies.population.person(case.holder)
    case.authority = person.card_authority if person is not None else ""


def years_later(day: date, years: int) -> date:
    """The same day; the last of February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _unpaid_cases(desk: Desk) -> None:
    rows = desk.db.execute(
        select(CardCase, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == CardCase.order_number)
        .where(CardCase.state == CardState.AWAITING_PAYMENT, PaymentOrder.due < desk.today)
    )
    for case, _ in rows.all():
        case.state, case.state_since = CardState.VOID, desk.now
        document = desk.db.get(Document, case.item)
        if document is not None:
            desk.db.delete(document)
