"""JG10 驾驶证审验和提交身体条件证明, as a table of step -> answer."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Filed, NotFiled, Pending, Printed
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, ConsentAnswer, Declared, FactorResult, NotSigned, Signature
from kiosk.flows.traffic.submit_review import submit_review
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.traffic import MayReview, ReviewKind
from tests.flows.tables import Table, blob, card, opening

DUE = MayReview(ReviewKind.REPORT, date(2026, 11, 12), "TJ-1")
DONE = Filed("S26112200000017", (("verify_url", "https://v/S1"),))


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-review": DUE,
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "review": DONE,
        "review-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_the_report_on_file_is_declared_signed_filed_and_confirmed_on_paper() -> None:
    table = visit()
    outcome = table.run(submit_review, opening("JG10"))
    order = ["may-review", "declaration", "signature", "review", "review-slip"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.DONE, "closing-reviewed", DONE.number)
    assert dict(table.step("review").payload)["report"] == "TJ-1"
    assert dict(table.step("review-slip").values)["verify_url"] == "https://v/S1"


@pytest.mark.parametrize("code", [RefusalCode.NOT_YET_DUE, RefusalCode.NO_MEDICAL_REPORT, RefusalCode.OTHER])
def test_a_no_comes_before_anything_is_declared(code: RefusalCode) -> None:
    table = visit(may_review=Refusal(code))
    assert table.run(submit_review, opening("JG10")).refusal == Refusal(code)
    assert "declaration" not in table.keys


def test_who_does_not_sign_files_nothing() -> None:
    table = visit(signature=NotSigned())
    assert table.run(submit_review, opening("JG10")).ending is Ending.NOT_NOW
    assert "review" not in table.keys


def test_a_review_on_its_way_ends_with_a_slip_that_says_so() -> None:
    table = visit(review=Pending("K-1"))
    assert table.run(submit_review, opening("JG10")).ending is Ending.PENDING
    assert dict(table.step("pending-slip").values)["filing"] == "licence-review"


def test_a_review_headquarters_refuses_is_told() -> None:
    refused = NotFiled(Refusal(RefusalCode.NOT_YET_DUE))
    assert visit(review=refused).run(submit_review, opening("JG10")).ending is Ending.REFUSED
