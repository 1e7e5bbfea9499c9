"""Visits for passports and passes, well and otherwise, on the virtual clock."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kiosk.counter.duty import VisitReport
from kiosk.devices.document_reader.cards import Slot
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.people.synthetic import PopulationKey, Situation, population
from kiosk.people.synthetic_travel import travel_of
from kiosk.screens.states import ReadCard
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, code_shows, tap
from kiosk.simulation.scripts.exit_entry import CRJ04, CRJ05, CRJ06, CRJ07
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.travel_chip import TravelChip
from kiosk.simulation.travel_files import PASSPORT, made_for
from kiosk.simulation.wanderer import keep_the_card
from tests.devices.memory_cards import READER, MemoryCards, quiet_random
from tests.visits.nights import DAY, Visitor, a_night, visitor
from tests.visits.test_refusals import refused, up_to

END = Expect("ClosingPage", tap("end"))
HOLDER = population(PopulationKey(7, DAY)).find(Situation.TRAVEL_FINISHED)
CASE = travel_of(HOLDER, DAY, 0).case
assert CASE is not None and CASE.finished is not None
NUMBER, EXPIRY, ANOTHER = CASE.finished.number, CASE.finished.valid_to, "E79999999"


def effects(report: VisitReport) -> list[tuple[str, str]]:
    return [(e.kind.value, e.state.value) for e in report.end.effects]


@pytest.mark.parametrize("code", ["CRJ04", "CRJ05", "CRJ06", "CRJ07"])
def test_the_straight_path_leaves_the_books_in_order(code: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS[code]
        report = await visitor(night, situation).go(*script)
        assert report.ending == "done"
        await in_order(night)
        assert untrue(night) == []
        (case,) = [c for c in night.ledger()["cases"] if c["number"] == report.number]
        assert case["state"] == ("collected" if code == "CRJ07" else "accepted")
        held = [d for d in night.ledger()["documents"] if d["place"].startswith("custody:")]
        assert len(held) == (code == "CRJ05")

    a_night(scene)


def test_on_renewal_the_old_one_goes_in_before_the_new_one_comes_out() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "travel-finished", 3)
        report = await someone.go(*CRJ07)
        assert report.ending == "done"
        assert someone.pages.index("PutInPage") < someone.pages.index("TakePage")
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def chip_of(number: str) -> TravelChip:
    """A passport of whoever stands there, as it lies on the reader of passports and passes."""
    files = made_for(HOLDER, PASSPORT, number, EXPIRY)
    return TravelChip(files.information, files.files, quiet_random())


def test_in_the_hand_the_document_is_tried_where_there_is_a_reader_for_it() -> None:
    """Another passport first, which its key does not open; then the one that came out of the cabinet."""
    cards = MemoryCards({READER: Slot.EMPTY})
    said: list[str] = []

    def lay_down(citizen: Citizen, sight: Sight) -> Doing:
        state = getattr(sight, "state", None)
        assert isinstance(state, ReadCard)
        for number in (ANOTHER, NUMBER):
            cards.put(READER, chip_of(number))
            yield 3.0
            said.append(str(citizen.hands.look().view["sentence"]))
            cards.put(READER, Slot.EMPTY)
            yield 1.0

    async def scene(night: Night) -> None:
        report = await visitor(night, "travel-finished").go(*CRJ07[:-1], Expect("ReadCard", lay_down), CRJ07[-1])
        assert (report.ending, report.topic) == ("done", "closing-collected")
        assert said[0].startswith("这不是您刚领的护照")
        await in_order(night)
        assert untrue(night) == []
        (case,) = [c for c in night.ledger()["cases"] if c["number"] == report.number]
        assert (case["state"], case["certainty"]) == ("collected", "sensed")

    a_night(scene, cards=lambda: cards)


def test_who_does_not_try_it_has_it_all_the_same() -> None:
    cards = MemoryCards({READER: Slot.EMPTY})

    async def scene(night: Night) -> None:
        report = await visitor(night, "travel-finished").go(*CRJ07[:-1], Expect("ReadCard", tap("skip")), CRJ07[-1])
        assert (report.ending, report.topic) == ("done", "closing-collected-unread")
        await in_order(night)
        (case,) = [c for c in night.ledger()["cases"] if c["number"] == report.number]
        assert case["certainty"] == "inferred"

    a_night(scene, cards=lambda: cards)


def test_an_old_pass_that_is_kept_takes_nothing_from_the_application() -> None:
    async def scene(night: Night) -> None:
        script = (*up_to(CRJ05, "PutInPage"), Expect("PutInPage", keep_the_card), CRJ05[-1])
        report = await visitor(night, "pass-expired").go(*script)
        assert (report.ending, report.topic) == ("done", "closing-travel-applied")
        await in_order(night)
        assert untrue(night) == []
        assert not [d for d in night.ledger()["documents"] if d["place"].startswith("custody:")]

    a_night(scene)


def test_a_door_that_stays_shut_keeps_the_new_one_and_gives_the_old_one_back() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "travel-finished", 0)
        someone.call("fault", device="locker", fault="stuck")
        report = await someone.go(*up_to(CRJ07, "TakePage"), END)
        assert (report.ending, report.topic) == ("needs-a-person", "closing-not-opened")
        assert ("hand-over", "failed") in effects(report)
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def test_an_old_passport_that_nobody_can_take_in_leaves_the_new_one_where_it_is() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "travel-finished", 3)
        someone.call("fault", device="locker", fault="stuck")
        report = await someone.go(*up_to(CRJ07, "PutInPage"), END)
        assert (report.ending, report.topic) == ("needs-a-person", "closing-needs-a-person")
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


@pytest.mark.parametrize(
    ("situation", "script", "code"),
    [
        ("registered-staff", CRJ04, RefusalCode.MANUAL_REVIEW),
        ("not-to-exit", CRJ05, RefusalCode.MANUAL_REVIEW),
        ("travel-case-open", CRJ04, RefusalCode.CASE_ALREADY_OPEN),
        ("card-reported-lost", CRJ06, RefusalCode.CARD_REPORTED_LOST),
        ("travel-case-open", CRJ07, RefusalCode.NOT_YET_FINISHED),
        ("travel-at-another-site", CRJ07, RefusalCode.AT_ANOTHER_SITE),
        ("ordinary", CRJ07, RefusalCode.NOTHING_TO_COLLECT),
    ],
)
def test_a_no_is_told_before_any_photograph(situation: str, script: Sequence[Expect], code: RefusalCode) -> None:
    before = "SignPage" if script is CRJ07 else "PortraitPage"
    found, pages = refused(situation, up_to(script, before))
    assert found is code
    assert not {"PortraitPage", "FormPage", "PayPage", "TakePage"} & set(pages)


@pytest.mark.parametrize("script", [CRJ04, CRJ07])
def test_cards_that_open_nothing_here_are_told_why(script: Sequence[Expect]) -> None:
    for situation, code in (
        ("under-16", RefusalCode.UNDER_AGE),
        ("renewal-expired", RefusalCode.CARD_EXPIRED),
        ("hmt", RefusalCode.CARD_FOREIGN),
    ):
        assert refused(situation, up_to(script, "FacePage"))[0] is code


def test_who_has_no_smartphone_takes_a_slip_and_the_case_is_held() -> None:
    async def scene(night: Night) -> None:
        by_slip = (*up_to(CRJ06, "PayPage"), Expect("PayPage", tap("by-slip"), first=code_shows), CRJ06[-1])
        report = await visitor(night, "ordinary").go(*by_slip)
        assert (report.ending, report.topic) == ("done", "closing-travel-by-slip")
        await in_order(night)
        assert untrue(night) == []
        (case,) = [c for c in night.ledger()["cases"] if c["number"] == report.number]
        assert case["state"] == "awaiting-payment"

    a_night(scene)


@pytest.mark.parametrize("code", ["CRJ05", "CRJ07"])
def test_slips_that_do_not_come_out_are_said(code: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS[code]
        someone = visitor(night, situation)
        someone.call("fault", device="receipt-printer", fault="paper-out")
        report = await someone.go(*script[:-1], END)
        assert report.ending == "done"
        assert ("print", "failed") in effects(report)
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def test_headquarters_that_goes_silent_at_the_filing_leaves_it_on_its_way() -> None:
    async def scene(night: Night) -> None:
        someone: Visitor = visitor(night, "ordinary")

        def paid_and_cut(citizen: Citizen, sight: Sight) -> Doing:
            yield from code_shows(citizen, sight)
            citizen.world.call("pay", url=citizen.hands.code())
            yield from citizen.gone(sight, "the payment to be confirmed")
            citizen.world.call("network", state="down")

        report = await someone.go(*up_to(CRJ04, "PayPage"), Expect("PayPage", paid_and_cut), END)
        assert report.ending in ("pending", "done")
        someone.call("network", state="up")
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
