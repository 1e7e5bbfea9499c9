"""JG08 免检车辆检验合格标志申领, as a table of step -> answer."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Filed, NotFiled, NotPrinted, Pending, Printed
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    AfterReading,
    ConsentAnswer,
    Declared,
    FactorResult,
    NotSigned,
    Signature,
)
from kiosk.flows.traffic.claim_inspection_mark import claim_inspection_mark
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.traffic import ExemptVehicle, MayHaveMark
from kiosk.people.vehicle import Plate, PlateKind, Vehicle
from tests.flows.tables import Table, blob, card, opening

CAR = Vehicle(Plate(PlateKind.SMALL, "蒙B12345"), "示例牌SL7150", own=True)
DUE = MayHaveMark((ExemptVehicle(CAR, date(2027, 5, 1), 2026, date(2028, 12, 17)),))
EXTRAS = (
    ("valid_to", "2028-12-17"),
    ("issued_at", "2026-11-22T03:00:00+08:00"),
    ("authority", "包头市公安局交通管理支队"),
    ("seal", "SANDBOX 00"),
    ("verify_url", "https://v/B1"),
)
DONE = Filed("B26112200000017", EXTRAS)


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "marks": DUE,
        "vehicle": CAR,
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "inspection-mark": DONE,
        "shown": AfterReading.PRINT,
        "mark": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_the_mark_is_declared_signed_issued_shown_and_printed() -> None:
    table = visit()
    outcome = table.run(claim_inspection_mark, opening("JG08"))
    order = ["marks", "vehicle", "declaration", "signature", "inspection-mark", "shown", "mark"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.DONE, "closing-mark-printed", DONE.number)
    assert outcome.take == ("page", "id-card")
    values = dict(table.step("mark").values)
    assert (values["plate"], values["valid_to"], values["verify_url"]) == ("蒙B·12345", "2028-12-17", "https://v/B1")
    assert dict(table.step("inspection-mark").payload)["plate"] == "蒙B12345"


def test_who_wants_no_paper_has_the_electronic_mark() -> None:
    table = visit(shown=AfterReading.ENOUGH)
    outcome = table.run(claim_inspection_mark, opening("JG08"))
    assert (outcome.topic, outcome.take) == ("closing-mark-issued", ("id-card",))
    assert "mark" not in table.keys


def test_paper_that_does_not_come_out_takes_nothing_from_the_mark() -> None:
    outcome = visit(mark=NotPrinted("paper-out")).run(claim_inspection_mark, opening("JG08"))
    assert (outcome.ending, outcome.number) == (Ending.DONE, DONE.number)


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.NOT_YET_DUE,
        RefusalCode.UNSETTLED_VIOLATIONS,
        RefusalCode.OTHER,
        RefusalCode.MANUAL_REVIEW,
        RefusalCode.UNDER_AGE,
    ],
)
def test_a_no_comes_before_anything_is_declared(code: RefusalCode) -> None:
    table = visit(marks=Refusal(code))
    assert table.run(claim_inspection_mark, opening("JG08")).refusal == Refusal(code)
    assert not {"vehicle", "declaration"} & set(table.keys)


def test_an_expired_card_and_a_face_that_is_another_open_nothing() -> None:
    assert visit(face=FactorResult.MISSED, finger=FactorResult.MISSED).run(
        claim_inspection_mark, opening("JG08")
    ).refusal == Refusal(RefusalCode.FACE_NOT_MATCHED)


def test_who_does_not_sign_files_nothing() -> None:
    table = visit(signature=NotSigned())
    assert table.run(claim_inspection_mark, opening("JG08")).ending is Ending.NOT_NOW
    assert "inspection-mark" not in table.keys


def test_a_mark_on_its_way_ends_with_a_slip_that_says_so() -> None:
    table = visit(inspection_mark=Pending("K-1"))
    assert table.run(claim_inspection_mark, opening("JG08")).ending is Ending.PENDING
    assert dict(table.step("pending-slip").values)["filing"] == "inspection-mark"


def test_a_mark_headquarters_refuses_is_told() -> None:
    refused = NotFiled(Refusal(RefusalCode.UNSETTLED_VIOLATIONS))
    assert visit(inspection_mark=refused).run(claim_inspection_mark, opening("JG08")).ending is Ending.REFUSED
