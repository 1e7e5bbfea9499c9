"""JG01 交通违法处理, as a table of step -> answer."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kiosk.flows.effects import (
    Certainty,
    Filed,
    NotFiled,
    Paid,
    PayBySlip,
    PaymentCancelled,
    PaymentExpired,
    Pending,
    Printed,
    Unsettled,
)
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, ConsentAnswer, Declared, FactorResult, NotSigned, RightsAnswer, Signature
from kiosk.flows.traffic.handle_violations import handle_violations
from kiosk.flows.traffic.pay_fines import WhenToPay
from kiosk.people.money import Money
from kiosk.people.records import LawText, Refusal, RefusalCode, RightsNotice
from kiosk.people.vehicle import DrivingLicence, LicenceClass, LicenceStatus, Plate, PlateKind, Vehicle, Violation
from tests.flows.tables import BEIJING, Table, blob, card, opening

PLATE = Plate(PlateKind.SMALL, "蒙B12345")
CAR = Vehicle(PLATE, "小型轿车", own=True)
LICENCE = DrivingLicence(
    "150200123456", (LicenceClass.C1,), LicenceStatus.NORMAL, "包头市公安局交通管理支队", None, 3, date(2027, 3, 1)
)
LAW = LawText("权利", "您有权陈述和申辩。", "测试文本", date(2026, 1, 1))
NOTICE = RightsNotice(3, 4, 12, LAW, LAW, LAW)


def violation(record: str, fine: int = 100_00) -> Violation:
    """A camera record."""
    at = datetime(2026, 11, 3, 8, 12, tzinfo=BEIJING)
    return Violation(
        record, PLATE, at, "钢铁大街", "违反禁止标线", "1117", "条文", "条文", Money(fine), 1, None, False
    )


DECIDED = Filed(
    "150200126000017",
    (("authority", "大队"), ("decided_at", "2026-11-22T03:05:00+08:00"), ("verify_url", "https://v/1")),
)


def visit(records: tuple[Violation, ...] = (violation("R-1"),), **answers: object) -> Table:
    """Anything not given goes well; all records are chosen."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "licence": LICENCE,
        "vehicles": (CAR,),
        "vehicle": CAR,
        "records": records,
        "which": records,
        "rights-of": NOTICE,
        "rights": RightsAnswer.NO_OBJECTION,
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "decision": DECIDED,
        "decision-paper": Printed(Certainty.SENSED),
        "violation-slip": Printed(Certainty.SENSED),
        "pay-when": WhenToPay.NOW,
        "pay": Paid("O-1", Money(100_00), "R-9"),
        "payment-receipt": Printed(Certainty.SENSED),
        "payment-slip": Printed(Certainty.SENSED),
        "unsettled-slip": Printed(Certainty.SENSED),
        "objection": Filed("B-1"),
        "objection-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_rights_are_told_before_anything_is_decided() -> None:
    table = visit()
    outcome = table.run(handle_violations, opening("JG01"))
    order = ["rights", "declaration", "signature", "decision", "decision-paper", "violation-slip", "pay"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.topic) == (Ending.DONE, "closing-paid")


def test_the_points_are_told_with_the_fine_and_filed_as_told() -> None:
    table = visit()
    table.run(handle_violations, opening("JG01"))
    payload = dict(table.step("decision").payload)
    assert (payload["points_told"], payload["fine_told_fen"]) == (1, 100_00)


def test_an_objection_leaves_self_service_with_a_slip() -> None:
    table = visit(rights=RightsAnswer.STATE_AND_DEFEND)
    outcome = table.run(handle_violations, opening("JG01"))
    assert outcome.ending is Ending.OBJECTION
    assert "objection-slip" in table.keys
    assert "decision" not in table.keys


def test_not_now_decides_nothing() -> None:
    table = visit(rights=RightsAnswer.NOT_NOW)
    assert table.run(handle_violations, opening("JG01")).ending is Ending.NOT_NOW
    assert "decision" not in table.keys


@pytest.mark.parametrize("code", [RefusalCode.POINTS_LIMIT, RefusalCode.GENERAL_PROCEDURE])
def test_a_record_that_officers_must_decide_is_refused_with_the_next_step(code: RefusalCode) -> None:
    table = visit(rights_of=Refusal(code))
    outcome = table.run(handle_violations, opening("JG01"))
    assert table.step("refusal").refusal.code is code
    assert outcome.ending is Ending.REFUSED


def test_a_licence_that_is_not_valid_ends_before_any_record_is_shown() -> None:
    table = visit(licence=Refusal(RefusalCode.LICENCE_NOT_VALID))
    assert table.run(handle_violations, opening("JG01")).ending is Ending.REFUSED
    assert "records" not in table.keys


def test_two_records_get_a_decision_each() -> None:
    table = visit((violation("R-1"), violation("R-2")))
    assert table.run(handle_violations, opening("JG01")).ending is Ending.DONE
    assert table.keys.count("decision") == 2
    assert table.keys.count("pay") == 2


def test_a_refused_record_among_two_is_what_the_closing_page_names() -> None:
    table = visit((violation("R-1"), violation("R-2")), rights_of=[NOTICE, Refusal(RefusalCode.POINTS_LIMIT)])
    outcome = table.run(handle_violations, opening("JG01"))
    assert outcome.refusal == Refusal(RefusalCode.POINTS_LIMIT)


def test_paying_later_leaves_the_decision_standing() -> None:
    table = visit(pay_when=WhenToPay.LATER)
    outcome = table.run(handle_violations, opening("JG01"))
    assert (outcome.ending, outcome.topic) == (Ending.DONE, "closing-decided")
    assert "pay" not in table.keys


def test_a_warning_costs_nothing_and_offers_no_code() -> None:
    table = visit((violation("R-1", fine=0),))
    table.run(handle_violations, opening("JG01"))
    assert "pay-when" not in table.keys


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (PaymentCancelled("O-1"), Ending.LEFT_UNPAID),
        (PaymentExpired("O-1"), Ending.LEFT_UNPAID),
        (Unsettled("O-1"), Ending.UNSETTLED),
        (PayBySlip("O-1", "S-1", Money(100_00), "2026-12-07"), Ending.DONE),
    ],
)
def test_a_payment_ends_as_headquarters_says(answer: object, ending: Ending) -> None:
    assert visit(pay=answer).run(handle_violations, opening("JG01")).ending is ending


def test_an_unsettled_payment_is_never_asked_for_twice() -> None:
    table = visit(pay=Unsettled("O-1"))
    table.run(handle_violations, opening("JG01"))
    assert table.keys.count("pay") == 1
    assert dict(table.step("unsettled-slip").values)["number"] == "O-1"


def test_who_does_not_sign_is_not_decided_about() -> None:
    table = visit(signature=NotSigned())
    assert table.run(handle_violations, opening("JG01")).ending is Ending.NOT_NOW
    assert "decision" not in table.keys


def test_a_decision_on_its_way_has_no_paper_yet() -> None:
    table = visit(decision=Pending("K-1"))
    assert table.run(handle_violations, opening("JG01")).ending is Ending.PENDING
    assert "decision-paper" not in table.keys


def test_a_decision_refused_at_headquarters_is_told() -> None:
    refused = NotFiled(Refusal(RefusalCode.POINTS_LIMIT))
    assert visit(decision=refused).run(handle_violations, opening("JG01")).ending is Ending.REFUSED


def test_nothing_to_handle_is_said_and_not_a_dead_end() -> None:
    assert visit(()).run(handle_violations, opening("JG01")).ending is Ending.NOTHING_DUE
    assert visit(vehicles=()).run(handle_violations, opening("JG01")).ending is Ending.NOTHING_DUE
