"""JG03 驾驶证换证自助体检, as a table of step -> answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flows.codec import decode, encode
from kiosk.flows.effects import Certainty, Filed, NotFiled, NotPrinted, Pending, Printed
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, ConsentAnswer, Declared, FactorResult, NotSigned, Portrait, Signature
from kiosk.flows.traffic.driver_exam import driver_exam
from kiosk.people.examination import BoothFit, BoothUnfit, Having, HeightMeasured, Measured, Unfit
from kiosk.people.eyesight import Eye
from kiosk.people.records import Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, blob, card, opening
from tests.people.exams import LIMITS, MAY, WELL, declared, eye, plates, tones

EXTRAS = (("answer_by", "2026-11-23T03:00:00+08:00"), ("state", "sent"), ("verify_url", "https://v/T1"))
SENT = Filed("T26112200000017", EXTRAS)


def visit(measured: Measured = WELL, **answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "booth": BoothFit("CAL-0042"),
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-be-examined": MAY,
        "health-consent": ConsentAnswer.AGREE,
        "conditions": measured.declaration,
        "height": measured.height,
        "right-eye": measured.right,
        "left-eye": measured.left,
        "plates": measured.plates,
        "tones": measured.tones,
        "movements": measured.movements,
        "portrait": Portrait(blob("face"), ()),
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "exam": SENT,
        "exam-record": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


ITEMS = ["conditions", "height", "right-eye", "left-eye", "plates", "tones", "movements"]


def test_everything_is_measured_signed_sent_and_copied_on_paper() -> None:
    table = visit()
    outcome = table.run(driver_exam, opening("JG03"))
    order = [*ITEMS, "portrait", "declaration", "signature", "exam", "exam-record"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.DONE, "closing-exam-sent", SENT.number)
    payload = dict(table.step("exam").payload)
    assert (payload["number"], payload["right"], payload["movements"]) == (NUMBER, WELL.right, WELL.movements)
    pictures = {picture.sha256 for _, picture in WELL.movements.pictures}
    assert pictures <= set(table.step("exam").blobs)


def test_the_copy_says_what_was_measured() -> None:
    table = visit()
    _ = table.run(driver_exam, opening("JG03"))
    values = dict(table.step("exam-record").values)
    assert (values["height"], values["vision_right"], values["vision_left"]) == ("172.6", "5.0", "4.9")
    assert (values["plates"], values["hearing_right"], values["hearing_left"]) == ("6/6", "3/4", "4/4")
    assert (values["noise"], values["distance"], values["conditions"]) == ("38.5", "3300", "12")


@pytest.mark.parametrize("why", Unfit)
def test_a_booth_that_cannot_show_it_refers_before_anything_is_asked(why: Unfit) -> None:
    table = visit(booth=BoothUnfit(why))
    outcome = table.run(driver_exam, opening("JG03"))
    assert outcome.refusal == Refusal(RefusalCode.EXAM_NOT_HERE, (("reason", why.value),))
    assert table.keys == ["notice", "booth", "refusal"]


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.EXAM_NOT_HERE,
        RefusalCode.CASE_ALREADY_OPEN,
        RefusalCode.DOCTOR_CALLS,
        RefusalCode.NOT_YET_DUE,
        RefusalCode.LICENCE_NOT_VALID,
    ],
)
def test_a_no_comes_before_health_is_asked_about(code: RefusalCode) -> None:
    table = visit(may_be_examined=Refusal(code))
    assert table.run(driver_exam, opening("JG03")).refusal == Refusal(code)
    assert not {"health-consent", *ITEMS} & set(table.keys)


def test_who_does_not_agree_to_health_data_is_told_where_else() -> None:
    table = visit(health_consent=ConsentAnswer.DECLINE)
    outcome = table.run(driver_exam, opening("JG03"))
    assert outcome.refusal == Refusal(RefusalCode.EXAM_NOT_HERE, (("reason", "no-consent"),))
    assert not set(ITEMS) & set(table.keys)


@pytest.mark.parametrize(
    ("measured", "item", "last"),
    [
        (replace(WELL, declaration=declared(epilepsy=Having.YES)), "declared", "conditions"),
        (replace(WELL, right=eye(Eye.RIGHT, 48)), "vision", "right-eye"),
        (replace(WELL, left=eye(Eye.LEFT, 0)), "vision", "left-eye"),
        (replace(WELL, plates=plates(4)), "colours", "plates"),
        (replace(WELL, tones=tones(2, 4)), "hearing", "tones"),
        (replace(WELL, tones=tones(4, 2)), "hearing", "tones"),
    ],
)
def test_below_a_limit_is_sent_to_the_institution_never_called_unfit(
    measured: Measured, item: str, last: str
) -> None:
    table = visit(measured)
    outcome = table.run(driver_exam, opening("JG03"))
    assert outcome.refusal == Refusal(RefusalCode.EXAM_NOT_PASSED_HERE, (("reason", item),))
    assert [k for k in table.keys if k in ITEMS][-1] == last
    assert "exam" not in table.keys


def test_a_height_is_compared_where_the_class_has_a_limit() -> None:
    small = replace(WELL, height=HeightMeasured(1549, (1549, 1549, 1550), "C"))
    table = visit(small, may_be_examined=replace(MAY, limits=replace(LIMITS, height_mm=1550)))
    refusal = table.run(driver_exam, opening("JG03")).refusal
    assert refusal == Refusal(RefusalCode.EXAM_NOT_PASSED_HERE, (("reason", "height"),))


@pytest.mark.parametrize(("state", "topic"), [("sent", "closing-exam-sent"), ("held", "closing-exam-held")])
def test_the_closing_says_whether_a_doctor_has_it_already(state: str, topic: str) -> None:
    table = visit(exam=Filed("T1", tuple((k, state if k == "state" else v) for k, v in EXTRAS)))
    assert table.run(driver_exam, opening("JG03")).topic == topic


def test_who_does_not_sign_files_nothing() -> None:
    table = visit(signature=NotSigned())
    assert table.run(driver_exam, opening("JG03")).ending is Ending.NOT_NOW
    assert "exam" not in table.keys


def test_an_examination_on_its_way_ends_with_a_slip_that_says_so() -> None:
    table = visit(exam=Pending("K-1"))
    assert table.run(driver_exam, opening("JG03")).ending is Ending.PENDING
    assert dict(table.step("pending-slip").values)["filing"] == "driver-exam"


def test_an_examination_headquarters_refuses_is_told() -> None:
    refused = NotFiled(Refusal(RefusalCode.EXAM_NOT_PASSED_HERE))
    assert visit(exam=refused).run(driver_exam, opening("JG03")).ending is Ending.REFUSED


def test_without_its_copy_it_is_sent_all_the_same() -> None:
    assert visit(exam_record=NotPrinted("jam")).run(driver_exam, opening("JG03")).ending is Ending.DONE


def test_every_answer_comes_back_from_the_books_as_it_was() -> None:
    table = visit()
    _ = table.run(driver_exam, opening("JG03"))
    answers = {
        "conditions": WELL.declaration,
        "height": WELL.height,
        "right-eye": WELL.right,
        "plates": WELL.plates,
        "tones": WELL.tones,
        "movements": WELL.movements,
        "booth": BoothFit("CAL-0042"),
        "may-be-examined": MAY,
    }
    for key, answer in answers.items():
        step = table.step(key)
        assert decode(step, encode(step, answer)) == answer


def test_what_was_measured_is_in_no_representation() -> None:
    assert "17" not in repr(WELL.height)
    assert "answers" not in repr(WELL.plates)
    assert "level" not in repr(WELL.left)
