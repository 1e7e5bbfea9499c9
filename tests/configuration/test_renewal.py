"""A terminal that is wired anew while it runs: when, and what becomes of it when the new wiring is no good."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import Ended, Terminal, terminal
from kiosk.commands.brought import Files
from kiosk.commands.station import screen_settings, words_of
from kiosk.configuration.judging import Judge
from kiosk.configuration.keeper import Keeper
from kiosk.configuration.shelf import Shelf
from kiosk.nights.night import Night, Running, in_virtual_time, nightfall
from kiosk.nights.power import Power
from kiosk.nights.record import Record
from kiosk.protocol.configuration import SetStage
from kiosk.renewal import STARTING, Renewal
from kiosk.screens.presenters import Presenters
from kiosk.screens.states import ServiceOpen
from kiosk.screens.words import OnMissing
from kiosk.settings import Settings, load_settings
from kiosk.simulation.citizen import play
from kiosk.simulation.virtual_terminal import HeadlessStage
from kiosk.virtual import run_virtual
from kiosk.vision.scripted import ScriptedCamera
from tests.configuration.repository import Clock, Line, Office, PlainInspector, Published, virtually
from tests.visits.nights import DAY, script_of, visitor

FIRST = load_settings()
SECOND = FIRST.model_copy(update={"settings_version": "second"})
THIRD = FIRST.model_copy(update={"settings_version": "third"})


@dataclass
class House:
    """What stands round a terminal: why it is closed, and how its devices are."""

    why: list[str] = field(default_factory=list[str])
    devices: dict[str, ServiceOpen] = field(default_factory=dict[str, ServiceOpen])

    def close_all(self, why: str) -> None:
        if why not in self.why:
            self.why.append(why)

    def open_again(self, why: str) -> None:
        if why in self.why:
            self.why.remove(why)

    def reasons(self) -> tuple[str, ...]:
        return tuple(self.why)

    def device(self, device_class: str) -> ServiceOpen:
        return self.devices[device_class]


@dataclass
class Wired:
    """A terminal of given settings."""

    settings: Settings
    board: House = field(default_factory=lambda: House(devices={"locker": ServiceOpen.OPEN}))
    resting: bool = True
    open_case: bool = False
    ended: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def at_rest(self) -> bool:
        return self.resting

    def fitted(self) -> tuple[str, ...]:
        return tuple(self.board.devices)

    async def unsettled(self) -> bool:
        return self.open_case

    async def rehearse(self) -> tuple[str, ...]:
        return ()


@dataclass
class Street:
    """Everything that was ever wired, and what refuses to be."""

    wired: list[Wired] = field(default_factory=list[Wired])
    closed: list[str] = field(default_factory=list[str])
    refuses: str = ""

    @property
    def versions(self) -> list[str]:
        return [each.settings.settings_version for each in self.wired]

    @asynccontextmanager
    async def wire(self, settings: Settings) -> AsyncGenerator[Wired]:
        if settings.settings_version == self.refuses:
            raise ValueError("a driver that is not there")
        self.wired.append(Wired(settings))
        try:
            yield self.wired[-1]
        finally:
            self.closed.append(settings.settings_version)

    async def run(self, wired: Wired) -> str:
        return await wired.ended


Renewing = Renewal[Wired, str]


def living(act: Callable[[Street, Renewing], Coroutine[Any, Any, None]]) -> Street:
    """One that begins with FIRST; `act` happens beside it, and then it is ended."""
    street = Street()

    async def main() -> None:
        renewal = Renewal(street.wire, street.run, Clock())
        life = asyncio.create_task(renewal.live(FIRST))
        await act(street, renewal)
        street.wired[-1].ended.set_result("over")
        assert await life == "over"

    virtually(main())
    return street


def test_another_wiring_takes_the_place_of_the_first_and_nobody_is_let_in_meanwhile() -> None:
    async def act(street: Street, renewal: Renewing) -> None:
        async with renewal.between_visits():
            assert street.wired[0].board.why == [STARTING]
            await renewal.put_in_force(SECOND)
            assert street.versions == [FIRST.settings_version, "second"] and street.closed == street.versions[:1]
            assert street.wired[1].board.why == [STARTING] and renewal.troubles() == frozenset()
        assert street.wired[1].board.why == []

    assert living(act).closed[-1] == "second"


@pytest.mark.parametrize("held", ["resting", "open_case"])
def test_it_waits_for_whoever_is_served_and_for_what_is_unsettled(held: str) -> None:
    async def act(street: Street, renewal: Renewing) -> None:
        await asyncio.sleep(1)
        setattr(street.wired[0], held, held != "resting")

        async def renew() -> None:
            async with renewal.between_visits():
                await renewal.put_in_force(SECOND)

        task = asyncio.create_task(renew())
        await asyncio.sleep(600)
        assert street.versions == [FIRST.settings_version] and street.wired[0].board.why == []
        setattr(street.wired[0], held, held == "resting")
        await task

    assert living(act).versions[-1] == "second"


def test_what_cannot_be_wired_is_told_and_the_good_one_comes_back() -> None:
    async def act(street: Street, renewal: Renewing) -> None:
        street.refuses = "second"
        async with renewal.between_visits():
            with pytest.raises(ValueError, match="driver"):
                await renewal.put_in_force(SECOND)
            assert renewal.troubles() == {"terminal:ValueError"}
            await renewal.put_in_force(FIRST)
            assert renewal.troubles() == frozenset()
        assert street.wired[-1].board.why == []

    assert living(act).versions == [FIRST.settings_version] * 2


def test_one_that_falls_on_trial_is_seen_and_taken_back() -> None:
    async def act(street: Street, renewal: Renewing) -> None:
        async with renewal.between_visits():
            await renewal.put_in_force(SECOND)
            street.wired[-1].ended.set_exception(RuntimeError("fell"))
            await asyncio.sleep(1)
            assert renewal.troubles() == {"terminal:RuntimeError"}
            await renewal.put_in_force(FIRST)
            assert renewal.troubles() == frozenset()

    assert living(act).versions == [FIRST.settings_version, "second", FIRST.settings_version]


def test_one_that_falls_outside_of_a_trial_is_a_fall_of_the_terminal() -> None:
    async def main() -> None:
        street = Street()
        renewal = Renewal(street.wire, street.run, Clock())
        life = asyncio.create_task(renewal.live(FIRST))
        await asyncio.sleep(1)
        street.wired[-1].ended.set_exception(RuntimeError("fell"))
        with pytest.raises(RuntimeError, match="fell"):
            await life

    virtually(main())


def test_troubles_are_devices_that_cannot_be_used_and_reasons_to_be_closed() -> None:
    async def act(street: Street, renewal: Renewing) -> None:
        await asyncio.sleep(1)
        board = street.wired[0].board
        board.devices["locker"] = ServiceOpen.CHECKING
        assert renewal.troubles() == frozenset(), "it may still be getting ready"
        await asyncio.sleep(30)
        board.close_all("disk")
        assert renewal.troubles() == {"device:locker", "closed:disk"}
        board.devices["locker"] = ServiceOpen.CLOSED
        assert renewal.troubles() == {"device:locker", "closed:disk"}

    _ = living(act)


# -- the real terminal ---------------------------------------------------------------------------------------------


class RenewedNight(Night):
    """Its terminal keeps itself at what headquarters assigns."""

    renewal: Renewal[Terminal, Ended]
    stage: HeadlessStage

    @property
    def emergency(self) -> str:
        """What the page says on whom to call; every page says it."""
        assert self.stage.shown is not None
        return self.stage.shown.view.chrome.emergency

    async def _life(
        self,
        power: Power,
        folder: Path,
        stage: HeadlessStage,
        record: Record,
        ready: asyncio.Future[Terminal],
    ) -> None:
        @asynccontextmanager
        async def wire(settings: Settings) -> AsyncGenerator[Terminal]:
            self.settings = settings
            self.stage = stage
            words = words_of(settings, Files(folder.parent / "configuration" / "files"), OnMissing.RAISE)
            stage.speak_with(Presenters(words, screen_settings(settings, settings.terminal.language)))
            around = self._surroundings(power, folder, ScriptedCamera(), record)
            async with terminal(settings, around, stage) as built:
                if self.running is not None:
                    self.running = replace(self.running, built=built)
                yield built

        async def live(built: Terminal) -> Ended:
            if not ready.done():
                ready.set_result(built)
            return await built.run()

        self.renewal = Renewal(wire, live, self.clock)
        _ = await self.renewal.live(self.settings)


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(600):
        while not what():
            await asyncio.sleep(0.25)


def tile(running: Running | None, code: str) -> ServiceOpen:
    assert running is not None
    return next(tile.open for tile in running.built.duty.tiles() if tile.code == code)


def test_a_visit_goes_on_under_its_settings_and_what_was_pushed_holds_for_the_next() -> None:
    published = Published()
    said = {"texts/zh-CN/a.ftl": "emergency = 有急事请拨 { $number }\n".encode()}
    first = {"services": {"HZ10": {"enabled": False}}, "timeouts": {"idle": 55.0}}
    published.publish(1, settings={**first, "brought": {"texts": {"zh-CN": "texts/zh-CN"}}}, parts=said)
    ill = {"boards": [{"address": 9, "compartments": 24, "columns": 4, "closed_contact": "low"}]}
    published.publish(2, settings={"services": {"HZ10": {"enabled": False}}, "cabinet": ill})

    async def scene(folder: Path) -> None:
        night = RenewedNight(folder, 1, DAY)
        async with night:
            _ = await night.start()
            office, shelf = Office(), Shelf(folder / "configuration")
            trust = published.trust(shelf.metadata, Line(published.files))
            judge = Judge("KDL-001", None, night.station)
            keeper = Keeper(shelf, trust, judge, night.renewal, office, Clock(), PlainInspector())
            _ = keeper.start()
            situation, script = script_of("JG01")
            someone = visitor(night, situation)
            await in_virtual_time(play(someone.citizen, script[:2]))
            await until(lambda: night.running is not None and night.running.built.serving.busy)
            office.number = 1
            keeping = asyncio.create_task(keeper.run())
            # They walk away: the visit ends by itself.
            trials: set[int] = set()
            spoken = {night.emergency}
            while not night.reports:
                trials.add(keeper.standing.trial)
                spoken.add(night.emergency)
                await asyncio.sleep(0.25)
            assert trials == {0} and tile(night.running, "HZ10") is ServiceOpen.OPEN
            await until(lambda: keeper.standing.in_force == 1)
            assert night.settings.timeouts.idle == 55.0
            assert spoken == {"紧急情况请拨打 110"} and night.emergency == "有急事请拨 110"
            await until(lambda: tile(night.running, "HZ10") is ServiceOpen.CLOSED)
            assert tile(night.running, "JG01") is ServiceOpen.OPEN
            assert night.running is not None and await night.running.built.rehearse() == ()
            assert len(night.reports) == 1, "a visit that nobody makes is on no record"
            office.number = 2
            keeper.look_now()
            await until(lambda: keeper.standing.trial == 2 and night.settings.cabinet.boards[0].address == 9)
            began = asyncio.get_running_loop().time()
            await until(lambda: night.settings.cabinet.boards[0].address == 1)
            assert asyncio.get_running_loop().time() - began < 20
            await until(lambda: tile(night.running, "HZ02") is ServiceOpen.OPEN)
            _ = keeping.cancel()
            assert night.emergency == "有急事请拨 110", "the last good words are back as well"
            stages = [(report.number, report.stage) for report in office.heard]
            assert stages == [(1, SetStage.HEALTHY), (1, SetStage.IN_FORCE), (2, SetStage.REVERTED)]
            assert office.heard[-1].why == "health: device:locker"

    folder = Path(tempfile.mkdtemp(prefix="renewal-"))
    try:
        run_virtual(scene(folder), nightfall(DAY))
    finally:
        shutil.rmtree(folder)
