"""Effects, one by one: whose they are, what stands when nobody is there or something before is in doubt, what of
their answers may be told later."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from kiosk.flows import effects as e
from kiosk.flows.steps import Phase, Step, Stop
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.new_vehicles import PlateText
from tests.flows.tables import NUMBER

WHO, SUM = IdNumber(NUMBER), Money(2000)
HERE: dict[str, Any] = {"key": "k", "phase": Phase.FINISH}
PLATE = PlateText(
    item="P1",
    number="蒙B12345",
    vehicle_type="K33",
    model="M",
    vin="LVIN0000000000001",
    engine="E1",
    owner="测试甲",
    area="包头市",
    valid_to="2026-12-06",
    authority="包头市公安局",
    issued_on="2026-11-22",
)
SUBMIT = e.Submit(**HERE, filing="report-of-loss", payload=(("number", NUMBER),))
PAY = e.Pay(**HERE, bill=e.Bill("fee:id-card", WHO, SUM))
PAY_FOR_A_PASS_INSIDE = e.Pay(**HERE, bill=e.Bill("endorsement:1", WHO, SUM))
TAKE_PASS = e.TakePass(**HERE, number=WHO, document="C12345678", opens=("900307", "360101"))
ENDORSE = e.Endorse(**HERE, number=WHO, case="C1", lines=())
RETURN = e.ReturnPass(**HERE, number=WHO, custody="P1")
OPEN = e.OpenDoor(**HERE, by=e.LetInBy.CARD, number=NUMBER)
MAKE = e.MakePlate(**HERE, number=WHO, plate=PLATE)


@pytest.mark.parametrize(
    ("effect", "absent", "blocked"),
    [
        (SUBMIT, Stop.STOP, Stop.STOP),
        (PAY, Stop.STOP, Stop.STOP),
        (PAY_FOR_A_PASS_INSIDE, e.PaymentCancelled(""), e.PaymentCancelled("")),
        (TAKE_PASS, e.PassNotTaken("nobody-there"), e.PassNotTaken("earlier-in-doubt")),
        (ENDORSE, e.NotEndorsed("nobody-there"), e.NotEndorsed("earlier-in-doubt")),
        (RETURN, Stop.STOP, Stop.STOP),
        (OPEN, e.NotReleased("nobody-there"), e.NotReleased("earlier-in-doubt")),
        (MAKE, e.PlateNotMade("nobody-there"), e.PlateNotMade("earlier-in-doubt")),
    ],
)
def test_with_nobody_there_or_after_a_doubt_nothing_is_done_and_whose_it_is_is_known(
    effect: Step[Any], absent: object, blocked: object
) -> None:
    assert effect.is_effect and effect.subject == NUMBER
    assert effect.absent == absent
    assert effect.blocked in (blocked, Stop.STOP)
    for answer in (effect.absent, effect.blocked):
        assert answer is Stop.STOP or isinstance(answer, get_args(effect.answer_type))


def test_a_pass_that_was_not_taken_holds_nothing_and_every_other_does() -> None:
    assert not TAKE_PASS.holds(e.PassNotTaken("another-pass"))
    assert TAKE_PASS.holds(e.PassInside("P1")) and TAKE_PASS.holds(e.PassStuck("P1"))


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        (e.Filed("A1"), {"number": "A1"}),
        (e.Pending("A1"), {"number": "A1"}),
        (e.Paid("O1", SUM, "R1"), {"number": "O1", "fen": "2000", "receipt": "R1"}),
        (
            e.PayBySlip("O1", "S1", SUM, "2026-12-01"),
            {"number": "O1", "fen": "2000", "slip": "S1", "due": "2026-12-01"},
        ),
        (e.PaymentCancelled("O1"), {"number": "O1"}),
        (e.PaymentExpired("O1"), {"number": "O1"}),
        (e.PaidElsewhere("O1"), {"number": "O1"}),
        (e.Unsettled("O1"), {"number": "O1"}),
        (e.TakenIn("D1", 1, 7), {"number": "D1", "board": "1", "compartment": "7"}),
        (e.TakeInInDoubt("D1"), {"number": "D1"}),
        (e.PassInside("P1"), {"number": "P1"}),
        (e.PassStuck("P1"), {"number": "P1"}),
        (e.PassRetained("P1"), {"number": "P1"}),
        (e.PassReturnInDoubt("P1"), {"number": "P1"}),
        (e.LeftOpen(), {"door": "open"}),
        (e.Retained("not-taken"), {"bin": "yes"}),
        (e.Printed(e.Certainty.SENSED), {}),
    ],
)
def test_what_may_be_told_later_is_numbers_and_places_only(answer: object, facts: dict[str, str]) -> None:
    assert dict(e.facts_of(answer)) == facts


def test_words_of_answers_as_headquarters_and_slips_have_them() -> None:
    filed = e.Filed("A1", (("ready_by", "2026-12-20"), ("empty", "")))
    assert (filed.status, filed["ready_by"]) == ("filed", "2026-12-20")
    assert filed.told("empty", "ready_by", "verify_url") == (("ready_by", "2026-12-20"),)
    assert (e.Pending("A1").status, e.Pending("A1").told("ready_by")) == ("pending", ())
    backs = (e.Endorsed(e.Certainty.SENSED), e.NotEndorsed("no-grant"), e.Spoiled(), e.EndorseInDoubt())
    assert [back.back for back in backs] == ["written", "not-written", "spoiled", "unknown"]
    places = (e.PassTaken(e.Certainty.SENSED), e.PassRetained("P1"), e.PassReturnInDoubt("P1"))
    assert [place.place for place in places] == ["given-back", "bin", "in-doubt"]
