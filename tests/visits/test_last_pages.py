"""The end of a visit: take your documents, a rating or none, and a number on paper for what could not be done."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import pytest

from central.database import transaction
from central.desks.ratings import ratings
from central.model import FilingRow
from kiosk.nights.many import in_order
from kiosk.nights.night import Night, in_virtual_time
from kiosk.nights.truths import untrue
from kiosk.people.satisfaction import Satisfaction
from kiosk.screens.states import Attract, RatingPage
from kiosk.settings.model import Announcement, Mark
from kiosk.simulation.citizen import Expect, play, tap
from kiosk.simulation.scripts.straight import SCRIPTS
from tests.visits.nights import Visitor, a_night, visitor

ALWAYS_THERE = Expect("RatingPage", tap("skip-rating"))
WHY_NOT = (Expect("TellPage", tap("continue")), Expect("ClosingPage", tap("end"), optional=True))


def rated(night: Night) -> list[dict[str, Any]]:
    with transaction(night.headquarters.engine) as db:
        return [dict(row) for row in ratings(db)["ratings"]]


def up_to(code: str, page: str) -> tuple[Expect, ...]:
    script = SCRIPTS[code][1]
    return script[: [e.page for e in script].index(page)]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_one_touch_says_how_it_was_and_not_who(language: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS["HZ04"]
        someone = visitor(night, situation)
        report = await someone.go(*script, Expect("RatingPage", tap(f"rate:{Satisfaction.DISSATISFIED.value}")))
        await in_order(night)
        (said,) = rated(night)
        assert (said["service"], said["dissatisfied"], said["satisfied"]) == ("HZ04", 1, 0)
        with transaction(night.headquarters.engine) as db:
            (row,) = [r for r in db.query(FilingRow).all() if r.kind.value == "service-rating"]
            assert row.visit == "" and report.end.case not in f"{row.key} {row.payload}"
            assert set(json.loads(row.payload)) == {"service", "rating"}
        assert untrue(night) == []

    a_night(scene, language=language)


def test_silence_and_skipping_are_answers_too() -> None:
    async def scene(night: Night) -> None:
        for last in ((), (ALWAYS_THERE,)):
            situation, script = SCRIPTS["HZ04"]
            someone = visitor(night, situation)
            began = night.clock.monotonic()
            _ = await someone.go(*script, *last)
            assert night.clock.monotonic() - began < 120.0
            await in_order(night)
        assert rated(night) == []

    a_night(scene)


async def refused(night: Night) -> Visitor:
    """Somebody whose record is beyond self-service, up to the page that asks how it was."""
    someone = visitor(night, "violation-general-procedure")
    await in_virtual_time(play(someone.citizen, (*up_to("JG01", "RightsPage"), *WHY_NOT)))
    return someone


async def asked_how_it_was(night: Night) -> RatingPage:
    assert night.running is not None
    async with asyncio.timeout(60.0):
        while True:
            shown = night.running.stage.shown
            if shown is not None and isinstance(shown.state, RatingPage):
                return shown.state
            await asyncio.sleep(0.05)


def test_what_could_not_be_done_goes_home_as_a_number_on_paper() -> None:
    async def scene(night: Night) -> None:
        someone = await refused(night)
        assert (await asked_how_it_was(night)).slip
        papers = someone.call("papers")["papers"]
        slips = [p["text"] for p in papers if "办不成事" in p["text"]]
        assert len(slips) == 1 and "0472-5550112" in slips[0]
        assert someone.person["number"] not in slips[0] and someone.person["name"] not in slips[0]
        await someone.home()
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)


def test_without_a_printer_the_page_has_the_number() -> None:
    async def scene(night: Night) -> None:
        night.street.call("fault", device="receipt-printer", fault="paper-out")
        someone = visitor(night, "card-being-made")
        script = tuple(
            Expect("ResultPage", tap("enough")) if e.page == "ResultPage" else e for e in SCRIPTS["HZ04"][1]
        )
        _ = await someone.go(*script)
        assert not [p for p in someone.call("papers")["papers"] if "办不成事" in p["text"]]
        night.street.call("clear", device="receipt-printer")

    a_night(scene)


def test_a_good_visit_brings_no_such_slip() -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS["HZ02"]
        someone = visitor(night, situation)
        _ = await someone.go(*script)
        assert not [p for p in someone.call("papers")["papers"] if "办不成事" in p["text"]]

    a_night(scene)


def test_the_attract_page_announces_what_stands_today() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        shown = night.running.stage.shown
        assert shown is not None and isinstance(shown.state, Attract)
        assert any("挂断" in chinese for chinese, _ in shown.state.notices)
        assert all(chinese and english for chinese, english in shown.state.notices)
        today = night.clock.now().date()
        standing = [notice for notice in night.settings.notices if notice.stands(today)]
        assert len(shown.state.notices) == len(standing) == 2

    a_night(scene)


def test_an_announcement_stands_from_its_first_day_to_its_last() -> None:
    notice = Announcement(
        zh="停水",
        en="No water",
        mark=Mark.PROPOSAL,
        source="test",
        as_of=date(2026, 11, 1),
        since=date(2026, 11, 22),
        until=date(2026, 11, 23),
    )
    days = [date(2026, 11, 21) + timedelta(days=n) for n in range(4)]
    assert [notice.stands(day) for day in days] == [False, True, True, False]
    known = notice.model_copy(update={"mark": Mark.KNOWN})
    assert not known.stands(days[1])
