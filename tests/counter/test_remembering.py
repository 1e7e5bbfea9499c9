"""What a citizen who comes back is told, by what became of money and documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from kiosk.counter.remembering import told_facts


@dataclass(frozen=True)
class Effect:
    kind: str
    state: str
    number: str = ""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Visit:
    effects: tuple[Effect, ...]
    case: str = "CASE"
    service: str = "HZ02"
    when: datetime = datetime(2026, 11, 22, tzinfo=UTC)


PAID = {"fen": "2000", "receipt": "R"}


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        (Effect("hand-over", "done"), ("back-new-card-taken", "")),
        (Effect("hand-over", "in_doubt"), ("back-new-card-in-doubt", "")),
        (Effect("hand-over", "failed"), ("back-new-card-waiting", "")),
        (Effect("take-in", "in_doubt"), ("back-old-card-in-doubt", "")),
        (Effect("pay", "done", "P1", PAID), ("back-paid", "20 元")),
        (Effect("pay", "in_doubt", "P1"), ("back-payment-unsettled", "P1")),
    ],
)
def test_each_fate_is_told_as_it_is(effect: Effect, told: tuple[str, str]) -> None:
    assert told_facts(Visit((effect,))) == (told,)


def test_a_door_found_open_is_not_told_as_a_card_taken() -> None:
    found = told_facts(Visit((Effect("hand-over", "done", facts={"door": "open"}),)))
    assert found == (("back-new-card-in-doubt", ""),)


def test_a_slip_for_the_bank_is_not_told_as_money_received() -> None:
    found = told_facts(Visit((Effect("pay", "done", "P1", {"fen": "2000", "slip": "S1", "due": "2026-12-01"}),)))
    assert found == (("back-not-paid", ""),)


def test_a_payment_for_a_filing_that_failed_is_told_as_going_back() -> None:
    found = told_facts(Visit((Effect("pay", "done", "P1", PAID), Effect("submit", "failed"))))
    assert found == (("back-refunded", "20 元"), ("back-not-filed", ""))
