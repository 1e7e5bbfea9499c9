"""Touches that come in the very moment in which something else happens."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from central.desks.sights import sight_of
from central.desks.tickets import close, say
from central.desks.unresolved import hand_over
from central.model_help import Ticket, Unresolved
from kiosk.nights.night import Night, in_virtual_time
from kiosk.protocol.sight import Sight
from kiosk.screens.states import HelpPage, ServiceOpen
from kiosk.simulation.scripts.straight import SCRIPTS
from tests.visits.nights import a_night, visitor


def test_a_service_touched_in_the_moment_availability_changes_is_not_lost() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        hands, board = someone.running.hands, someone.running.built.board
        for steps_later in range(12):
            board.put_device("page-printer", ServiceOpen.CLOSED if steps_later % 2 else ServiceOpen.OPEN)
            board.put_device("page-printer", ServiceOpen.OPEN if steps_later % 2 else ServiceOpen.CLOSED)
            for _ in range(steps_later):
                await asyncio.sleep(0)
            hands.tap("service:HZ02")
            await asyncio.sleep(1.0)
            assert hands.look().kind == "NoticePage", f"lost {steps_later} steps after the change"
            hands.tap("leave")
            await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "LeavePage", "the question"))
            hands.tap("leave")
            await someone.home()

    a_night(scene)


@pytest.mark.parametrize("seconds", [0.4, 0.8])
def test_whoever_touches_a_service_while_their_card_is_read_is_not_asked_for_it_again(seconds: float) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        hands, script = someone.running.hands, list(SCRIPTS["HZ02"][1][1:])
        script.remove(next(expect for expect in script if expect.page == "ReadCard"))
        someone.call("lay-card", card="own")
        await asyncio.sleep(seconds)
        hands.tap("service:HZ02")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice"))
        someone.call("take-card")
        report = await someone.go(*script)
        assert (report.service, report.ending) == ("HZ02", "done")

    a_night(scene)


def unanswered(sight: object) -> bool:
    """Whether the page says that nobody came."""
    state = getattr(sight, "state", None)
    assert isinstance(state, HelpPage)
    return state.unanswered


def said(sight: object) -> tuple[str, ...]:
    """What an officer wrote."""
    state = getattr(sight, "state", None)
    assert isinstance(state, HelpPage)
    return state.said


def test_help_that_nobody_answers_says_so_and_the_page_comes_back() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        hands = someone.running.hands
        hands.tap("service:HZ02")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice"))
        hands.tap("help")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "HelpPage", "help"))
        assert unanswered(hands.look()) is False
        await asyncio.sleep(65.0)
        assert unanswered(hands.look()) is True
        assert hands.sees("continue")
        hands.tap("continue")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice again"))
        await night.empty_outbox()
        assert [c["kind"] for c in night.ledger()["cases"] if c["kind"] == "help"] == ["help"]

    a_night(scene)


def test_what_an_officer_answers_stands_on_the_page_of_help() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        hands, by = someone.running.hands, night.headquarters.by_a_person
        hands.tap("service:HZ02")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice"))
        hands.tap("help")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "HelpPage", "help"))
        await asyncio.sleep(5.0)
        (number,) = by(lambda desk: desk.db.scalars(select(Ticket.number)).all())
        by(lambda desk: say(desk, number, "wang", "one"))
        await asyncio.sleep(50.0)
        by(lambda desk: say(desk, number, "wang", "two"))
        await asyncio.sleep(50.0)
        assert (unanswered(hands.look()), said(hands.look())) == (False, ("one", "two"))
        by(lambda desk: close(desk, number, "wang"))
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice again"))

    a_night(scene)


def test_an_officer_sees_the_page_of_whoever_calls_until_the_call_or_the_visit_is_over() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        hands, by = someone.running.hands, night.headquarters.by_a_person
        sights: list[Sight | None] = []

        def look() -> None:
            numbers = by(lambda desk: desk.db.scalars(select(Ticket.number).order_by(Ticket.at)).all())
            sights.append(by(lambda desk: sight_of(desk, numbers[-1])) if numbers else None)

        hands.tap("service:HZ02")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice"))
        await asyncio.sleep(10.0)
        look()
        hands.tap("help")
        await asyncio.sleep(5.0)
        look()
        hands.tap("continue")
        await asyncio.sleep(3.0)
        look()
        hands.tap("leave")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "LeavePage", "the question"))
        hands.tap("leave")
        await someone.home()
        await asyncio.sleep(3.0)
        look()
        before, covered, shown, after = sights
        assert before is None and after is None
        assert covered is not None and covered.page is not None and covered.page.page == "HelpPage"
        assert covered.beneath is not None and covered.beneath.page == "NoticePage"
        assert shown is not None and shown.page is not None and shown.page.page == "NoticePage"

    a_night(scene)


def test_a_matter_that_is_handed_to_the_desk_goes_home_with_its_number_on_paper() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        hands, by = someone.running.hands, night.headquarters.by_a_person
        hands.tap("service:HZ02")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice"))
        hands.tap("help")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "HelpPage", "help"))
        await asyncio.sleep(5.0)
        (ticket,) = by(lambda desk: desk.db.scalars(select(Ticket.number)).all())
        number = by(lambda desk: hand_over(desk, ticket, "wang", "the card is not read").number)
        await asyncio.sleep(3.0)
        state = getattr(hands.look(), "state", None)
        assert isinstance(state, HelpPage) and state.handed == number
        hands.tap("continue")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice again"))
        await asyncio.sleep(10.0)
        await night.empty_outbox()
        assert by(lambda desk: desk.db.scalars(select(Unresolved.slip)).all()) == ["printed"]
        papers = [paper["text"] for paper in night.street.call("papers")["papers"]]
        assert [number in text for text in papers] == [True]

    a_night(scene)
