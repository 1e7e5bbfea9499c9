"""HZ01 身份证补换领, as a table of step -> answer."""

from __future__ import annotations

import pytest

from kiosk.flows.common import Citizen
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
from kiosk.flows.household.apply_for_id_card import apply_for, apply_for_id_card
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    ConsentAnswer,
    Declared,
    EnrolledFinger,
    Enrolment,
    FactorResult,
    Finger,
    FormAnswers,
    NoCardHere,
    NotSigned,
    Portrait,
    PortraitForReview,
    Signature,
)
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.records import CitizenKnown, Ground, MayApply, PersonOnFile, Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, blob, card, opening

FINGERS = Enrolment(
    (
        EnrolledFinger(Finger.RIGHT_THUMB, blob("t1")),
        EnrolledFinger(Finger.LEFT_THUMB, None),
        EnrolledFinger(Finger.LEFT_INDEX, blob("t2")),
    )
)
DONE = Filed("150226112200013", (("collect_site", "昆都仑区"), ("ready_by", "2027-01-21")))


def eligible(ground: Ground) -> MayApply:
    """Headquarters says yes."""
    fee = Money(2000 if ground is Ground.RENEWAL else 4000)
    return MayApply(ground, fee, f"fee:id-card-{ground.value}", "", (("here", "昆都仑区"),), 60, False)


def visit(ground: Ground = Ground.RENEWAL, **answers: object) -> Table:
    """Anything not given goes well."""
    form = {"phone": "13800000000", "collect_site": "here"}
    if ground is Ground.LOSS:
        form |= {"loss_place": "street", "loss_manner": "lost", "loss_date": "2026-11-20"}
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "ground": ground,
        "card": card(),
        "number": IdNumber(NUMBER),
        "who-is": PersonOnFile(CitizenKnown.FACE_AND_FINGERS, "测*甲"),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-apply": eligible(ground),
        "portrait": Portrait(blob("pic"), (("Sharpness", 1.0, 90),)),
        "fingers": FINGERS,
        "form": FormAnswers(tuple(form.items())),
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "pay": Paid("O-1", Money(2000), "R-9"),
        "application": DONE,
        "application-receipt": Printed(Certainty.SENSED),
        "payment-slip": Printed(Certainty.SENSED),
        "unsettled-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_a_renewal_reads_the_card_and_ends_with_a_case_number() -> None:
    table = visit()
    outcome = table.run(apply_for_id_card, opening("HZ01"))
    order = ["card", "may-apply", "portrait", "fingers", "form", "declaration", "signature", "pay", "application"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.number) == (Ending.DONE, DONE.number)


def test_a_loss_begins_with_the_number_and_asks_when_where_and_how() -> None:
    table = visit(Ground.LOSS)
    table.run(apply_for_id_card, opening("HZ01"))
    assert "card" not in table.keys
    names = [f.name for f in table.step("form").fields]
    assert names == ["loss_date", "loss_place", "loss_manner", "phone", "collect_site"]
    assert table.step("declaration").topic == "declare-loss"


def test_a_damaged_card_may_be_typed_when_the_chip_is_dead() -> None:
    table = visit(Ground.DAMAGE, card=NoCardHere())
    table.run(apply_for_id_card, opening("HZ01"))
    assert "number" in table.keys


def test_eligibility_comes_before_the_portrait_and_the_form() -> None:
    table = visit(may_apply=Refusal(RefusalCode.TOO_EARLY))
    outcome = table.run(apply_for_id_card, opening("HZ01"))
    assert outcome.refusal == Refusal(RefusalCode.TOO_EARLY)
    assert "portrait" not in table.keys


def test_the_bill_is_headquarters_amount_by_reference() -> None:
    table = visit(Ground.LOSS)
    table.run(apply_for_id_card, opening("HZ01"))
    assert table.step("pay").bill.amount == Money(4000)
    assert table.step("pay").bill.reference == "fee:id-card-loss"


def test_a_worn_finger_is_filed_as_missing() -> None:
    table = visit()
    table.run(apply_for_id_card, opening("HZ01"))
    payload = dict(table.step("application").payload)
    assert payload["missing_fingers"] == (Finger.LEFT_THUMB.value,)
    assert [f for f, _ in payload["fingers"]] == [Finger.RIGHT_THUMB.value, Finger.LEFT_INDEX.value]


def test_a_portrait_nobody_could_accept_goes_to_a_person() -> None:
    table = visit(portrait=PortraitForReview(blob("pic"), ()))
    table.run(apply_for_id_card, opening("HZ01"))
    assert dict(table.step("application").payload)["portrait_review"] is True
    assert ("portrait_review", "yes") in table.step("application-receipt").values


def test_a_refused_application_names_the_payment_to_give_back() -> None:
    table = visit(application=NotFiled(Refusal(RefusalCode.CASE_ALREADY_OPEN)))
    outcome = table.run(apply_for_id_card, opening("HZ01"))
    assert table.step("application").undo_orders == ("O-1",)
    assert outcome.ending is Ending.REFUSED


def test_without_a_smartphone_the_case_is_filed_with_a_payment_slip() -> None:
    slip = PayBySlip("O-1", "S-1", Money(2000), "2026-12-07")
    table = visit(pay=slip)
    outcome = table.run(apply_for_id_card, opening("HZ01"))
    payload = dict(table.step("application").payload)
    assert (payload["order"], payload["unpaid_slip"]) == ("O-1", "S-1")
    assert table.step("application").undo_orders == ()
    assert outcome.ending is Ending.DONE


@pytest.mark.parametrize(
    ("answer", "ending"), [(PaymentCancelled("O-1"), Ending.LEFT_UNPAID), (Unsettled("O-1"), Ending.UNSETTLED)]
)
def test_nothing_is_filed_that_was_not_paid(answer: object, ending: Ending) -> None:
    table = visit(pay=answer)
    assert table.run(apply_for_id_card, opening("HZ01")).ending is ending
    assert "application" not in table.keys


def test_paid_and_on_its_way_ends_with_a_slip_that_names_the_order() -> None:
    table = visit(application=Pending("K-1"))
    outcome = table.run(apply_for_id_card, opening("HZ01"))
    assert dict(table.step("pending-slip").values)["number"] == "O-1"
    assert outcome.ending is Ending.PENDING


def test_who_does_not_sign_pays_nothing() -> None:
    table = visit(signature=NotSigned())
    assert table.run(apply_for_id_card, opening("HZ01")).ending is Ending.NOT_NOW
    assert "pay" not in table.keys


def test_a_loss_that_was_told_already_is_not_asked_again() -> None:
    loss = FormAnswers((("loss_date", "2026-11-20"), ("loss_place", "home"), ("loss_manner", "lost")))
    table = visit(Ground.LOSS, form=FormAnswers((("phone", "13800000000"), ("collect_site", "here"))))
    citizen = Citizen(IdNumber(NUMBER), "测*甲", None)
    table.run(lambda _: apply_for(citizen, Ground.LOSS, loss), opening("HZ01"))
    assert [f.name for f in table.step("form").fields] == ["phone", "collect_site"]
    payload = dict(table.step("application").payload)
    assert (payload["loss_place"], payload["phone"]) == ("home", "13800000000")
