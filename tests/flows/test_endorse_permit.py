"""HZ09 居住证签注, as a table of step -> answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Filed, NotFiled, NotPrinted, Pending, Printed
from kiosk.flows.household.endorse_permit import endorse_permit
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    AfterReading,
    ConsentAnswer,
    FactorResult,
    FormAnswers,
    NotSigned,
    Signature,
)
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.residence import EndorsementTime, MayEndorsePermit, StillThere
from tests.flows.tables import Table, blob, card, opening

DAYS = (date(2025, 9, 2), date(2025, 12, 4), date(2026, 1, 30))
MOVED, ANOTHER = Refusal(RefusalCode.PERMIT_MOVED), Refusal(RefusalCode.PERMIT_ANOTHER)
DUE = MayEndorsePermit(
    EndorsementTime.IN_TIME, date(2026, 12, 4), date(2027, 12, 4), "甲街道一社区", DAYS, MOVED, ANOTHER
)
EXTRAS = (
    ("endorsed_until", "2027-12-04"),
    ("endorsement_time", "in-time"),
    ("full_year", "2026-12-04"),
    ("verify_url", "https://v/Q1"),
)


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "may-endorse": DUE,
        "due": AfterReading.ENOUGH,
        "permit": FormAnswers((("permit_issued", "2025-12-04"),)),
        "still-there": StillThere.SAME,
        "signature": Signature(blob("s"), blob("p")),
        "endorsement": Filed("Q26112200000017", EXTRAS),
        "permit-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_what_the_permit_says_and_where_one_lives_is_confirmed_signed_and_filed() -> None:
    table = visit()
    outcome = table.run(endorse_permit, opening("HZ09"))
    order = ["may-endorse", "due", "permit", "still-there", "signature", "endorsement", "permit-slip"]
    assert [key for key in table.keys if key in order] == order
    assert (outcome.ending, outcome.topic) == (Ending.DONE, "closing-endorsed")
    assert dict(table.step("endorsement").payload)["issued"] == "2025-12-04"
    assert table.step("due").topic == "result-permit-in-time"
    assert dict(table.step("permit-slip").values)["endorsed_until"] == "2027-12-04"


def test_the_days_stand_among_others_and_none_of_them_is_an_answer_too() -> None:
    table = visit()
    table.run(endorse_permit, opening("HZ09"))
    (field,) = table.step("permit").fields
    assert [i for i, _ in field.options] == [*(day.isoformat() for day in DAYS), "none"]


def test_a_late_one_is_told_what_being_late_means() -> None:
    table = visit(may_endorse=replace(DUE, time=EndorsementTime.LATE))
    assert table.run(endorse_permit, opening("HZ09")).ending is Ending.DONE
    assert table.step("due").topic == "result-permit-late"


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.NO_PERMIT,
        RefusalCode.ENDORSEMENT_TOO_EARLY,
        RefusalCode.RESIDENCE_LOCAL,
        RefusalCode.MANUAL_REVIEW,
    ],
)
def test_a_no_comes_before_anything_is_asked(code: RefusalCode) -> None:
    table = visit(may_endorse=Refusal(code))
    assert table.run(endorse_permit, opening("HZ09")).refusal == Refusal(code)
    assert "permit" not in table.keys


def test_who_has_moved_or_has_no_permit_at_hand_is_sent_on_and_files_nothing() -> None:
    moved = visit(still_there=StillThere.MOVED)
    assert moved.run(endorse_permit, opening("HZ09")).refusal == MOVED
    without = visit(permit=FormAnswers((("permit_issued", "none"),)))
    assert without.run(endorse_permit, opening("HZ09")).refusal == ANOTHER
    assert "endorsement" not in (*moved.keys, *without.keys)


def test_a_filing_that_is_refused_pending_or_not_signed_ends_as_it_is() -> None:
    assert visit(endorsement=NotFiled(ANOTHER)).run(endorse_permit, opening("HZ09")).refusal == ANOTHER
    assert visit(endorsement=Pending("K-1")).run(endorse_permit, opening("HZ09")).ending is Ending.PENDING
    assert visit(signature=NotSigned()).run(endorse_permit, opening("HZ09")).ending is Ending.NOT_NOW


def test_paper_that_fails_does_not_undo_an_endorsement() -> None:
    assert visit(permit_slip=NotPrinted("paper")).run(endorse_permit, opening("HZ09")).ending is Ending.DONE
