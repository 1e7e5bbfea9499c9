"""A machine that does not reach headquarters: what it still takes, for how long, and what becomes of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from central.model_pre_registration import PreRegistrationRow
from kiosk.flows.opening import Line
from kiosk.nights.night import Night, Running, in_virtual_time
from kiosk.people.silence import Silence
from kiosk.screens.states import ServiceOpen, ServiceTile
from kiosk.simulation.citizen import Expect, fill_form, lay, read_and_tap, take_paper, touch_sensor
from kiosk.simulation.scripts.beginnings import from_all_services
from tests.visits.nights import Visitor, a_night, visitor

LEFT = {"HZ01", "HZ08", "CRJ04", "CRJ05", "CRJ06"}
PRE_REGISTERED = (
    *from_all_services("CRJ04"),
    Expect("NoticePage", read_and_tap("continue")),
    Expect("ReadCard", lay("own")),
    Expect("FingerPage", touch_sensor),
    Expect("FormPage", fill_form),
    Expect("ConsentPage", read_and_tap("agree")),
    Expect("ClosingPage", take_paper),
)


def tiles(running: Running) -> dict[str, ServiceTile]:
    return {tile.code: tile for tile in running.built.serving.tiles()}


async def cut_off(someone: Visitor) -> None:
    board = someone.running.built.board
    someone.call("network", state="down")
    away = someone.citizen.until(lambda: board.headquarters() is ServiceOpen.CLOSED, "the line to be missed")
    await in_virtual_time(away)


async def connected(night: Night) -> None:
    night.street.call("network", state="up")
    async with asyncio.timeout(600):
        while not night.offers_all():
            await asyncio.sleep(1.0)
    await night.empty_outbox()


def test_who_they_are_is_left_sealed_and_headquarters_has_it_once_when_the_line_is_back() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "renewal-due")
        await cut_off(someone)
        offered = tiles(someone.running)
        left = {code for code, tile in offered.items() if tile.open is ServiceOpen.OPEN}
        assert left == LEFT
        assert all(offered[code].line is Line.DOWN for code in left)
        assert offered["JG01"].why == "closed-offline"
        report = await someone.go(*PRE_REGISTERED)
        assert (report.ending, report.topic) == ("pending", "closing-pre-registered")
        (row,) = await someone.running.built.store.outbox.outbox_due(*[night.clock.now() + timedelta(days=1)] * 2)
        assert '"sealed"' in row.body and someone.person["number"] not in row.body
        assert someone.person["phone"] not in row.body
        services, night.services = night.services, frozenset({"HZ01"})
        _ = await night.kill()
        _ = await night.start()
        night.services = services
        await connected(night)
        (case,) = [c for c in night.ledger()["cases"] if c["kind"] == "pre-registration"]
        assert case["visit"] == report.end.case
        quoted = select(PreRegistrationRow.quoted)
        assert night.headquarters.by_a_person(lambda desk: desk.db.scalars(quoted).all()) == [report.number]

    a_night(scene)


def test_after_the_days_of_the_signed_rules_nothing_is_taken_whatever_the_clock_says_and_the_line_opens_all() -> None:
    async def scene(night: Night) -> None:
        someone, everything = visitor(night, "renewal-due"), night.services
        await cut_off(someone)
        now = night.clock.now()

        async def next_morning(latest: timedelta, offered: frozenset[str]) -> dict[str, ServiceTile]:
            """Headquarters was heard for the last time 29 days ago; the machine starts again without a line."""
            book = someone.running.built.store.line
            kept = await book.kept()
            assert kept is not None and kept.seal_for.startswith("age1")
            await book.keep(Silence(now - timedelta(days=29), now + latest, kept.seal_for))
            _ = await night.kill()
            night.services = offered
            _ = await night.start()
            await cut_off(someone)
            return tiles(someone.running)

        assert (await next_morning(timedelta(0), frozenset({"HZ01"})))["HZ01"].open is ServiceOpen.OPEN
        # It was two days later already when it was looked at: the clock was set back since.
        closed = await next_morning(timedelta(days=2), frozenset())
        assert {tile.why for code, tile in closed.items() if code in LEFT} == {"closed-offline-long"}
        assert not [tile for tile in closed.values() if tile.open is ServiceOpen.OPEN]
        night.services = everything
        await connected(night)
        assert all(tiles(someone.running)[code].line is Line.UP for code in LEFT)

    a_night(scene)
