"""HZ03 挂失身份证, as a table of step -> answer."""

from __future__ import annotations

import pytest

from kiosk.flows.effects import Certainty, Filed, NotFiled, Pending, Printed
from kiosk.flows.household.report_card_lost import AfterReport, report_card_lost
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, ConsentAnswer, Declared, FactorResult, FormAnswers, NotSigned, Signature
from kiosk.people.household import Eligible
from kiosk.people.id_number import IdNumber
from kiosk.people.records import CitizenKnown, PersonOnFile, Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, blob, opening

TOLD = FormAnswers((("loss_date", "2026-11-21"), ("loss_place", "station"), ("loss_manner", "stolen")))
REPORTED = Filed("G2611220000017", (("reported_at", "2026-11-22T03:00:00+08:00"), ("verify_url", "https://h/v/G1")))


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "number": IdNumber(NUMBER),
        "who-is": PersonOnFile(CitizenKnown.FACE_AND_FINGERS, "测*甲"),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-report": Eligible(),
        "form": TOLD,
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "report-of-loss": REPORTED,
        "report-receipt": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "next": AfterReport.ENOUGH,
        "may-apply": Refusal(RefusalCode.CASE_ALREADY_OPEN),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_no_card_is_asked_for_and_the_receipt_carries_what_was_said() -> None:
    table = visit()
    outcome = table.run(report_card_lost, opening("HZ03"))
    assert "card" not in table.keys
    order = ["number", "face", "finger", "may-report", "form", "declaration", "signature", "report-of-loss"]
    assert [k for k in table.keys if k in order] == order
    receipt = dict(table.step("report-receipt").values)
    assert (receipt["number"], receipt["loss_manner"]) == (REPORTED.number, "loss-manner-stolen")
    assert NUMBER not in str(receipt)
    assert (outcome.ending, outcome.number, outcome.take) == (Ending.DONE, REPORTED.number, ("receipt",))


def test_the_declaration_is_of_a_report_and_says_what_the_receipt_does_not_do() -> None:
    table = visit()
    table.run(report_card_lost, opening("HZ03"))
    assert (table.step("declaration").topic, table.step("signature").topic) == (
        "declare-report-lost",
        "sign-report-lost",
    )


@pytest.mark.parametrize("code", [RefusalCode.ALREADY_REPORTED, RefusalCode.MANUAL_REVIEW, RefusalCode.OTHER])
def test_a_no_comes_before_any_question(code: RefusalCode) -> None:
    table = visit(may_report=Refusal(code))
    outcome = table.run(report_card_lost, opening("HZ03"))
    assert outcome.refusal == Refusal(code)
    assert "form" not in table.keys


def test_who_does_not_sign_has_reported_nothing() -> None:
    table = visit(signature=NotSigned())
    assert table.run(report_card_lost, opening("HZ03")).ending is Ending.NOT_NOW
    assert "report-of-loss" not in table.keys


def test_not_confirmed_in_time_is_said_on_paper_and_offers_nothing_more() -> None:
    table = visit(report_of_loss=Pending("K-1"))
    outcome = table.run(report_card_lost, opening("HZ03"))
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.PENDING, "closing-pending", "K-1")
    assert ("status", "pending") in table.step("pending-slip").values
    assert "report-receipt" not in table.keys and "next" not in table.keys


def test_headquarters_may_still_say_no() -> None:
    table = visit(report_of_loss=NotFiled(Refusal(RefusalCode.ALREADY_REPORTED)))
    assert table.run(report_card_lost, opening("HZ03")).ending is Ending.REFUSED


def test_a_replacement_goes_on_with_nothing_asked_twice() -> None:
    table = visit(next=AfterReport.REPLACE)
    table.run(report_card_lost, opening("HZ03"))
    assert table.keys[-3:] == ["notice", "may-apply", "refusal"]
    assert table.keys.count("number") == 1


def test_a_replacement_is_not_offered_where_it_cannot_be_had() -> None:
    table = visit()
    table.run(report_card_lost, opening("HZ03", open_services=("HZ03",)))
    assert "next" not in table.keys
