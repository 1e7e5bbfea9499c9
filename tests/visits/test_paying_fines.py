"""JG02, whole: late fines, no smartphone, a code that runs out, a fine somebody else pays meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from kiosk.counter.duty import VisitReport
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, code_shows, take_paper, tap
from kiosk.simulation.scripts.traffic import JG02
from tests.visits.nights import a_night, visitor

BEFORE = JG02[: [expect.page for expect in JG02].index("ChooseFines")]
UP_TO_THE_CODE = JG02[: [expect.page for expect in JG02].index("PayPage")]
END = Expect("ClosingPage", tap("end"))
PAID = JG02[len(UP_TO_THE_CODE) :]


def whole(
    situation: str, script: Callable[[Night], Sequence[Expect]], *, nth: int = 0, language: str = "zh-CN"
) -> tuple[VisitReport, list[int]]:
    """One visit to its end, and what its owner's orders took less what they gave back, in fen."""
    reports: list[VisitReport] = []
    kept: list[int] = []

    async def scene(night: Night) -> None:
        reports.append(await visitor(night, situation, nth).go(*script(night)))
        await in_order(night)
        assert untrue(night) == []
        kept.extend(p["taken_fen"] - p["refunded_fen"] for p in night.ledger()["payments"])

    a_night(scene, language=language)
    return reports[0], kept


def everything(citizen: Citizen, sight: Sight) -> Doing:
    """All fines on the page, then on."""
    for sheet in sight.view["page"]["sheets"]:
        for record in sheet["records"]:
            if not record["chosen"]:
                yield from citizen.touch(f"choose:{record['id']}")
    _ = citizen.hands.settle()
    yield from citizen.touch("choose")


@pytest.mark.parametrize(
    ("situation", "nth", "fen"),
    [("fine-overdue", 0, 130_00), ("fine-overdue", 1, 200_00), ("fine-part-paid", 0, 80_00)],
)
def test_what_is_due_today_is_what_is_paid(situation: str, nth: int, fen: int) -> None:
    report, kept = whole(situation, lambda _: JG02, nth=nth)
    assert (report.ending, report.topic) == ("done", "closing-fine-paid")
    assert kept == [fen]


def test_two_fines_are_paid_one_after_another() -> None:
    script = (*BEFORE, Expect("ChooseFines", everything), PAID[0], *PAID)
    report, kept = whole("fine-unpaid", lambda _: script, nth=1)
    assert report.ending == "done"
    assert sorted(kept) == [100_00, 150_00]


def test_who_has_paid_at_a_bank_has_nothing_to_pay() -> None:
    report, kept = whole("fine-paid", lambda _: (*BEFORE, END))
    assert (report.ending, report.topic) == ("nothing-due", "closing-no-fines")
    assert kept == []


def test_who_has_no_smartphone_takes_a_slip() -> None:
    by_slip = Expect("PayPage", tap("by-slip"), first=code_shows)
    report, kept = whole("fine-unpaid", lambda _: (*UP_TO_THE_CODE, by_slip, Expect("ClosingPage", take_paper)))
    assert (report.ending, report.topic) == ("done", "closing-fine-by-slip")
    assert kept == [0]


def waits_too_long(citizen: Citizen, sight: Sight) -> Doing:
    """Looks at the code until it is gone."""
    until = citizen.now() + 600
    while citizen.hands.look().kind == "PayPage" and citizen.now() < until:
        yield 5.0


def test_a_code_that_runs_out_leaves_the_fine_unpaid() -> None:
    waiting = Expect("PayPage", waits_too_long, first=code_shows)
    report, kept = whole("fine-unpaid", lambda _: (*UP_TO_THE_CODE, waiting, END))
    assert (report.ending, report.topic) == ("left-unpaid", "closing-left-unpaid")
    assert kept == [0]


def test_who_stops_at_the_code_is_not_charged() -> None:
    cancel = Expect("PayPage", tap("cancel"), first=code_shows)
    report, kept = whole("fine-unpaid", lambda _: (*UP_TO_THE_CODE, cancel, END))
    assert report.ending == "left-unpaid"
    assert kept == [0]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_fine_paid_at_a_bank_while_its_code_is_on_the_screen_is_not_paid_again(language: str) -> None:
    def script(night: Night) -> Sequence[Expect]:
        def bank(citizen: Citizen, sight: Sight) -> Doing:
            decision = night.ledger()["payments"][-1]["bill"].removeprefix("fine:")
            assert night.headquarters.people("POST", f"/sandbox/fines/{decision}/paid", b"{}").status == 200
            yield from citizen.gone(sight, "the page to hear of it")

        return (*UP_TO_THE_CODE, Expect("PayPage", bank, first=code_shows), END)

    report, kept = whole("fine-unpaid", script, language=language)
    assert (report.ending, report.topic) == ("done", "closing-paid-elsewhere")
    assert kept == [0]
