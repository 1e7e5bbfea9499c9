"""Whoever was interrupted is told where money and document are, and may have their papers printed once more;
whoever only knows their number, or only looks like them, is not.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from kiosk.backend.direct import Weather
from kiosk.nights.night import Night, in_virtual_time
from kiosk.nights.truths import untrue
from kiosk.settings.model import SecondFactor
from kiosk.simulation.citizen import Expect, look_into_the_camera, play, read_and_tap, tap, touch_sensor, type_number
from kiosk.simulation.state import Device
from tests.visits.nights import Visitor, a_night, script_of, until_page, visitor

TO_THE_NUMBER = (
    Expect("Attract", tap("service:HZ02")),
    Expect("NoticePage", read_and_tap("continue")),
    Expect("ConsentPage", read_and_tap("agree")),
    Expect("ReadCard", tap("without-card")),
    Expect("TypeNumber", type_number),
)


async def interrupted(night: Night, code: str = "HZ02", page: str = "SignPage", nth: int = 0) -> str:
    """The power goes at a page, in HZ02 when somebody's old card is in the cabinet; their number."""
    someone = visitor(night, script_of(code)[0])
    await in_virtual_time(play(someone.citizen, until_page(code, page, nth)))
    await in_virtual_time(someone.citizen.until(lambda: someone.running.hands.look().kind == page, page))
    await night.kill()
    someone.call("person-leaves")
    await night.start()
    return someone.citizen.number


def reprints(night: Night) -> list[tuple[str, str]]:
    """Event and paper of every reprint in the audit chain."""
    assert night.running is not None
    with closing(sqlite3.connect(night.running.folder / "terminal" / "terminal.db")) as books:
        rows = [json.loads(text) for (text,) in books.execute("SELECT text FROM audit ORDER BY row")]
    return [(row["event"], row["details"]["paper"]) for row in rows if row["event"] == "reprinted"]


async def told(someone: Visitor) -> None:
    """Until the page about the last visit is there."""
    hands = someone.running.hands
    await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "WelcomeBack", "what became of it"))


FACE = Expect("FacePage", look_into_the_camera)
FINGER = Expect("FingerPage", touch_sensor)


def page_facts(someone: Visitor) -> str:
    """The sentences on the page."""
    return str(someone.running.hands.look().view["page"])


def receipts(night: Night) -> list[str]:
    """Slips that came out, as text."""
    return [paper.text for paper in night.world.scene.state.papers if paper.device is Device.RECEIPT_PRINTER]


async def ask_for_papers(owner: Visitor, word: str) -> None:
    """Ask for the papers and wait until the page says `word` of them."""
    hands = owner.running.hands
    await in_virtual_time(play(owner.citizen, (Expect("WelcomeBack", tap("reprint")),)))
    await in_virtual_time(
        owner.citizen.until(lambda: hands.look().kind == "WelcomeBack" and word in page_facts(owner), word)
    )


async def come_back(night: Night, code: str = "HZ02") -> Visitor:
    """The owner, by number, before the page about the last visit."""
    owner = visitor(night, script_of(code)[0])
    by_number = TO_THE_NUMBER if code == "HZ02" else until_page(code, "FacePage")
    await in_virtual_time(play(owner.citizen, (*by_number, FACE, FINGER)))
    await told(owner)
    return owner


def test_the_owner_is_told_after_both_factors_and_not_after_the_face_alone() -> None:
    async def scene(night: Night) -> None:
        await interrupted(night)
        owner = await come_back(night)
        assert owner.pages[-2:] == ["FacePage", "FingerPage"]

    a_night(scene)


def test_where_one_factor_is_enough_the_owner_is_told_after_the_face() -> None:
    async def scene(night: Night) -> None:
        identity = night.settings.identity.model_copy(update={"second_factor": SecondFactor.NOT_REQUIRED})
        night.settings = night.settings.model_copy(update={"identity": identity})
        await interrupted(night)
        owner = visitor(night, script_of("HZ02")[0])
        await in_virtual_time(play(owner.citizen, (*TO_THE_NUMBER, FACE)))
        await told(owner)

    a_night(scene)


def test_who_declines_the_camera_is_told_after_the_fingerprint() -> None:
    async def scene(night: Night) -> None:
        await interrupted(night)
        owner = visitor(night, script_of("HZ02")[0])
        faceless = (*TO_THE_NUMBER[:2], Expect("ConsentPage", read_and_tap("decline")), *TO_THE_NUMBER[3:])
        await in_virtual_time(play(owner.citizen, (*faceless, FINGER)))
        await told(owner)

    a_night(scene)


def test_somebody_who_only_knows_the_number_learns_nothing() -> None:
    async def scene(night: Night) -> None:
        number = await interrupted(night)
        stranger = visitor(night, script_of("HZ02")[0], nth=1)
        stranger.citizen.number = number
        report = await stranger.go(
            *TO_THE_NUMBER,
            FACE,
            FINGER,
            Expect("TellPage", tap("continue")),
            Expect("ClosingPage", tap("end"), optional=True),
        )
        assert report.ending == "refused"
        assert "WelcomeBack" not in report.pages
        _ = await come_back(night)

    a_night(scene)


def test_the_slip_of_the_interrupted_visit_is_printed_once_more() -> None:
    async def scene(night: Night) -> None:
        await interrupted(night)
        (first,) = receipts(night)
        owner = await come_back(night)
        await ask_for_papers(owner, "补打字样")
        _, again = receipts(night)
        assert "补打" in again and "补打" not in first
        (custody,) = [d["id"] for d in night.ledger()["documents"] if d["kind"] == "old-card"]
        assert custody in again and custody in first
        assert owner.citizen.number not in again
        await in_virtual_time(play(owner.citizen, (Expect("WelcomeBack", tap("continue")),)))
        assert ("reprinted", "custody-slip") in reprints(night)
        await night.empty_outbox()
        assert untrue(night) == []

    a_night(scene)


def test_a_decision_is_printed_once_more_on_its_own_paper() -> None:
    async def scene(night: Night) -> None:
        await interrupted(night, "JG01", "ChoosePage", 1)
        owner = await come_back(night, "JG01")
        await ask_for_papers(owner, "补打字样")
        papers = night.world.scene.state.papers
        assert [paper.device for paper in papers] == [Device.PAGE_PRINTER, Device.RECEIPT_PRINTER] * 2
        assert not any(owner.citizen.number in paper.name for paper in papers)
        assert [paper for _, paper in reprints(night)] == ["penalty-decision", "violation-slip"]
        await in_virtual_time(play(owner.citizen, (Expect("WelcomeBack", tap("continue")),)))
        await night.empty_outbox()
        assert untrue(night) == []

    a_night(scene)


def test_a_printer_without_paper_is_said_and_may_be_tried_again() -> None:
    async def scene(night: Night) -> None:
        await interrupted(night)
        owner = await come_back(night)
        owner.call("fault", device="receipt-printer", fault="paper-out")
        await ask_for_papers(owner, "没有打印好")
        assert len(receipts(night)) == 1
        owner.call("clear", device="receipt-printer")
        await ask_for_papers(owner, "补打字样")
        assert len(receipts(night)) == 2

    a_night(scene)


def test_without_headquarters_no_paper_is_promised() -> None:
    async def scene(night: Night) -> None:
        await interrupted(night)
        owner = visitor(night, script_of("HZ02")[0])
        await in_virtual_time(play(owner.citizen, (*TO_THE_NUMBER, FACE)))
        night.wire.trouble = lambda n, method, path: Weather.DOWN if path == "/v1/lookups" else None
        await in_virtual_time(play(owner.citizen, (FINGER,)))
        await told(owner)
        assert not owner.running.hands.sees("reprint")
        assert "可以再打印" not in page_facts(owner)

    a_night(scene)
