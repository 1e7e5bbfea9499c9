"""CRJ04, CRJ05 and CRJ06, as a table of step -> answer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kiosk.flows.effects import (
    Certainty,
    Filed,
    GivenBack,
    NotFiled,
    NotPrinted,
    Paid,
    PayBySlip,
    PaymentCancelled,
    Pending,
    Printed,
    TakeInInDoubt,
    TakeInRefused,
    TakenIn,
    Unsettled,
)
from kiosk.flows.exit_entry.apply_for_document import (
    apply_for_hk_macao_pass,
    apply_for_passport,
    apply_for_taiwan_pass,
)
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import (
    Acknowledged,
    ConsentAnswer,
    Declared,
    EnrolledFinger,
    Enrolment,
    FactorResult,
    Finger,
    FormAnswers,
    NotSigned,
    Portrait,
    PortraitForReview,
    Signature,
)
from kiosk.people.exit_entry import DocumentGround, TravelDocumentKind
from kiosk.people.money import Money
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.travel_applications import MayApplyTravel
from tests.flows.tables import Table, blob, card, opening

Flow = Callable[[Opening], Coroutine[Any, Any, Outcome]]
ALL: tuple[tuple[str, Flow, TravelDocumentKind], ...] = (
    ("CRJ04", apply_for_passport, TravelDocumentKind.PASSPORT),
    ("CRJ05", apply_for_hk_macao_pass, TravelDocumentKind.HK_MACAO_PASS),
    ("CRJ06", apply_for_taiwan_pass, TravelDocumentKind.TAIWAN_PASS),
)
YES = MayApplyTravel(
    TravelDocumentKind.PASSPORT,
    (DocumentGround.FIRST,),
    Money(12000),
    "fee:passport:2019-07-01",
    "138****0017",
    (("kiosk-0001", "昆都仑区24小时警局"),),
    date(2026, 12, 1),
)
OLD = replace(YES, grounds=(DocumentGround.RENEWAL, DocumentGround.DAMAGE, DocumentGround.LOSS))
DONE = Filed(
    "150226112240001", (("ready_by", "2026-12-01"), ("collect_site", "昆都仑区"), ("verify_url", "https://v/1"))
)
HELD = TakenIn("C-1", 1, 24)


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-apply": YES,
        "ground": DocumentGround.RENEWAL,
        "portrait": Portrait(blob("p"), ()),
        "fingers": Enrolment(
            (EnrolledFinger(Finger.RIGHT_THUMB, blob("t")), EnrolledFinger(Finger.LEFT_THUMB, None))
        ),
        "form": FormAnswers((("collect_site", "kiosk-0001"),)),
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("i")),
        "pay": Paid("PO1", Money(12000), "R1"),
        "payment-slip": Printed(Certainty.SENSED),
        "unsettled-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "application": DONE,
        "travel-receipt": Printed(Certainty.SENSED),
        "old-card": HELD,
        "old-card-filed": Filed("F-1"),
        "custody-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def passport(table: Table) -> Outcome:
    return table.run(apply_for_passport, opening("CRJ04"))


@pytest.mark.parametrize(("code", "flow", "kind"), ALL)
def test_one_procedure_for_the_three(code: str, flow: Flow, kind: TravelDocumentKind) -> None:
    table = visit(may_apply=replace(YES, kind=kind, fee_reference=f"fee:{kind.value}:2019-07-01"))
    outcome = table.run(flow, opening(code))
    order = ["may-apply", "portrait", "fingers", "form", "declaration", "signature", "pay", "application"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.DONE, "closing-travel-applied", DONE.number)
    assert table.step("may-apply").query.kind is kind
    assert table.step("declaration").topic == f"declare-{kind.value}"
    assert table.step("portrait").standard.code == "exit-entry"
    payload = dict(table.step("application").payload)
    assert (payload["kind"], payload["ground"], payload["missing_fingers"]) == (kind.value, "first", (6,))
    assert dict(table.step("travel-receipt").values)["document"] == kind.value
    assert "ground" not in table.keys and "old-card" not in table.keys


@pytest.mark.parametrize("ground", [DocumentGround.RENEWAL, DocumentGround.DAMAGE])
def test_the_old_document_goes_in_last_with_a_slip_at_once(ground: DocumentGround) -> None:
    table = visit(may_apply=OLD, ground=ground)
    outcome = passport(table)
    order = ["application", "travel-receipt", "old-card", "old-card-filed", "custody-slip"]
    assert [k for k in table.keys if k in order] == order
    assert table.step("old-card").document == "passport"
    assert dict(table.step("custody-slip").values)["case_number"] == DONE.number
    assert outcome.ending is Ending.DONE


@pytest.mark.parametrize("kept", [GivenBack(), TakeInRefused("no-place")])
def test_an_old_document_that_stays_with_its_owner_takes_nothing_from_the_application(kept: object) -> None:
    outcome = passport(visit(may_apply=OLD, old_card=kept))
    assert (outcome.ending, outcome.number) == (Ending.DONE, DONE.number)


def test_an_old_document_nobody_can_find_is_a_persons_matter() -> None:
    outcome = passport(visit(may_apply=OLD, old_card=TakeInInDoubt("C-9")))
    assert (outcome.ending, outcome.topic, outcome.number) == (
        Ending.NEEDS_A_PERSON,
        "closing-document-in-doubt",
        "C-9",
    )


def test_a_lost_one_is_declared_lost_and_nothing_is_handed_in() -> None:
    table = visit(may_apply=OLD, ground=DocumentGround.LOSS)
    passport(table)
    assert table.step("declaration").topic == "declare-travel-loss"
    assert "old-card" not in table.keys


def test_the_telephone_is_asked_only_where_none_is_on_file() -> None:
    known, unknown = visit(), visit(may_apply=replace(YES, phone_masked=""))
    passport(known)
    passport(unknown)
    assert [f.name for f in known.step("form").fields] == ["collect_site"]
    assert [f.name for f in unknown.step("form").fields] == ["phone", "collect_site"]


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.MANUAL_REVIEW,
        RefusalCode.CASE_ALREADY_OPEN,
        RefusalCode.UNDER_AGE,
        RefusalCode.CARD_REPORTED_LOST,
        RefusalCode.CARD_FOREIGN,
        RefusalCode.OTHER,
    ],
)
def test_a_no_comes_before_any_photograph_or_form(code: RefusalCode) -> None:
    table = visit(may_apply=Refusal(code))
    assert passport(table).refusal == Refusal(code)
    assert not {"portrait", "fingers", "form", "pay"} & set(table.keys)


def test_whoever_is_not_recognised_is_asked_nothing() -> None:
    table = visit(face=FactorResult.MISSED, finger=FactorResult.MISSED)
    assert passport(table).refusal == Refusal(RefusalCode.FACE_NOT_MATCHED)
    assert "may-apply" not in table.keys


def test_who_does_not_sign_pays_nothing() -> None:
    table = visit(signature=NotSigned())
    assert passport(table).ending is Ending.NOT_NOW
    assert "pay" not in table.keys


def test_left_unpaid_nothing_is_filed() -> None:
    table = visit(pay=PaymentCancelled("PO1"))
    assert passport(table).ending is Ending.LEFT_UNPAID
    assert "application" not in table.keys


def test_an_unsettled_payment_ends_with_its_number() -> None:
    table = visit(pay=Unsettled("PO1"))
    assert (passport(table).ending, "application" in table.keys) == (Ending.UNSETTLED, False)


def test_by_slip_the_application_is_held() -> None:
    table = visit(pay=PayBySlip("PO1", "S1", Money(12000), "2026-11-29"))
    outcome = passport(table)
    assert outcome.topic == "closing-travel-by-slip"
    assert dict(table.step("application").payload)["unpaid_slip"] == "S1"
    assert table.step("application").undo_orders == ()
    assert dict(table.step("travel-receipt").values)["payment"] == "by-slip"


def test_a_filing_that_is_refused_gives_the_fee_back() -> None:
    table = visit(application=NotFiled(Refusal(RefusalCode.OTHER)))
    assert passport(table).ending is Ending.REFUSED
    assert table.step("application").undo_orders == ("PO1",)


def test_a_filing_on_its_way_ends_with_a_slip_that_names_the_order_and_keeps_the_old_one_out() -> None:
    table = visit(may_apply=OLD, application=Pending("K-1"))
    assert passport(table).ending is Ending.PENDING
    assert dict(table.step("pending-slip").values)["subject"] == "bill-passport"
    assert "old-card" not in table.keys


def test_a_portrait_for_review_is_said_on_the_receipt() -> None:
    table = visit(portrait=PortraitForReview(blob("p"), ()))
    passport(table)
    assert dict(table.step("travel-receipt").values)["portrait_review"] == "yes"


def test_a_receipt_that_did_not_print_does_not_undo_the_application() -> None:
    assert passport(visit(travel_receipt=NotPrinted("paper-out"))).ending is Ending.DONE
