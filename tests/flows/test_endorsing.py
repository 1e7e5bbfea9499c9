"""CRJ01 出入境签注 and CRJ02 往来台湾再次签注, as tables of step -> answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kiosk.flows.effects import (
    Certainty,
    Endorsed,
    EndorseInDoubt,
    Filed,
    NotEndorsed,
    NotFiled,
    Paid,
    PassInside,
    PassNotTaken,
    PassRetained,
    PassReturnInDoubt,
    PassStuck,
    PassTaken,
    PayBySlip,
    PaymentCancelled,
    PaymentExpired,
    Pending,
    Printed,
    Spoiled,
    Unsettled,
)
from kiosk.flows.exit_entry.endorsing import Where, endorse_for_hong_kong_and_macao, endorse_for_taiwan
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    AfterReading,
    ConsentAnswer,
    Declared,
    FactorResult,
    NotSigned,
    Signature,
    Stop,
)
from kiosk.people.exit_entry import (
    ApprovalAnswer,
    ApprovalState,
    Destination,
    Endorsement,
    EndorsementKind,
    EndorsementLine,
    EndorsementOffer,
    MayEndorsePass,
)
from kiosk.people.money import Money
from kiosk.people.records import Refusal, RefusalCode
from tests.flows.tables import Table, blob, card, opening

KINDS = EndorsementKind
HK = EndorsementOffer("hk-L-3m-2", Destination.HONG_KONG, KINDS.GROUP, 3, 2, 7, Money(3000))
MO = EndorsementOffer("mo-L-3m-1", Destination.MACAO, KINDS.GROUP, 3, 1, 7, Money(1500))
TW = EndorsementOffer("tw-T-12m-0", Destination.TAIWAN, KINDS.FAMILY, 12, 0, 90, Money(8000))
LEFT = Endorsement(
    Destination.HONG_KONG, KINDS.GROUP, 2, 1, 7, date(2026, 6, 1), date(2027, 5, 31), issued_at="内蒙古"
)
MAY = MayEndorsePass("C70028501", date(2031, 1, 1), (LEFT,), (HK, MO), 180, 20)
LINES = (EndorsementLine("香港 L 团队旅游", "二次", "2027-02-21", "7天", "内蒙古", "2026-11-22"),)
EXTRAS = (("due", "2026-12-12"), ("place", "大厅"), ("verify_url", "https://h/v/Q1"))
CUSTODY = "P-1-1"
TAKEN = PassTaken(Certainty.SENSED)


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-endorse": MAY,
        "where": Where.BOTH,
        "offer-hong-kong": HK,
        "offer-macao": MO,
        "offer-taiwan": TW,
        "check": AfterReading.ENOUGH,
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "pass": PassInside(CUSTODY),
        "pay": Paid("PO1", Money(4500), "R1"),
        "endorsement-request": Filed("Q1", EXTRAS),
        "approval": ApprovalAnswer(ApprovalState.APPROVED, LINES),
        "endorse": Endorsed(Certainty.SENSED),
        "pass-back": TAKEN,
        "endorsement-ended": Filed("Q1", EXTRAS),
        "endorsement-slip": Printed(Certainty.SENSED),
        "payment-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "unsettled-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_no_is_said_and_everything_signed_before_the_pass_is_inside_and_the_pass_is_back_before_paper() -> None:
    table = visit()
    outcome = table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    order = ["finger", "may-endorse", "where", "offer-hong-kong", "offer-macao", "check", "signature", "pass", "pay"]
    order += ["endorsement-request", "approval", "endorse", "pass-back", "endorsement-ended", "endorsement-slip"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.DONE, "closing-pass-endorsed", "Q1")
    assert outcome.take == ("travel-pass", "receipt", "id-card")
    assert dict(table.step("endorsement-ended").payload)["outcome"] == "written"


def test_hong_kong_and_macao_have_a_fee_each_and_what_is_left_is_shown() -> None:
    table = visit()
    table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    bill = table.step("pay").bill
    assert (bill.reference, bill.amount) == ("endorsement:hk-L-3m-2+mo-L-3m-1", Money(4500))
    headings = [section.heading for section in table.step("check").sections]
    assert headings == ["travel-pass", "travel-stays-hong-kong", "travel-new-hong-kong", "travel-new-macao"]
    assert ("trips_left", "1") in table.step("check").sections[1].facts


def test_what_opens_the_chip_is_what_is_printed_on_the_pass() -> None:
    table = visit()
    table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    step = table.step("pass")
    assert (step.document, step.opens) == ("C70028501", ("900307", "310101"))


@pytest.mark.parametrize(("where", "asked"), [(Where.HONG_KONG, "offer-hong-kong"), (Where.MACAO, "offer-macao")])
def test_one_place_is_asked_for_alone(where: Where, asked: str) -> None:
    table = visit(where=where)
    table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert [k for k in table.keys if k.startswith("offer-")] == [asked]


def test_taiwan_has_no_second_place() -> None:
    table = visit(may_endorse=replace(MAY, offers=(TW,), left=()))
    outcome = table.run(endorse_for_taiwan, opening("CRJ02"))
    assert outcome.ending is Ending.DONE and "where" not in table.keys
    assert dict(table.step("endorsement-request").payload)["kind"] == "taiwan-pass"
    assert ("endorsement_entries", "no-limit") in table.step("check").sections[1].facts


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.MANUAL_REVIEW,
        RefusalCode.PASS_NOT_USABLE,
        RefusalCode.CASE_ALREADY_OPEN,
        RefusalCode.UNDER_AGE,
        RefusalCode.CARD_REPORTED_LOST,
    ],
)
def test_a_no_comes_before_any_question(code: RefusalCode) -> None:
    table = visit(may_endorse=Refusal(code))
    assert table.run(endorse_for_hong_kong_and_macao, opening("CRJ01")).refusal == Refusal(code)
    assert "where" not in table.keys and "pass" not in table.keys


def test_whoever_does_not_sign_puts_nothing_in() -> None:
    table = visit(signature=NotSigned())
    assert table.run(endorse_for_hong_kong_and_macao, opening("CRJ01")).ending is Ending.NOT_NOW
    assert "pass" not in table.keys


@pytest.mark.parametrize(
    ("reason", "topic"),
    [
        ("another-pass", "closing-pass-another-pass"),
        ("unreadable", "closing-pass-unreadable"),
        ("retained", "closing-pass-retained"),
        ("gave-up", "closing-pass-not-taken"),
        ("machine", "closing-pass-not-taken"),
    ],
)
def test_without_the_right_pass_inside_nothing_is_paid(reason: str, topic: str) -> None:
    table = visit(**{"pass": PassNotTaken(reason)})
    outcome = table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert (outcome.ending, outcome.topic) == (Ending.NOT_NOW, topic)
    assert "pay" not in table.keys


def test_a_stuck_pass_is_a_persons_task_with_its_number() -> None:
    outcome = visit(**{"pass": PassStuck(CUSTODY)}).run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert (outcome.ending, outcome.topic, outcome.number) == (Ending.NEEDS_A_PERSON, "closing-pass-stuck", CUSTODY)


@pytest.mark.parametrize(
    ("paid", "ending"),
    [
        (PaymentCancelled("PO1"), Ending.LEFT_UNPAID),
        (PaymentExpired("PO1"), Ending.LEFT_UNPAID),
        (Unsettled("PO1"), Ending.UNSETTLED),
    ],
)
def test_whoever_has_not_paid_gets_the_pass_back_as_it_was(paid: object, ending: Ending) -> None:
    table = visit(pay=paid)
    assert table.run(endorse_for_hong_kong_and_macao, opening("CRJ01")).ending is ending
    assert table.keys[-1] == "pass-back" and "endorse" not in table.keys


def test_nobody_there_at_the_payment_still_gives_the_pass_back() -> None:
    def away(step: Any) -> object:
        return step.absent

    table = visit(pay=away)
    outcome = table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert table.step("pay").absent is not Stop.STOP
    assert (outcome.ending, table.keys[-1]) == (Ending.LEFT_UNPAID, "pass-back")


def test_a_payment_slip_leads_to_the_window_without_waiting_for_approval() -> None:
    table = visit(pay=PayBySlip("PO1", "J1", Money(4500), "2026-11-29"))
    outcome = table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert outcome.topic == "closing-endorse-at-window" and "approval" not in table.keys
    assert dict(table.step("endorsement-request").payload)["unpaid_slip"] == "J1"
    assert "endorse" not in table.keys and "pass-back" in table.keys


def test_a_refused_request_gives_pass_and_money_back() -> None:
    table = visit(endorsement_request=NotFiled(Refusal(RefusalCode.MANUAL_REVIEW)))
    outcome = table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert outcome.ending is Ending.REFUSED
    assert table.step("endorsement-request").undo_orders == ("PO1",)
    assert table.keys[-1] == "pass-back"


def test_a_request_that_is_not_confirmed_gives_the_pass_back_and_says_so_on_paper() -> None:
    table = visit(endorsement_request=Pending("L-1"))
    assert table.run(endorse_for_hong_kong_and_macao, opening("CRJ01")).ending is Ending.PENDING
    assert table.keys[-2:] == ["pass-back", "pending-slip"]


@pytest.mark.parametrize("state", [ApprovalState.NOT_YET, ApprovalState.TO_THE_WINDOW])
def test_without_an_approval_in_time_the_window_goes_on(state: ApprovalState) -> None:
    table = visit(approval=ApprovalAnswer(state))
    outcome = table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert outcome.topic == "closing-endorse-at-window" and "endorse" not in table.keys
    assert dict(table.step("endorsement-ended").payload)["outcome"] == "at-window"


@pytest.mark.parametrize(
    ("written", "told", "ending"),
    [
        (NotEndorsed("jam"), "not-written", Ending.REFUSED),
        (Spoiled(), "spoiled", Ending.NEEDS_A_PERSON),
        (EndorseInDoubt(), "unknown", Ending.NEEDS_A_PERSON),
    ],
)
def test_what_is_not_written_is_never_written_again_and_said(written: object, told: str, ending: Ending) -> None:
    table = visit(endorse=written)
    outcome = table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert outcome.ending is ending
    assert table.keys.count("endorse") == 1
    assert dict(table.step("endorsement-ended").payload)["outcome"] == told
    assert ("outcome", f"endorse-{told}") in table.step("endorsement-slip").values


@pytest.mark.parametrize(
    ("back", "place"), [(PassRetained(CUSTODY), "bin"), (PassReturnInDoubt(CUSTODY), "in-doubt")]
)
def test_a_pass_that_stayed_comes_before_everything_else(back: object, place: str) -> None:
    table = visit(pass_back=back)
    outcome = table.run(endorse_for_hong_kong_and_macao, opening("CRJ01"))
    assert (outcome.topic, outcome.number) == ("closing-pass-held", CUSTODY)
    payload = dict(table.step("endorsement-ended").payload)
    assert (payload["place"], payload["custody"]) == (place, CUSTODY)
