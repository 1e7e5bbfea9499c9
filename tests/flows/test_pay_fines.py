"""JG02 交通违法罚款缴纳, as a table of step -> answer."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kiosk.flows.effects import (
    Certainty,
    Paid,
    PaidElsewhere,
    PayBySlip,
    PaymentCancelled,
    PaymentExpired,
    Printed,
    Unsettled,
)
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, ConsentAnswer, FactorResult
from kiosk.flows.traffic.pay_fines import pay_fines
from kiosk.people.money import Money
from kiosk.people.vehicle import Fine, Plate, PlateKind
from tests.flows.tables import BEIJING, Table, card, opening


def fine(decision: str, fen: int = 100_00, surcharge: int = 0, paid: int = 0) -> Fine:
    """A decided fine."""
    at = datetime(2026, 11, 3, 8, 12, tzinfo=BEIJING)
    plate = Plate(PlateKind.SMALL, "蒙B12345")
    return Fine(
        decision,
        plate,
        at,
        "钢铁大街",
        "违反禁止标线",
        "1117",
        Money(fen),
        Money(surcharge),
        Money(paid),
        Money(fen + surcharge - paid),
        date(2026, 12, 1),
        0,
    )


PAID = Paid("O-1", Money(100_00), "R-9", "https://v/R-9")


def visit(fines: tuple[Fine, ...] = (fine("D-1"),), **answers: object) -> Table:
    """Anything not given goes well; all fines are chosen."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "fines": fines,
        "which-fines": fines,
        "pay": PAID,
        "payment-receipt": Printed(Certainty.SENSED),
        "payment-slip": Printed(Certainty.SENSED),
        "unsettled-slip": Printed(Certainty.SENSED),
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_what_is_due_today_is_asked_for_with_its_surcharge_and_without_what_was_paid() -> None:
    table = visit((fine("D-1", surcharge=30_00, paid=50_00),))
    outcome = table.run(pay_fines, opening("JG02"))
    bill = table.step("pay").bill
    assert (bill.reference, bill.amount.fen) == ("fine:D-1", 80_00)
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.DONE, "closing-fine-paid", "D-1")


def test_the_receipt_carries_headquarters_verification_code() -> None:
    table = visit()
    table.run(pay_fines, opening("JG02"))
    values = dict(table.step("payment-receipt").values)
    assert (values["number"], values["case_number"], values["verify_url"]) == ("R-9", "D-1", "https://v/R-9")


def test_no_fine_is_told_before_both_factors_have_matched() -> None:
    table = visit(finger=FactorResult.MISSED, refusal=Acknowledged.READ)
    assert table.run(pay_fines, opening("JG02")).ending is Ending.REFUSED
    assert "fines" not in table.keys


def test_nothing_to_pay_ends_in_peace() -> None:
    outcome = visit(()).run(pay_fines, opening("JG02"))
    assert (outcome.ending, outcome.topic) == (Ending.NOTHING_DUE, "closing-no-fines")


@pytest.mark.parametrize(
    ("answer", "ending", "topic"),
    [
        (PaymentCancelled("O-1"), Ending.LEFT_UNPAID, "closing-left-unpaid"),
        (PaymentExpired("O-1"), Ending.LEFT_UNPAID, "closing-left-unpaid"),
        (Unsettled("O-1"), Ending.UNSETTLED, "closing-unsettled"),
        (PaidElsewhere("O-1"), Ending.DONE, "closing-paid-elsewhere"),
        (PayBySlip("O-1", "S-1", Money(100_00), "2026-12-07"), Ending.DONE, "closing-fine-by-slip"),
    ],
)
def test_a_payment_ends_as_headquarters_says(answer: object, ending: Ending, topic: str) -> None:
    outcome = visit(pay=answer).run(pay_fines, opening("JG02"))
    assert (outcome.ending, outcome.topic) == (ending, topic)


def test_two_fines_are_two_codes_and_two_receipts() -> None:
    table = visit((fine("D-1"), fine("D-2")))
    outcome = table.run(pay_fines, opening("JG02"))
    assert table.keys.count("pay") == table.keys.count("payment-receipt") == 2
    assert (outcome.ending, outcome.number) == (Ending.DONE, "D-2")


@pytest.mark.parametrize("answer", [PaymentCancelled("O-2"), PaymentExpired("O-2"), Unsettled("O-2")])
def test_whoever_stops_at_one_fine_is_shown_no_other_code(answer: object) -> None:
    table = visit((fine("D-1"), fine("D-2"), fine("D-3")), pay=[PAID, answer])
    outcome = table.run(pay_fines, opening("JG02"))
    assert table.keys.count("pay") == 2
    assert outcome.ending is not Ending.DONE
    assert "receipt" in outcome.take
