"""CRJ03 出入境记录查询, as a table of step -> answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Filed, NotFiled, NotPrinted, PaperKind, Pending, Printed
from kiosk.flows.exit_entry.query_crossings import query_crossings
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, ConsentAnswer, FactorResult, FormAnswers, NotSigned, Signature
from kiosk.people.exit_entry import MayQueryCrossings
from kiosk.people.household import CertificateText
from kiosk.people.records import Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, blob, card, opening

ISSUED = Filed("S2611220000017")
TEXT = CertificateText((("name", "测试甲"), ("id_number", NUMBER), ("verify_url", "https://h/v/S1")))


def asked(period: str) -> FormAnswers:
    return FormAnswers((("crossing_period", period), ("crossing_purpose", "tax")))


def days(first: str, last: str) -> FormAnswers:
    return FormAnswers((("crossing_first", first), ("crossing_last", last)))


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-query": MayQueryCrossings(date(2016, 11, 22), date(2026, 11, 22)),
        "form": asked("longest"),
        "signature": Signature(blob("s"), blob("p")),
        "crossing-query": ISSUED,
        "record-text": TEXT,
        "crossing-record": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_eligibility_comes_before_any_question_and_the_paper_says_what_headquarters_says() -> None:
    table = visit()
    outcome = table.run(query_crossings, opening("CRJ03"))
    order = ["card", "finger", "may-query", "form", "signature", "crossing-query", "record-text", "crossing-record"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.number, outcome.take) == (Ending.DONE, ISSUED.number, ("page", "id-card"))
    paper = table.step("crossing-record")
    assert paper.paper is PaperKind.CROSSING_RECORD
    assert set(paper.values) == {("number", ISSUED.number), *TEXT.values}


@pytest.mark.parametrize(
    ("period", "own", "first", "last"),
    [
        ("this-year", None, "2026-01-01", "2026-11-22"),
        ("two-years", None, "2025-01-01", "2026-11-22"),
        ("longest", None, "2016-11-22", "2026-11-22"),
        ("dates", ("2020-01-01", "2020-12-31"), "2020-01-01", "2020-12-31"),
        ("dates", ("2020-12-31", "2020-01-01"), "2020-01-01", "2020-12-31"),
        ("dates", ("2001-01-01", "2030-01-01"), "2016-11-22", "2026-11-22"),
    ],
)
def test_the_days_are_in_order_and_within_what_can_be_asked_for(
    period: str, own: tuple[str, str] | None, first: str, last: str
) -> None:
    table = visit(form=asked(period), **({"days": days(*own)} if own else {}))
    table.run(query_crossings, opening("CRJ03"))
    payload = dict(table.step("crossing-query").payload)
    assert (payload["first"], payload["last"], payload["purpose"]) == (first, last, "tax")


@pytest.mark.parametrize("code", [RefusalCode.UNDER_AGE, RefusalCode.CARD_REPORTED_LOST, RefusalCode.OTHER])
def test_a_no_comes_before_any_question(code: RefusalCode) -> None:
    table = visit(may_query=Refusal(code))
    assert table.run(query_crossings, opening("CRJ03")).refusal == Refusal(code)
    assert "form" not in table.keys


def test_a_card_past_its_date_is_told_before_a_face_is_compared() -> None:
    shown = card()
    table = visit(card=replace(shown, card=replace(shown.card, valid_to=date(2026, 1, 1))))
    assert table.run(query_crossings, opening("CRJ03")).refusal == Refusal(RefusalCode.CARD_EXPIRED)
    assert "face" not in table.keys


def test_whoever_declines_the_camera_goes_on_by_finger() -> None:
    table = visit(face_consent=ConsentAnswer.DECLINE)
    assert table.run(query_crossings, opening("CRJ03")).ending is Ending.DONE
    assert "face" not in table.keys


def test_whoever_does_not_sign_has_asked_for_nothing() -> None:
    table = visit(signature=NotSigned())
    assert table.run(query_crossings, opening("CRJ03")).ending is Ending.NOT_NOW
    assert "crossing-query" not in table.keys


@pytest.mark.parametrize(
    ("filed", "ending"),
    [(Pending("L-1"), Ending.PENDING), (NotFiled(Refusal(RefusalCode.OTHER)), Ending.REFUSED)],
)
def test_what_is_not_filed_is_not_printed(filed: object, ending: Ending) -> None:
    table = visit(crossing_query=filed)
    assert table.run(query_crossings, opening("CRJ03")).ending is ending
    assert "crossing-record" not in table.keys


def test_a_paper_that_did_not_come_out_is_no_other_ending() -> None:
    table = visit(crossing_record=NotPrinted("jam"))
    assert table.run(query_crossings, opening("CRJ03")).ending is Ending.DONE
