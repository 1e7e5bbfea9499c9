"""HZ05: who may have a temporary identity card, and what becomes of it (rules on temporary identity cards).

Art. 2 and Resident Identity Card Law art. 12: while an application for the real card is under way. Art. 9, 10: where
one is registered. Art. 12: within three days. Art. 7: valid for three months.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from central.desks.cards import adult, months_before, open_case_of
from central.desks.certificates import HERE
from central.desks.desk import Desk
from central.desks.notifying import notify
from central.model import CardCase, PaymentOrder
from central.model_household import TemporaryCard
from kiosk.people.household import MayApplyTemporary
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.records import Refusal, RefusalCode

FEE_TOPIC = "bill-temporary-id-card"
"""What bill_topic calls its fee."""


def may_apply_temporary(desk: Desk, number: IdNumber) -> MayApplyTemporary | Refusal:
    """One answer to everything that could stand in the way."""
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
    if not person.region.startswith(HERE):
        return desk.sent_to(RefusalCode.OUT_OF_JURISDICTION, "household")
    case = open_case_of(desk, number.text)
    if case is None:
        return Refusal(RefusalCode.NO_APPLICATION, (("service", "HZ01"),))
    known = temporary_of(desk, case)
    if known is not None:
        details = (("case", known.number), ("date", known.ready_by.isoformat()))
        return desk.sent_to(RefusalCode.CASE_ALREADY_OPEN, "household", *details)
    fee = desk.tables.fee_of("temporary-id-card", desk.today)
    window = desk.tables.desks["household"]
    return MayApplyTemporary(
        case_number=case.number,
        fee=fee.money,
        fee_reference=fee.reference,
        ready_by=desk.today + timedelta(days=desk.tables.rules["temporary-days"]),
        place=window.name,
        address=window.address,
    )


def temporary_of(desk: Desk, case: CardCase) -> TemporaryCard | None:
    """The temporary card of an application, unless it came to nothing."""
    return desk.db.scalars(
        select(TemporaryCard).where(TemporaryCard.card_case == case.number, TemporaryCard.state != "void")
    ).first()


def waiting_for_slip(desk: Desk, slip: str) -> TemporaryCard | None:
    """The application that waits for the money of a payment slip."""
    return desk.db.scalars(
        select(TemporaryCard).where(TemporaryCard.slip == slip, TemporaryCard.state == "awaiting-payment")
    ).first()


def begin(desk: Desk, row: TemporaryCard) -> None:
    """Paid: into the works."""
    row.state, row.state_since = "accepted", desk.now
    desk.agencies.temporary.order(row.number)


def look_at_temporary_cards(desk: Desk) -> None:
    """What is made is told of; what was never paid comes to nothing."""
    for number in desk.agencies.temporary.made():
        row = desk.db.get(TemporaryCard, number)
        if row is None or row.state != "accepted":
            continue
        row.state, row.state_since = "ready", desk.now
        row.valid_to = months_before(desk.today, -desk.tables.rules["temporary-valid-months"])
        person = desk.agencies.population.person(row.holder)
        if person is not None:
            notify(desk, person.phone, f"受理号{row.number}的临时居民身份证已制成。", row.number)
    unpaid = desk.db.scalars(
        select(TemporaryCard)
        .join(PaymentOrder, PaymentOrder.number == TemporaryCard.order_number)
        .where(TemporaryCard.state == "awaiting-payment", PaymentOrder.due < desk.today)
    )
    for row in unpaid.all():
        row.state, row.state_since = "void", desk.now


def slip_values(desk: Desk, row: TemporaryCard) -> dict[str, str]:
    """What a 领取单 carries beside person, application and money."""
    return {
        "ready_by": row.ready_by.isoformat(),
        "place": desk.tables.desks["household"].name,
        "verify_url": f"{desk.people_url}/v/{row.number}",
    }
