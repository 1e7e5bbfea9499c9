"""JG09 临时行驶车号牌核发, as a table of step -> answer."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.flows.effects import (
    Certainty,
    Filed,
    NotFiled,
    NotPrinted,
    Paid,
    PayBySlip,
    PaymentExpired,
    Pending,
    PlateInDoubt,
    PlateNotMade,
    PlateRetained,
    PlateTaken,
    Printed,
)
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    ConsentAnswer,
    Declared,
    FactorResult,
    FormAnswers,
    NotScanned,
    NotSigned,
    ScannedCode,
    Signature,
)
from kiosk.flows.traffic.temporary_plate import temporary_plate
from kiosk.people.money import Money
from kiosk.people.new_vehicles import CodeShape, MayHavePlate, PlateText, PurchasePapers
from kiosk.people.records import Refusal, RefusalCode
from tests.flows.tables import Table, blob, card, opening

PAPERS = PurchasePapers("1" * 20, "WAC00120000001", "PDZA2026000100000001")
YES = MayHavePlate(
    "示例牌SL7150",
    "***********000001",
    date(2026, 12, 21),
    date(2027, 11, 1),
    1,
    3,
    Money(500),
    "fee:temporary-plate:2004-01-01",
    "车辆管理所窗口",
)
TEXT = PlateText(
    "plate-1",
    "蒙B60001临",
    "小型轿车",
    "示例牌SL7150",
    "L0000000000000001",
    "E1",
    "测试甲",
    "本行政辖区内行驶",
    "2026-12-21",
    "包头市公安局交通管理支队",
    "2026-11-22",
)
DONE = Filed(
    "P1",
    (
        ("plate", "蒙B60001临"),
        ("valid_to", "2026-12-21"),
        ("nth", "1"),
        ("place", "车辆管理所窗口"),
        ("verify_url", "https://v/P1"),
    ),
)


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "scan-invoice": ScannedCode(PAPERS.invoice),
        "scan-certificate": ScannedCode(PAPERS.certificate),
        "scan-policy": ScannedCode(PAPERS.policy),
        "may-have-plate": YES,
        "form": FormAnswers((("plate_area", "across"),)),
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "pay": Paid("PO1", Money(500), "R1"),
        "payment-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "plate": DONE,
        "plate-text": TEXT,
        "plate-made": PlateTaken(Certainty.SENSED),
        "plate-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_three_codes_one_fee_one_plate() -> None:
    table = visit()
    outcome = table.run(temporary_plate, opening("JG09"))
    order = ["scan-policy", "may-have-plate", "form", "declaration", "signature", "pay", "plate", "plate-made"]
    assert [k for k in table.keys if k in order] == order
    assert table.step("may-have-plate").query.papers == PAPERS
    assert (outcome.ending, outcome.topic, outcome.take) == (
        Ending.DONE,
        "closing-plate",
        ("plate", "receipt", "id-card"),
    )
    assert table.step("plate-made").plate == TEXT
    assert dict(table.step("plate").payload)["area"] == "across"
    assert dict(table.step("plate-slip").values)["handed"] == "handed-out"


@pytest.mark.parametrize("name", ["scan-invoice", "scan-certificate", "scan-policy"])
def test_a_paper_without_a_code_is_the_windows(name: str) -> None:
    table = visit(**{name: NotScanned()})
    refusal = table.run(temporary_plate, opening("JG09")).refusal
    assert refusal is not None and dict(refusal.details)["reason"] == "no-code"
    assert "may-have-plate" not in table.keys


@pytest.mark.parametrize("code", [RefusalCode.OTHER, RefusalCode.NOT_YET_DUE, RefusalCode.CASE_ALREADY_OPEN])
def test_a_no_comes_before_any_form(code: RefusalCode) -> None:
    table = visit(may_have_plate=Refusal(code))
    assert table.run(temporary_plate, opening("JG09")).refusal == Refusal(code)
    assert not {"form", "pay"} & set(table.keys)


@pytest.mark.parametrize("made", [PlateNotMade("offline"), PlateRetained("spoiled")])
def test_what_does_not_come_out_well_the_window_makes(made: object) -> None:
    table = visit(plate_made=made)
    outcome = table.run(temporary_plate, opening("JG09"))
    assert (outcome.ending, outcome.topic) == (Ending.DONE, "closing-plate-at-window")
    assert dict(table.step("plate-slip").values)["handed"] == "at-window"


def test_what_nobody_can_find_a_person_settles() -> None:
    outcome = visit(plate_made=PlateInDoubt()).run(temporary_plate, opening("JG09"))
    assert (outcome.ending, outcome.number) == (Ending.NEEDS_A_PERSON, "P1")


def test_a_text_that_is_refused_makes_nothing() -> None:
    table = visit(plate_text=Refusal(RefusalCode.OTHER))
    assert table.run(temporary_plate, opening("JG09")).topic == "closing-plate-at-window"
    assert "plate-made" not in table.keys


def test_by_slip_nothing_is_made_here() -> None:
    table = visit(pay=PayBySlip("PO1", "S1", Money(500), "2026-11-29"))
    assert table.run(temporary_plate, opening("JG09")).topic == "closing-plate-by-slip"
    assert "plate-made" not in table.keys
    assert dict(table.step("plate-slip").values)["payment"] == "by-slip"


def test_left_unpaid_unsigned_refused_or_on_its_way() -> None:
    def ending(**answers: object) -> Ending:
        return visit(**answers).run(temporary_plate, opening("JG09")).ending

    assert ending(pay=PaymentExpired("PO1")) is Ending.LEFT_UNPAID
    assert ending(signature=NotSigned()) is Ending.NOT_NOW
    assert ending(plate=NotFiled(Refusal(RefusalCode.OTHER))) is Ending.REFUSED
    assert ending(plate=Pending("K-1")) is Ending.PENDING
    assert ending(plate_slip=NotPrinted("paper-out")) is Ending.DONE


def test_the_shapes_of_the_codes() -> None:
    assert CodeShape.INVOICE.fits(PAPERS.invoice) and not CodeShape.INVOICE.fits(PAPERS.policy)
    assert CodeShape.CERTIFICATE.fits(PAPERS.certificate) and not CodeShape.CERTIFICATE.fits(PAPERS.invoice)
    assert CodeShape.POLICY.fits(PAPERS.policy) and not CodeShape.POLICY.fits(PAPERS.certificate)
    assert "PDZA" not in repr(PAPERS) and "1111" not in repr(ScannedCode(PAPERS.invoice))
    assert "测试甲" not in repr(TEXT)
