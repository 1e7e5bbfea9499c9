"""The door of the zone: cards, people without one, guards, tail-gaters, power cuts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from central.database import transaction
from central.desks.desk import Desk
from central.desks.doors import described, doors, order_door
from central.desks.settling import Reason
from central.model import Alarm
from central.problems import Declined
from kiosk.commands.simulated import DOOR, TERMINAL, Machine
from kiosk.devices.presence.contract import Moving, Presence, PresenceCapabilities, Sighting
from kiosk.devices.words import DeviceState, Health
from kiosk.nights.night import Night, nightfall
from kiosk.screens.states import DoorPage, EntryStage
from kiosk.settings.model import ExpiredAtDoor
from kiosk.simulation.scene import Impossible
from kiosk.virtual import run_virtual

TODAY = date(2026, 11, 22)
BECAUSE = Reason("P-0007", "lost the card, wants to report it")


def at_the_door(folder: Path, act: Callable[[Night], Awaitable[None]], language: str = "zh-CN") -> None:
    """One night at the door."""

    async def night() -> None:
        async with Night(folder, 11, TODAY, language, machine=Machine("door")) as one:
            _ = await one.start()
            await act(one)
            assert one.troubles.seen == [] and one.dead_ends == []

    run_virtual(night(), start=nightfall(TODAY))


def stage(night: Night) -> EntryStage:
    shown = night.running.stage.shown if night.running is not None else None
    assert shown is not None and isinstance(shown.state, DoorPage)
    return shown.state.stage


def alarms(night: Night) -> tuple[str, ...]:
    assert night.running is not None
    return night.running.built.board.alarms()


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


def told(night: Night) -> dict[str, list[dict[str, str]]]:
    with transaction(night.headquarters.engine) as db:
        return doors(db, night.clock.now())


def order(night: Night, terminal: str = DOOR) -> str:
    def act(desk: Desk) -> str:
        return order_door(desk, terminal, BECAUSE).number

    return night.headquarters.by_a_person(act)


async def lay(night: Night, card: str = "own") -> None:
    night.street.call("person-arrives", situation="ordinary")
    night.street.call("lay-card", card=card)


async def come_in(night: Night) -> None:
    await until(lambda: night.street.call("state")["entrance"]["free"])
    night.street.call("push-entrance")
    await asyncio.sleep(2.0)
    night.street.call("shut-entrance")
    night.street.call("take-card")


@contextmanager
def locked() -> Generator[None]:
    with pytest.raises(Impossible, match="locked"):
        yield


def test_a_card_opens_the_door_and_headquarters_hears_of_it(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        with locked():
            night.street.call("push-entrance")
        await lay(night)
        await until(lambda: stage(night) is EntryStage.OPEN)
        await come_in(night)
        await until(lambda: stage(night) is EntryStage.WAITING)
        await night.empty_outbox()
        (entry,) = told(night)["entries"]
        assert (entry["terminal"], entry["by"], entry["came"], entry["order"]) == (DOOR, "card", "sensed", "")
        with locked():
            night.street.call("push-entrance")
        assert alarms(night) == ()

    at_the_door(tmp_path, act)


def test_nothing_personal_of_an_entry_leaves_the_door(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        await lay(night)
        person = night.street.call("state")["person"]
        await come_in(night)
        await until(lambda: stage(night) is EntryStage.WAITING)
        await night.empty_outbox()
        assert person["number"] not in str(told(night)) and person["name"] not in str(told(night))
        assert night.running is not None
        rows = await night.running.built.store.audit.rows_after(0, 200)
        chain = "\n".join(row.text for row in rows)
        assert "open-door" in chain and person["number"] not in chain

    at_the_door(tmp_path, act)


def test_whoever_lays_a_card_down_and_walks_on_has_not_come_in(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        await lay(night)
        await until(lambda: stage(night) is EntryStage.OPEN)
        night.street.call("take-card")
        await until(lambda: stage(night) is EntryStage.WAITING)
        await night.empty_outbox()
        assert [entry["came"] for entry in told(night)["entries"]] == ["nobody"]

    at_the_door(tmp_path, act)


@pytest.mark.parametrize(
    ("setting", "said"), [(ExpiredAtDoor.LET_IN, EntryStage.OPEN), (ExpiredAtDoor.GUARD, EntryStage.EXPIRED)]
)
def test_what_an_expired_card_does_is_the_stations_to_say(
    tmp_path: Path, setting: ExpiredAtDoor, said: EntryStage
) -> None:
    async def night() -> None:
        async with Night(tmp_path, 11, TODAY, machine=Machine("door")) as one:
            entrance = one.settings.entrance.model_copy(update={"expired_card": setting})
            one.settings = one.settings.model_copy(update={"entrance": entrance})
            _ = await one.start()
            one.street.call("person-arrives", situation="renewal-expired")
            one.street.call("lay-card", card="own")
            await until(lambda: stage(one) is said)
            assert one.world.scene.state.entrance_free is (said is EntryStage.OPEN)
            assert one.troubles.seen == [] and one.dead_ends == []

    run_virtual(night(), start=nightfall(TODAY))


@pytest.mark.parametrize("card", ["damaged", "counterfeit"])
def test_a_card_that_cannot_be_read_opens_nothing(tmp_path: Path, card: str) -> None:
    async def act(night: Night) -> None:
        await lay(night, card)
        await until(lambda: stage(night) is EntryStage.NOT_READ)
        with locked():
            night.street.call("push-entrance")
        assert told(night)["entries"] == []

    at_the_door(tmp_path, act)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_without_a_card_one_button_reaches_the_guard_who_opens(tmp_path: Path, language: str) -> None:
    async def act(night: Night) -> None:
        assert night.running is not None
        night.street.call("person-arrives", situation="card-lost")
        night.running.hands.tap("no-card")
        await until(lambda: stage(night) is EntryStage.CALLED)
        page: Any = night.running.stage.shown.view.page if night.running.stage.shown else None
        assert page.telephone.value == "0472-5550110" and page.calling
        await night.empty_outbox()
        with transaction(night.headquarters.engine) as db:
            assert "help" in set(db.scalars(select(Alarm.code).where(Alarm.terminal == DOOR)))
        number = order(night)
        await until(lambda: stage(night) is EntryStage.LET_IN)
        night.street.call("push-entrance")
        await asyncio.sleep(1.0)
        night.street.call("shut-entrance")
        await until(lambda: stage(night) is EntryStage.WAITING)
        await night.empty_outbox()
        found = told(night)
        assert [(o["order"], o["by"], o["because"], o["state"]) for o in found["orders"]] == [
            (number, BECAUSE.by, BECAUSE.because, "came-in")
        ]
        assert [(e["by"], e["came"], e["order"]) for e in found["entries"]] == [("guard", "sensed", number)]

    at_the_door(tmp_path, act, language)


@pytest.mark.parametrize("seconds", [0.4, 0.6, 0.8])
def test_whoever_touches_no_card_while_their_card_is_read_is_let_in_and_nobody_is_called(
    tmp_path: Path, seconds: float
) -> None:
    async def act(night: Night) -> None:
        assert night.running is not None
        await lay(night)
        await asyncio.sleep(seconds)
        night.running.hands.tap("no-card")
        await until(lambda: stage(night) in {EntryStage.OPEN, EntryStage.CALLED})
        assert stage(night) is EntryStage.OPEN
        await come_in(night)

    at_the_door(tmp_path, act)


def test_whoever_touches_no_card_while_a_spoilt_one_is_read_reaches_the_guard(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        assert night.running is not None
        await lay(night, "damaged")
        await asyncio.sleep(0.4)
        night.running.hands.tap("no-card")
        await until(lambda: stage(night) is EntryStage.CALLED)

    at_the_door(tmp_path, act)


def test_an_order_opens_once_however_often_it_is_repeated(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        assert night.running is not None
        _ = order(night)
        night.world.call("network", state="drop-after-request")
        await asyncio.sleep(5.0)
        night.world.call("network", state="up")
        await until(lambda: stage(night) is EntryStage.LET_IN)
        await until(lambda: stage(night) is EntryStage.WAITING)
        await asyncio.sleep(120.0)
        await night.empty_outbox()
        assert len(told(night)["entries"]) == 1

    at_the_door(tmp_path, act)


def test_an_order_that_came_too_late_opens_nothing(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        night.world.call("network", state="down")
        await asyncio.sleep(5.0)
        _ = order(night)
        await asyncio.sleep(100.0)
        night.world.call("network", state="up")
        await asyncio.sleep(60.0)
        await night.empty_outbox()
        found = told(night)
        assert found["entries"] == [] and [o["state"] for o in found["orders"]] == ["over"]

    at_the_door(tmp_path, act)


def test_only_a_door_is_opened_and_only_one_order_at_a_time(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        for terminal, code in ((TERMINAL, "no-door"), ("KDL-999", "unknown")):
            with pytest.raises(Declined) as declined:
                _ = order(night, terminal)
            assert declined.value.problem.code == code
        night.world.call("network", state="down")
        _ = order(night)
        with pytest.raises(Declined) as declined:
            _ = order(night)
        assert declined.value.problem.code == "ordered"

    at_the_door(tmp_path, act)


def test_a_second_person_on_one_card_is_noticed(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        await lay(night)
        await until(lambda: stage(night) is EntryStage.OPEN)
        for _ in range(2):
            night.street.call("push-entrance")
            await asyncio.sleep(1.0)
            night.street.call("shut-entrance")
            await asyncio.sleep(0.6)
        night.street.call("take-card")
        await until(lambda: "door-alarm-tail-gate" in alarms(night))
        await until(lambda: stage(night) is EntryStage.WAITING)
        shown = night.running.stage.shown if night.running is not None else None
        assert shown is not None and "door-alarm-tail-gate" in getattr(shown.state, "alarms", ())
        await asyncio.sleep(90.0)
        assert alarms(night) == ()
        with transaction(night.headquarters.engine) as db:
            assert "door-alarm-tail-gate" in set(db.scalars(select(Alarm.code).where(Alarm.terminal == DOOR)))

    at_the_door(tmp_path, act)


class Somebody:
    """A sensor that sees somebody in the door."""

    capabilities = PresenceCapabilities(sees_still=True, measures=True)

    async def health(self) -> Health:
        return Health(DeviceState.ONLINE)

    async def close(self) -> None:
        """Nothing is held."""

    async def look(self) -> Sighting:
        return Sighting(Presence.PRESENT, Moving.MOVING, 40, 0)


def test_somebody_in_the_door_after_the_first_is_through_is_noticed(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        assert night.running is not None and night.running.built.entrance is not None
        night.running.built.entrance.watching.presence = Somebody()
        await lay(night)
        await until(lambda: stage(night) is EntryStage.OPEN)
        night.street.call("push-entrance")
        await until(lambda: "door-alarm-tail-gate" in alarms(night), 20.0)

    at_the_door(tmp_path, act)


def test_a_door_held_open_is_named_until_it_is_shut(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        await lay(night)
        await until(lambda: stage(night) is EntryStage.OPEN)
        night.street.call("push-entrance")
        await until(lambda: "door-alarm-held" in alarms(night), 90.0)
        night.street.call("shut-entrance")
        await until(lambda: alarms(night) == ())

    at_the_door(tmp_path, act)


def test_getting_out_needs_no_program(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        _ = await night.kill()
        night.street.call("leave-by-entrance")
        assert night.street.call("state")["entrance"] == {"free": False, "open": True}

    at_the_door(tmp_path, act)


def test_a_power_cut_amid_a_release_is_told_as_in_doubt_and_opens_nothing_again(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        await lay(night)
        await until(lambda: stage(night) is EntryStage.OPEN)
        await until(lambda: bool(night.street.call("state")["entrance"]["free"]))
        _ = await night.kill()
        night.street.call("take-card")
        _ = await night.start()
        await night.settled()
        await night.empty_outbox()
        assert [entry["came"] for entry in told(night)["entries"]] == ["in-doubt"]
        with locked():
            night.street.call("push-entrance")
        with transaction(night.headquarters.engine) as db:
            assert "door-in-doubt" in set(db.scalars(select(Alarm.code)))

    at_the_door(tmp_path, act)


@pytest.mark.parametrize("device", ["id-reader", "door"])
def test_without_its_reader_or_its_lock_the_page_names_the_telephone(tmp_path: Path, device: str) -> None:
    async def act(night: Night) -> None:
        night.street.call("unplug", device=device)
        await until(lambda: stage(night) is EntryStage.AWAY)
        night.street.call("plug", device=device)
        await until(lambda: stage(night) is EntryStage.WAITING)

    at_the_door(tmp_path, act)


def test_an_order_is_described_with_who_and_why(tmp_path: Path) -> None:
    async def act(night: Night) -> None:
        def give(desk: Desk) -> dict[str, str]:
            return described(order_door(desk, DOOR, BECAUSE), desk.now)

        said = night.headquarters.by_a_person(give)
        assert (said["terminal"], said["by"], said["because"]) == (DOOR, BECAUSE.by, BECAUSE.because)

    at_the_door(tmp_path, act)
