"""预登记 at a machine without a line, as a table of step -> answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flows.catalogue import FLOWS
from kiosk.flows.effects import Certainty, Filed, NotFiled, Pending, Printed
from kiosk.flows.opening import Line
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import (
    Acknowledged,
    CardNotRead,
    CardPresented,
    ConsentAnswer,
    FactorResult,
    FormAnswers,
    LookUp,
    MatchFingerprint,
)
from kiosk.people.id_card import CardKind
from kiosk.people.records import Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, card, opening

CODES = pytest.mark.parametrize("code", ["HZ01", "HZ08", "CRJ04", "CRJ05", "CRJ06"])


def visit(**answers: object) -> Table:
    """Anything not given goes well; the line does not come back."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "card": card(),
        "finger": FactorResult.MATCHED,
        "form": FormAnswers((("callback_phone", "13800000000"),)),
        "consent": ConsentAnswer.AGREE,
        "pre-registration": Pending("K-1"),
        "slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def run(table: Table, code: str = "HZ01") -> Outcome:
    return table.run(FLOWS[code], replace(opening(code), line=Line.DOWN))


@CODES
def test_card_finger_telephone_slip_and_nothing_is_asked_of_headquarters(code: str) -> None:
    table = visit()
    outcome = run(table, code)
    assert table.keys == ["notice", "card", "finger", "form", "consent", "pre-registration", "slip"]
    assert not [step for step in table.asked if isinstance(step, LookUp)]
    assert dict(table.step("pre-registration").payload) == {
        "service": code,
        "number": NUMBER,
        "name": "测试甲",
        "phone": "13800000000",
    }
    slip = dict(table.step("slip").values)
    assert (slip["number"], slip["matter"]) == ("K-1", f"pre-{code}") and NUMBER not in str(slip)
    assert (outcome.ending, outcome.topic) == (Ending.PENDING, "closing-pre-registered")
    assert outcome.take == ("receipt", "id-card")


def test_it_is_said_first_that_this_is_no_application() -> None:
    table = visit()
    run(table)
    assert (table.step("notice").topic, table.step("notice").service) == ("notice-pre-registration", "HZ01")


def test_the_finger_is_compared_with_the_card_and_a_face_is_not_looked_at() -> None:
    table = visit()
    run(table)
    step = table.step("finger")
    assert isinstance(step, MatchFingerprint) and step.claim.fingers == card().fingers
    assert "face" not in table.keys and "face-consent" not in table.keys


@pytest.mark.parametrize("result", [FactorResult.MISSED, FactorResult.DECLINED, FactorResult.UNAVAILABLE])
def test_who_cannot_be_told_leaves_nothing(result: FactorResult) -> None:
    table = visit(finger=result)
    assert run(table).refusal == Refusal(RefusalCode.FINGERPRINT_UNREADABLE)
    assert "form" not in table.keys


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (CardNotRead(RefusalCode.CARD_UNREADABLE), RefusalCode.CARD_UNREADABLE),
        (card(kind=CardKind.FOREIGNER_2023), RefusalCode.CARD_FOREIGN),
        (card("150203201203070011"), RefusalCode.UNDER_AGE),
    ],
)
def test_cards_that_open_nothing(shown: CardPresented | CardNotRead, code: RefusalCode) -> None:
    table = visit(card=shown)
    refusal = run(table).refusal
    assert refusal is not None and refusal.code is code
    assert "finger" not in table.keys


def test_who_does_not_agree_leaves_nothing() -> None:
    table = visit(consent=ConsentAnswer.DECLINE)
    assert run(table).ending is Ending.NOT_NOW
    assert "pre-registration" not in table.keys


def test_the_line_came_back_meanwhile_and_the_slip_carries_headquarters_number() -> None:
    table = visit(pre_registration=Filed("Y2611230000018", ()))
    assert run(table).number == "Y2611230000018" == dict(table.step("slip").values)["number"]


def test_a_no_is_told() -> None:
    table = visit(pre_registration=NotFiled(Refusal(RefusalCode.OTHER)))
    assert run(table).ending is Ending.REFUSED and "slip" not in table.keys
