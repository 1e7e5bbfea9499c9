"""CRJ01 and CRJ02 with the machine misbehaving and the power failing: the pass never leaves the books."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.flows.effects import (
    Endorsed,
    EndorseInDoubt,
    NotEndorsed,
    PassNotTaken,
    PassRetained,
    PassTaken,
    Spoiled,
)
from kiosk.flows.steps import StepKind
from kiosk.nights.kills import kill_everywhere
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, code_shows, pay_by_phone, take_paper, tap
from kiosk.simulation.scripts.exit_entry import CRJ01, CRJ02
from tests.visits.nights import Visitor, a_night, visitor
from tests.visits.test_refusals import refused, up_to

BEFORE_THE_SLOT = up_to(CRJ01, "PassPage")
UNPAID = up_to(CRJ01, "PayPage")
TAKE = CRJ01[-2]


def answers(visit: Visitor) -> dict[StepKind, object]:
    """What became of each effect, by kind."""
    return {e.kind: e.answer for e in visit.night.reports[-1].end.effects}


def request(night: Night) -> dict[str, object]:
    (case,) = [c for c in night.ledger()["cases"] if c["kind"] == "endorsement"]
    return case


def pay_and(*faults: str) -> Expect:
    """Pays; from then on these go wrong in the machine, one after another. Waits for what comes of it."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        yield from pay_by_phone(citizen, sight)
        for fault in faults:
            citizen.world.call("writer-fault", fault=fault)
        until = citizen.now() + 900.0
        while citizen.hands.look().kind in ("PayPage", "WorkingPage") and citizen.now() < until:
            yield 1.0

    return Expect("PayPage", act, first=code_shows)


def test_taiwan_is_written_and_given_back() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "taiwan-due")
        report = await someone.go(*CRJ02)
        assert (report.ending, report.topic) == ("done", "closing-pass-endorsed")
        (face,) = night.world.call("state")["writer"]["faces_taken"]
        assert face["line1Kind"] == "台湾 T 探亲"
        await in_order(night)
        assert untrue(night) == []
        assert request(night)["state"] == "written"

    a_night(scene)


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("registered-staff", RefusalCode.MANUAL_REVIEW),
        ("not-to-exit", RefusalCode.MANUAL_REVIEW),
        ("pass-not-electronic", RefusalCode.PASS_NOT_USABLE),
        ("pass-expired", RefusalCode.PASS_NOT_USABLE),
        ("pass-lost", RefusalCode.PASS_NOT_USABLE),
        ("ordinary", RefusalCode.PASS_NOT_USABLE),
    ],
)
def test_who_cannot_hears_it_before_anything_is_chosen(situation: str, code: RefusalCode) -> None:
    found, pages = refused(situation, up_to(CRJ01, "ChoosePage"))
    assert found is code
    assert "ChoosePage" not in pages and "PassPage" not in pages


@pytest.mark.parametrize("situation", ["endorsement-slow", "endorsement-declined"])
def test_an_approval_that_does_not_come_is_waited_for_so_long_and_the_window_goes_on(situation: str) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, situation)
        report = await someone.go(*UNPAID, pay_and(), TAKE, Expect("ClosingPage", take_paper))
        assert (report.ending, report.topic) == ("done", "closing-endorse-at-window")
        assert StepKind.ENDORSE not in answers(someone)
        await in_order(night)
        assert untrue(night) == []
        assert request(night)["state"] == "at-window"

    a_night(scene)


def keep_it(citizen: Citizen, sight: Sight) -> Doing:
    """Thinks better of it."""
    yield from citizen.touch("keep")
    yield from citizen.gone(sight, "the slot to close")


def test_whoever_keeps_the_pass_has_done_nothing() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "endorsement-due")
        report = await someone.go(*BEFORE_THE_SLOT, Expect("PassPage", keep_it), Expect("ClosingPage", tap("end")))
        assert report.topic == "closing-pass-not-taken"
        assert answers(someone)[StepKind.TAKE_PASS] == PassNotTaken("gave-up")
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def test_whoever_does_not_pay_gets_the_pass_back() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "endorsement-due")
        script = (*up_to(CRJ01, "PayPage"), Expect("PayPage", tap("cancel"), first=code_shows), TAKE)
        report = await someone.go(*script, Expect("ClosingPage", tap("end")))
        assert (report.ending, report.topic) == ("left-unpaid", "closing-left-unpaid")
        assert isinstance(answers(someone)[StepKind.RETURN_PASS], PassTaken)
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def test_a_payment_slip_ends_at_the_window_with_the_pass_in_the_hand() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "endorsement-due")
        script = (*up_to(CRJ01, "PayPage"), Expect("PayPage", tap("by-slip"), first=code_shows), TAKE)
        report = await someone.go(*script, Expect("ClosingPage", take_paper))
        assert report.topic == "closing-endorse-at-window"
        await in_order(night)
        assert untrue(night) == []
        assert request(night)["state"] == "awaiting-payment"

    a_night(scene)


def forget_it(citizen: Citizen, sight: Sight) -> Doing:
    """Walks away."""
    yield 125.0
    yield from citizen.gone(sight, "the pass to be drawn back")


def test_a_pass_that_nobody_takes_goes_into_the_bin_and_its_owner_is_told_when_they_come_back() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "endorsement-due")
        report = await someone.go(
            *UNPAID, pay_and(), Expect("PassPage", forget_it), Expect("ClosingPage", tap("end"))
        )
        assert report.topic == "closing-pass-held"
        kept = answers(someone)[StepKind.RETURN_PASS]
        assert isinstance(kept, PassRetained)
        await in_order(night)
        assert untrue(night) == []
        case = request(night)
        assert (case["state"], case["pass"], case["custody"]) == ("written", "bin", kept.custody)
        assert night.world.call("state")["writer"]["bin"] == 1

    a_night(scene)


@pytest.mark.parametrize(
    ("faults", "answer", "state", "topic"),
    [
        # The first stroke is the wiping, the second the writing.
        (("smudge", "smudge"), Spoiled, "at-window", "closing-endorse-spoiled"),
        (("cut-before",), Spoiled, "at-window", "closing-endorse-spoiled"),
        (("cut-after",), Spoiled, "at-window", "closing-endorse-spoiled"),
        (("no-acknowledge",), Endorsed, "written", "closing-pass-endorsed"),
        (("refuse",), NotEndorsed, "withdrawn", "closing-endorse-not-written"),
    ],
)
def test_whatever_goes_wrong_in_the_writing_it_is_done_once_at_most(
    faults: tuple[str, ...], answer: type, state: str, topic: str
) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "endorsement-due")
        report = await someone.go(*UNPAID, pay_and(*faults), TAKE, Expect("ClosingPage", take_paper))
        assert isinstance(answers(someone)[StepKind.ENDORSE], answer)
        assert (report.topic, request(night)["state"]) == (topic, state)
        (payment,) = night.ledger()["payments"]
        assert payment["state"] == ("refunded" if answer is NotEndorsed else "captured")
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def test_a_jam_in_the_writing_keeps_the_pass_in_the_bin_and_the_rest_for_a_person() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "endorsement-due")
        report = await someone.go(*UNPAID, pay_and("jam"), Expect("ClosingPage", take_paper))
        assert report.topic == "closing-pass-held"
        assert isinstance(answers(someone)[StepKind.ENDORSE], EndorseInDoubt)
        kept = answers(someone)[StepKind.RETURN_PASS]
        assert isinstance(kept, PassRetained)
        case = request(night)
        assert (case["state"], case["pass"], case["custody"]) == ("in-doubt", "bin", kept.custody)
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def test_a_hung_writer_says_so_and_comes_to_an_end_in_two_minutes_with_the_pass_on_the_books() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "endorsement-due")
        said: list[tuple[float, str]] = []

        def pay_and_watch(citizen: Citizen, sight: Sight) -> Doing:
            yield from pay_by_phone(citizen, sight)
            citizen.world.call("writer-fault", fault="hang")
            while (look := citizen.hands.look()).kind in ("PayPage", "WorkingPage"):
                said.append((citizen.now(), str(look.view["sentence"])))
                yield 1.0

        watched = Expect("PayPage", pay_and_watch, first=code_shows)
        report = await someone.go(*UNPAID, watched, Expect("ClosingPage", take_paper))
        assert report.topic == "closing-pass-held"
        assert isinstance(answers(someone)[StepKind.ENDORSE], EndorseInDoubt)
        writing = [at for at, sentence in said if "写签注" in sentence or "签注机" in sentence]
        assert writing[-1] - writing[0] < 120.0
        assert any("比平时慢" in sentence for _, sentence in said)
        assert untrue(night) == []

    a_night(scene)


def test_after_a_kill_the_pass_is_on_the_books_and_its_owner_is_told(tmp_path: Path) -> None:
    deaths = kill_everywhere(tmp_path, "CRJ01", 7, step=640, offset=430)
    assert deaths.deaths and deaths.wrong == ()
    for death in deaths.deaths:
        assert all(now in ("done", "failed", "in_doubt") for _, _, now in death.effects)
