"""HZ05 临时居民身份证申领, as a table of step -> answer."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.flows.effects import (
    Certainty,
    Filed,
    NotFiled,
    Paid,
    PayBySlip,
    PaymentCancelled,
    Pending,
    Printed,
    Unsettled,
)
from kiosk.flows.household.temporary_id_card import temporary_id_card
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    ConsentAnswer,
    FactorResult,
    NotSigned,
    Portrait,
    PortraitForReview,
    Signature,
)
from kiosk.people.household import MayApplyTemporary
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.records import CitizenKnown, PersonOnFile, Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, blob, opening

ELIGIBLE = MayApplyTemporary(
    "1502261108000197", Money(1000), "fee:temporary-id-card:2004-01-01", date(2026, 11, 25), "大厅", "某街"
)
DONE = Filed("L2611220000017", (("place", "大厅"), ("ready_by", "2026-11-25"), ("verify_url", "https://h/v/L1")))


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "number": IdNumber(NUMBER),
        "who-is": PersonOnFile(CitizenKnown.FACE_AND_FINGERS, "测*甲"),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-apply": ELIGIBLE,
        "portrait": Portrait(blob("pic"), (("Sharpness", 1.0, 90),)),
        "signature": Signature(blob("s"), blob("p")),
        "pay": Paid("O-1", Money(1000), "R-9"),
        "temporary-card": DONE,
        "temporary-slip": Printed(Certainty.SENSED),
        "payment-slip": Printed(Certainty.SENSED),
        "unsettled-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_by_number_to_a_slip_for_the_window() -> None:
    table = visit()
    outcome = table.run(temporary_id_card, opening("HZ05"))
    order = ["number", "finger", "may-apply", "portrait", "signature", "pay", "temporary-card", "temporary-slip"]
    assert [k for k in table.keys if k in order] == order
    slip = dict(table.step("temporary-slip").values)
    assert (slip["number"], slip["case_number"], slip["fee"]) == (DONE.number, ELIGIBLE.case_number, "10")
    assert (outcome.ending, outcome.number, outcome.take) == (Ending.DONE, DONE.number, ("receipt",))


def test_the_fee_is_headquarters_and_called_by_its_name() -> None:
    table = visit(pay=PayBySlip("O-1", "S-1", Money(1000), "2026-12-07"))
    table.run(temporary_id_card, opening("HZ05"))
    assert table.step("pay").bill.reference == ELIGIBLE.fee_reference
    assert ("subject", "bill-temporary-id-card") in table.step("payment-slip").values
    payload = dict(table.step("temporary-card").payload)
    assert (payload["unpaid_slip"], table.step("temporary-card").undo_orders) == ("S-1", ())
    assert ("payment", "by-slip") in table.step("temporary-slip").values


@pytest.mark.parametrize("code", [RefusalCode.NO_APPLICATION, RefusalCode.CASE_ALREADY_OPEN])
def test_a_no_comes_before_the_photograph(code: RefusalCode) -> None:
    table = visit(may_apply=Refusal(code))
    assert table.run(temporary_id_card, opening("HZ05")).refusal == Refusal(code)
    assert "portrait" not in table.keys


@pytest.mark.parametrize(
    ("answer", "ending"), [(PaymentCancelled("O-1"), Ending.LEFT_UNPAID), (Unsettled("O-1"), Ending.UNSETTLED)]
)
def test_nothing_is_filed_that_was_not_paid(answer: object, ending: Ending) -> None:
    table = visit(pay=answer)
    assert table.run(temporary_id_card, opening("HZ05")).ending is ending
    assert "temporary-card" not in table.keys


def test_who_does_not_sign_pays_nothing() -> None:
    table = visit(signature=NotSigned())
    assert table.run(temporary_id_card, opening("HZ05")).ending is Ending.NOT_NOW
    assert "pay" not in table.keys


def test_a_refused_filing_names_the_payment_to_give_back() -> None:
    table = visit(temporary_card=NotFiled(Refusal(RefusalCode.CASE_ALREADY_OPEN)))
    assert table.run(temporary_id_card, opening("HZ05")).ending is Ending.REFUSED
    assert table.step("temporary-card").undo_orders == ("O-1",)


def test_paid_and_on_its_way_ends_with_a_slip_that_names_the_order() -> None:
    table = visit(temporary_card=Pending("K-1"), portrait=PortraitForReview(blob("pic"), ()))
    outcome = table.run(temporary_id_card, opening("HZ05"))
    assert dict(table.step("temporary-card").payload)["portrait_review"] is True
    assert dict(table.step("pending-slip").values)["number"] == "O-1"
    assert outcome.ending is Ending.PENDING
