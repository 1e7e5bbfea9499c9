"""The attract page: whoever lays down a card, at whatever hour, whatever became of the reader before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kiosk.backend.link import LinkAlarm
from kiosk.counter.durations import Durations
from kiosk.counter.pages import NightHours, Pages
from kiosk.counter.watch import Watch
from kiosk.nights.night import Night, in_virtual_time
from kiosk.screens.states import ServiceOpen, Theme
from tests.visits.nights import Visitor, a_night, visitor


async def comes(someone: Visitor, page: str) -> None:
    hands = someone.running.hands
    await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == page, page))


def test_a_card_laid_down_after_a_long_quiet_night_is_seen() -> None:
    async def scene(night: Night) -> None:
        await asyncio.sleep(Durations().card + 10)
        someone = visitor(night, "card-finished-renewal")
        someone.call("lay-card", card="own")
        await comes(someone, "ConsentPage")

    a_night(scene)


@pytest.mark.parametrize("card", ["damaged", "counterfeit", "foreign"])
def test_a_card_that_cannot_be_used_still_opens_a_page(card: str) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        someone.call("lay-card", card=card)
        await comes(someone, "AllServices")
        someone.call("take-card")
        await comes(someone, "Attract")
        someone.call("lay-card", card="own")
        await comes(someone, "ConsentPage")

    a_night(scene)


def test_where_nobody_can_be_verified_a_card_leads_to_the_list_that_says_why() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        someone.running.built.board.hold("fingerprint", "test")
        someone.call("lay-card", card="own")
        await comes(someone, "AllServices")

    a_night(scene)


def test_with_headquarters_away_a_card_leads_to_the_list_that_says_why() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        board = someone.running.built.board
        someone.call("network", state="down")
        away = someone.citizen.until(lambda: board.headquarters() is not ServiceOpen.OPEN, "the line to be missed")
        await in_virtual_time(away)
        someone.call("lay-card", card="own")
        await comes(someone, "AllServices")

    a_night(scene)


def test_with_the_locker_closed_a_card_still_tells_what_is_waiting() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        someone.running.built.board.hold("locker", "test")
        someone.call("lay-card", card="own")
        await comes(someone, "ConsentPage")

    a_night(scene)


def test_a_reader_that_was_away_reads_the_next_card() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        someone.call("unplug", device="id-reader")
        await asyncio.sleep(20)
        someone.call("plug", device="id-reader")
        await asyncio.sleep(40)
        someone.call("lay-card", card="own")
        await comes(someone, "ConsentPage")

    a_night(scene)


@pytest.mark.parametrize(
    ("hour", "theme"), [(20, Theme.DAY), (21, Theme.NIGHT), (0, Theme.NIGHT), (5, Theme.NIGHT), (6, Theme.DAY)]
)
def test_screens_are_dim_from_evening_to_morning(hour: int, theme: Theme) -> None:
    assert NightHours(21, 6).theme(datetime(2026, 11, 22, hour).astimezone()) is theme


def test_without_night_hours_it_is_always_day() -> None:
    assert {NightHours().theme(datetime(2026, 11, 22, hour).astimezone()) for hour in range(24)} == {Theme.DAY}


class Standing:
    """A clock that shows what it was set to."""

    def __init__(self, now: datetime) -> None:
        self.shown = now

    def now(self) -> datetime:
        return self.shown

    def monotonic(self) -> float:
        return 0.0


async def nobody_is_called(page: str) -> None:
    raise AssertionError(page)


def test_the_theme_follows_the_hour_while_nobody_is_there_and_high_contrast_goes_back_to_it() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        stage = night.running.stage
        assert stage.look.theme is Theme.NIGHT
        for theme in (Theme.HIGH_CONTRAST, Theme.NIGHT):
            night.running.hands.tap("theme")
            await asyncio.sleep(1)
            assert stage.look.theme is theme
        morning = Standing(night.clock.now().replace(hour=6) + timedelta(days=1))
        pages = Pages(stage, morning, Watch(morning), Durations(), True, nobody_is_called, NightHours(21, 6))
        pages.follow_the_hour()
        assert stage.look.theme is Theme.DAY

    a_night(scene)


def test_a_wrong_clock_closes_the_terminal_until_it_is_right_again() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        stage, built = night.running.stage, night.running.built
        await asyncio.sleep(5)
        built.line_changed(replace(built.link.link, alarms=frozenset({LinkAlarm.WRONG_CLOCK})))
        await asyncio.sleep(1)
        assert stage.shown is not None
        assert (stage.shown.view.kind, stage.shown.view.identity) == ("OutOfService", "OutOfService/out-clock")
        assert "alarm-clock" in built.board.alarms()
        await built.link.beat()
        await asyncio.sleep(1)
        assert stage.shown.view.kind == "Attract"

    a_night(scene)
